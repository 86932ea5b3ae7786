package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// spectral is Psi of a factor in the basis of its eigenvectors.
//
// There I + S Psi = I + (U'S U) D has columns of I where an eigenvalue is
// small and columns of S where it is large, each a multiple of a moderate one,
// and elimination with row interchanges does not notice the multiples. In any
// other basis a large eigenvalue hides the small ones.
type spectral struct {
	k     int
	value []float64 // k: the diagonal of D
	basis []float64 // k x k: U, by columns
	work  []float64 // 3 k k
}

func newSpectral(k int) *spectral {
	return &spectral{k: k, value: make([]float64, k), basis: make([]float64, k*k), work: make([]float64, 3*k*k)}
}

// set puts Psi = Lambda Lambda' of one block, b columns, at the diagonal
// position at.
func (p *spectral) set(lambda []float64, b, at int) {
	if b == 1 {
		p.value[at], p.basis[at*p.k+at] = lambda[0]*lambda[0], 1
		return
	}
	u, s, l := p.work[:b*b], p.work[b*b:b*b+b], p.work[2*b*b:3*b*b]
	copy(l, lambda)
	dense.LeftSVD(l, u, s, b)
	for r := 0; r < b; r++ {
		p.value[at+r] = s[r] * s[r]
		copy(p.basis[(at+r)*p.k+at:][:b], u[r*b:r*b+b])
	}
}

// pivot computes K = (I + S Psi)^-1 and T = Psi K, symmetric, for the k x k
// matrix s, and returns log det(I + S Psi). No inverse of Psi is taken. It
// reports false where the determinant is not positive.
func (p *spectral) pivot(inv, t, s []float64) (logDet float64, ok bool) {
	k := p.k
	if k == 1 {
		d := 1 + s[0]*p.value[0]
		inv[0], t[0] = 1/d, p.value[0]/d
		return math.Log(d), d > 0 && !math.IsInf(d, 1)
	}
	a, b, x, u := p.work[:k*k], p.work[k*k:2*k*k], p.work[2*k*k:3*k*k], p.basis
	dense.Mul(x, s, u, k, k, k)
	dense.MulTransA(a, u, x, k, k, k)
	for r := 0; r < k; r++ {
		for c, v := range p.value {
			a[r*k+c] *= v
		}
		a[r*k+r]++
	}
	if logDet, ok = invert(b, a, k); !ok {
		return 0, false
	}
	// x = B U', K = U x, T = U D x.
	for r := 0; r < k; r++ {
		for c := 0; c < k; c++ {
			x[r*k+c] = dot(b[r*k:r*k+k], u[c*k:c*k+k])
		}
	}
	dense.Mul(inv, u, x, k, k, k)
	for r, v := range p.value {
		for c := 0; c < k; c++ {
			x[r*k+c] *= v
		}
	}
	dense.Mul(t, u, x, k, k, k)
	for r := 0; r < k; r++ {
		for c := 0; c < r; c++ {
			v := (t[r*k+c] + t[c*k+r]) / 2
			t[r*k+c], t[c*k+r] = v, v
		}
	}
	return logDet, true
}

// invert sets inv to the inverse of the k x k matrix a by Gauss-Jordan
// elimination with row interchanges, and returns log det a; false unless
// the determinant is positive and finite. a is overwritten.
func invert(inv, a []float64, k int) (logDet float64, ok bool) {
	clear(inv[:k*k])
	for i := 0; i < k; i++ {
		inv[i*k+i] = 1
	}
	positive := true
	for c := 0; c < k; c++ {
		p := c
		for r := c + 1; r < k; r++ {
			if math.Abs(a[r*k+c]) > math.Abs(a[p*k+c]) {
				p = r
			}
		}
		if p != c {
			positive = !positive
			for j := 0; j < k; j++ {
				a[p*k+j], a[c*k+j] = a[c*k+j], a[p*k+j]
				inv[p*k+j], inv[c*k+j] = inv[c*k+j], inv[p*k+j]
			}
		}
		d := a[c*k+c]
		size := math.Abs(d)
		if !(size > 0) || math.IsInf(size, 1) {
			return 0, false
		}
		positive = positive == (d > 0)
		logDet += math.Log(size)
		for j := 0; j < k; j++ {
			a[c*k+j] /= d
			inv[c*k+j] /= d
		}
		for r := 0; r < k; r++ {
			v := a[r*k+c]
			if r == c || v == 0 {
				continue
			}
			for j := 0; j < k; j++ {
				a[r*k+j] -= v * a[c*k+j]
				inv[r*k+j] -= v * inv[c*k+j]
			}
		}
	}
	return logDet, positive
}
