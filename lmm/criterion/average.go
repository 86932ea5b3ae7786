package criterion

import "github.com/golmm/golmm/lmm/internal/dense"

// average sets h to the average information. With e = Z'Py, w_a = (I (x) E_a) e
// and E_a the matrix with ones at pairs[a] and its mirror image, y'P D_a P D_b P
// y = w_a'Z'PZ w_b. So the columns [Z X]'Z w_a are eliminated as y is:
//
//	Q_ab = w_a'Z'Z w_b - sum_s c_sa'T_s c_sb - c_Xa'S_XX^-1 c_Xb,  c_F <- c_F - S_Fs T_s c_s
//
// (Gilmour, Thompson and Cullis 1995, sec. 3). It needs e and the rows S_sF.
func (c *Blocked) average(h []float64) {
	n, p := len(c.pairs), c.stats.P
	if c.work.c == nil {
		rows := p
		for i := range c.factors {
			rows += c.factors[i].Levels * c.factors[i].K
		}
		top := len(c.work.r)
		c.work.c, c.work.hc, c.work.quad = make([]float64, rows*n), make([]float64, top*n), make([]float64, n)
		c.work.offset = make([]int, len(c.factors))
		at := 0
		for i := range c.factors {
			c.work.offset[i] = at
			at += c.factors[i].Levels * c.factors[i].K
		}
	}
	clear(c.work.c)
	c.stats.Cross(c.spread)
	quad := c.work.quad
	clear(quad)
	fixed := c.fixedColumns()
	for i := range c.factors {
		c.spreadFixed(i, fixed)
		f := &c.factors[i]
		for s := 0; s < f.Levels; s++ {
			e, cs := f.e[s*f.K:][:f.K], c.column(i, s)
			for _, x := range f.pairs {
				row := h[x.index*n : x.index*n+n]
				axpy(e[x.col], cs[x.row*n:x.row*n+n], row)
				v := e[x.row] * e[x.col]
				if x.row != x.col {
					axpy(e[x.row], cs[x.col*n:x.col*n+n], row)
					v *= 2
				}
				quad[x.index] += v
			}
		}
	}
	c.eliminateColumns(h)
	dense.SolveLower(c.lx, p, fixed, n)
	for i := 0; i < p; i++ {
		for x := 0; x < n; x++ {
			axpy(-fixed[i*n+x], fixed[i*n:i*n+n], h[x*n:x*n+n])
		}
	}
	s2 := c.r2 / c.nu
	for x := 0; x < n; x++ {
		for y := 0; y <= x; y++ {
			v := (h[x*n+y]+h[y*n+x])/(2*s2) - quad[x]*quad[y]/(c.nu*s2*s2)
			h[x*n+y], h[y*n+x] = v, v
		}
	}
}

// column returns the K x n rows of c of a level.
func (c *Blocked) column(f, s int) []float64 {
	n, k := len(c.pairs), c.factors[f].K
	return c.work.c[(c.work.offset[f]+s*k)*n:][:k*n]
}

// fixedColumns returns the P x n rows of c of the fixed effects.
func (c *Blocked) fixedColumns() []float64 {
	return c.work.c[len(c.work.c)-c.stats.P*len(c.pairs):]
}

// spread adds the block Z_s'Z_l, of levels s of f and l of g, times w_l to c_s,
// and its transpose times w_s to c_l.
func (c *Blocked) spread(f, s, g, l int, block []float64, stride int) {
	n := len(c.pairs)
	ff, fg := &c.factors[f], &c.factors[g]
	cs, cl := c.column(f, s), c.column(g, l)
	e := fg.e[l*fg.K:][:fg.K]
	for _, x := range fg.pairs {
		for i := 0; i < ff.K; i++ {
			v := block[i*stride+x.row] * e[x.col]
			if x.row != x.col {
				v += block[i*stride+x.col] * e[x.row]
			}
			cs[i*n+x.index] += v
		}
	}
	if f == g {
		return
	}
	e = ff.e[s*ff.K:][:ff.K]
	for _, x := range ff.pairs {
		for j := 0; j < fg.K; j++ {
			v := block[x.row*stride+j] * e[x.col]
			if x.row != x.col {
				v += block[x.col*stride+j] * e[x.row]
			}
			cl[j*n+x.index] += v
		}
	}
}

// spreadFixed adds X'Z_s w_s of the levels of a factor to the rows of the fixed
// effects.
func (c *Blocked) spreadFixed(i int, fixed []float64) {
	n, p, f := len(c.pairs), c.stats.P, &c.factors[i]
	for s := 0; s < f.Levels; s++ {
		block, stride := c.stats.Fixed(i, s)
		e := f.e[s*f.K:][:f.K]
		for _, x := range f.pairs {
			for j := 0; j < p; j++ {
				v := block[x.row*stride+j] * e[x.col]
				if x.row != x.col {
					v += block[x.col*stride+j] * e[x.row]
				}
				fixed[j*n+x.index] += v
			}
		}
	}
}

// eliminateColumns takes the levels out of c and the products c_s'T_s c_s out
// of q.
func (c *Blocked) eliminateColumns(q []float64) {
	n, m := len(c.pairs), c.m
	late := c.work.c[len(c.work.c)-(m-1)*n:] // of the remainder and X
	for a := 0; a < c.links; a++ {
		f, ln := &c.factors[a], &c.stats.Chain[a]
		k := f.K
		for s := 0; s < f.Levels; s++ {
			h, ok := c.through(f, s, c.column(a, s), q)
			if !ok {
				continue
			}
			from, w := ln.Span(s)
			met := ln.Meets(s)
			for r := 0; r < k; r++ {
				row, hr, at := f.rows[from+r*w:][:w], h[r*n:r*n+n], 0
				for b, up := range ln.Up {
					kb := c.factors[a+1+b].K
					cb := c.column(a+1+b, int(up[s]))
					for i := 0; i < kb; i++ {
						axpy(-row[at+i], hr, cb[i*n:i*n+n])
					}
					at += kb
				}
				for i, col := range met {
					axpy(-row[at+i], hr, late[int(col)*n:int(col)*n+n])
				}
				for i, v := range row[at+len(met) : w-1] {
					axpy(-v, hr, late[(c.q+i)*n:(c.q+i+1)*n])
				}
			}
		}
	}
	for _, l := range c.levels {
		h, ok := c.through(&c.factors[l.factor], l.index, late[l.at*n:(l.at+l.k)*n], q)
		if !ok {
			continue
		}
		for r := 0; r < l.k; r++ {
			hr := h[r*n : r*n+n]
			for i, v := range c.rem[(l.at+r)*m+l.at+l.k : (l.at+r+1)*m-1] {
				i += l.at + l.k
				axpy(-v, hr, late[i*n:i*n+n])
			}
		}
	}
}

// through subtracts c_s'T_s c_s from q and returns T_s c_s; false if T_s is 0.
func (c *Blocked) through(f *factor, s int, cs, q []float64) ([]float64, bool) {
	n, k := len(c.pairs), f.K
	t, h := f.t[s*k*k:][:k*k], c.work.hc[:k*n]
	if isZero(t) {
		return nil, false
	}
	dense.Mul(h, t, cs, k, k, n)
	for r := 0; r < k; r++ {
		for x, v := range cs[r*n : r*n+n] {
			axpy(-v, h[r*n:r*n+n], q[x*n:x*n+n])
		}
	}
	return h, true
}
