package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// RowError computes variances of x'(beta^ - beta) + z'(b^ - b) with Psi at one
// point, in units of sigma^2. With c = (z, x) the variance is c'C^-1 c, C the
// matrix of Henderson's (1975) mixed model equations. The levels of the chain
// that a row touches are eliminated from c as they are from C,
//
//	c_s'T_s c_s,   c_F <- c_F - S_Fs T_s c_s,
//
// and the rest of it meets the inverse of what is left of C, the adjoint R of
// the remainder. All terms are positive.
//
// It keeps workspace: it is not safe for concurrent use.
type RowError struct {
	c     *Blocked
	open  [][]touched // of each link
	v     []float64   // m - 1: c of the remainder and X, zero between rows
	index []int       // where v may not be zero
	h     []float64
}

// touched is c of one level.
type touched struct {
	level int
	c     []float64
}

// RowError returns the variances at a point, nil where the criterion cannot be
// computed. The receiver must not be used beside it.
func (c *Blocked) RowError(p cone.Point) *RowError {
	c.merge(p)
	if math.IsInf(c.eval(), 1) {
		return nil
	}
	c.adjointRemainder(true, nil)
	return &RowError{c: c, open: make([][]touched, c.links), v: make([]float64, c.m-1), h: make([]float64, len(c.work.r))}
}

// Variance returns the variance of a row: for each factor, in the order of
// elimination, its level and the entries of z in its columns, and x. A level
// of -1 takes no part.
func (e *RowError) Variance(level []int, z [][]float64, x []float64) float64 {
	c := e.c
	for i, at := range c.stats.Offset {
		f := &c.factors[c.links+i]
		if l := level[c.links+i]; l >= 0 {
			for r, v := range z[c.links+i] {
				e.add(at+l*f.K+r, v)
			}
		}
	}
	for i, v := range x {
		e.add(c.q+i, v)
	}
	var sum float64
	for a := range e.open {
		if level[a] >= 0 {
			copy(e.touch(a, level[a]), z[a])
		}
	}
	for a := range e.open {
		for i := 0; i < len(e.open[a]); i++ {
			sum += e.eliminate(a, e.open[a][i])
		}
		e.open[a] = e.open[a][:0]
	}
	return sum + e.quadratic()
}

// eliminate takes a level of link a out of c.
func (e *RowError) eliminate(a int, s touched) (sum float64) {
	c := e.c
	f, ln := &c.factors[a], &c.stats.Chain[a]
	k := f.K
	from, w := ln.Span(s.level)
	met := ln.Meets(s.level)
	t := f.t[s.level*k*k:][:k*k]
	for r := range k {
		e.h[r] = dot(t[r*k:r*k+k], s.c)
		sum += e.h[r] * s.c[r]
	}
	for r, h := range e.h[:k] {
		if h == 0 {
			continue
		}
		row, at := f.rows[from+r*w:][:w], 0
		for b, up := range ln.Up {
			kb := c.factors[a+1+b].K
			axpy(-h, row[at:at+kb], e.touch(a+1+b, int(up[s.level])))
			at += kb
		}
		for i, col := range met {
			e.add(int(col), -h*row[at+i])
		}
		for i, v := range row[at+len(met) : w-1] {
			e.add(c.q+i, -h*v)
		}
	}
	return sum
}

// touch returns c of a level of a link.
func (e *RowError) touch(a, level int) []float64 {
	open := e.open[a]
	for i := range open {
		if open[i].level == level {
			return open[i].c
		}
	}
	n := len(open)
	if n < cap(open) {
		open = open[:n+1]
	} else {
		open = append(open, touched{})
	}
	if open[n].c == nil {
		open[n].c = make([]float64, e.c.factors[a].K)
	}
	clear(open[n].c)
	open[n].level = level
	e.open[a] = open
	return open[n].c
}

func (e *RowError) add(col int, v float64) {
	if v == 0 {
		return
	}
	if e.v[col] == 0 {
		e.index = append(e.index, col)
	}
	e.v[col] += v
}

// quadratic is v'R v, and clears v. R stands in the upper triangle.
func (e *RowError) quadratic() float64 {
	m, rem := e.c.m, e.c.rem
	var s float64
	n := 0
	for _, i := range e.index { // a column may be listed twice
		if e.v[i] == 0 {
			continue
		}
		a := e.v[i]
		e.v[i] = 0
		e.index[n], e.c.v[n] = i, a
		for j, col := range e.index[:n] {
			s += 2 * a * e.c.v[j] * rem[min(i, col)*m+max(i, col)]
		}
		s += a * a * rem[i*m+i]
		n++
	}
	e.index = e.index[:0]
	return s
}
