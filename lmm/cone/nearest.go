package cone

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Nearest returns a factor of the matrix of the block that is nearest to the
// symmetric matrix psi and has eigenvalues of at least floor: those of psi are
// raised, and, in a block of reduced rank, all but the largest dropped. A free
// block takes the diagonal as it is. It reports whether the eigenvalues could be computed.
func Nearest(blk Block, psi []float64, floor float64) (lambda []float64, ok bool) {
	k := blk.K
	if blk.Shape == Free {
		s := resolve(blk, psi)
		return s.factor(k), true
	}
	if q := blk.axes(); q != nil {
		s := spectrum{axes: q}
		for _, m := range q {
			s.sds = append(s.sds, math.Sqrt(math.Max(inner(psi, m)/trace(m, k), floor)))
		}
		return s.factor(k), true
	}
	var eig mat.EigenSym
	if !eig.Factorize(mat.NewSymDense(k, psi), true) {
		return nil, false
	}
	values := eig.Values(nil)
	var vec mat.Dense
	eig.VectorsTo(&vec)
	lambda = make([]float64, k*k)
	for j := k - blk.columns(); j < k; j++ { // ascending
		root := math.Sqrt(math.Max(values[j], floor))
		for i := 0; i < k; i++ {
			lambda[i*k+j] = vec.At(i, j) * root
		}
	}
	return lambda, true
}
