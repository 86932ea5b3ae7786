package infer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// The fits for which nlme 3.1-162 has no intervals ("Non-positive definite
// approximate variance-covariance", or no convergence) have profile intervals of all
// that the data identify, and reasons for the rest.
func TestIntervalsWhereNLMEHasNone(t *testing.T) {
	for _, c := range []struct {
		data, formula, residual string
		criterion               float64 // of nlme, NaN where it has none
		identified              bool
	}{
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)", "", 161.828277833407, true},
		{"Glucose", "conc ~ Time + I(Time^2) + Meal + (1 | Subject/Meal)", "", 1335.53474404264, true},
		{"Orthodont", "distance ~ age + (age | Subject)", "corr(1 | Subject)", 437.007590697958, false},
		{"Orthodont", "distance ~ age + (1 | Subject)", "cs(1 | Subject)", 447.002515595675, false},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
		if err != nil {
			t.Fatal(err)
		}
		if m.Criterion() > c.criterion+1e-6*c.criterion || m.Verdict().Convergence != certify.Converged {
			t.Errorf("%s %s: criterion %.7f, nlme %.7f, %v", c.formula, c.residual, m.Criterion(), c.criterion, m.Verdict())
		}
		v, err := infer.VarianceIntervals(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		blamed := false
		for _, r := range v.Rows {
			blamed = blamed || strings.Contains(r.Lower.Reason, "cannot tell")
			for _, l := range []infer.Limit{r.Lower, r.Upper} {
				if math.IsNaN(l.Value) && l.Reason == "" {
					t.Errorf("%s %s, %s: %+v", c.formula, c.residual, r.Name, r)
				}
			}
			if math.IsNaN(r.Lower.Value) || math.IsNaN(r.Upper.Value) {
				if c.identified {
					t.Errorf("%s %s, %s: %+v", c.formula, c.residual, r.Name, r)
				}
				continue
			}
			if !(r.Lower.Value <= r.Estimate && r.Estimate <= r.Upper.Value) {
				t.Errorf("%s %s, %s: %+v", c.formula, c.residual, r.Name, r)
			}
		}
		if blamed == c.identified {
			t.Errorf("%s %s: %+v", c.formula, c.residual, v.Rows)
		}
	}
}
