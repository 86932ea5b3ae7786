package solve

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
)

// AverageInformation is the method of Gilmour, Thompson and Cullis (1995) and
// Johnson and Thompson (1995): Newton's with the average of observed and expected
// information for the Hessian. The step is taken in the chart of Newton, to whose
// curvature in Psi the exact second derivative tr(G d2Psi) is added, in a trust
// region; so a variance leaves 0 and reaches it. No exact Hessian is computed on
// the way, and the end is not polished.
type AverageInformation struct{}

const (
	averageGoal = 1e-10 // of the decrement
	// averageNear: with a decrement below it and no measurable progress the
	// iteration is at its end.
	averageNear = 1e-6
)

// Name is "average-information".
func (AverageInformation) Name() string { return "average-information" }

// Describe says what the method is.
func (AverageInformation) Describe() string { return "average information in a trust region" }

// Minimize runs the method.
func (AverageInformation) Minimize(obj Objective, start cone.Point, set *Settings) *Result {
	limit, flat := set.evaluations(), set != nil && set.Flat
	r := &Result{}
	chart := newChart(obj, start, false, nil)
	d := obj.Average(chart.Centre)
	r.Evaluations = 1
	if math.IsInf(d.F, 1) || math.IsNaN(d.F) {
		return end(obj, r, chart.Centre, math.Inf(1), Failed, flat)
	}
	radius, kind := 1.0, "start"
	for r.Evaluations < limit {
		local := certify.NewLocal(d, chart)
		if flat {
			local = local.Still()
		}
		dec := local.Decrement()
		r.Log = append(r.Log, Step{F: d.F, Decrement: dec, Kind: kind, Evaluations: r.Evaluations})
		if len(local.Values) == 0 || dec <= averageGoal && local.Values[0] > -curvatureGoal {
			return end(obj, r, chart.Centre, d.F, Tolerance, flat)
		}
		if chart.Largest() > maxLambda {
			return end(obj, r, chart.Centre, d.F, Diverged, flat)
		}
		noise := 1e-12 * (1 + math.Abs(d.F))
		for {
			t, predicted, newton := trustStep(local, radius)
			next := newChart(obj, chart.Move(t), false, d)
			e := obj.Average(next.Centre)
			r.Evaluations++
			drop := d.F - e.F
			if newton && dec < averageNear && math.Abs(drop) <= noise {
				return end(obj, r, chart.Centre, d.F, Tolerance, flat)
			}
			ratio := drop / predicted
			switch {
			case !(ratio > 0.25):
				radius = 0.25 * length(t)
			case ratio > 0.75 && !newton:
				radius = math.Min(2*radius, 10)
			}
			if ratio > 0.1 {
				chart, d, kind = next, e, "trust"
				if newton {
					kind = "average"
				}
				break
			}
			if radius < 1e-12 {
				return end(obj, r, chart.Centre, d.F, Tolerance, flat)
			}
			if r.Evaluations >= limit {
				break
			}
		}
	}
	return end(obj, r, chart.Centre, d.F, IterationLimit, flat)
}
