package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// generalLandscape is the landscape of a generalised model: its factors are
// absolute, there is no sigma, and the shape of a family is a block of one.
func generalLandscape(m *lmm.Model, obj *lmm.Objective) *landscape {
	s := &landscape{model: m, obj: obj, blocks: obj.Blocks(), terms: len(obj.Coords.T), shift: obj.Shift(), fixed: true}
	for t, b := range s.blocks {
		rows := []float64{1}
		if t < len(obj.Coords.T) {
			rows = append([]float64(nil), obj.Coords.T[t]...)
		}
		s.rows = append(s.rows, rows)
		s.unit = append(s.unit, b.Unit)
		s.factor = append(s.factor, straightened(b, obj.Point[t]))
	}
	return s
}

// evaluateGeneral is evaluate for a generalised model: the derivatives in Psi are
// those of the criterion itself.
func (s *landscape) evaluateGeneral(p *position, second bool) jet {
	lambda := cone.Point(p.factor)
	var d = s.obj.Gradient(lambda)
	if second {
		d = s.obj.Criterion.Derivs(lambda)
	}
	if math.IsInf(d.F, 0) || math.IsNaN(d.F) {
		return jet{f: math.Inf(1)}
	}
	all := append(append([]variable(nil), p.vars...), p.focal)
	n := len(all)
	out := jet{f: d.F + s.shift, g: make([]float64, n)}
	gl := make([][]float64, len(lambda))
	for t := range lambda {
		k := s.blocks[t].K
		gl[t] = make([]float64, k*k)
		dense.Mul(gl[t], d.G[t], lambda[t], k, k, k)
	}
	move, vech := make([][][]float64, n), make([][]float64, n)
	for a, v := range all {
		move[a] = s.motion(v, lambda, 1)
		if s.blocks[v.block].Shape == cone.Free {
			vech[a] = freeChange(d.Pairs, v)
			out.g[a] = d.G[v.block][0] * v.l[0]
			continue
		}
		vech[a] = s.change(d.Pairs, move[a], lambda)
		out.g[a] = 2 * dot(gl[v.block], v.l)
	}
	if !second {
		return out
	}
	out.h = mat.NewSymDense(n, nil)
	for a := range all {
		for b := a; b < n; b++ {
			x := d.Curvature(vech[a], vech[b])
			if s.blocks[all[a].block].Shape != cone.Free && s.blocks[all[b].block].Shape != cone.Free {
				x += s.second(d.G, gl, lambda, all, move, a, b, n-1, 1)
			}
			out.h.SetSym(a, b, x)
		}
	}
	return out
}

// freeChange is the change of a block that is a parameter itself.
func freeChange(pairs []cone.Pair, v variable) []float64 {
	out := make([]float64, len(pairs))
	for i, p := range pairs {
		if p.Block == v.block {
			out[i] = v.l[0]
		}
	}
	return out
}

// shapeChart profiles the shape of a family: its log, or for the size of a negative
// binomial x = -1 / sqrt(size), which is 0 where the size is without bound.
func (s *landscape) shapeChart() *chart {
	t := len(s.obj.Coords.T)
	at := s.factor[t][0]
	c := &chart{land: s, block: t, lower: math.Inf(-1), upper: math.Inf(1), x: at, size: 0.1,
		value: math.Exp, coord: math.Log}
	sign := 1.0
	if s.blocks[t].Shape != cone.Free {
		sign = -1
		c.x, c.upper = -math.Abs(at), 0
		c.size = math.Max(math.Abs(at), s.unit[t])
		c.value = func(x float64) float64 { return 1 / (x * x) }
		c.coord = func(v float64) float64 { return -1 / math.Sqrt(v) }
	}
	c.place = func(x float64, _ []float64) ([]float64, []variable, variable) {
		return []float64{sign * x}, nil, variable{block: t, l: []float64{sign}}
	}
	return c.finish([]float64{})
}
