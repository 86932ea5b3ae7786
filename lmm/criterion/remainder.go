package criterion

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// eliminateRemainder takes the levels of the remainder out, panel by panel: a
// level updates the later rows of its panel at once, and all rows behind it
// together with the panel, in one product (Golub and Van Loan 2013, sec. 4.2,
// on blocked factorisations). Row s is left as it stood when s was eliminated,
// in the upper triangle.
func (c *Blocked) eliminateRemainder() (logDet float64, ok bool) {
	m := c.m
	for _, pn := range c.panels {
		first := c.levels[pn.from].at
		end := c.end(pn)
		stop := end // rows up to here are updated level by level
		if m-end < panelWidth {
			stop = m
		}
		zero := true
		for _, l := range c.levels[pn.from:pn.to] {
			f, k, at := &c.factors[l.factor], l.k, l.at
			next := at + k
			t := f.t[l.index*k*k:][:k*k]
			sss := c.work.square[1][:k*k]
			c.diagonal(sss, l)
			ld, ok := f.psi.pivot(f.inv[l.index*k*k:][:k*k], t, sss)
			if !ok {
				return 0, false
			}
			logDet += ld
			zero = zero && isZero(t)
			for i := 0; i < k; i++ {
				h := c.h[(at-first+i)*m+next : (at-first+i+1)*m]
				clear(h)
				for r := 0; r < k; r++ {
					if v := t[i*k+r]; v != 0 {
						floats.AddScaled(h, v, c.rem[(at+r)*m+next:(at+r+1)*m])
					}
				}
				for j := next; j < stop; j++ {
					if v := c.rem[(at+i)*m+j]; v != 0 {
						floats.AddScaled(c.rem[j*m+j:j*m+m], -v, h[j-next:])
					}
				}
			}
		}
		if stop == m || zero {
			continue
		}
		// With the panel transposed the product runs along rows that stay in
		// the cache.
		height := end - first
		for r := range height {
			for j, v := range c.rem[(first+r)*m+end : (first+r+1)*m] {
				c.turned[j*height+r] = v
			}
		}
		for i := end; i < m; i += 2 * panelWidth {
			size := min(2*panelWidth, m-i)
			c.gemm.Add(-1,
				general(c.turned[(i-end)*height:], size, height, height),
				general(c.h[i:], height, m-i, m),
				general(c.rem[i*m+i:], size, m-i, m))
		}
	}
	return logDet, true
}

// end is the column after a panel.
func (c *Blocked) end(p panel) int {
	last := c.levels[p.to-1]
	return last.at + last.k
}

// diagonal copies S_ss of a level, whose upper triangle alone is stored.
func (c *Blocked) diagonal(s []float64, l level) {
	for i := 0; i < l.k; i++ {
		for j := i; j < l.k; j++ {
			v := c.rem[(l.at+i)*c.m+l.at+j]
			s[i*l.k+j], s[j*l.k+i] = v, v
		}
	}
}

func general(data []float64, rows, cols, stride int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: stride, Data: data}
}

// modes solves backwards for the conditional modes b_s and e_s = Z_s'Py:
//
//	r = S_sy - S_sX beta - S_sF b_F,  e_s = K_s r,  b_s = T_s r.
func (c *Blocked) modes() {
	m := c.m
	c.v[m-1] = -1
	for i := len(c.levels) - 1; i >= 0; i-- {
		l := c.levels[i]
		f, k, next := &c.factors[l.factor], l.k, l.at+l.k
		r := c.work.r[:k]
		for j := range r {
			r[j] = -floats.Dot(c.rem[(l.at+j)*m+next:(l.at+j+1)*m], c.v[next:])
		}
		f.back(l.index, r)
	}
	for a := c.links - 1; a >= 0; a-- {
		f, ln := &c.factors[a], &c.stats.Chain[a]
		k := f.K
		r := c.work.r[:k]
		for s := 0; s < f.Levels; s++ {
			from, w := ln.Span(s)
			met := ln.Meets(s)
			tail := ln.Above + len(met)
			for i := range r {
				row := f.rows[from+i*w:][:w]
				v := gather(row[ln.Above:tail], c.v, met) + dot(row[tail:], c.v[c.q:])
				at := 0
				for b, up := range ln.Up {
					g := &c.factors[a+1+b]
					v += dot(row[at:at+g.K], g.mode[int(up[s])*g.K:])
					at += g.K
				}
				r[i] = -v
			}
			f.back(s, r)
		}
	}
}

// back sets e_s = K_s r and b_s = T_s r.
func (f *factor) back(s int, r []float64) {
	k := f.K
	dense.Mul(f.e[s*k:][:k], f.inv[s*k*k:][:k*k], r, k, k, 1)
	dense.Mul(f.mode[s*k:][:k], f.t[s*k*k:][:k*k], r, k, k, 1)
}
