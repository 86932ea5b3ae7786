package solve

import (
	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Starts returns the points from which a fit begins, the best guess first: the
// quadratic moments of the data, a relative variance of 1, and one near zero.
// The criterion need not be convex in Psi.
func Starts(g *criterion.Gram, blocks []cone.Block) []cone.Point {
	small := cone.Identity(blocks, 0.3)
	for b, blk := range blocks {
		for i := range small[b] {
			small[b][i] *= blk.Unit
		}
	}
	starts := []cone.Point{cone.Identity(blocks, 1), small}
	if p := moments(g, blocks); p != nil {
		starts = append([]cone.Point{p}, starts...)
	}
	return starts
}

// moments solves Inner phi = Quad for the variance parameters and returns a
// factor of the positive part of Psi = Sigma / sigma^2, its eigenvalues at
// least unit^2 / 10; nil if the equations are singular or sigma^2 is not
// positive.
func moments(g *criterion.Gram, blocks []cone.Block) cone.Point {
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
	psi := make([][]float64, len(blocks))
	for b, blk := range blocks {
		psi[b] = make([]float64, blk.K*blk.K)
	}
	for a, p := range g.Pairs {
		k, v := blocks[p.Block].K, x.AtVec(a)/s2
		psi[p.Block][p.Row*k+p.Col], psi[p.Block][p.Col*k+p.Row] = v, v
	}
	point := make(cone.Point, len(blocks))
	for b, blk := range blocks {
		var ok bool
		if point[b], ok = cone.Nearest(blk, psi[b], blk.Unit*blk.Unit/10); !ok {
			return nil
		}
	}
	return point
}
