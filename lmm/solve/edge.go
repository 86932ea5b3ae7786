package solve

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// edgeCost is the rise of -2 log L below which a fit with an eigenvalue of Psi
// set to zero is the same fit.
const edgeCost = 1e-9

// Settle moves a minimum that is a hair off the boundary onto it: the smallest
// eigenvalues of Psi are set to zero and the rest refitted, and the result is
// kept if the criterion does not rise.
func Settle(obj Objective, r *Result) *Result {
	chart := cone.NewChart(obj.Blocks(), r.Point, obj.Unit(), nil)
	for _, cut := range []float64{0.1, 1e-3, 1e-6} {
		point, rank, near := truncate(chart, cut*obj.Unit())
		if !near {
			return r
		}
		e := Minimize(obj, point, &Settings{Rank: rank})
		r.Evaluations += e.Evaluations
		if e.Status == Minimum && e.Derivs.F <= r.Derivs.F+edgeCost+1e-14*math.Abs(r.Derivs.F) {
			last := e.Log[len(e.Log)-1]
			e.Log = append(r.Log, Step{F: last.F, Decrement: last.Decrement, Kind: "to edge"})
			e.Evaluations = r.Evaluations
			return e
		}
	}
	return r
}

// truncate sets the square roots of eigenvalues up to cut to zero; near says
// whether one of them was not zero.
func truncate(c *cone.Chart, cut float64) (point cone.Point, rank []int, near bool) {
	point, rank = c.Centre.Clone(), make([]int, len(c.Blocks))
	for b, blk := range c.Blocks {
		for j, s := range c.Sds[b] {
			if s > cut {
				rank[b]++
				continue
			}
			near = near || s > 0
			for i := 0; i < blk.K; i++ {
				point[b][i*blk.K+j] = 0
			}
		}
	}
	return point, rank, near
}
