package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Blocked is the criterion of a model with any number of grouping factors,
// nested, crossed or both. It eliminates the levels of the factors one after
// the other from the cross-products S = [Z X y]'[Z X y]: with F the columns
// after those of level s,
//
//	K_s = (I + S_ss Psi)^-1,  T_s = Psi K_s,  S_FF <- S_FF - S_Fs T_s S_sF
//
// and log|V| = sum_s log|I + S_ss Psi|. What is left for X and y is [X y]'V^-1[X
// y]. Any positive semidefinite Psi will do, zero included.
//
// A nested level costs O(K w^2), w being the columns of the levels it meets, X
// and y; the remainder of Q columns costs O(Q^3). It keeps workspace: it is
// not safe for concurrent use.
type Blocked struct {
	stats   *suffstat.Blocked
	reml    bool
	nu      float64
	pairs   []cone.Pair
	factors []factor // in the order of elimination; the first links are the chain
	links   int
	levels  []level // of the remainder
	panels  []panel

	q, m int       // columns of Z in the remainder, and with X and y
	rem  []float64 // m x m: S, then its adjoint
	v    []float64 // m: b of the remaining levels, beta, -1
	h    []float64 // panel x m: T S, going back S R
	// turned is m x panel: the rows of a panel behind it, transposed; nil if
	// there is one panel.
	turned []float64
	gemm   dense.Gemm
	lx     []float64 // p x p: Cholesky of X'V^-1 X
	r2     float64
	work   workspace
}

// factor is the state of a grouping factor at a point. What a level keeps
// stands at its number times K x K, or times K.
type factor struct {
	suffstat.Factor
	at    []int     // of each term in K
	psi   *spectral // K x K, block-diagonal
	inv   []float64 // K_s
	t     []float64 // T_s
	diag  []float64 // S_ss, then R_ss, of a link
	rows  []float64 // S_sF, then R_sF, of a link: as suffstat.Link.Rows
	e     []float64 // Z_s'Py
	mode  []float64 // b_s
	trace []float64 // K x K: sum of Z_s'MZ_s
	ee    []float64 // K x K: sum of e_s e_s'
	pairs []entry
}

// entry is an entry of Psi in the merged matrix of a factor.
type entry struct {
	row, col int
	index    int // in Blocked.pairs
}

// level is a level in the remainder.
type level struct {
	factor, index int
	at, k         int // its columns
}

// panel is a run of levels whose rows are updated together.
type panel struct{ from, to int }

const panelWidth = 64

// workspace is scratch memory for one level.
type workspace struct {
	square      [4][]float64 // K x K of the largest K
	r           []float64    // K
	wide        []float64    // K x W of the widest link
	c, hc, quad []float64    // of the average information
	offset      []int
}

// NewBlocked returns the criterion of the given cross-products.
func NewBlocked(s *suffstat.Blocked, reml bool) *Blocked {
	c := &Blocked{stats: s, reml: reml, nu: float64(s.N), pairs: cone.Pairs(s.Blocks), links: len(s.Chain),
		q: s.Q, m: s.Q + s.P + 1}
	if reml {
		c.nu -= float64(s.P)
	}
	c.v, c.rem = make([]float64, c.m), make([]float64, c.m*c.m)
	c.lx = make([]float64, s.P*s.P)
	top, wide := 0, 0
	for i, sf := range s.Factors {
		f := factor{Factor: sf}
		k, n := f.K, f.Levels
		f.psi, f.trace, f.ee = newSpectral(k), make([]float64, k*k), make([]float64, k*k)
		f.inv, f.t, f.e = make([]float64, n*k*k), make([]float64, n*k*k), make([]float64, n*k)
		at := 0
		for _, b := range f.Terms {
			f.at = append(f.at, at)
			for index, p := range c.pairs {
				if p.Block == b {
					f.pairs = append(f.pairs, entry{at + p.Row, at + p.Col, index})
				}
			}
			at += s.Blocks[b].K
		}
		if i < c.links {
			ln := &s.Chain[i]
			f.mode = make([]float64, n*k)
			f.diag, f.rows = ln.Diag, ln.Rows // the first link stays as it is
			if i > 0 {
				f.diag, f.rows = make([]float64, len(ln.Diag)), make([]float64, len(ln.Rows))
			}
			for j := range n {
				_, w := ln.Span(j)
				wide = max(wide, k*w)
			}
		} else {
			first := s.Offset[i-c.links]
			f.mode = c.v[first : first+n*k]
			for j := range n {
				c.levels = append(c.levels, level{factor: i, index: j, at: first + j*k, k: k})
			}
		}
		top = max(top, k)
		c.factors = append(c.factors, f)
	}
	c.panelise()
	for i := range c.work.square {
		c.work.square[i] = make([]float64, top*top)
	}
	c.work.r = make([]float64, top)
	c.work.wide = make([]float64, wide)
	return c
}

// panelise cuts the remainder into panels of whole levels.
func (c *Blocked) panelise() {
	height, tallest := 0, 0
	for i, l := range c.levels {
		if height == 0 {
			c.panels = append(c.panels, panel{from: i})
		}
		height += l.k
		tallest = max(tallest, height)
		c.panels[len(c.panels)-1].to = i + 1
		if height >= panelWidth {
			height = 0
		}
	}
	c.h = make([]float64, tallest*c.m)
	if len(c.panels) > 1 {
		c.turned = make([]float64, tallest*c.m)
	}
}

// Blocks returns the blocks of the parameter space.
func (c *Blocked) Blocks() []cone.Block { return c.stats.Blocks }

// Value returns f at a point, +Inf where it cannot be computed.
func (c *Blocked) Value(p cone.Point) float64 {
	c.merge(p)
	return c.eval()
}

// Shift is what f in the user's units exceeds f in internal coordinates by.
func (c *Blocked) Shift() float64 { return Shift(&c.stats.Coords, c.nu, c.reml) }

// Derivs returns f and its gradient G, exact, and the average information in
// place of the second derivative (Gilmour, Thompson and Cullis 1995):
//
//	H[D1, D2] = y'P D1 P D2 P y / s2 - q(D1) q(D2) / (nu s2^2),  q(D) = y'P D P y
//
// at a point, on the boundary as well as in the interior. Cost: about three
// evaluations of f.
func (c *Blocked) Derivs(p cone.Point) *Derivs { return c.derivs(p, true) }

// Average is Derivs.
func (c *Blocked) Average(p cone.Point) *Derivs { return c.derivs(p, true) }

// Gradient is Derivs without H: two thirds of its cost.
func (c *Blocked) Gradient(p cone.Point) *Derivs { return c.derivs(p, false) }

func (c *Blocked) derivs(p cone.Point, information bool) *Derivs {
	c.merge(p)
	n := len(c.pairs)
	d := &Derivs{F: c.eval(), Pairs: c.pairs, H: make([]float64, n*n), Approx: true}
	for _, blk := range c.stats.Blocks {
		d.G = append(d.G, make([]float64, blk.K*blk.K))
	}
	if math.IsInf(d.F, 1) {
		return d
	}
	c.modes()
	if information {
		c.average(d.H)
	}
	c.adjoint(c.reml, nil)
	s2 := c.r2 / c.nu
	for i := range c.factors {
		f := &c.factors[i]
		for j, b := range f.Terms {
			k, at := c.stats.Blocks[b].K, f.at[j]
			for r := 0; r < k; r++ {
				for q := 0; q < k; q++ {
					x := (at+r)*f.K + at + q
					d.G[b][r*k+q] = f.trace[x] - f.ee[x]/s2
				}
			}
		}
	}
	return d
}

// Solve returns what is profiled out at a point.
func (c *Blocked) Solve(p cone.Point) *Solution {
	c.merge(p)
	c.eval()
	c.modes()
	np := c.stats.P
	sol := &Solution{Sigma2: c.r2 / c.nu, Beta: append([]float64(nil), c.v[c.q:c.q+np]...), BetaCov: c.betaCov()}
	for i := range c.factors {
		f := &c.factors[i]
		sol.Effects = append(sol.Effects, Effects{Terms: append([]int(nil), f.Terms...), K: f.K, Modes: append([]float64(nil), f.mode...)})
	}
	return sol
}

// CondVar returns Psi - Psi Z_j'V^-1 Z_j Psi at a point, levels x K x K for each
// grouping factor, in the order of Solution.Effects. Cost: that of a gradient.
func (c *Blocked) CondVar(p cone.Point) [][]float64 {
	c.merge(p)
	c.eval()
	cond := make([][]float64, len(c.factors))
	for i := range c.factors {
		f := &c.factors[i]
		cond[i] = make([]float64, f.Levels*f.K*f.K)
	}
	c.adjoint(false, cond)
	return cond
}

// betaCov returns (X'V^-1 X)^-1.
func (c *Blocked) betaCov() []float64 {
	p := c.stats.P
	v := make([]float64, p*p)
	for i := 0; i < p; i++ {
		v[i*p+i] = 1
	}
	dense.SolveLower(c.lx, p, v, p)
	dense.SolveLowerTrans(c.lx, p, v, p)
	return v
}

// merge writes the blocks of a point into the matrices Psi of the factors.
func (c *Blocked) merge(p cone.Point) {
	for i := range c.factors {
		f := &c.factors[i]
		for j, b := range f.Terms {
			f.psi.set(p[b], c.stats.Blocks[b].K, f.at[j])
		}
	}
}

// eval computes f for the merged Psi and leaves K_s, T_s, S_sF as they stood at
// the elimination of each level, beta and r2 behind.
func (c *Blocked) eval() float64 {
	c.load()
	f := constant(c.nu)
	for a := 0; a < c.links; a++ {
		for s := 0; s < c.factors[a].Levels; s++ {
			logDet, ok := c.eliminate(a, s)
			if !ok {
				return math.Inf(1)
			}
			f += logDet
		}
	}
	logDet, ok := c.eliminateRemainder()
	if !ok || !c.fixed() {
		return math.Inf(1)
	}
	f += logDet + c.nu*math.Log(c.r2)
	if c.reml {
		for i, p := 0, c.stats.P; i < p; i++ {
			f += 2 * math.Log(c.lx[i*p+i])
		}
	}
	return f
}

// load copies the cross-products that elimination changes.
func (c *Blocked) load() {
	for a := 1; a < c.links; a++ {
		copy(c.factors[a].diag, c.stats.Chain[a].Diag)
		copy(c.factors[a].rows, c.stats.Chain[a].Rows)
	}
	m := c.m
	for i := 0; i < m; i++ {
		copy(c.rem[i*m+i:i*m+m], c.stats.Remainder[i*m+i:i*m+m])
	}
}

// fixed solves for beta once all levels are eliminated.
func (c *Blocked) fixed() bool {
	p, m := c.stats.P, c.m
	for r := 0; r < p; r++ {
		for q := 0; q <= r; q++ {
			c.lx[r*p+q] = c.rem[(c.q+q)*m+c.q+r]
		}
	}
	if !dense.Cholesky(c.lx, p) {
		return false
	}
	beta := c.v[c.q : c.q+p]
	for i := range beta {
		beta[i] = c.rem[(c.q+i)*m+m-1]
	}
	dense.SolveLower(c.lx, p, beta, 1)
	c.r2 = c.rem[m*m-1]
	for _, v := range beta {
		c.r2 -= v * v
	}
	dense.SolveLowerTrans(c.lx, p, beta, 1)
	return c.r2 > 0
}
