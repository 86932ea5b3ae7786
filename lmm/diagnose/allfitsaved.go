package diagnose

import (
	"errors"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
)

// Saved is the result without its models: plain data, for a store of results.
// It has its document; for Grid, give it a model with Of.
func (r *AllFitResult) Saved() *AllFitResult {
	own := *r
	own.model, own.Runs = nil, slices.Clone(r.Runs)
	for i := range own.Runs {
		own.Runs[i].model = nil
	}
	return &own
}

// Of is a saved result with the model that it is about, and that model at each
// maximum, which theta tells up to rounding. Errors: a model of another formula,
// criterion or set of parameters.
func (r *AllFitResult) Of(m *lmm.Model) (*AllFitResult, error) {
	if m == nil || m.Formula() != r.Formula || m.REML() != r.REML || !slices.Equal(m.ThetaNames(), r.ThetaNames) ||
		math.Float64bits(m.Criterion()) != math.Float64bits(r.Criterion) {
		return nil, errors.New("the result of AllFit is about another model")
	}
	own := *r
	own.model, own.Runs = m, slices.Clone(r.Runs)
	for _, most := range own.Maxima {
		if len(most.Runs) == 0 || most.Runs[0] < 0 || most.Runs[0] >= len(own.Runs) {
			return nil, errors.New("the result of AllFit is damaged: a maximum without its run")
		}
		run := &own.Runs[most.Runs[0]]
		var err error
		if run.model, err = m.At(run.Theta); err != nil {
			return nil, err
		}
	}
	return &own, nil
}
