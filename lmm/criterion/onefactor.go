package criterion

import (
	"encoding/binary"
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// OneFactor is the criterion of a model with one grouping factor. One
// evaluation costs O(levels K^2 (K + p)), whatever the number of rows.
// It keeps workspace: it is not safe for concurrent use.
type OneFactor struct {
	stats  *suffstat.OneFactor
	reml   bool
	nu     float64
	blocks []cone.Block
	pairs  []cone.Pair // rows and columns in the merged K x K matrix
	offset []int       // of each block in the merged matrix

	lambda, psi []float64 // K x K, merged
	// Levels with the same rows of Z, and so the same C_j, share what depends
	// on C_j alone: they are one kind.
	kind  []int     // of each level
	first []int     // a level of each kind
	count []float64 // the number of levels of each kind
	l     []float64 // kinds x K x K: Cholesky of Lambda'C Lambda + I
	b     []float64 // kinds x K x K: L^-1 Lambda'C
	u     []float64 // levels x K x (p+1): L^-1 Lambda'E
	sv    []float64 // (p+1) x (p+1): [X y]'V^-1 [X y]
	lx    []float64 // p x p: Cholesky of X'V^-1 X
	beta  []float64 // p
	r2    float64
	work  []float64
}

// NewOneFactor returns the criterion of the given cross-products.
func NewOneFactor(s *suffstat.OneFactor, reml bool) *OneFactor {
	c := &OneFactor{stats: s, reml: reml, nu: float64(s.N), blocks: s.Blocks, pairs: cone.Pairs(s.Blocks)}
	if reml {
		c.nu -= float64(s.P)
	}
	at := 0
	for _, b := range s.Blocks {
		c.offset = append(c.offset, at)
		at += b.K
	}
	c.findKinds()
	c.allocate()
	return c
}

// With returns the criterion of cross-products that differ from those of c in
// the response alone, with a workspace of its own.
func (c *OneFactor) With(s *suffstat.OneFactor) *OneFactor {
	d := *c
	d.stats = s
	d.allocate()
	return &d
}

func (c *OneFactor) allocate() {
	s := c.stats
	k, p, m := s.K, s.P, s.P+1
	c.lambda, c.psi = make([]float64, k*k), make([]float64, k*k)
	c.l, c.b = make([]float64, len(c.first)*k*k), make([]float64, len(c.first)*k*k)
	c.u = make([]float64, s.Levels*k*m)
	c.sv, c.lx, c.beta = make([]float64, m*m), make([]float64, p*p), make([]float64, p)
	c.work = make([]float64, k*k)
}

// findKinds groups the levels by the bits of C_j.
func (c *OneFactor) findKinds() {
	size := c.stats.K * c.stats.K
	seen := make(map[string]int)
	key := make([]byte, 8*size)
	c.kind = make([]int, c.stats.Levels)
	for j := range c.kind {
		for i, v := range c.stats.C[j*size : (j+1)*size] {
			binary.NativeEndian.PutUint64(key[8*i:], math.Float64bits(v))
		}
		n, ok := seen[string(key)]
		if !ok {
			n = len(c.first)
			seen[string(key)] = n
			c.first, c.count = append(c.first, j), append(c.count, 0)
		}
		c.kind[j] = n
		c.count[n]++
	}
}

// Blocks returns the blocks of the parameter space.
func (c *OneFactor) Blocks() []cone.Block { return c.blocks }

// Value returns f at a point, +Inf where it cannot be computed.
func (c *OneFactor) Value(p cone.Point) float64 {
	c.merge(p)
	return c.eval()
}

// merge writes the blocks of a point into the merged matrices.
func (c *OneFactor) merge(p cone.Point) {
	K := c.stats.K
	clear(c.lambda)
	clear(c.psi)
	for b, blk := range c.blocks {
		k, at := blk.K, c.offset[b]
		for r := 0; r < k; r++ {
			copy(c.lambda[(at+r)*K+at:(at+r)*K+at+k], p[b][r*k:r*k+k])
		}
	}
	cone.Cov(c.psi, c.lambda, K)
}

// eval computes f for the merged Lambda and leaves L, B, U, X'V^-1 X, beta and
// r2 behind.
func (c *OneFactor) eval() float64 {
	s := c.stats
	k, p, m := s.K, s.P, s.P+1
	copy(c.sv, s.S)
	logDet := 0.0
	for n, j := range c.first {
		l, b := c.l[n*k*k:][:k*k], c.b[n*k*k:][:k*k]
		dense.MulTransA(b, c.lambda, s.C[j*k*k:][:k*k], k, k, k)
		dense.Mul(l, b, c.lambda, k, k, k)
		for i := 0; i < k; i++ {
			l[i*k+i]++
		}
		if !dense.Cholesky(l, k) {
			return math.Inf(1)
		}
		for i := 0; i < k; i++ {
			logDet += 2 * c.count[n] * math.Log(l[i*k+i])
		}
		dense.SolveLower(l, k, b, k)
	}
	for j, n := range c.kind {
		u := c.u[j*k*m:][:k*m]
		dense.MulTransA(u, c.lambda, s.E[j*k*m:][:k*m], k, k, m)
		dense.SolveLower(c.l[n*k*k:][:k*k], k, u, m)
		for i := 0; i < k; i++ {
			ui := u[i*m : i*m+m]
			for r, v := range ui {
				sr := c.sv[r*m : r*m+r+1]
				for q := range sr {
					sr[q] -= v * ui[q]
				}
			}
		}
	}
	for r := 0; r < p; r++ {
		copy(c.lx[r*p:r*p+r+1], c.sv[r*m:r*m+r+1])
	}
	if !dense.Cholesky(c.lx, p) {
		return math.Inf(1)
	}
	copy(c.beta, c.sv[p*m:p*m+p])
	dense.SolveLower(c.lx, p, c.beta, 1)
	c.r2 = c.sv[p*m+p]
	for _, v := range c.beta {
		c.r2 -= v * v
	}
	dense.SolveLowerTrans(c.lx, p, c.beta, 1)
	if !(c.r2 > 0) {
		return math.Inf(1)
	}
	f := logDet + constant(c.nu) + c.nu*math.Log(c.r2)
	if c.reml {
		for i := 0; i < p; i++ {
			f += 2 * math.Log(c.lx[i*p+i])
		}
	}
	return f
}

// Shift is what f in the user's units exceeds f in internal coordinates by.
func (c *OneFactor) Shift() float64 { return Shift(&c.stats.Coords, c.nu, c.reml) }

// Solve returns what is profiled out at a point.
func (c *OneFactor) Solve(p cone.Point) *Solution {
	c.merge(p)
	c.eval()
	st := c.stats
	k, np, m := st.K, st.P, st.P+1
	sol := &Solution{
		Sigma2:  c.r2 / c.nu,
		Beta:    append([]float64(nil), c.beta...),
		BetaCov: make([]float64, np*np),
	}
	fx := Effects{K: k, Modes: make([]float64, st.Levels*k)}
	for b := range c.blocks {
		fx.Terms = append(fx.Terms, b)
	}
	for i := 0; i < np; i++ {
		sol.BetaCov[i*np+i] = 1
	}
	dense.SolveLower(c.lx, np, sol.BetaCov, np)
	dense.SolveLowerTrans(c.lx, np, sol.BetaCov, np)
	t := make([]float64, k)
	for j := 0; j < st.Levels; j++ {
		l, u := c.l[c.kind[j]*k*k:][:k*k], c.u[j*k*m:][:k*m]
		// b = Lambda (Lambda'C Lambda + I)^-1 Lambda'Z'(y - X beta) = Lambda L^-T (U_y - U_X beta).
		for i := 0; i < k; i++ {
			t[i] = u[i*m+np]
			for q, w := range c.beta {
				t[i] -= u[i*m+q] * w
			}
		}
		dense.SolveLowerTrans(l, k, t, 1)
		dense.Mul(fx.Modes[j*k:][:k], c.lambda, t, k, k, 1)
	}
	sol.Effects = []Effects{fx}
	return sol
}

// CondVar returns Psi - Psi Z_j'V^-1 Z_j Psi at a point, levels x K x K for the
// grouping factor.
func (c *OneFactor) CondVar(p cone.Point) [][]float64 {
	c.merge(p)
	c.eval()
	k, levels := c.stats.K, c.stats.Levels
	out, v := make([]float64, levels*k*k), make([]float64, k*k)
	for j := 0; j < levels; j++ {
		// Lambda (Lambda'C Lambda + I)^-1 Lambda' = (L^-1 Lambda')'(L^-1 Lambda').
		for r := 0; r < k; r++ {
			for q := 0; q < k; q++ {
				v[q*k+r] = c.lambda[r*k+q]
			}
		}
		dense.SolveLower(c.l[c.kind[j]*k*k:][:k*k], k, v, k)
		dense.MulTransA(out[j*k*k:][:k*k], v, v, k, k, k)
	}
	return [][]float64{out}
}
