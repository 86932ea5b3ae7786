package nb

import (
	"github.com/golmm/golmm/lmm"
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
