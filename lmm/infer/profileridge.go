package infer

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// ridge is the profile of a parameter of the covariance matrices.
type ridge struct {
	chart *chart
	all   []parameter
	top   *conditional
	// plain, of a correlation, is the best fit with one of its two standard
	// deviations at 0: the correlation is then anything, so that its profile is
	// nowhere above. It is nil for other parameters.
	plain *plateau
	index int // in all
}

// plateau is a value of the criterion that holds whatever the parameter is.
type plateau struct {
	f      float64
	params []float64
}

// newRidge returns the profile along a chart.
func newRidge(c *chart, all []parameter, p parameter) *ridge {
	r := &ridge{chart: c, all: all, index: slices.Index(all, p)}
	if p.kind != Correlation {
		return r
	}
	for _, i := range []int{p.i, p.j} {
		zero := &ridge{chart: c.land.sdChart(p.block, i), all: all}
		best := zero.best()
		at, ok := zero.solve(0, &best)
		if ok && (r.plain == nil || at.f < r.plain.f) {
			r.plain = &plateau{at.f, zero.params(&at)}
		}
	}
	return r
}

func (r *ridge) value(x float64) float64 { return r.chart.value(x) }

func (r *ridge) bounds() (lower, upper float64) { return r.chart.lower, r.chart.upper }

func (r *ridge) best() conditional {
	if r.top == nil {
		c := conditional{x: r.chart.x, state: r.chart.start}
		j := r.chart.evaluate(c.x, c.state, true)
		c.f = j.f
		if j.g != nil {
			n := len(c.state)
			c.slope = j.g[n]
			if r.chart.land.obj.Derivs.Approx {
				c.model = leading(j.h, n)
			} else {
				c.tangent = tangentOf(j.h)
			}
		}
		r.top = &c
	}
	return *r.top
}

// step is 0.5 / the slope of zeta by the curvature of the profile.
func (r *ridge) step() float64 {
	best := r.best()
	h := r.chart.evaluate(best.x, best.state, true).h
	n, _ := h.Dims()
	curve := h.At(n-1, n-1)
	if d := tangentOf(h); d != nil {
		for i, v := range d {
			curve += h.At(n-1, i) * v
		}
	}
	if curve > 0 {
		return math.Min(0.5*math.Sqrt(2/curve), r.chart.size)
	}
	return r.chart.size / 2
}

// tangentOf is du/dx along the ridge, -H_uu^-1 H_ux; nil where it cannot be
// computed.
func tangentOf(h *mat.SymDense) []float64 {
	n, _ := h.Dims()
	if n == 1 {
		return []float64{}
	}
	inner := mat.NewSymDense(n-1, nil)
	var top float64
	for i := range n - 1 {
		top = math.Max(top, math.Abs(h.At(i, i)))
	}
	rhs := mat.NewVecDense(n-1, nil)
	for i := range n - 1 {
		rhs.SetVec(i, -h.At(i, n-1))
		for j := i; j < n-1; j++ {
			inner.SetSym(i, j, h.At(i, j))
		}
		inner.SetSym(i, i, inner.At(i, i)+1e-9*top) // rotations of a factor are flat
	}
	var chol mat.Cholesky
	var v mat.VecDense
	if chol.Factorize(inner) && chol.SolveVecTo(&v, rhs) == nil {
		return v.RawVector().Data
	}
	return pseudoSolve(inner, rhs)
}

// pseudoSolve leaves out the directions in which h is flat or bends down.
func pseudoSolve(h *mat.SymDense, rhs *mat.VecDense) []float64 {
	var eig mat.EigenSym
	if !eig.Factorize(h, true) {
		return nil
	}
	values := eig.Values(nil)
	n := len(values)
	var q mat.Dense
	eig.VectorsTo(&q)
	out := make([]float64, n)
	for j, w := range values {
		if w <= 1e-6*values[n-1] {
			continue
		}
		c := mat.Dot(q.ColView(j), rhs) / w
		for i := range out {
			out[i] += c * q.At(i, j)
		}
	}
	return out
}

func (r *ridge) solve(x float64, from *conditional) (conditional, bool) {
	land := r.chart.land
	start := append([]float64(nil), from.state...)
	if ahead := math.Abs(x-from.x) * euclid(from.tangent); ahead > 0 {
		// By no more than a unit of the variables: a tangent is not a path.
		step := (x - from.x) * math.Min(1, 1/ahead)
		for i, v := range from.tangent {
			start[i] += v * step
		}
	}
	fn := func(u []float64, second bool) (float64, []float64, *mat.SymDense) {
		j := r.chart.evaluate(x, u, second)
		return j.f, j.g, j.h
	}
	approximate := land.obj.Derivs.Approx
	d := descend(fn, start, approximate, from.model)
	if !d.converged && from.tangent != nil {
		d = descend(fn, from.state, approximate, nil) // the ridge bends
	}
	if r.plain != nil && (!d.converged || d.f >= r.plain.f) {
		// The branch is kept for the way back.
		return conditional{x: x, f: r.plain.f, state: from.state, flat: true}, true
	}
	if !d.converged {
		return conditional{}, false
	}
	c := conditional{x: x, f: d.f, slope: d.g[len(d.x)], state: d.x}
	switch {
	case !approximate:
		c.tangent = tangentOf(d.h)
	case x != from.x:
		// The chord: second derivatives along the ridge are not at hand.
		c.model, c.tangent = d.model, make([]float64, len(d.x))
		for i, v := range d.x {
			c.tangent[i] = (v - from.state[i]) / (x - from.x)
		}
	default:
		c.model = d.model
	}
	return c, true
}

// params are the values of all parameters at a point.
func (r *ridge) params(c *conditional) []float64 {
	if c.flat {
		out := append([]float64(nil), r.plain.params...)
		out[r.index] = r.value(c.x)
		return out
	}
	land := r.chart.land
	p := r.chart.at(c.x, c.state)
	out := make([]float64, 0, len(r.all))
	lambda, _ := land.lambda(p)
	if land.terms < len(land.blocks) && !land.fixed {
		return structuredParams(land.model, land.obj, r.all, lambda, math.Exp(p.omega))
	}
	sigma := math.Exp(p.omega) * land.obj.Coords.YScale
	beta := land.obj.Coords.Beta(land.obj.Solve(lambda).Beta)
	for _, q := range r.all {
		switch q.kind {
		case FixedEffect:
			out = append(out, beta[q.i])
		case ResidualSD:
			out = append(out, sigma)
		case ShapeParameter:
			out = append(out, land.model.ShapeAt(lambda))
		case StandardDeviation:
			sd := land.read(p.factor[q.block], q)
			if land.ratios {
				sd *= sigma
			}
			out = append(out, sd)
		default:
			out = append(out, land.read(p.factor[q.block], q))
		}
	}
	return out
}

// read is a standard deviation or a correlation of a factor; NaN for the
// correlation with what does not vary.
func (s *landscape) read(a []float64, q parameter) float64 {
	k := s.blocks[q.block].K
	row := func(i int) []float64 {
		v := make([]float64, k)
		for c := range k {
			for r := range k {
				v[c] += s.rows[q.block][i*k+r] * a[r*k+c]
			}
		}
		return v
	}
	first := row(q.i)
	if q.kind == StandardDeviation {
		return euclid(first)
	}
	first, _ = inUnit(first)
	second, _ := inUnit(row(q.j))
	size := euclid(first) * euclid(second)
	if size == 0 {
		return math.NaN()
	}
	return math.Max(-1, math.Min(1, dot(first, second)/size))
}
