package laplace

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// history is what an evaluation leaves to the next. It says where a search begins
// and how it steps, never where it ends.
type history struct {
	at []float64 // the entries of Psi, a pair, in units of its block; nil at first
	// reach is the length of the last step that the tangent was learnt from.
	reach   float64
	beta    []float64
	tangent []float64 // p x pairs: dbeta/dat

	info   []float64 // p x p: X'V^-1 X; nil at first
	infoAt []float64 // the entries of its point

	sloped []float64 // the entries of the last Derivs; nil at first
	slope  []float64 // a pair: its derivatives in them
	bend   []float64 // pairs x pairs: what secants add to the metric there

	best best
}

// best is the evaluation with the lowest value.
type best struct {
	point cone.Point // nil for none
	f     float64
	beta  []float64
	b, e  vector
}

// entries are those of Psi at a point, in units of their blocks.
func (m *model) entries(p cone.Point) []float64 {
	out := make([]float64, len(m.pairs))
	for a, pair := range m.pairs {
		blk, l := m.blocks[pair.Block], p[pair.Block]
		if blk.Shape == cone.Free {
			out[a] = l[pair.Row*blk.K+pair.Row] / blk.Unit
			continue
		}
		for c := range blk.K {
			out[a] += l[pair.Row*blk.K+c] * l[pair.Col*blk.K+c]
		}
		out[a] /= blk.Unit * blk.Unit
	}
	return out
}

// predict returns how far beta moves to a point, to first order; nil where that is
// not known.
func (h *history) predict(at []float64) []float64 {
	if h.at == nil || h.reach == 0 {
		return nil
	}
	d, size := difference(at, h.at)
	if size > 4*h.reach {
		return nil
	}
	m, move := len(d), make([]float64, len(h.beta))
	for i := range move {
		for a, v := range d {
			move[i] += h.tangent[i*m+a] * v
		}
	}
	return move
}

// learn takes up where an evaluation ended: the update of Broyden of the tangent
// (Nocedal and Wright 2006, sec. 11.1).
func (h *history) learn(at, beta []float64) {
	m, p := len(at), len(beta)
	if h.tangent == nil {
		h.tangent = make([]float64, p*m)
	}
	if h.at != nil {
		d, size := difference(at, h.at)
		if size < leastReach {
			return
		}
		for i := range beta {
			miss := beta[i] - h.beta[i]
			for a, v := range d {
				miss -= h.tangent[i*m+a] * v
			}
			for a, v := range d {
				h.tangent[i*m+a] += miss * v / (size * size)
			}
		}
		h.reach = size
	}
	h.at, h.beta = at, append(h.beta[:0], beta...)
}

// inform takes up the information on beta where the last evaluation ended.
func (h *history) inform(info []float64) {
	h.info, h.infoAt = slices.Clone(info), h.at
}

// informed returns the information on beta if it is that of a point close by, nil
// otherwise.
func (h *history) informed(at []float64) []float64 {
	if h.info == nil {
		return nil
	}
	if _, size := difference(at, h.infoAt); size > closeBy*norm(at) {
		return nil
	}
	return h.info
}

// leastReach is a step so short that the rounding of beta is a part of its
// tangent.
const leastReach = 1e-6

func difference(x, y []float64) (d []float64, size float64) {
	d = make([]float64, len(x))
	for i, v := range x {
		d[i] = v - y[i]
		size += d[i] * d[i]
	}
	return d, math.Sqrt(size)
}

// sharpen corrects the metric of d, a point whose entries are given, by what
// gradients told of the second derivative over short steps: the update of Broyden,
// Fletcher, Goldfarb and Shanno.
func (h *history) sharpen(m *model, at []float64, d *criterion.Derivs) {
	n := len(at)
	slope, scale := make([]float64, n), make([]float64, n)
	for a, pair := range m.pairs {
		blk := m.blocks[pair.Block]
		scale[a] = blk.Unit
		if blk.Shape != cone.Free {
			scale[a] *= blk.Unit
		}
		slope[a] = d.G[pair.Block][pair.Row*blk.K+pair.Col] * scale[a]
		if pair.Row != pair.Col {
			slope[a] *= 2
		}
	}
	was, wasSlope, bend := h.sloped, h.slope, h.bend
	h.sloped, h.slope, h.bend = at, slope, nil
	if was == nil {
		return
	}
	step, size := difference(at, was)
	if size < leastReach || size > closeBy*norm(at) {
		return
	}
	metric := make([]float64, n*n)
	for a := range n {
		for b := range n {
			metric[a*n+b] = d.H[a*n+b] * scale[a] * scale[b]
		}
	}
	sharp := slices.Clone(metric)
	if bend != nil {
		floats.Add(sharp, bend)
		if !dense.Cholesky(slices.Clone(sharp), n) {
			copy(sharp, metric)
		}
	}
	change, _ := difference(slope, wasSlope)
	secant(sharp, step, change)
	h.bend = sharp
	for a := range n {
		for b := range n {
			d.H[a*n+b] = sharp[a*n+b] / scale[a] / scale[b]
			h.bend[a*n+b] -= metric[a*n+b]
		}
	}
}

// closeBy is how far apart two points are, relative to their size, between which the
// second derivative in Psi is about the same.
const closeBy = 0.03

func norm(x []float64) float64 { return floats.Norm(x, 2) }

// forget keeps the best evaluation alone.
func (h *history) forget() { *h = history{best: h.best} }

// remember keeps the best evaluation.
func (o *Objective) remember(p cone.Point, f float64) {
	h := &o.past.best
	if h.point == nil {
		h.b, h.e = newVector(o.layout), newVector(o.layout)
	} else if f > h.f {
		return
	}
	h.point, h.f, h.beta = p.Clone(), f, append(h.beta[:0], o.beta...)
	h.b.copyFrom(o.b)
	h.e.copyFrom(o.e)
}

// recall goes to where the best evaluation ended, if it was at p.
func (o *Objective) recall(p cone.Point) bool {
	h := &o.past.best
	if h.point == nil {
		return false
	}
	for b, l := range p {
		if !slices.Equal(l, h.point[b]) {
			return false
		}
	}
	copy(o.beta, h.beta)
	o.b.copyFrom(h.b)
	o.e.copyFrom(h.e)
	o.fixedPart(o.beta)
	o.near, o.fresh = true, false
	return true
}
