package diagnose

import (
	"errors"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// At diagnoses the point that another program stopped at: theta in the order of
// lmm.Model.Theta, for a model of the same formula and data, in the units of its
// columns. It says whether the point is a maximum, how far it is from one, and
// what the search finds that starts there. A theta with values that are not
// numbers is C7.
//
// Errors: a nil model; *lmm.ThetaError for a wrong number of values.
func At(m *lmm.Model, theta []float64, opt *Options) (*Report, error) {
	if m == nil {
		return nil, errNoModel
	}
	at, err := m.At(theta)
	var bad *lmm.ThetaError
	switch {
	case errors.As(err, &bad) && len(theta) == len(bad.Names):
		return nowhere(m, bad), nil
	case err != nil:
		return nil, err
	}
	return Run(at, opt)
}

// nowhere is the report of a point without a criterion.
func nowhere(m *lmm.Model, why *lmm.ThetaError) *Report {
	v := certify.Verdict{Decrement: math.NaN(), NotIdentifiable: []string{}}
	return &Report{Formula: m.Formula(), REML: m.REML(), Criterion: math.NaN(), Params: m.NPar(), Verdict: v,
		Findings: []finding.Finding{{Code: "C7", Name: "NUMERIC", Severity: finding.Serious, Params: why.Names,
			Evidence: []finding.Evidence{{Check: "criterion", Found: math.NaN()}},
			Meaning:  upperFirst(why.Msg) + ".",
			Remedies: []string{"Search again from other starts.", "Use other units, in which the columns are of one size."}}},
		Advice: Advice{Text: "Do not use the numbers of this fit.", Reason: "It has no likelihood.", Remedy: -1}}
}
