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
	l, p := o.layout, o.rows.p
	m := len(o.pairs)
	b, r := newVector(l), newVector(l)
	info := o.information()
	o.past.inform(info)
	fixed := p > 0 && dense.Cholesky(info, p)
	w, e, xy := make([]vector, m), make([]vector, m), make([][]float64, m)
	for a, pair := range o.pairs {
		if pair.Block >= o.terms() {
			h[a*m+a] = o.shapeInformation()
			continue
		}
		// With (I + S Psi) e = S w and b = Psi e, e = S (w - b): PZ w = W Z (w - b)
		// before the fixed effects are taken out.
		w[a], e[a], xy[a] = newVector(l), newVector(l), make([]float64, p)
		o.direct(w[a], o.t, pair.Block, pair.Row, pair.Col)
		o.schur.times(r, w[a])
		o.solve(e[a], b, r)
		if fixed {
			b.move(-1, w[a])
			o.cross.subtract(xy[a], b)
			dense.SolveLower(info, p, xy[a], 1)
		}
		for c := range a + 1 {
			if xy[c] == nil {
				continue
			}
			v := w[c].dot(e[a])
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
