package infer

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
)

// ProfileAt returns the points of the profile of a parameter at the values
// given, which must be in its range.
//
// Errors: as Profile; a value outside of the range; a search that fails.
func ProfileAt(m *lmm.Model, name string, values []float64) ([]CurvePoint, error) {
	way, x, err := locate(m, name, values)
	if err != nil {
		return nil, err
	}
	best := way.best()
	out := make([]CurvePoint, len(values))
	// Away from the estimate, to either side.
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(x[a]-best.x), math.Abs(x[b]-best.x)) })
	at := [2]conditional{best, best}
	for _, i := range order {
		side := 0
		if x[i] > best.x {
			side = 1
		}
		next, ok := way.solve(x[i], &at[side])
		if !ok {
			return nil, fmt.Errorf("the search for the other parameters failed at %s = %g", name, values[i])
		}
		next.zeta = math.Copysign(math.Sqrt(math.Max(0, next.f-best.f)), x[i]-best.x)
		out[i] = CurvePoint{Value: values[i], Zeta: next.zeta, Criterion: next.f, Params: way.params(&next)}
		at[side] = next
	}
	return out, nil
}

// locate returns the profile of a parameter and its coordinates at the values.
func locate(m *lmm.Model, name string, values []float64) (path, []float64, error) {
	if v := m.Verdict(); v.Convergence != certify.Converged {
		return nil, nil, fmt.Errorf("a profile is measured from the maximum of the likelihood, and the fit of %q is not there: %s", m.Formula(), v.Convergence)
	}
	p, _, err := named(m, name)
	if err != nil {
		return nil, nil, err
	}
	ml := m
	if p.kind == FixedEffect {
		if ml, err = byML(m); err != nil {
			return nil, nil, err
		}
	}
	way, reason, err := pathOf(m, ml, parametersOf(m), p)
	if err != nil {
		return nil, nil, err
	}
	if reason != "" {
		return nil, nil, fmt.Errorf("%s has no profile: %s", name, reason)
	}
	x := make([]float64, len(values))
	for i, v := range values {
		x[i] = v
		if r, ok := way.(*ridge); ok {
			x[i] = r.chart.coord(v)
		}
		if h, ok := way.(*held); ok {
			x[i] = h.c.free(v)
		}
		if lo, hi := way.bounds(); !(x[i] >= lo && x[i] <= hi) {
			return nil, nil, fmt.Errorf("%s cannot be %g: its range is %g to %g", name, v, way.value(lo), way.value(hi))
		}
	}
	return way, x, nil
}

// Slice returns the criterion at values of one parameter, all others kept at
// their estimates: nowhere below the profile, and far above it where parameters
// hang together. Fixed effects are those of the fit by ML, sigma at its estimate.
//
// Errors: as ProfileAt.
func Slice(m *lmm.Model, name string, values []float64) ([]CurvePoint, error) {
	way, x, err := locate(m, name, values)
	if err != nil {
		return nil, err
	}
	p, index, err := named(m, name)
	if err != nil {
		return nil, err
	}
	if p.kind == StructureParameter {
		return nil, &StructuredError{What: "a slice of the likelihood along " + name, Structure: m.Residual().Structure, Instead: "infer.ProfileAt has the profile"}
	}
	best := way.best()
	out := make([]CurvePoint, len(values))
	curve := 0.0
	l, fixed := way.(*line)
	if fixed {
		if err := gaussianOnly(m, "the slice of a fixed effect", "infer.ProfileAt has the criterion minimised over the others"); err != nil {
			return nil, err
		}
		if curve, err = l.stiffness(); err != nil {
			return nil, err
		}
	}
	for i, v := range values {
		f := best.f + curve*(v-best.x)*(v-best.x)
		if r, ok := way.(*ridge); ok {
			f = r.chart.evaluate(x[i], r.chart.start, false).f
		}
		zeta := math.Copysign(math.Sqrt(math.Max(0, f-best.f)), x[i]-best.x)
		out[i] = CurvePoint{Value: v, Zeta: zeta, Criterion: f, Params: way.params(&best)}
		if p.kind == RelativeSD {
			v *= m.Sigma()
		}
		out[i].Params[index] = v
	}
	return out, nil
}

// stiffness is x'V^-1 x / sigma^2 for the column of the fixed effect: the
// diagonal entry of the inverse of the covariance matrix.
func (l *line) stiffness() (float64, error) {
	p := len(l.vcov)
	v := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			v.SetSym(i, j, l.vcov[i][j])
		}
	}
	var chol mat.Cholesky
	var inv mat.SymDense
	if !chol.Factorize(v) || chol.InverseTo(&inv) != nil {
		return 0, fmt.Errorf("the covariance matrix of the fixed effects cannot be inverted")
	}
	return inv.At(l.index, l.index), nil
}
