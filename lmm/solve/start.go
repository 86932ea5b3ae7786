package solve

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// scales are those of the grid of Starts, in units of each block.
var scales = [...]float64{0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000}

// Starts returns the points from which a fit begins, the best guess first: the
// quadratic moments of the data, then, since the criterion need not be convex in
// Psi, every point of Lambda = s I where the criterion has a minimum over a grid
// of scales s from 0.1 to 1000 units, and the number of evaluations that took.
func Starts(obj Objective, g *criterion.Gram) (starts []cone.Point, evaluations int) {
	blocks := obj.Blocks()
	if p := moments(g, blocks); p != nil {
		starts = append(starts, p)
	}
	var f [len(scales)]float64
	for i, s := range scales {
		f[i] = obj.Value(scaled(blocks, s))
	}
	for i, s := range scales {
		if (i == 0 || f[i] <= f[i-1]) && (i == len(scales)-1 || f[i] < f[i+1]) {
			starts = append(starts, scaled(blocks, s))
		}
	}
	return starts, len(scales)
}

// Scattered returns n points drawn from PCG(seed, 0): entries of Lambda normal,
// their size from 1 unit to reach. A model with about as many random effects as
// rows has minima that no grid meets. The parameters of a free block are normal with
// a standard deviation of 1 unit.
func Scattered(obj Objective, n int, seed uint64, reach float64) []cone.Point {
	rng := rand.New(rand.NewPCG(seed, 0))
	points := make([]cone.Point, n)
	for i := range points {
		points[i] = cone.Identity(obj.Blocks(), 0)
		for b, blk := range obj.Blocks() {
			psi := make([]float64, blk.K*blk.K)
			lambda := make([]float64, blk.K*blk.K)
			size := blk.Unit * math.Pow(reach, rng.Float64())
			for j := range lambda {
				lambda[j] = size * rng.NormFloat64()
			}
			cone.Cov(psi, lambda, blk.K)
			if blk.Shape == cone.Free {
				for r := range blk.K {
					psi[r*blk.K+r] = lambda[r*blk.K+r] * blk.Unit / size
				}
			}
			if l, ok := cone.Nearest(blk, psi, blk.Unit*blk.Unit/10); ok {
				points[i][b] = l
			}
		}
	}
	return points
}

// FirstStart returns a single point to begin from.
func FirstStart(obj Objective, g *criterion.Gram) cone.Point {
	if p := moments(g, obj.Blocks()); p != nil {
		return p
	}
	return scaled(obj.Blocks(), 3)
}

// scaled is Lambda = s I, in units.
func scaled(blocks []cone.Block, s float64) cone.Point {
	p := cone.Identity(blocks, s)
	for b, blk := range blocks {
		for i := range p[b] {
			p[b][i] *= blk.Unit
		}
	}
	return p
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
