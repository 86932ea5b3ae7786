package solve

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
)

// edgeCost is the rise of -2 log L below which a fit with an eigenvalue of Psi
// set to zero is the same fit.
const edgeCost = 1e-9

// Settle moves a minimum that is a hair off the boundary onto it: the smallest
// eigenvalues of Psi are set to zero and the rest refitted, and the result is
// kept if the criterion does not rise.
func Settle(obj Objective, r *Result) *Result {
	chart := cone.NewChart(obj.Blocks(), r.Point)
	if e := snap(obj, r, chart); e != nil {
		r = e
		chart = cone.NewChart(obj.Blocks(), r.Point)
	}
	for _, cut := range []float64{0.1, 1e-3} {
		point, changed := chart.Truncate(cut)
		if !changed {
			return r
		}
		e := Minimize(obj, point, &Settings{Face: true})
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

// hair is the size of Lambda, in units, at which setting it to zero moves the
// criterion by no more than rounding: its gradient there vanishes.
const hair = 1e-6

// snap sets to zero what is not zero by a hair, at the cost of one evaluation;
// nil if there is no such thing or the criterion rises.
func snap(obj Objective, r *Result, chart *cone.Chart) *Result {
	point, changed := chart.Truncate(hair)
	if !changed || r.Local == nil {
		return nil
	}
	e := *r
	e.Point, e.Derivs = point, obj.Derivs(point)
	e.Evaluations++
	if !(e.Derivs.F <= r.Derivs.F+edgeCost+1e-14*math.Abs(r.Derivs.F)) {
		return nil
	}
	e.Local = certify.NewLocal(e.Derivs, cone.NewChart(obj.Blocks(), point))
	if e.Derivs.Approx {
		// The coordinates of r, in which the point is a hair off the centre.
		e.Local = r.Local.At(e.Derivs, point)
	}
	e.Log = append(slices.Clip(r.Log), Step{F: e.Derivs.F, Decrement: e.Local.Decrement(), Kind: "to edge"})
	return &e
}
