package dense

import "math"

// LeftSVD computes the left singular vectors u (n x n, orthogonal, by
// columns) and singular values s (descending) of the n x n matrix a by
// one-sided Jacobi rotations on the rows (Hestenes 1958; Demmel and Veselic
// 1992): small singular values keep their relative accuracy, which the
// eigenvalues of a a' would lose. a is overwritten.
func LeftSVD(a, u, s []float64, n int) {
	clear(u[:n*n])
	for i := 0; i < n; i++ {
		u[i*n+i] = 1
	}
	// Rotating the rows of a until they are orthogonal gives W a = S V' with
	// W' = u; u collects W transposed.
	for sweep := 0; sweep < 60; sweep++ {
		rotated := false
		for p := 0; p < n-1; p++ {
			for q := p + 1; q < n; q++ {
				rp, rq := a[p*n:p*n+n], a[q*n:q*n+n]
				var app, aqq, apq float64
				for i, v := range rp {
					app += v * v
					aqq += rq[i] * rq[i]
					apq += v * rq[i]
				}
				if apq == 0 || math.Abs(apq) <= 1e-16*math.Sqrt(app)*math.Sqrt(aqq) {
					continue
				}
				rotated = true
				zeta := (aqq - app) / (2 * apq)
				t := math.Copysign(1, zeta) / (math.Abs(zeta) + math.Hypot(1, zeta))
				c := 1 / math.Hypot(1, t)
				sn := c * t
				for i, v := range rp {
					w := rq[i]
					rp[i], rq[i] = c*v-sn*w, sn*v+c*w
				}
				for i := 0; i < n; i++ {
					v, w := u[i*n+p], u[i*n+q]
					u[i*n+p], u[i*n+q] = c*v-sn*w, sn*v+c*w
				}
			}
		}
		if !rotated {
			break
		}
	}
	for i := 0; i < n; i++ {
		s[i] = norm(a[i*n : i*n+n])
	}
	for i := 0; i < n; i++ { // selection sort, with the columns of u
		m := i
		for j := i + 1; j < n; j++ {
			if s[j] > s[m] {
				m = j
			}
		}
		if m != i {
			s[i], s[m] = s[m], s[i]
			for r := 0; r < n; r++ {
				u[r*n+i], u[r*n+m] = u[r*n+m], u[r*n+i]
			}
		}
	}
}

// LowerFactor replaces the n x n matrix a by the lower triangular L with a
// nonnegative diagonal and L L' = a a', by Householder reflections from the
// right. It is defined for singular a too.
func LowerFactor(a []float64, n int) {
	v := make([]float64, n)
	for i := 0; i < n; i++ {
		ai := a[i*n+i : i*n+n]
		r := norm(ai)
		if r == 0 {
			continue
		}
		w := v[:n-i]
		copy(w, ai)
		w[0] += math.Copysign(r, ai[0])
		if nw := norm(w); nw > 0 {
			for j := range w {
				w[j] /= nw
			}
			for k := i; k < n; k++ {
				ak := a[k*n+i : k*n+n]
				var d float64
				for j, x := range w {
					d += x * ak[j]
				}
				axpy(-2*d, w, ak)
			}
		}
		clear(a[i*n+i+1 : i*n+n])
		if a[i*n+i] < 0 {
			for k := i; k < n; k++ {
				a[k*n+i] = -a[k*n+i]
			}
		}
	}
}

// norm is the Euclidean norm, safe against overflow and underflow.
func norm(x []float64) float64 {
	var m float64
	for _, v := range x {
		m = math.Max(m, math.Abs(v))
	}
	if m == 0 || math.IsInf(m, 1) {
		return m
	}
	var s float64
	for _, v := range x {
		s += (v / m) * (v / m)
	}
	return m * math.Sqrt(s)
}
