package laplace

import (
	"github.com/golmm/golmm/lmm/internal/dense"
)

// average sets h to the metric of steps: with t = Z's and D_a = Z (I (x) E_a) Z',
//
//	H_ab = t'E_a Z'PZ E_b t,   P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1,
//
// the average information of the linear model that the mode is that of (Gilmour,
// Thompson and Cullis 1995); for a shape twice the sum of squared scores.
func (o *Objective) average(h []float64) {
	l, n, p := o.layout, o.rows.n, o.rows.p
	m := len(o.pairs)
	t, w := o.t, newVector(l)
	e, b, r := newVector(l), newVector(l), newVector(l)
	info := o.information()
	fixed := p > 0 && dense.Cholesky(info, p)
	zw, y, xy := make([][]float64, m), make([][]float64, m), make([][]float64, m)
	g := make([]float64, n)
	for a, pair := range o.pairs {
		if pair.Block >= o.terms() {
			h[a*m+a] = o.shapeInformation()
			continue
		}
		o.direct(w, t, pair.Block, pair.Row, pair.Col)
		zw[a], y[a], xy[a] = make([]float64, n), make([]float64, n), make([]float64, p)
		o.random(zw[a], w)
		for i, v := range zw[a] {
			g[i] = o.w[i] * v
		}
		o.gather(r, g)
		o.solve(e, b, r)
		o.random(y[a], b)
		for i, v := range y[a] {
			y[a][i] = o.w[i] * (zw[a][i] - v)
		}
		if fixed {
			o.fixedGather(xy[a], y[a])
			dense.SolveLower(info, p, xy[a], 1)
		}
		for c := range a + 1 {
			if y[c] == nil {
				continue
			}
			var v float64
			for i, x := range zw[c] {
				v += x * y[a][i]
			}
			for i, x := range xy[c] {
				v -= x * xy[a][i]
			}
			h[a*m+c], h[c*m+a] = v, v
		}
	}
}

// direct sets w to (I (x) E) t, E the entry (row, col) of a term and its mirror
// image.
func (o *Objective) direct(w, t vector, term, row, col int) {
	l := o.layout
	w.clear()
	for i, f := range l.fs {
		for j, own := range f.terms {
			if own != term {
				continue
			}
			to, from := w.first, t.first
			if i > 0 {
				to, from = w.rest[l.col[i-1]:][:f.levels*f.k], t.rest[l.col[i-1]:][:f.levels*f.k]
			}
			at := l.at[i][j]
			for s := at; s < len(to); s += f.k {
				to[s+row] += from[s+col]
				if row != col {
					to[s+col] += from[s+row]
				}
			}
		}
	}
}

func (o *Objective) shapeInformation() float64 {
	var sum float64
	for i, y := range o.rows.y {
		w := o.rows.w[i]
		l, _, _ := o.fam.KernelSlope(y, o.xb[i]+o.zb[i], o.shape)
		v := l + o.fam.ConstantSlope(y, 1, o.shape)
		sum += 2 * w * v * v
	}
	return sum
}
