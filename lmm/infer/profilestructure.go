package infer

import (
	"math"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/covstruct"
)

// held is the profile of a parameter of the structure of the residuals, walked on
// the scale without limits of constrained.
type held struct {
	c      *constrained
	all    []parameter
	top    conditional
	spread float64 // standard error on that scale
	points []cone.Point
}

// newHeld returns the profile of parameter i of the structure, or says why there is
// none.
func newHeld(m *lmm.Model, all []parameter, i int) (*held, string) {
	h := &held{c: &constrained{m: m, obj: m.Objective(), index: i}, all: all}
	z := h.c.value(h.c.obj.Point)
	if math.IsInf(z, 0) || math.Abs(z) > farOut && !math.IsInf(h.c.lower, -1) {
		return nil, "the estimate is at the limit of its range, from which the likelihood is not followed. A bootstrap has an interval"
	}
	h.spread, _ = h.c.spread()
	if !(h.spread > 0) || math.IsInf(h.spread, 1) {
		return nil, "the criterion has no curvature in it"
	}
	h.points = []cone.Point{h.c.obj.Point}
	h.top = conditional{x: z, f: h.c.obj.Value(h.c.obj.Point) + h.c.obj.Shift(), state: []float64{0}}
	return h, ""
}

func (h *held) best() conditional { return h.top }

// bounds are where the parameter is as good as at its limits.
func (h *held) bounds() (lower, upper float64) {
	lower, upper = math.Inf(-1), math.Inf(1)
	if !math.IsInf(h.c.lower, -1) {
		lower = -farOut
		if math.IsInf(h.c.upper, 1) { // the logarithm above the lower limit
			lower = h.top.x - farOut
		} else {
			upper = farOut
		}
	}
	return lower, upper
}

func (h *held) step() float64 { return 0.5 * h.spread }

// value is the end of the range itself where x is as good as there.
func (h *held) value(x float64) float64 {
	lower, upper := h.bounds()
	switch {
	case x <= lower:
		return h.c.lower
	case x >= upper:
		return h.c.upper
	}
	return h.c.bound(x)
}

func (h *held) solve(x float64, from *conditional) (conditional, bool) {
	p, f, ok := h.c.hold(h.points[int(from.state[0])], x)
	if !ok {
		return conditional{}, false
	}
	h.points = append(h.points, p)
	c := conditional{x: x, f: f + h.c.obj.Shift(), state: []float64{float64(len(h.points) - 1)}}
	if d := c.f - h.top.f; d > 0 {
		c.slope = 2 * d / (x - h.top.x) // zeta is nearly straight
	}
	return c, true
}

func (h *held) params(c *conditional) []float64 {
	return structuredParams(h.c.m, h.c.obj, h.all, h.points[int(c.state[0])], math.NaN())
}

// structuredParams are the values of all parameters at a point of a model whose
// residuals have a structure; sigma in internal coordinates, NaN for the one that
// the criterion profiles.
func structuredParams(m *lmm.Model, obj *lmm.Objective, all []parameter, p cone.Point, sigma float64) []float64 {
	sol := obj.Solve(p)
	if math.IsNaN(sigma) {
		sigma = math.Sqrt(sol.Sigma2)
	}
	sigma *= obj.Coords.YScale
	beta, natural := obj.Coords.Beta(sol.Beta), m.ResidualAt(p)
	reference := obj.Criterion.(*covstruct.Objective).Reference(p)
	s := &landscape{blocks: obj.Blocks(), terms: len(obj.Coords.T), rows: obj.Coords.T}
	var out []float64
	for _, q := range all {
		switch q.kind {
		case FixedEffect:
			out = append(out, beta[q.i])
		case ResidualSD:
			out = append(out, sigma*reference)
		case FreeVariance:
			b := len(p) - 1
			out = append(out, sigma*sigma*p[b][q.i*obj.Blocks()[b].K+q.i])
		case StructureParameter:
			out = append(out, natural[q.i].Value)
		case StandardDeviation:
			out = append(out, sigma*s.read(p[q.block], q))
		default:
			out = append(out, s.read(p[q.block], q))
		}
	}
	return out
}

// structureParameters are those of the structure of the residuals.
func structureParameters(m *lmm.Model) []parameter {
	r := m.Residual()
	if r == nil {
		return nil
	}
	var out []parameter
	for i, v := range r.Free {
		out = append(out, parameter{name: "variance of (1 | " + v.Group + ")", kind: FreeVariance, i: i})
	}
	for i, e := range r.Params {
		out = append(out, parameter{name: e.Name, kind: StructureParameter, group: r.Structure, i: i})
	}
	return out
}

// reweighed says that the variances of the rows depend on the fitted values, which
// move with the fixed effects.
func reweighed(m *lmm.Model) bool { return m.Residual() != nil && specOf(m).UsesFitted() }

// varianceChart profiles the variance i of those that may be negative: it is a
// parameter of V / sigma^2 times sigma^2.
func (s *landscape) varianceChart(i int) *chart {
	t := len(s.blocks) - 1
	k := s.blocks[t].K
	unit := s.obj.Coords.YScale * s.obj.Coords.YScale
	c := &chart{land: s, block: t, absolute: true, lower: math.Inf(-1), upper: math.Inf(1),
		value: func(x float64) float64 { return x * unit }, coord: func(v float64) float64 { return v / unit }}
	vars, u := s.free(t)
	vars, u = append(vars[:i:i], vars[i+1:]...), append(u[:i:i], u[i+1:]...)
	focal := unitMatrix(k, i, i)
	c.place = func(x float64, u []float64) ([]float64, []variable, variable) {
		return combine(focal, x, vars, u), vars, variable{block: t, l: focal}
	}
	sigma2 := math.Exp(2 * s.omega)
	c.x = s.factor[t][i*k+i] * sigma2
	c.size = math.Max(math.Abs(c.x), s.unit[t]*sigma2)
	return c.finish(u)
}
