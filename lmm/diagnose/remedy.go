package diagnose

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/infer"
)

// Remedy is a way out that was tried, and what it did.
type Remedy struct {
	What    string // "drop the correlations of (Days | Subject)"
	Formula string // of the model that was fitted; for the marginal model in words
	// Estimand says what the fixed effects mean now where that has changed, ""
	// where they mean the same.
	Estimand string
	// Residual is the structure of the residuals, "" for none.
	Residual  string
	Criterion float64 // NaN where the fit failed
	AIC       float64 // Criterion + 2 Params; NaN where the fit failed
	Params    int     // parameters of the model, as in lmm.Model.NPar
	// Test is the likelihood ratio test of the smaller of the two models within
	// the larger, with the distribution that holds at a boundary; nil where
	// there is none, for which NoTest says why.
	Test   *infer.LRTest
	NoTest string
	Fixed  []Shift
	// Verdict on the model; nil for one that is no fit of package lmm, of which
	// Method says how it was computed, and where the fit failed.
	Verdict *certify.Verdict
	Method  string // "least squares", "golden section"; "" with a verdict
	// Failed says why there is no fit, "" where there is one.
	Failed string

	// Smaller says that it has the fixed effects of the fit and fewer parameters.
	Smaller bool
	// Again says that it is the model of the fit at the same point.
	Again bool
	// Unbounded says that it lets a covariance matrix leave the cone.
	Unbounded bool
}

// Largest is the largest change of a fixed effect, in standard errors; NaN
// where none can be compared.
func (r *Remedy) Largest() float64 {
	largest := math.NaN()
	for _, f := range r.Fixed {
		if d := math.Abs(f.InSE); !math.IsNaN(d) && !(d <= largest) {
			largest = d
		}
	}
	return largest
}

// sound says that the model of a remedy stands at a maximum in the interior.
func (r *Remedy) sound() bool {
	if r.Failed != "" {
		return false
	}
	return r.Verdict == nil || r.Verdict.Convergence == certify.Converged && r.Verdict.Place == certify.Interior
}
