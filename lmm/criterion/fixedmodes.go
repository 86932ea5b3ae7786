package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// FixedModes returns, for each grouping factor in the order of Solution.Effects,
// the conditional modes that the columns of X L^-T would have as responses
// with known mean 0:
//
//	B_s = Psi Z_s'V^-1 X L^-T, L L' = X'V^-1 X
//
// as levels x K x P. So V^-1 X L^-T is X L^-T less the sum of Z_s B_s, and the
// prediction error covariance of the random effects of a level is CondVar + B_s
// B_s' (Henderson 1975). The result is nil where the criterion cannot be
// computed.
func (c *OneFactor) FixedModes(pt cone.Point) [][]float64 {
	c.merge(pt)
	if math.IsInf(c.eval(), 1) {
		return nil
	}
	s := c.stats
	k, p, m := s.K, s.P, s.P+1
	out := make([]float64, s.Levels*k*p)
	u, x := make([]float64, k*p), make([]float64, p*k)
	for j := 0; j < s.Levels; j++ {
		// Lambda (Lambda'C Lambda + I)^-1 Lambda'Z'X = Lambda L_j^-T U_X.
		for i := 0; i < k; i++ {
			copy(u[i*p:i*p+p], c.u[(j*k+i)*m:])
		}
		dense.SolveLowerTrans(c.l[c.kind[j]*k*k:][:k*k], k, u, p)
		b := out[j*k*p:][:k*p]
		dense.Mul(b, c.lambda, u, k, k, p)
		for i := 0; i < k; i++ {
			for q := 0; q < p; q++ {
				x[q*k+i] = b[i*p+q]
			}
		}
		dense.SolveLower(c.lx, p, x, k)
		for i := 0; i < k; i++ {
			for q := 0; q < p; q++ {
				b[i*p+q] = x[q*k+i]
			}
		}
	}
	return [][]float64{out}
}

// FixedModes is that of OneFactor, by a solution for each column of X.
func (c *Blocked) FixedModes(pt cone.Point) [][]float64 {
	c.merge(pt)
	if math.IsInf(c.eval(), 1) {
		return nil
	}
	p := c.stats.P
	c.modes()
	root, beta, still := lowerOf(c.lx, p), append([]float64(nil), c.v[c.q:c.q+p]...), c.residuals()
	var modes, out [][]float64
	for i := range c.factors {
		f := &c.factors[i]
		modes = append(modes, append([]float64(nil), f.mode...))
		out = append(out, make([]float64, f.Levels*f.K*p))
	}
	x := make([]float64, p)
	for q := range x {
		clear(x)
		x[q] = 1
		c.push(root, x, beta, still)
		for i := range c.factors {
			for r, v := range c.factors[i].mode {
				out[i][r*p+q] = v - modes[i][r]
			}
		}
	}
	return out
}
