package solve

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Starts returns the points from which a fit begins: the quadratic moments of
// the data, a relative variance of 1, and one near zero. The criterion need
// not be convex in Psi.
func Starts(g *criterion.Gram, blocks []cone.Block, unit float64) []cone.Point {
	starts := []cone.Point{cone.Identity(blocks, 1), cone.Identity(blocks, 0.3*unit)}
	if p := moments(g, blocks, unit); p != nil {
		starts = append([]cone.Point{p}, starts...)
	}
	return starts
}

// moments solves Inner phi = Quad for the variance parameters and returns a
// factor of the positive part of Psi = Sigma / sigma^2, its eigenvalues at
// least unit^2 / 10; nil if the equations are singular or sigma^2 is not
// positive.
func moments(g *criterion.Gram, blocks []cone.Block, unit float64) cone.Point {
	n := len(g.Scale)
	var lu mat.LU
	lu.Factorize(mat.NewDense(n, n, append([]float64(nil), g.Inner...)))
	var x mat.VecDense
	if lu.Cond() > 1e10 || lu.SolveVecTo(&x, false, mat.NewVecDense(n, append([]float64(nil), g.Quad...))) != nil {
		return nil
	}
	s2 := x.AtVec(n - 1)
	if !(s2 > 0) {
		return nil
	}
	psi := make([]*mat.SymDense, len(blocks))
	for b, blk := range blocks {
		psi[b] = mat.NewSymDense(blk.K, nil)
	}
	for a, p := range g.Pairs {
		psi[p.Block].SetSym(p.Row, p.Col, x.AtVec(a)/s2)
	}
	point := cone.Identity(blocks, 0)
	for b, blk := range blocks {
		k := blk.K
		var eig mat.EigenSym
		if !eig.Factorize(psi[b], true) {
			return nil
		}
		values := eig.Values(nil)
		var vec mat.Dense
		eig.VectorsTo(&vec)
		for j, v := range values {
			root := math.Sqrt(math.Max(v, unit*unit/10))
			for i := 0; i < k; i++ {
				point[b][i*k+j] = vec.At(i, j) * root
			}
		}
		if blk.Shape == cone.Diagonal {
			for i := 0; i < k; i++ {
				for j := 0; j < k; j++ {
					point[b][i*k+j] = 0
				}
				point[b][i*k+i] = math.Sqrt(math.Max(psi[b].At(i, i), unit*unit/10))
			}
		}
	}
	return point
}
