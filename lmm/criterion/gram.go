package criterion

import "github.com/golmm/golmm/lmm/cone"

// Gram describes the variance parameters before any fit: with M = I - X
// (X'X)^-1 X', D_a the matrix that parameter a adds to the covariance of y, and
// the residual variance, D = I, as the last parameter, it holds
//
//	Inner_ab = tr(M D_a M D_b)
//	Scale_a  = tr(D_a D_a)
//	Quad_a   = y'M D_a M y
//
// Inner does not depend on y. The variance parameters are identifiable from
// the covariance of My if and only if Inner has full rank. E(Quad) = Inner
// phi, phi the vector of the parameters, so that Inner phi = Quad gives the
// minimum norm quadratic estimates (Rao 1971; Searle, Casella and McCulloch
// 1992, sec. 11.3).
type Gram struct {
	Pairs []cone.Pair
	Inner []float64 // (m+1) x (m+1), m = len(Pairs)
	Scale []float64 // m+1
	Quad  []float64 // m+1
}

// Gram computes the Gram matrix of the variance parameters. Cost: one
// evaluation of the derivatives.
func (c *OneFactor) Gram() *Gram {
	c.merge(cone.Identity(c.blocks, 0))
	c.eval()
	t := c.tensors(true) // M is the P of V = I

	s := c.stats
	m := len(c.pairs)
	n := m + 1
	g := &Gram{Pairs: c.pairs, Inner: make([]float64, n*n), Scale: make([]float64, n), Quad: make([]float64, n)}
	row, col, mult := c.pairIndex()
	for a := 0; a < m; a++ {
		for b := 0; b < m; b++ {
			g.Inner[a*n+b] = t.mm[a*m+b]
		}
		v := mult[a] * t.trace[row[a]*s.K+col[a]]
		g.Inner[a*n+m], g.Inner[m*n+a] = v, v
		g.Quad[a] = t.quad[a]
		for j := 0; j < s.Levels; j++ {
			cj := s.C[j*s.K*s.K:][:s.K*s.K]
			rr, qq, rq := cj[row[a]*s.K+row[a]], cj[col[a]*s.K+col[a]], cj[row[a]*s.K+col[a]]
			g.Scale[a] += mult[a] * (rr*qq + (mult[a]-1)*rq*rq)
		}
	}
	g.Inner[m*n+m] = float64(s.N - s.P)
	g.Scale[m] = float64(s.N)
	g.Quad[m] = c.r2
	return g
}
