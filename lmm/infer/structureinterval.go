package infer

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
)

// structureIntervals are the intervals of the parameters of a structure of the
// residuals, by profile likelihood or Wald's. Both work on a scale without
// limits, z: the log odds of a place between two limits, the logarithm above one.
func structureIntervals(m *lmm.Model, method VarianceMethod, level float64) ([]VarianceInterval, error) {
	r := m.Residual()
	if msg := settled(m); msg != "" {
		return nil, fmt.Errorf("there are no intervals of %s: %s", r.Structure, msg)
	}
	var out []VarianceInterval
	for i, e := range r.Params {
		c := &constrained{m: m, obj: m.Objective(), index: i}
		row := VarianceInterval{Name: e.Name, Kind: StructureParameter, Group: r.Structure, Estimate: e.Value}
		if r.Reason != "" {
			none := Limit{Value: math.NaN(), Reason: r.Reason}
			row.SE, row.Lower, row.Upper = math.NaN(), none, none
			out = append(out, row)
			continue
		}
		row.SE, row.Lower, row.Upper = c.interval(e.Value, method, level)
		out = append(out, row)
	}
	return out, nil
}

// constrained minimises the criterion with one parameter of the structure held.
type constrained struct {
	m            *lmm.Model
	obj          *lmm.Objective
	index        int
	lower, upper float64 // of the range
}

// free takes a value to the scale without limits, bound back.
func (c *constrained) free(v float64) float64 {
	switch {
	case math.IsInf(c.lower, -1):
		return v
	case math.IsInf(c.upper, 1):
		return math.Log(v - c.lower)
	}
	return math.Log((v - c.lower) / (c.upper - v))
}

func (c *constrained) bound(z float64) float64 {
	switch {
	case math.IsInf(c.lower, -1):
		return z
	case math.IsInf(c.upper, 1):
		return c.lower + math.Exp(z)
	}
	return c.lower + (c.upper-c.lower)/(1+math.Exp(-z))
}

// value is the parameter at a point, on the free scale.
func (c *constrained) value(p cone.Point) float64 {
	e := c.m.ResidualAt(p)[c.index]
	c.lower, c.upper = e.Lower, e.Upper
	return c.free(e.Value)
}

// slope is the gradient of value in a chart at its centre, by central
// differences.
func (c *constrained) slope(chart *cone.Chart) []float64 {
	const h = 1e-4
	t, g := make([]float64, len(chart.Dirs)), make([]float64, len(chart.Dirs))
	for a := range g {
		t[a] = h
		up := c.value(chart.Move(t))
		t[a] = -h
		g[a] = (up - c.value(chart.Move(t))) / (2 * h)
		t[a] = 0
	}
	return g
}

// farOut is how far from its limit, on the free scale, a parameter is as good as
// there.
const farOut = 12

func (c *constrained) interval(estimate float64, method VarianceMethod, level float64) (se float64, lower, upper Limit) {
	se = math.NaN()
	none := Limit{Value: math.NaN(), Reason: "the criterion has no curvature in it"}
	z := c.value(c.obj.Point)
	if math.IsInf(z, 0) || math.Abs(z) > farOut && !math.IsInf(c.lower, -1) {
		none.Reason = "the estimate is at the limit of the range"
		return se, none, none
	}
	spread, f := c.spread()
	if !(spread > 0) || math.IsInf(spread, 1) {
		return se, none, none
	}
	q := quantileT(1-level, math.Inf(1))
	if method == ByWald {
		near := c.bound(z+1e-6) - c.bound(z-1e-6)
		return spread * near / 2e-6, Limit{Value: c.bound(z - q*spread)}, Limit{Value: c.bound(z + q*spread)}
	}
	return se, c.limit(z, -spread, q, f), c.limit(z, spread, q, f)
}

// spread is the standard error of the parameter on the free scale by the curvature
// of the criterion on the face, NaN where that has none, and the criterion.
func (c *constrained) spread() (se, f float64) {
	chart := cone.FaceChart(c.obj.Blocks(), c.obj.Point)
	d := c.obj.Criterion.Derivs(chart.Centre)
	local := certify.NewLocal(d, chart)
	g := c.slope(chart)
	var chol mat.Cholesky
	var x mat.VecDense
	if len(g) == 0 || !chol.Factorize(mat.NewSymDense(len(g), append([]float64(nil), local.Hess...))) ||
		chol.SolveVecTo(&x, mat.NewVecDense(len(g), g)) != nil {
		return math.NaN(), d.F
	}
	return math.Sqrt(2 * dot(g, x.RawVector().Data)), d.F // H is that of -2 log L
}

// limit is where the profile of the criterion is q^2 above its minimum f at z, on
// the side that step points to. The root of the rise, zeta, is nearly linear in
// the distance from z.
func (c *constrained) limit(z, step, q, f float64) Limit {
	p := c.obj.Point
	spread := math.Abs(step)
	u := q * spread
	low, lowZeta, high, highZeta := 0.0, 0.0, math.Inf(1), math.NaN()
	for range 60 {
		x := z + math.Copysign(u, step)
		if end, out := c.beyond(x); out {
			return Limit{Value: end, Boundary: true, Reason: "the likelihood does not exclude the limit of the range"}
		}
		to, value, ok := c.hold(p, x)
		switch zeta := math.Sqrt(math.Max(0, value-f)); {
		case !ok && u-low < 1e-6*spread:
			return Limit{Value: math.NaN(), Reason: "the criterion could not be followed to its limit"}
		case !ok:
			u = (low + u) / 2
			continue
		case math.Abs(zeta-q) < 1e-6:
			return Limit{Value: c.bound(x)}
		case zeta < q:
			p, low, lowZeta = to, u, zeta
		default:
			high, highZeta = u, zeta
		}
		if math.IsInf(high, 1) {
			u = low + math.Min(2*spread, math.Max(0.1*spread, (q-lowZeta)*spread))
			continue
		}
		share := (q - lowZeta) / (highZeta - lowZeta)
		u = low + math.Min(0.95, math.Max(0.05, share))*(high-low)
	}
	return Limit{Value: math.NaN(), Reason: "the profile did not reach its limit"}
}

// beyond says that a place on the free scale is as good as at the end of the range,
// and which.
func (c *constrained) beyond(x float64) (end float64, out bool) {
	switch {
	case math.IsInf(c.lower, -1) || math.Abs(x) <= farOut:
		return 0, false
	case x < 0:
		return c.lower, true
	case math.IsInf(c.upper, 1):
		return 0, false
	}
	return c.upper, true
}

// hold minimises the criterion from p on with the parameter at z: Newton steps on
// the face, the constraint made linear (Nocedal and Wright 2006, ch. 18).
func (c *constrained) hold(p cone.Point, z float64) (cone.Point, float64, bool) {
	for range 60 {
		chart := cone.FaceChart(c.obj.Blocks(), p)
		d := c.obj.Criterion.Derivs(chart.Centre)
		if math.IsInf(d.F, 0) || math.IsNaN(d.F) {
			return nil, 0, false
		}
		local := certify.NewLocal(d, chart)
		g, gap := c.slope(chart), z-c.value(chart.Centre)
		t, ok := constrainedStep(local, g, gap)
		if !ok {
			return nil, 0, false
		}
		size := math.Sqrt(dot(t, t))
		if size > 1 {
			scale(t, 1/size)
		}
		p = chart.Move(t)
		if size < 1e-7 && math.Abs(gap) < 1e-8 {
			v := c.obj.Value(p)
			return p, v, !math.IsInf(v, 0)
		}
	}
	return nil, 0, false
}

// constrainedStep minimises g't + t'|H|t / 2 subject to a't = gap.
func constrainedStep(l *certify.Local, a []float64, gap float64) ([]float64, bool) {
	m := len(a)
	inverse := func(x []float64) []float64 { // |H|^-1 x
		out := make([]float64, m)
		top := 0.0
		for _, v := range l.Values {
			top = math.Max(top, math.Abs(v))
		}
		for j, v := range l.Values {
			var s float64
			for i := range m {
				s += l.Vectors[i*m+j] * x[i]
			}
			s /= math.Max(math.Abs(v), 1e-8*top)
			for i := range m {
				out[i] += s * l.Vectors[i*m+j]
			}
		}
		return out
	}
	ha, hg := inverse(a), inverse(l.Grad)
	aha := dot(a, ha)
	if !(aha > 0) {
		return nil, false
	}
	lambda := (gap + dot(a, hg)) / aha
	t := make([]float64, m)
	for i := range t {
		t[i] = lambda*ha[i] - hg[i]
	}
	return t, true
}
