package covstruct

import (
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Gram describes the parameters before any fit, with the derivatives of R at the
// reference point of the structure. X~'X~ = n I, so that M = I - X~X~'/n, and y~
// is a residual already.
func (o *Objective) Gram() *criterion.Gram {
	c := o.Fork()
	p := cone.Identity(c.blocks, 0)
	copy(p[len(c.rows.Blocks):], c.reference())
	m, np := len(c.pairs), c.rows.P
	n := m + 1 // the residual variance last
	g := &criterion.Gram{Pairs: c.pairs, Inner: make([]float64, n*n), Scale: make([]float64, n), Quad: make([]float64, n)}
	scale := 1 / float64(c.rows.N)
	moved := make([][]float64, n) // X~'D_aX~ / n
	for a := range moved {
		moved[a] = make([]float64, np*np)
	}
	psi := c.psi(p)
	for k := range c.kinds {
		c.factor(k, p, psi, true)
		kd := &c.kinds[k]
		nk, groups := len(kd.rows), len(kd.all)
		sums := kd.plain(np)
		d, dx := make([][]float64, n), make([][]float64, n) // D_a, D_a sum XX'
		for a := range n {
			if a == m {
				d[a] = make([]float64, nk*nk)
				for i := range nk {
					d[a][i*nk+i] = 1
				}
			} else {
				d[a] = c.change(k, c.pairs[a])
			}
			dx[a] = multiply(d[a], sums.xx, nk)
			g.Quad[a] += dot(d[a], sums.yy)
			sums.cross(moved[a], d[a])
			for b := range a + 1 {
				v := float64(groups) * dot(d[a], d[b])
				if a == b {
					g.Scale[a] += v
				}
				g.Inner[a*n+b] += v - 2*scale*transposedDot(d[b], dx[a], nk)
			}
		}
	}
	for a := range n {
		for b := range a + 1 {
			g.Inner[a*n+b] += scale * scale * dot(moved[a], moved[b])
			g.Inner[b*n+a] = g.Inner[a*n+b]
		}
	}
	return g
}

// plain are sums over the groups of a kind, V being I: XX' and yy', n x n, and a
// function that adds X'DX to a p x p matrix.
type plain struct {
	xx, yy []float64
	cross  func(to, d []float64)
}

func (k *kind) plain(p int) plain {
	n, m := len(k.rows), p+1
	if k.moments != nil {
		ix, iy := make([]float64, m*m), make([]float64, m*m)
		for i := range p {
			ix[i*m+i] = 1
		}
		iy[p*m+p] = 1
		return plain{k.weighted(ix, m), k.weighted(iy, m), func(to, d []float64) {
			whole := k.crossOf(d, m)
			for i := range p {
				for j, v := range whole[i*m : i*m+p] {
					to[i*p+j] += v
				}
			}
		}}
	}
	x, y := k.columns(p)
	return plain{outer(n, x), outer(n, y), func(to, d []float64) {
		addCross(to, x, times(d, x, n), n*len(k.all), p)
	}}
}

// columns returns X and y of the groups side by side, n x groups p and n x
// groups.
func (k *kind) columns(p int) (x, y []float64) {
	rows := len(k.rows) * len(k.all)
	x, y = make([]float64, rows*p), make([]float64, rows)
	for i := range rows {
		row := k.xy[i*(p+1):][:p+1]
		copy(x[i*p:i*p+p], row)
		y[i] = row[p]
	}
	return x, y
}
