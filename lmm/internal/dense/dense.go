// Package dense has the small dense kernels of the fitting core. Matrices are
// row-major slices; the caller owns all storage. Wrong lengths panic.
package dense

import "math"

// Cholesky overwrites the lower triangle of the symmetric n x n matrix a with
// L, a = L L'. It reports whether a was positive definite; the upper triangle
// is not read.
func Cholesky(a []float64, n int) bool {
	for j := 0; j < n; j++ {
		aj := a[j*n : j*n+n]
		d := aj[j]
		for _, v := range aj[:j] {
			d -= v * v
		}
		if !(d > 0) || math.IsInf(d, 1) {
			return false
		}
		d = math.Sqrt(d)
		aj[j] = d
		for i := j + 1; i < n; i++ {
			ai := a[i*n : i*n+n]
			s := ai[j]
			for c, v := range aj[:j] {
				s -= v * ai[c]
			}
			ai[j] = s / d
		}
	}
	return true
}

// SolveLower overwrites the n x m matrix b with L^-1 b, L the lower triangle
// of the n x n matrix l.
func SolveLower(l []float64, n int, b []float64, m int) {
	for i := 0; i < n; i++ {
		bi := b[i*m : i*m+m]
		for c := 0; c < i; c++ {
			axpy(-l[i*n+c], b[c*m:c*m+m], bi)
		}
		scale(1/l[i*n+i], bi)
	}
}

// SolveLowerTrans overwrites the n x m matrix b with L^-T b.
func SolveLowerTrans(l []float64, n int, b []float64, m int) {
	for i := n - 1; i >= 0; i-- {
		bi := b[i*m : i*m+m]
		for c := i + 1; c < n; c++ {
			axpy(-l[c*n+i], b[c*m:c*m+m], bi)
		}
		scale(1/l[i*n+i], bi)
	}
}

// MulTransA sets the k x m matrix c to a'b, a being n x k and b n x m.
func MulTransA(c, a, b []float64, n, k, m int) {
	clear(c[:k*m])
	for i := 0; i < n; i++ {
		bi := b[i*m : i*m+m]
		for r := 0; r < k; r++ {
			if v := a[i*k+r]; v != 0 {
				axpy(v, bi, c[r*m:r*m+m])
			}
		}
	}
}

// Mul sets the n x m matrix c to a b, a being n x k and b k x m.
func Mul(c, a, b []float64, n, k, m int) {
	clear(c[:n*m])
	for i := 0; i < n; i++ {
		ci := c[i*m : i*m+m]
		for r := 0; r < k; r++ {
			if v := a[i*k+r]; v != 0 {
				axpy(v, b[r*m:r*m+m], ci)
			}
		}
	}
}

func axpy(a float64, x, y []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

func scale(a float64, x []float64) {
	for i := range x {
		x[i] *= a
	}
}
