package nb

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// Coefficients is infer.Coefficients at its first use: the fixed effects with
// t tests. To choose the degrees of freedom:
//
//	nb.Coefficients(m, &infer.Options{DF: infer.KenwardRoger})
func Coefficients[M Fitted](m M, opt ...*infer.Options) *Value[*infer.Estimates] {
	return verb("Coefficients", m, opt, infer.Coefficients)
}

// Robust is infer.Robust at its first use: the fixed effects with sandwich
// standard errors.
func Robust[M Fitted](m M, opt ...*infer.RobustOptions) *Value[*infer.RobustTable] {
	return verb("Robust", m, opt, infer.Robust)
}

// Contrasts is infer.Contrasts at its first use: combinations of the fixed
// effects, each with its t test. Combination makes the rows.
func Contrasts[M Fitted](m M, rows []infer.Row, opt ...*infer.Options) *Value[*infer.Estimates] {
	return verb("Contrasts", m, opt, func(m *lmm.Model, o *infer.Options) (*infer.Estimates, error) {
		return infer.Contrasts(m, rows, o)
	}, rows)
}

// Combination is infer.Combination; an unknown name stops the cell.
func Combination[M Fitted](m M, name string, weights map[string]float64) infer.Row {
	return Must(infer.Combination(Must(modelOf(m)), name, weights))
}

// Joint is infer.Joint at its first use: one F test that all rows are 0.
func Joint[M Fitted](m M, name string, rows []infer.Row, opt ...*infer.Options) *Value[*infer.FTest] {
	return verb("Joint", m, opt, func(m *lmm.Model, o *infer.Options) (*infer.FTest, error) {
		return infer.Joint(m, name, rows, o)
	}, name, rows)
}

// Anova is infer.Anova at its first use: an F test for each term of the fixed
// effects, of type III unless the options say otherwise. Compare tests models
// against each other.
func Anova[M Fitted](m M, opt ...*infer.AnovaOptions) *Value[*infer.AnovaTable] {
	return verb("Anova", m, opt, infer.Anova)
}

// MarginalMeans is infer.MarginalMeans at its first use:
//
//	nb.MarginalMeans(m, &infer.MeansOptions{Of: []string{"recipe"}})
func MarginalMeans[M Fitted](m M, opt ...*infer.MeansOptions) *Value[*infer.Means] {
	return verb("MarginalMeans", m, opt, infer.MarginalMeans)
}

// Trends is infer.Trends at its first use: the slopes in a covariate.
func Trends[M Fitted](m M, covariate string, opt ...*infer.MeansOptions) *Value[*infer.Means] {
	return verb("Trends", m, opt, func(m *lmm.Model, o *infer.MeansOptions) (*infer.Means, error) {
		return infer.Trends(m, covariate, o)
	}, covariate)
}

// Predict is infer.Predict at its first use: the mean of the population for
// each row of a table, with t intervals. Model.Predict has the predictions with
// random effects, and those of new responses.
func Predict[M Fitted, F Frame](m M, data F, opt ...*infer.Options) *Value[*infer.Estimates] {
	return ofRows("Predict", m, data, opt, infer.Predict)
}

// NewResponses is infer.NewResponses at its first use: intervals for a new response
// of a generalised model, for each row of a table.
func NewResponses[M Fitted, F Frame](m M, data F, opt ...*infer.ResponseOptions) *Value[*infer.ResponseIntervals] {
	return ofRows("NewResponses", m, data, opt, infer.NewResponses)
}

// ofRows is verb for the rows of a table.
func ofRows[T, O any, M Fitted, F Frame](name string, m M, data F, opt []*O, compute func(*lmm.Model, *table.Table, *O) (T, error)) *Value[T] {
	v := Later[T](nil)
	v.compute = func() (T, error) {
		var none T
		o, err := single(name, opt)
		if err != nil {
			return none, err
		}
		model, err := modelOf(m)
		if err != nil {
			return none, err
		}
		tab, err := tableOf(data)
		if err != nil {
			return none, err
		}
		value, from, err := remembered(name, []*lmm.Model{model}, []any{tab, o}, func() (T, error) {
			return compute(model, tab, o)
		})
		v.origin = from
		return value, err
	}
	return v
}

// VIF is infer.VIF at its first use: how far the terms of the fixed effects
// share their information.
func VIF[M Fitted](m M) *Value[[]infer.Inflation] {
	return verb("VIF", m, []*struct{}(nil), func(m *lmm.Model, _ *struct{}) ([]infer.Inflation, error) {
		return infer.VIF(m), nil
	})
}
