package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/design"
)

// ResidualKind chooses the scale of Residuals.
type ResidualKind int

const (
	// RawResidual is y - fitted, in the units of the response.
	RawResidual ResidualKind = iota
	// PearsonResidual is sqrt(w) (y - fitted) / (sigma s), s the sd that a
	// structure of the residuals gives the row, 1 without one; in a generalised
	// model the root of the variance function at the mean.
	PearsonResidual
	// StandardisedResidual is the residual over its standard deviation,
	// without a structure the Pearson residual over sqrt(1 - leverage): its
	// variance is 1 if the model holds. It is NaN for a row with leverage 1.
	StandardisedResidual
	// NormalizedResidual is L^-1 (y - fitted) / sigma, LL' the covariance of the
	// residuals of a subject over sigma^2, in order of time: independent if the
	// model holds. Without a structure it is the Pearson residual.
	NormalizedResidual
	// DevianceResidual is the root of what a row adds to the deviance, with the sign
	// of y - fitted; sqrt(w) (y - fitted) in a linear model.
	DevianceResidual
)

func (k ResidualKind) String() string {
	switch k {
	case RawResidual:
		return "raw"
	case PearsonResidual:
		return "Pearson"
	case StandardisedResidual:
		return "standardised"
	case NormalizedResidual:
		return "normalised"
	case DevianceResidual:
		return "deviance"
	}
	return fmt.Sprintf("ResidualKind(%d)", int(k))
}

// Fitted returns X beta + offset + Z b, b at the conditional modes, for the
// rows in the model; for a generalised model the mean of the response there, a
// proportion in a binomial one.
func (m *Model) Fitted() []float64 { return m.response(m.LinearPredictor()) }

// LinearPredictor returns X beta + offset + Z b, b at the conditional modes, for
// the rows in the model.
func (m *Model) LinearPredictor() []float64 { return m.mean(m.frameRows(), true) }

// Residuals returns the conditional residuals of the rows in the model. An
// unknown kind panics. Those divided by sigma are NaN where sigma is not
// identified.
func (m *Model) Residuals(kind ResidualKind) []float64 {
	if kind < RawResidual || kind > DevianceResidual {
		panic("lmm: unknown kind of residual " + kind.String())
	}
	r := m.Fitted()
	for i, y := range m.design.Y {
		r[i] = y - r[i]
	}
	if kind == RawResidual {
		return r
	}
	if m.source.general != nil {
		return m.generalResiduals(r, kind)
	}
	sigma := m.Sigma()
	if kind == DevianceResidual {
		sigma = 1
	}
	for i := range r {
		r[i] *= math.Sqrt(m.weight(i)) / sigma
	}
	if m.source.residual != nil {
		m.scaleStructured(r, kind)
		return r
	}
	if kind != StandardisedResidual {
		return r
	}
	return m.standardise(r)
}

// standardise divides Pearson residuals by the root of 1 - leverage.
func (m *Model) standardise(r []float64) []float64 {
	for i, h := range m.Leverage() {
		// 1 - h is the variance of the Pearson residual: what rounding
		// leaves of a zero divides nothing.
		if 1-h < 1e-12 {
			r[i] = math.NaN()
			continue
		}
		r[i] /= math.Sqrt(1 - h)
	}
	return r
}

// Leverage returns the derivative of each fitted value with respect to its own
// response, theta held at its estimate:
//
//	h_i = 1 - P_ii / w_i = w_i Var(x'beta^ + z'b^ - x'beta - z'b) / sigma^2
//
// with P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1, V in units of sigma^2
// (Demidenko and Stukel 2005). They sum to the number of effective parameters.
// With a structure of the residuals, R, it is 1 - (RP)_ii. In a generalised model
// it is that of the linear model to which its maximum belongs, w the working
// weights (Williams 1987, for models without random effects).
// They are NaN where sigma is not identified, and where Predict cannot compute
// standard errors.
func (m *Model) Leverage() []float64 {
	if m.source.residual != nil {
		h, _ := m.structured().Conditional(m.found.Point)
		return h
	}
	rows, sigma := m.frameRows(), m.Sigma()
	h := make([]float64, rows.X.Rows)
	weight := m.weight
	if m.source.general != nil {
		working := m.workingWeights()
		weight = func(i int) float64 { return working[i] }
	}
	u, err := newUncertainty(m)
	for i := range h {
		if err != nil || math.IsNaN(sigma) {
			h[i] = math.NaN()
			continue
		}
		h[i] = weight(i) * u.conditional(rows, i)
	}
	return h
}

// frameRows returns the rows in the model in the form of new data.
func (m *Model) frameRows() *design.NewRows {
	d := m.design
	rows := &design.NewRows{X: d.X, Offset: d.Offset}
	for t := range d.Terms {
		rows.Terms = append(rows.Terms, design.NewTerm{Level: d.Terms[t].Level, Z: d.Terms[t].Z})
	}
	return rows
}

// mean returns X beta + offset and, if conditional, + Z b; a level that was
// not in the fit has b = 0.
func (m *Model) mean(rows *design.NewRows, conditional bool) []float64 {
	out := make([]float64, rows.X.Rows)
	for i := range out {
		for c, v := range rows.X.Row(i) {
			out[i] += v * m.beta[c]
		}
		if rows.Offset != nil {
			out[i] += rows.Offset[i]
		}
	}
	if !conditional {
		return out
	}
	for t := range rows.Terms {
		term := &rows.Terms[t]
		k := term.Z.Cols
		for i, j := range term.Level {
			if j < 0 {
				continue
			}
			b := m.modes[t][int(j)*k:][:k]
			for c, v := range term.Z.Row(i) {
				out[i] += v * b[c]
			}
		}
	}
	return out
}

// weight is the precision weight of a row in the model.
func (m *Model) weight(i int) float64 {
	if m.design.Weights == nil {
		return 1
	}
	return m.design.Weights[i]
}
