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
	if k == 2 {
		return p.pivot2(inv, t, s)
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

// pivot2 is pivot for two columns, where the inverse is at hand: with s the
// entries of U'S U,
//
//	(I + U'S U D)^-1 = (1 + s22 d2, -s12 d2; -s12 d1, 1 + s11 d1) / det.
func (p *spectral) pivot2(inv, t, s []float64) (logDet float64, ok bool) {
	u := (*[4]float64)(p.basis)
	d1, d2 := p.value[0], p.value[1]
	v := conjugate(&[4]float64{u[0], u[2], u[1], u[3]}, s[0], s[1], s[2], s[3])
	s11, s12, s22 := v[0], (v[1]+v[2])/2, v[3]
	det := 1 + s11*d1 + s22*d2 + d1*d2*(s11*s22-s12*s12)
	b11, b22 := (1+s22*d2)/det, (1+s11*d1)/det
	k := conjugate(u, b11, -s12*d2/det, -s12*d1/det, b22)
	copy(inv, k[:])
	off := -s12 * d1 / det * d2
	k = conjugate(u, d1*b11, off, off, d2*b22)
	k[1] = (k[1] + k[2]) / 2
	k[2] = k[1]
	copy(t, k[:])
	return math.Log(det), det > 0 && !math.IsInf(det, 1)
}

// conjugate returns U B U' of 2 x 2 matrices.
func conjugate(u *[4]float64, b11, b12, b21, b22 float64) [4]float64 {
	x11, x12 := u[0]*b11+u[1]*b21, u[0]*b12+u[1]*b22
	x21, x22 := u[2]*b11+u[3]*b21, u[2]*b12+u[3]*b22
	return [4]float64{x11*u[0] + x12*u[1], x11*u[2] + x12*u[3], x21*u[0] + x22*u[1], x21*u[2] + x22*u[3]}
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
