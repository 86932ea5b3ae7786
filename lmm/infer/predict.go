package infer

import (
	"errors"
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// Predict estimates the mean of the population, x'beta and the offset of a
// formula left out, for each row of a table, with t intervals; lmm.Model.Predict
// has predictions with random effects and for new responses, with the
// variances taken as known. Of a generalised model it is the linear predictor;
// lmm.Model.Predict has means of the response. The table needs the predictors of the fixed
// effects; contrasts, means and knots are those of the fit, and a polynomial
// or spline outside its training range continues as it is.
//
// Errors: those of design.Design.NewFixed; as Coefficients.
func Predict(m *lmm.Model, t *table.Table, opt *Options) (*Estimates, error) {
	if t == nil {
		return nil, errors.New("there is no table to predict for")
	}
	o, err := opt.filled()
	if err != nil {
		return nil, err
	}
	x, err := m.Frame().NewFixed(t)
	if err != nil {
		return nil, err
	}
	e, err := newEstimable(m)
	if err != nil {
		return nil, err
	}
	f, err := newFixed(m, o.DF)
	if err != nil {
		return nil, err
	}
	title := "Predictions for the population"
	if fam := m.Family(); fam != nil {
		title += ", on the scale of the " + fam.Link() + " link"
	}
	out := f.estimates(title, o.Level)
	for i := range x.Rows {
		name := fmt.Sprintf("row %d", i+1)
		missing := false
		for _, v := range x.Row(i) {
			missing = missing || math.IsNaN(v)
		}
		l, err := e.row(name, x.Row(i))
		switch {
		case missing:
			out.Rows = append(out.Rows, noEstimate(name, "a predictor is missing"))
		case err != nil:
			out.Rows = append(out.Rows, noEstimate(name, "the data cannot estimate it: a combination of levels is missing"))
		default:
			out.Rows = append(out.Rows, f.estimate(name, l, dot(l, f.beta), o.Level))
		}
	}
	return out, nil
}
