package lmm

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// maxDense bounds the matrix that uncertainty inverts: 5000 columns take 0.2 GB
// and a minute.
const maxDense = 5000

var errNoError = errors.New("the standard errors cannot be computed: the residual variance is too small against the other variances")

// uncertainty computes variances of x'(beta^ - beta) + z'(b^ - b) with theta
// at its estimate. The joint covariance of beta^ - beta and b^ - b is sigma^2
// times the inverse of the matrix of Henderson's (1975) mixed model equations.
// With b = Lambda u, the factor with the most levels is eliminated level by
// level, the other random effects and beta, columns F, are left:
//
//	T_s = Lambda (Lambda'Z_s'Z_s Lambda + I)^-1 Lambda'
//	A   = F'F + (I for the random effects) - sum over levels s of F'Z_s T_s Z_s'F
//
// and a row with z_s in the columns of level s and c in those of F has
//
//	variance = sigma^2 (z_s'T_s z_s + a'A^-1 a),   a = c - F'Z_s T_s z_s,
//
// two terms that are not negative. F is what Z_s'F is not zero in, plus the
// row's own columns. With one grouping factor F is X, A is X'V^-1 X and T_s is
// the conditional covariance of b_s.
//
// It is computed in the coordinates of package suffstat, where neither the
// origin nor the unit of a predictor costs digits. It keeps workspace: it is
// not safe for concurrent use.
type uncertainty struct {
	m      *Model
	coords suffstat.Coords
	factor []effects
	fixed  int // the first column of X in F
	levels []eliminated
	inv    *mat.SymDense // A^-1
	a      []float64     // columns of F, zero between rows

	z, entry    []float64
	cols, index []int
}

// effects are the columns of one grouping factor.
type effects struct {
	terms  []int
	k      int
	lambda []float64 // K x K, of all terms
	offset int       // first column in F; unused for the first factor
}

// eliminated is what is left of a level of the first factor.
type eliminated struct {
	t    []float64 // K x K: T_s
	cols []int     // of F, where Z_s'F may not be zero, before X
	lag  []float64 // K x (len(cols) + P): T_s Z_s'F
}

func newUncertainty(m *Model) (*uncertainty, error) {
	st, err := suffstat.NewBlocked(m.design)
	if err != nil {
		return nil, err
	}
	u := &uncertainty{m: m, coords: st.Coords}
	point := m.point(&st.Coords)
	for i, f := range st.Factors {
		e := effects{terms: f.Terms, k: f.K, lambda: make([]float64, f.K*f.K), offset: u.fixed}
		at := 0
		for _, t := range f.Terms {
			k := len(m.design.Terms[t].Names)
			for r := 0; r < k; r++ {
				copy(e.lambda[(at+r)*f.K+at:][:k], point[t][r*k:][:k])
			}
			at += k
		}
		if i > 0 {
			u.fixed += f.Levels * f.K
		}
		u.factor = append(u.factor, e)
	}
	n := u.fixed + st.P
	if n > maxDense {
		return nil, fmt.Errorf("standard errors need the inverse of a matrix of %d columns, the coefficients beside those of %s; up to %d are held. "+
			"PredictOptions.MeanOnly predicts without them", n, st.Factors[0].Group, maxDense)
	}
	return u, u.eliminate(st, n)
}

// eliminate fills levels and the inverse of A.
func (u *uncertainty) eliminate(st *suffstat.Blocked, n int) error {
	k, p, lambda := u.factor[0].k, st.P, u.factor[0].lambda
	u.levels = make([]eliminated, st.Factors[0].Levels)
	u.a = make([]float64, n)
	sparse := make([][]float64, len(u.levels)) // columns of Z_s'F, each of length k
	a := new(mat.SymDense)
	if n > 0 {
		a = mat.NewSymDense(n, nil)
	}
	failed := false
	st.Cross(func(f, s, g, l int, block []float64, stride int) {
		switch {
		case f > 0:
			u.addOthers(a, f, s, g, l, block, stride)
		case g == 0:
			if u.levels[s].t = conditionalCov(block, stride, lambda, k); u.levels[s].t == nil {
				failed = true
			}
		default:
			e := &u.factor[g]
			for c := 0; c < e.k; c++ {
				u.levels[s].cols = append(u.levels[s].cols, e.offset+l*e.k+c)
				for r := 0; r < k; r++ {
					var v float64
					for i := 0; i < e.k; i++ {
						v += block[r*stride+i] * e.lambda[i*e.k+c]
					}
					sparse[s] = append(sparse[s], v)
				}
			}
		}
	})
	if failed {
		return errNoError
	}
	for f := 1; f < len(st.Factors); f++ {
		u.addFixed(a, st, f)
	}
	m := st.Q + p + 1
	for r := 0; r < p; r++ {
		for c := r; c < p; c++ {
			a.SetSym(u.fixed+r, u.fixed+c, st.Remainder[(st.Q+r)*m+st.Q+c])
		}
	}
	for s := range u.levels {
		block, stride := st.Fixed(0, s)
		for c := 0; c < p; c++ {
			for r := 0; r < k; r++ {
				sparse[s] = append(sparse[s], block[r*stride+c])
			}
		}
		u.levels[s].subtract(a, sparse[s], k, u.fixed, p)
	}
	if n == 0 {
		return nil
	}
	u.inv = mat.NewSymDense(n, nil)
	var chol mat.Cholesky
	if !chol.Factorize(a) || chol.InverseTo(u.inv) != nil {
		return errNoError
	}
	return nil
}

// conditionalCov returns Lambda (Lambda'C Lambda + I)^-1 Lambda', nil where
// rounding makes the matrix in brackets indefinite.
func conditionalCov(c []float64, stride int, lambda []float64, k int) []float64 {
	square, b, l := make([]float64, k*k), make([]float64, k*k), make([]float64, k*k)
	for r := 0; r < k; r++ {
		copy(square[r*k:r*k+k], c[r*stride:])
	}
	dense.MulTransA(b, lambda, square, k, k, k)
	dense.Mul(l, b, lambda, k, k, k)
	for i := 0; i < k; i++ {
		l[i*k+i]++
	}
	if !dense.Cholesky(l, k) {
		return nil
	}
	for r := 0; r < k; r++ {
		for c := 0; c < k; c++ {
			b[c*k+r] = lambda[r*k+c]
		}
	}
	dense.SolveLower(l, k, b, k)
	t := make([]float64, k*k)
	dense.MulTransA(t, b, b, k, k, k)
	return t
}

// addOthers adds the cross-products of two levels of factors after the first,
// Lambda_f'(Z_fs'Z_gl) Lambda_g, and the identity.
func (u *uncertainty) addOthers(a *mat.SymDense, f, s, g, l int, block []float64, stride int) {
	ef, eg := &u.factor[f], &u.factor[g]
	for r := 0; r < ef.k; r++ {
		for c := 0; c < eg.k; c++ {
			row, col := ef.offset+s*ef.k+r, eg.offset+l*eg.k+c
			if row > col {
				continue
			}
			var v float64
			for i := 0; i < ef.k; i++ {
				for j := 0; j < eg.k; j++ {
					v += ef.lambda[i*ef.k+r] * block[i*stride+j] * eg.lambda[j*eg.k+c]
				}
			}
			if row == col {
				v++
			}
			a.SetSym(row, col, v)
		}
	}
}

// addFixed adds Lambda_f'Z_f'X.
func (u *uncertainty) addFixed(a *mat.SymDense, st *suffstat.Blocked, f int) {
	e := &u.factor[f]
	for s := 0; s < st.Factors[f].Levels; s++ {
		block, stride := st.Fixed(f, s)
		for r := 0; r < e.k; r++ {
			for c := 0; c < st.P; c++ {
				var v float64
				for i := 0; i < e.k; i++ {
					v += e.lambda[i*e.k+r] * block[i*stride+c]
				}
				a.SetSym(e.offset+s*e.k+r, u.fixed+c, v)
			}
		}
	}
}

// subtract takes F'Z_s T_s Z_s'F from A and keeps T_s Z_s'F; the columns of
// Z_s'F, each of length k, are in zf.
func (e *eliminated) subtract(a *mat.SymDense, zf []float64, k, fixed, p int) {
	w := len(e.cols) + p
	e.lag = make([]float64, k*w)
	at := func(i int) int {
		if i < len(e.cols) {
			return e.cols[i]
		}
		return fixed + i - len(e.cols)
	}
	for i := 0; i < w; i++ {
		for r := 0; r < k; r++ {
			e.lag[r*w+i] = dot(e.t[r*k:r*k+k], zf[i*k:i*k+k])
		}
		for j := 0; j <= i; j++ {
			var v float64
			for r := 0; r < k; r++ {
				v += e.lag[r*w+i] * zf[j*k+r]
			}
			a.SetSym(at(i), at(j), a.At(at(i), at(j))-v)
		}
	}
}

// point takes Lambda to internal coordinates: T^-1 Lambda.
func (m *Model) point(coords *suffstat.Coords) cone.Point {
	pt := make(cone.Point, len(m.lambda))
	for b, lambda := range m.lambda {
		k, t := len(m.design.Terms[b].Names), coords.T[b]
		l := append([]float64(nil), lambda...)
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

func dot(x, y []float64) float64 {
	var s float64
	for i, v := range x {
		s += v * y[i]
	}
	return s
}
