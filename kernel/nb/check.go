package nb

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
)

// Diagnose is diagnose.Run at its first use: what happened to the fit, and why.
// To have the remedies tried:
//
//	nb.Diagnose(m, &diagnose.Options{Try: true})
func Diagnose[M Fitted](m M, opt ...*diagnose.Options) *Value[*diagnose.Report] {
	return verb("Diagnose", m, opt, diagnose.Run)
}

// DiagnoseAt is diagnose.At at its first use: the point that another program
// stopped at, theta in the order of Model.Theta.
func DiagnoseAt[M Fitted](m M, theta []float64, opt ...*diagnose.Options) *Value[*diagnose.Report] {
	return verb("DiagnoseAt", m, opt, func(m *lmm.Model, o *diagnose.Options) (*diagnose.Report, error) {
		return diagnose.At(m, theta, o)
	}, theta)
}

// Before is diagnose.Before at its first use: what a formula and its data show
// before any fit.
func Before[F Frame](formula string, data F, opt ...*lmm.Options) *Value[*diagnose.Report] {
	return Later(func() (*diagnose.Report, error) {
		o, err := single("Before", opt)
		if err != nil {
			return nil, err
		}
		tab, err := tableOf(data)
		if err != nil {
			return nil, err
		}
		return diagnose.Before(formula, tab, o)
	})
}

// Explain is diagnose.Explain: what a message of another program means.
func Explain(message string) *diagnose.Explanation { return diagnose.Explain(message) }

// AllFit is diagnose.AllFit at its first use, with a bar of progress unless the
// options bring their own: the model by every optimizer from several starts.
func AllFit[M Fitted](m M, opt ...*diagnose.AllFitOptions) *Value[*diagnose.AllFitResult] {
	v := Later[*diagnose.AllFitResult](nil)
	v.compute = func() (*diagnose.AllFitResult, error) {
		given, err := single("AllFit", opt)
		if err != nil {
			return nil, err
		}
		model, err := modelOf(m)
		if err != nil {
			return nil, err
		}
		var made *diagnose.AllFitResult
		run := func() (_ *diagnose.AllFitResult, err error) {
			if made, err = allFitWithBar(model, given); err != nil {
				return nil, err
			}
			return made.Saved(), nil
		}
		saved, from, err := remembered("AllFit", []*lmm.Model{model}, []any{given}, run)
		if v.origin = from; err != nil || !from.Cached {
			return made, err
		}
		if whole, err := saved.Of(model); err == nil {
			return whole, nil
		}
		v.origin = cache.Origin{}
		return allFitWithBar(model, given)
	}
	return v
}

func allFitWithBar(m *lmm.Model, given *diagnose.AllFitOptions) (*diagnose.AllFitResult, error) {
	var own diagnose.AllFitOptions
	if given != nil {
		own = *given
	}
	if own.Progress == nil {
		var bar *Bar
		own.Progress = func(done, total int) {
			if bar == nil {
				bar = Progress("AllFit", total)
			}
			bar.Set(done)
		}
		defer func() {
			if bar != nil {
				bar.Done()
			}
		}()
	}
	return diagnose.AllFit(m, &own)
}

// Climb is diagnose.Climb at its first use: the models between the random effects
// of the fit and an intercept for each grouping factor, and where each rule for
// choosing among them stops.
func Climb[M Fitted](m M, opt ...*diagnose.LadderOptions) *Value[*diagnose.Ladder] {
	return verb("Climb", m, opt, diagnose.Climb)
}

// ContourParameters is diagnose.ContourParameters: the names that the contour of
// an AllFitResult knows.
func ContourParameters[M Fitted](m M) []string { return diagnose.ContourParameters(Must(modelOf(m))) }

// Influence is infer.Influence at its first use: the fit without each row, or
// without each level of a factor:
//
//	nb.Influence(m, &infer.InfluenceOptions{Group: "Subject"})
func Influence[M Fitted](m M, opt ...*infer.InfluenceOptions) *Value[*infer.InfluenceTable] {
	return verb("Influence", m, opt, infer.Influence)
}

// OutlyingGroups is infer.OutlyingGroups at its first use: how far the random
// effects of each level lie from 0.
func OutlyingGroups[M Fitted](m M) *Value[[]infer.GroupOutlier] {
	return verb("OutlyingGroups", m, []*struct{}(nil), func(m *lmm.Model, _ *struct{}) ([]infer.GroupOutlier, error) {
		return infer.OutlyingGroups(m)
	})
}

// ScaledResiduals is infer.ScaledResiduals at its first use: each response
// among simulations of it.
func ScaledResiduals[M Fitted](m M, opt ...*infer.ScaledOptions) *Value[*infer.Scaled] {
	return verb("ScaledResiduals", m, opt, infer.ScaledResiduals)
}

// Report is infer.Report at its first use: the paragraphs of methods and
// results.
func Report[M Fitted](m M, opt ...*infer.ReportOptions) *Value[*infer.Paragraphs] {
	return verb("Report", m, opt, infer.Report)
}
