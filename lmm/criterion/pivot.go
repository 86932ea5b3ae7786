package criterion

import "math"

// pivot computes K = (I + S Psi)^-1 and T = Psi K, symmetric, for the k x k
// matrices s and psi, and returns log det(I + S Psi). No root or inverse of
// Psi is taken. It reports false where the determinant is not positive. work
// has length 2 k k.
func pivot(inv, t, s, psi, work []float64, k int) (logDet float64, ok bool) {
	if k == 1 {
		d := 1 + s[0]*psi[0]
		inv[0], t[0] = 1/d, psi[0]/d
		return math.Log(d), d > 0 && !math.IsInf(d, 1)
	}
	a := work[:k*k]
	for r := 0; r < k; r++ {
		for c := 0; c < k; c++ {
			var v float64
			if r == c {
				v = 1
			}
			for i := 0; i < k; i++ {
				v += s[r*k+i] * psi[i*k+c]
			}
			a[r*k+c] = v
		}
	}
	logDet, ok = invert(inv, a, k)
	if !ok {
		return 0, false
	}
	for r := 0; r < k; r++ {
		for c := 0; c < k; c++ {
			var v float64
			for i := 0; i < k; i++ {
				v += psi[r*k+i] * inv[i*k+c]
			}
			t[r*k+c] = v
		}
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
