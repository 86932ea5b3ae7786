package cone

import (
	"math"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// spectrum is a factor in the eigenbasis: Lambda = U S for a full block, Lambda
// = sum_i s_i Q_i for one with axes. A free block has its values alone.
type spectrum struct {
	free  []float64   // k
	basis []float64   // U, k x k, by columns
	axes  [][]float64 // Q_i
	sds   []float64   // s, descending for a full block
}

// resolve computes the spectrum of a factor. A value below 1e-14 of the largest
// is what rounding leaves of 0, and is set to it.
func resolve(blk Block, lambda []float64) spectrum {
	k := blk.K
	if blk.Shape == Free {
		s := spectrum{free: make([]float64, k)}
		for i := range s.free {
			s.free[i] = lambda[i*k+i]
		}
		return s
	}
	if q := blk.axes(); q != nil {
		s := spectrum{axes: q, sds: make([]float64, len(q))}
		for i := range q {
			s.sds[i] = math.Abs(inner(lambda, q[i])) / trace(q[i], k)
		}
		return s
	}
	s := spectrum{basis: make([]float64, k*k), sds: make([]float64, k)}
	dense.LeftSVD(append([]float64(nil), lambda...), s.basis, s.sds, k)
	for j, v := range s.sds {
		if v <= 1e-14*s.sds[0] || j >= blk.columns() {
			s.sds[j] = 0
		}
	}
	return s
}

// factor puts Lambda together again.
func (s *spectrum) factor(k int) []float64 {
	l := make([]float64, k*k)
	for i, v := range s.free {
		l[i*k+i] = v
	}
	for i, v := range s.sds {
		if s.axes != nil {
			for j, q := range s.axes[i] {
				l[j] += v * q
			}
			continue
		}
		for r := 0; r < k; r++ {
			l[r*k+i] = v * s.basis[r*k+i]
		}
	}
	return l
}

// Rank is the number of square roots of eigenvalues of Lambda Lambda' that are
// not zero; Deficient says that the block allows more.
func Rank(blk Block, lambda []float64) (rank int, deficient bool) {
	s := resolve(blk, lambda)
	for _, v := range s.sds {
		if v > 0 {
			rank++
		}
	}
	full := len(s.sds)
	if s.axes == nil {
		full = blk.columns()
	}
	return rank, rank < full
}

// inner is tr(A'B).
func inner(a, b []float64) float64 {
	var s float64
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func trace(a []float64, k int) float64 {
	var s float64
	for i := 0; i < k; i++ {
		s += a[i*k+i]
	}
	return s
}
