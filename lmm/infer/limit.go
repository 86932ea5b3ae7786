package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
)

// limit is what the fixed effects of separated responses are tested with: the
// combinations l'beta that are the same along all directions d in which the
// likelihood never falls, l'd = 0, have a finite estimate and a covariance. With
// R'z = l that is z'(R d) = 0 and z' (R V R') z.
type limit struct {
	p      int
	factor []float64   // p x p, R V R' = C C'
	free   [][]float64 // R d, of length 1
}

// newLimit says why there is no covariance, "" where there is.
func newLimit(m *lmm.Model) (out *limit, reason string) {
	co := m.Objective().Coords
	out = &limit{p: co.P}
	for _, d := range m.Separation().Free {
		z := make([]float64, co.P)
		for i := range z {
			z[i] = dot(co.R[i*co.P:(i+1)*co.P], d)
		}
		scale(z, 1/math.Sqrt(dot(z, z)))
		out.free = append(out.free, z)
	}
	var eig mat.EigenSym
	inner := mat.NewSymDense(co.P, m.InnerVcov())
	if !finite(mat.Sum(inner)) || !eig.Factorize(inner, true) {
		return out, "the responses are separated, and the rows that are not leave no standard errors"
	}
	var q mat.Dense
	eig.VectorsTo(&q)
	out.factor = make([]float64, co.P*co.P)
	for k, v := range eig.Values(nil) {
		for i := range co.P {
			out.factor[i*co.P+k] = q.At(i, k) * math.Sqrt(math.Max(0, v))
		}
	}
	return out, ""
}

// white returns C'z.
func (l *limit) white(z []float64) []float64 {
	out := make([]float64, l.p)
	for i, v := range z {
		axpy(v, l.factor[i*l.p:(i+1)*l.p], out)
	}
	return out
}

// endlessAbove is the cosine between z and a direction that is free above which a
// combination runs to infinity with it; those of package separation have errors of 1e-9.
const endlessAbove = 1e-7

func (l *limit) endless(z []float64) bool {
	size := math.Sqrt(dot(z, z))
	for _, d := range l.free {
		if math.Abs(dot(z, d)) > endlessAbove*size {
			return true
		}
	}
	return false
}
