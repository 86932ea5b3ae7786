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
// kept if the criterion does not rise. Of the settings Flat alone is read.
func Settle(obj Objective, r *Result, set *Settings) *Result {
	chart := cone.NewChart(obj.Blocks(), r.Point)
	for _, cut := range []float64{0.1, 1e-3} {
		point, changed := chart.Truncate(cut)
		if !changed {
			return r
		}
		e := Minimize(obj, point, &Settings{Face: true, Flat: set != nil && set.Flat})
		r.Evaluations += e.Evaluations
		if e.Status == Minimum && e.Derivs.F <= r.Derivs.F+edgeCost+1e-14*math.Abs(r.Derivs.F) {
			last := e.Log[len(e.Log)-1]
			e.Log = append(r.Log, Step{F: last.F, Decrement: last.Decrement, Kind: "to edge", Evaluations: r.Evaluations})
			e.Evaluations = r.Evaluations
			return e
		}
	}
	return r
}
