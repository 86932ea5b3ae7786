package criterion

import (
	"gonum.org/v1/gonum/floats"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// adjoint runs the elimination backwards for R, the derivative of log|V| +
// [projected: log|X'V^-1 X|] with respect to S as it stood at each step. With
// D = S_sF R_FF and E = D S_Fs,
//
//	R_sF = -T_s D,  R_ss = T_s + T_s E T_s,  Z_s'MZ_s = K_s S_ss - K_s E K_s'.
//
// The part of y, e_s e_s', is summed apart: inside R it would cancel. S is
// overwritten by R. With cond given, the matrices R_ss of each factor go there:
// unprojected, they are Psi - Psi Z_s'V^-1 Z_s Psi.
func (c *Blocked) adjoint(projected bool, cond [][]float64) {
	for i := range c.factors {
		f := &c.factors[i]
		clear(f.trace)
		clear(f.ee)
		for s := 0; s < f.Levels; s++ {
			e := f.e[s*f.K:][:f.K]
			for r, v := range e {
				axpy(v, e, f.ee[r*f.K:][:f.K])
			}
		}
	}
	c.adjointRemainder(projected, cond)
	for a := c.links - 1; a >= 0; a-- {
		for s := 0; s < c.factors[a].Levels; s++ {
			c.adjointLevel(a, s, cond)
		}
	}
}

// adjointRemainder goes back over X and the remainder.
func (c *Blocked) adjointRemainder(projected bool, cond [][]float64) {
	p, m := c.stats.P, c.m
	rxx := make([]float64, p*p)
	if projected {
		rxx = c.betaCov()
	}
	for i := 0; i < p; i++ {
		copy(c.rem[(c.q+i)*m+c.q:][:p], rxx[i*p:i*p+p])
	}
	for i := len(c.panels) - 1; i >= 0; i-- {
		c.adjointPanel(c.panels[i], cond)
	}
}

// share adds Z_s'MZ_s to the sum of a factor and sets rss to R_ss.
func (c *Blocked) share(f *factor, s int, rss, sss, e []float64) {
	k := f.K
	inv, t := f.inv[s*k*k:][:k*k], f.t[s*k*k:][:k*k]
	if k == 1 {
		f.trace[0] += inv[0]*sss[0] - inv[0]*e[0]*inv[0]
		rss[0] = t[0] + t[0]*e[0]*t[0]
		return
	}
	a := c.work.square[3][:k*k]
	dense.Mul(a, inv, sss, k, k, k)
	axpy(1, a, f.trace)
	dense.Mul(a, inv, e, k, k, k)
	for r := 0; r < k; r++ {
		for q := 0; q < k; q++ {
			f.trace[r*k+q] -= dot(a[r*k:r*k+k], inv[q*k:q*k+k])
		}
	}
	dense.Mul(a, t, e, k, k, k)
	dense.Mul(rss, a, t, k, k, k)
	axpy(1, t, rss)
}

// adjointPanel goes back over a panel of the remainder: the products with
// what stands behind the panel first, in one, then those within it. Behind the
// panel R is kept in both triangles.
func (c *Blocked) adjointPanel(pn panel, cond [][]float64) {
	m, last := c.m, c.m-1 // last: y is no part of R
	first, end := c.levels[pn.from].at, c.end(pn)
	if out := last - end; out > 0 {
		for i := range end - first {
			clear(c.h[i*m+end : i*m+last])
		}
		c.gemm.Add(1,
			general(c.rem[first*m+end:], end-first, out, m),
			general(c.rem[end*m+end:], out, out, m),
			general(c.h[end:], end-first, out, m))
	}
	for x := pn.to - 1; x >= pn.from; x-- {
		l := c.levels[x]
		f, k, at, next := &c.factors[l.factor], l.k, l.at, l.at+l.k
		d := c.h[(at-first)*m:]
		e, sss, rss := c.work.square[0][:k*k], c.work.square[1][:k*k], c.work.square[2][:k*k]
		for i := 0; i < k; i++ {
			s, di := c.rem[(at+i)*m:][:m], d[i*m:][:m]
			clear(di[next:end])
			for j := next; j < end; j++ {
				row := c.rem[j*m:][:m]
				floats.AddScaled(di[next:last], s[j], row[next:last])
				di[j] += floats.Dot(s[end:last], row[end:last])
			}
			for r := 0; r <= i; r++ {
				v := floats.Dot(di[next:last], c.rem[(at+r)*m+next:(at+r)*m+last])
				e[i*k+r], e[r*k+i] = v, v
			}
		}
		c.diagonal(sss, l)
		c.share(f, l.index, rss, sss, e)
		if cond != nil {
			copy(cond[l.factor][l.index*k*k:], rss)
		}
		t := f.t[l.index*k*k:][:k*k]
		for i := 0; i < k; i++ {
			row := c.rem[(at+i)*m:][:m]
			copy(row[at:next], rss[i*k:i*k+k])
			clear(row[next:last])
			for r := 0; r < k; r++ {
				floats.AddScaled(row[next:last], -t[i*k+r], d[r*m+next:r*m+last])
			}
			for j := next; j < end; j++ {
				c.rem[j*m+at+i] = row[j]
			}
		}
	}
	if first == 0 {
		return // nothing stands before it
	}
	for j := end; j < last; j++ {
		row := c.rem[j*m:]
		for i := first; i < end; i++ {
			row[i] = c.rem[i*m+j]
		}
	}
}

// adjointLevel goes back over level s of link a. Nothing needs the R of the
// first link.
func (c *Blocked) adjointLevel(a, s int, cond [][]float64) {
	f, ln := &c.factors[a], &c.stats.Chain[a]
	k := f.K
	from, w := ln.Span(s)
	w-- // without y
	b := back{k: k, stride: w + 1, s: f.rows[from:], u: c.work.r, e: c.work.square[0][:k*k]}
	clear(b.e)
	if a > 0 {
		b.d = c.work.wide[:k*(w+1)]
		clear(b.d)
	}
	met := ln.Meets(s)
	tail := ln.Above + len(met)
	at := 0
	for x, ups := range ln.Up {
		g, above, up := &c.factors[a+1+x], &c.stats.Chain[a+1+x], int(ups[s])
		kb := g.K
		to, wb := above.Span(up)
		pos := ln.Pos[x][ln.Start[s]:ln.Start[s+1]]
		for i := 0; i < kb; i++ {
			diag, row := g.diag[(up*kb+i)*kb:][:kb], g.rows[to+i*wb:][:wb]
			b.begin(at+i, diag[i])
			b.run(at+i+1, diag[i+1:])
			b.run(at+kb, row[:above.Above])
			b.pick(ln.Above, row[above.Above:], pos)
			b.run(tail, row[wb-above.Fixed:wb-1])
			b.end()
		}
		at += kb
	}
	for i, col := range met {
		row := c.rem[int(col)*c.m:][:c.m]
		b.begin(ln.Above+i, row[col])
		b.pick(ln.Above+i+1, row, met[i+1:])
		b.run(tail, row[c.q:c.m-1])
		b.end()
	}
	for i := tail; i < w; i++ {
		row := c.rem[(c.q+i-tail)*c.m:][:c.m]
		b.begin(i, row[c.q+i-tail])
		b.run(i+1, row[c.q+i-tail+1:c.m-1])
		b.end()
	}
	rss := c.work.square[2][:k*k]
	c.share(f, s, rss, f.diag[s*k*k:][:k*k], b.e)
	if cond != nil {
		copy(cond[a][s*k*k:], rss)
	}
	if a == 0 {
		return
	}
	copy(f.diag[s*k*k:], rss)
	t := f.t[s*k*k:][:k*k]
	for i := 0; i < k; i++ {
		row := f.rows[from+i*(w+1):][:w]
		clear(row)
		for r := 0; r < k; r++ {
			axpy(-t[i*k+r], b.d[r*(w+1):r*(w+1)+w], row)
		}
	}
}

// back forms E = S R S' and, if d is given, D = S R for k rows S from the rows
// of the upper triangle of R, one after the other.
type back struct {
	k, stride int
	s, d      []float64 // k rows, stride apart
	u         []float64 // k: S times the current row, half its diagonal
	e         []float64 // k x k
	at        int       // the current row
}

// begin takes up row i of R, with its diagonal entry.
func (b *back) begin(i int, diag float64) {
	b.at = i
	for r := 0; r < b.k; r++ {
		b.u[r] = diag * b.s[r*b.stride+i] / 2
		if b.d != nil {
			b.d[r*b.stride+i] += b.u[r]
		}
	}
}

// run takes the entries x of the row, at the columns from first on.
func (b *back) run(first int, x []float64) {
	for r := 0; r < b.k; r++ {
		b.u[r] += dot(x, b.s[r*b.stride+first:])
		if b.d != nil {
			axpy(b.s[r*b.stride+b.at], x, b.d[r*b.stride+first:])
		}
	}
}

// pick takes the entries of x at the given places, for the columns from first
// on.
func (b *back) pick(first int, x []float64, at []int32) {
	for r := 0; r < b.k; r++ {
		s := b.s[r*b.stride+first:][:len(at)]
		b.u[r] += gather(s, x, at)
		if b.d != nil {
			v, d := b.s[r*b.stride+b.at], b.d[r*b.stride+first:][:len(at)]
			for i, p := range at {
				d[i] += v * x[p]
			}
		}
	}
}

// end adds the current row to E and D: R is its upper triangle with half its
// diagonal, and the transpose of that.
func (b *back) end() {
	for r := 0; r < b.k; r++ {
		sr, ur := b.s[r*b.stride+b.at], b.u[r]
		for q := 0; q < b.k; q++ {
			b.e[r*b.k+q] += sr*b.u[q] + ur*b.s[q*b.stride+b.at]
		}
		if b.d != nil {
			b.d[r*b.stride+b.at] += ur
		}
	}
}
