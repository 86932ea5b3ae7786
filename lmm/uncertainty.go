package lmm

import (
	"fmt"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// uncertainty computes variances of x'(beta^ - beta) + z'(b^ - b) with theta
// at its estimate. The joint covariance of beta^ - beta and b^ - b is sigma^2
// times the inverse of the matrix of Henderson's mixed model equations. With
// S_j = Psi - Psi Z_j'V^-1 Z_j Psi (the conditional covariance of b_j), K =
// (X'V^-1 X)^-1 and W_j = Z_j'V^-1 X,
//
//	Var(beta^ - beta)             = sigma^2 K
//	Cov(b^_j - b_j, beta^ - beta) = -sigma^2 Psi W_j K
//	Var(b^_j - b_j)               = sigma^2 (S_j + Psi W_j K W_j'Psi)
//
// (Henderson 1975), so that for a row (x, z) of level j the variance is
//
//	sigma^2 (z'S_j z + a'K a),   a = x - W_j'Psi z,   Psi W_j = S_j Z_j'X,
//
// a sum of two terms that are not negative. It is computed in the coordinates
// of package suffstat, where neither the origin nor the unit of a predictor
// costs digits. It keeps workspace: it is not safe for concurrent use.
type uncertainty struct {
	m      *Model
	stats  *suffstat.OneFactor
	sol    *criterion.Solution
	lag    []float64 // levels x K x p: S_j Z_j'X
	a      []float64 // p
	z      []float64 // K
	sigma2 float64
}

func newUncertainty(m *Model) *uncertainty {
	st, err := suffstat.New(m.design)
	if err != nil {
		panic(fmt.Sprintf("lmm: the design of a fitted model has no cross-products: %v", err))
	}
	u := &uncertainty{m: m, stats: st, sigma2: m.sigma * m.sigma}
	u.sol = criterion.NewOneFactor(st, m.REML()).Solve(m.point(st))
	k, p := st.K, st.P
	u.lag = make([]float64, st.Levels*k*p)
	u.a, u.z = make([]float64, p), make([]float64, k)
	e := make([]float64, k*p)
	for j := 0; j < st.Levels; j++ {
		for r := 0; r < k; r++ {
			copy(e[r*p:r*p+p], st.E[(j*k+r)*(p+1):])
		}
		dense.Mul(u.lag[j*k*p:][:k*p], u.sol.CondVar[j*k*k:][:k*k], e, k, k, p)
	}
	return u
}

// population is Var(x'beta^) for a row.
func (u *uncertainty) population(rows *design.NewRows, i int) float64 {
	u.standardise(rows.X.Row(i))
	return u.sigma2 * quadratic(u.sol.BetaCov, u.a)
}

// conditional is the variance of x'(beta^ - beta) + z'(b^ - b) for a row. At a
// level that was not in the fit b^ = 0 and b varies with its own covariance.
func (u *uncertainty) conditional(rows *design.NewRows, i int) float64 {
	j := int(rows.Terms[0].Level[i])
	if j < 0 {
		return u.population(rows, i) + u.m.newLevel(rows, i)
	}
	u.standardise(rows.X.Row(i))
	k, p, at := u.stats.K, u.stats.P, 0
	for t := range rows.Terms {
		z, transform := rows.Terms[t].Z.Row(i), u.stats.T[t]
		kt := len(z)
		for c := 0; c < kt; c++ {
			var s float64
			for l := 0; l <= c; l++ {
				s += z[l] * transform[l*kt+c]
			}
			u.z[at+c] = s
		}
		at += kt
	}
	for r, z := range u.z {
		for c := range u.a {
			u.a[c] -= z * u.lag[(j*k+r)*p+c]
		}
	}
	return u.sigma2 * (quadratic(u.sol.CondVar[j*k*k:][:k*k], u.z) + quadratic(u.sol.BetaCov, u.a))
}

// standardise sets a to the row x in the coordinates of X~: a'R = x'.
func (u *uncertainty) standardise(x []float64) {
	p := u.stats.P
	for c, v := range x {
		for l := 0; l < c; l++ {
			v -= u.a[l] * u.stats.R[l*p+c]
		}
		u.a[c] = v / u.stats.R[c*p+c]
	}
}

// newLevel is the sum over terms of z'Sigma z, the variance of z'b at a level
// that was not in the fit.
func (m *Model) newLevel(rows *design.NewRows, i int) float64 {
	var s float64
	for t := range rows.Terms {
		z, lambda := rows.Terms[t].Z.Row(i), m.lambda[t]
		k := len(z)
		for c := 0; c < k; c++ {
			var v float64
			for r := c; r < k; r++ {
				v += z[r] * lambda[r*k+c]
			}
			s += v * v
		}
	}
	return s * m.sigma * m.sigma
}

// point takes Lambda to the coordinates of st: T^-1 Lambda.
func (m *Model) point(st *suffstat.OneFactor) cone.Point {
	pt := make(cone.Point, len(st.Blocks))
	for b, blk := range st.Blocks {
		k, t := blk.K, st.T[b]
		l := append([]float64(nil), m.lambda[b]...)
		for c := 0; c < k; c++ {
			for r := k - 1; r >= 0; r-- {
				v := l[r*k+c]
				for i := r + 1; i < k; i++ {
					v -= t[r*k+i] * l[i*k+c]
				}
				l[r*k+c] = v / t[r*k+r]
			}
		}
		pt[b] = l
	}
	return pt
}

// quadratic is x'A x for a row-major square matrix.
func quadratic(a, x []float64) float64 {
	n := len(x)
	var s float64
	for i, v := range x {
		var t float64
		for j, w := range x {
			t += a[i*n+j] * w
		}
		s += v * t
	}
	return s
}
