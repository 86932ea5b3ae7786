package solve

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
)

const (
	decrementGoal = 1e-12 // of -2 log L
	// decrementEnough: with a decrement below it and no measurable progress
	// an iteration is at its minimum.
	decrementEnough = 1e-8
	// curvatureGoal is the curvature, per unit of a direction, below which a
	// negative eigenvalue of the Hessian is rounding.
	curvatureGoal = 1e-7
	// maxLambda bounds Lambda in units: Psi Z'Z is then 1e15 and the residual
	// variance has no digit left.
	maxLambda = 3e7
)

// Minimize runs the trust-region Newton method from a starting point.
func Minimize(obj Objective, start cone.Point, set *Settings) *Result {
	if set == nil {
		set = &Settings{}
	}
	limit := set.MaxIterations
	if limit == 0 {
		limit = 200
	}
	unit := obj.Unit()
	radius := 1.0
	r := &Result{Point: start}
	chart := cone.NewChart(obj.Blocks(), r.Point, unit, set.Rank)
	r.Point = chart.Centre
	r.Derivs = obj.Derivs(r.Point)
	r.Evaluations = 1
	if math.IsInf(r.Derivs.F, 1) || math.IsNaN(r.Derivs.F) {
		r.Status = Failed
		return r
	}
	kind := "start"
	for len(r.Log) < limit {
		local := certify.NewLocal(r.Derivs, chart)
		dec := local.Decrement()
		r.Log = append(r.Log, Step{F: r.Derivs.F, Decrement: dec, Kind: kind})
		if len(local.Values) == 0 || dec <= decrementGoal && local.Values[0] > -curvatureGoal {
			r.Status = Minimum
			return r
		}
		if largest(chart) > maxLambda*unit {
			r.Status = Diverged
			return r
		}
		// Rounding in f hides the last steps: they are judged by the decrement.
		noise := 1e-13 * (1 + math.Abs(r.Derivs.F))
		for {
			t, predicted, newton := trustStep(local, radius)
			trial := chart.Move(t)
			next := cone.NewChart(obj.Blocks(), trial, unit, set.Rank)
			d := obj.Derivs(next.Centre)
			r.Evaluations++
			drop := r.Derivs.F - d.F
			ratio := drop / predicted
			if !(ratio > 0.1) && math.Abs(drop) <= 10*noise && dec < decrementEnough {
				if certify.NewLocal(d, next).Decrement() >= dec {
					r.Status = Minimum
					return r
				}
				ratio = 1
			}
			switch {
			case !(ratio > 0.25):
				radius = 0.25 * length(t)
			case ratio > 0.75 && !newton:
				radius = math.Min(2*radius, 10)
			}
			if ratio > 0.1 {
				chart, r.Point, r.Derivs = next, next.Centre, d
				kind = "trust"
				if newton {
					kind = "newton"
				}
				break
			}
			if radius < 1e-12 {
				r.Status = Minimum
				if dec >= decrementEnough {
					r.Status = Failed
				}
				return r
			}
		}
	}
	r.Status = IterationLimit
	return r
}

func largest(c *cone.Chart) float64 {
	var m float64
	for _, s := range c.Sds {
		for _, v := range s {
			m = math.Max(m, v)
		}
	}
	return m
}

func length(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}
