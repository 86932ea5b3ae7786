package nb

import (
	"math/rand/v2"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/separation"
	"github.com/golmm/golmm/lmm/table"
)

// Model is a *lmm.Model that is fitted at its first use. It has the same
// methods; Get returns the model itself, which the verbs of package infer take.
type Model struct{ Value[*lmm.Model] }

// AIC is lmm.Model.AIC.
func (m *Model) AIC() float64 { return m.Get().AIC() }

// Approximation is lmm.Model.Approximation.
func (m *Model) Approximation() string { return m.Get().Approximation() }

// At is lmm.Model.At.
func (m *Model) At(theta []float64) (*lmm.Model, error) { return m.Get().At(theta) }

// AtPoint is lmm.Model.AtPoint.
func (m *Model) AtPoint(p cone.Point) (*lmm.Model, error) { return m.Get().AtPoint(p) }

// BIC is lmm.Model.BIC.
func (m *Model) BIC() float64 { return m.Get().BIC() }

// Beta is lmm.Model.Beta.
func (m *Model) Beta() []float64 { return m.Get().Beta() }

// Criterion is lmm.Model.Criterion.
func (m *Model) Criterion() float64 { return m.Get().Criterion() }

// CovarianceEstimable is lmm.Model.CovarianceEstimable.
func (m *Model) CovarianceEstimable(l, k []float64) bool { return m.Get().CovarianceEstimable(l, k) }

// EffectsLeft is lmm.Model.EffectsLeft.
func (m *Model) EffectsLeft() string { return m.Get().EffectsLeft() }

// Estimable is lmm.Model.Estimable.
func (m *Model) Estimable(l []float64) bool { return m.Get().Estimable(l) }

// Family is lmm.Model.Family.
func (m *Model) Family() *family.Family { return m.Get().Family() }

// Findings is lmm.Model.Findings.
func (m *Model) Findings() []finding.Finding { return m.Get().Findings() }

// Draw is lmm.Model.Draw.
func (m *Model) Draw(rng *rand.Rand) []float64 { return m.Get().Draw(rng) }

// FitFrom is lmm.Model.FitFrom.
func (m *Model) FitFrom(start cone.Point, optimizer string, maxEvaluations int) (*lmm.Model, error) {
	return m.Get().FitFrom(start, optimizer, maxEvaluations)
}

// Fitted is lmm.Model.Fitted.
func (m *Model) Fitted() []float64 { return m.Get().Fitted() }

// FixedEffects is lmm.Model.FixedEffects.
func (m *Model) FixedEffects() []lmm.Coefficient { return m.Get().FixedEffects() }

// Formula is lmm.Model.Formula.
func (m *Model) Formula() string { return m.Get().Formula() }

// Frame is lmm.Model.Frame.
func (m *Model) Frame() *design.Design { return m.Get().Frame() }

// Leverage is lmm.Model.Leverage.
func (m *Model) Leverage() []float64 { return m.Get().Leverage() }

// LinearPredictor is lmm.Model.LinearPredictor.
func (m *Model) LinearPredictor() []float64 { return m.Get().LinearPredictor() }

// Log is lmm.Model.Log.
func (m *Model) Log() lmm.FitLog { return m.Get().Log() }

// LogLik is lmm.Model.LogLik.
func (m *Model) LogLik() float64 { return m.Get().LogLik() }

// MarshalJSON is lmm.Model.MarshalJSON.
func (m *Model) MarshalJSON() ([]byte, error) { return m.Get().MarshalJSON() }

// NObs is lmm.Model.NObs.
func (m *Model) NObs() int { return m.Get().NObs() }

// NPar is lmm.Model.NPar.
func (m *Model) NPar() int { return m.Get().NPar() }

// Nodes is lmm.Model.Nodes.
func (m *Model) Nodes() int { return m.Get().Nodes() }

// InnerVcov is lmm.Model.InnerVcov.
func (m *Model) InnerVcov() []float64 { return m.Get().InnerVcov() }

// Objective is lmm.Model.Objective.
func (m *Model) Objective() *lmm.Objective { return m.Get().Objective() }

// Options is lmm.Model.Options.
func (m *Model) Options() lmm.Options { return m.Get().Options() }

// Predict is lmm.Model.Predict.
func (m *Model) Predict(t *table.Table, opt *lmm.PredictOptions) (*lmm.Prediction, error) {
	return m.Get().Predict(t, opt)
}

// REML is lmm.Model.REML.
func (m *Model) REML() bool { return m.Get().REML() }

// RandomEffects is lmm.Model.RandomEffects.
func (m *Model) RandomEffects() []lmm.Modes { return m.Get().RandomEffects() }

// Refit is lmm.Model.Refit.
func (m *Model) Refit(y []float64) (*lmm.Model, error) { return m.Get().Refit(y) }

// Residual is lmm.Model.Residual.
func (m *Model) Residual() *lmm.Residual { return m.Get().Residual() }

// ResidualAt is lmm.Model.ResidualAt.
func (m *Model) ResidualAt(p cone.Point) []covstruct.Estimate { return m.Get().ResidualAt(p) }

// ResidualCovariance is lmm.Model.ResidualCovariance.
func (m *Model) ResidualCovariance(subject string) (*lmm.SubjectCovariance, error) {
	return m.Get().ResidualCovariance(subject)
}

// ResidualMatrix is lmm.Model.ResidualMatrix.
func (m *Model) ResidualMatrix() *lmm.ResidualMatrix { return m.Get().ResidualMatrix() }

// Occasions is lmm.Model.Occasions.
func (m *Model) Occasions() *lmm.Occasions { return m.Get().Occasions() }

// RowCovariance is lmm.Model.RowCovariance.
func (m *Model) RowCovariance() *lmm.RowCovariance { return m.Get().RowCovariance() }

// ResidualSDs is lmm.Model.ResidualSDs.
func (m *Model) ResidualSDs() []float64 { return m.Get().ResidualSDs() }

// Residuals is lmm.Model.Residuals.
func (m *Model) Residuals(kind lmm.ResidualKind) []float64 { return m.Get().Residuals(kind) }

// ResponseName is lmm.Model.ResponseName.
func (m *Model) ResponseName() string { return m.Get().ResponseName() }

// RowWeight is lmm.Model.RowWeight.
func (m *Model) RowWeight(i int) float64 { return m.Get().RowWeight(i) }

// RowsDropped is lmm.Model.RowsDropped.
func (m *Model) RowsDropped() int { return m.Get().RowsDropped() }

// Save is lmm.Model.Save.
func (m *Model) Save() *lmm.Saved { return m.Get().Save() }

// Separation is lmm.Model.Separation.
func (m *Model) Separation() *separation.Result { return m.Get().Separation() }

// Shape is lmm.Model.Shape.
func (m *Model) Shape() float64 { return m.Get().Shape() }

// ShapeAt is lmm.Model.ShapeAt.
func (m *Model) ShapeAt(p cone.Point) float64 { return m.Get().ShapeAt(p) }

// Sigma is lmm.Model.Sigma.
func (m *Model) Sigma() float64 { return m.Get().Sigma() }

// Simulate is lmm.Model.Simulate.
func (m *Model) Simulate(n int, seed uint64) [][]float64 { return m.Get().Simulate(n, seed) }

// Theta is lmm.Model.Theta.
func (m *Model) Theta() []float64 { return m.Get().Theta() }

// ThetaNames is lmm.Model.ThetaNames.
func (m *Model) ThetaNames() []string { return m.Get().ThetaNames() }

// VarCorr is lmm.Model.VarCorr.
func (m *Model) VarCorr() []lmm.Component { return m.Get().VarCorr() }

// Vcov is lmm.Model.Vcov.
func (m *Model) Vcov() [][]float64 { return m.Get().Vcov() }

// WithOffset is lmm.Model.WithOffset.
func (m *Model) WithOffset(offset []float64) (*lmm.Model, error) { return m.Get().WithOffset(offset) }

// VcovGiven is lmm.Model.VcovGiven.
func (m *Model) VcovGiven() [][]float64 { return m.Get().VcovGiven() }

// Verdict is lmm.Model.Verdict.
func (m *Model) Verdict() certify.Verdict { return m.Get().Verdict() }
