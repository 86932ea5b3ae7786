package solve

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

const (
	decrementGoal = 1e-12 // of -2 log L
	// decrementEnough: with a decrement below it and no measurable progress
	// an iteration is at its minimum.
	decrementEnough = 1e-8
	// curvatureGoal is the curvature, per unit of a direction, below which a
	// negative eigenvalue of the Hessian is rounding.
	curvatureGoal = 1e-7
	// switchBelow: with a decrement below it the approximate Hessian has done its
	// work, and an exact one polishes in a single step.
	switchBelow = decrementEnough
	// maxLambda bounds Lambda in units: Psi Z'Z is then 1e15 and the residual
	// variance has no digit left.
	maxLambda = 3e7
	// farLambda: an iteration that ends in failure out there, Psi Z'Z above 1e8,
	// was on its way to a residual variance of zero.
	farLambda = 1e4
	// stalledLambda is the same for an iteration that no step leads on from, Psi
	// Z'Z above 1e6, though the criterion bends down there.
	stalledLambda = 1e3
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
	radius := 1.0
	chart := newChart(obj, start, set.Face, nil)
	r := &Result{Point: chart.Centre}
	r.Derivs = obj.Derivs(r.Point)
	r.Evaluations = 1
	if math.IsInf(r.Derivs.F, 1) || math.IsNaN(r.Derivs.F) {
		r.Status = Failed
		return r
	}
	// An approximate Hessian does for steps as long as each of them gains; the
	// end is judged by an exact one.
	exact := !r.Derivs.Approx
	kind, before := "start", math.Inf(1)
	for len(r.Log) < limit {
		r.Local = certify.NewLocal(r.Derivs, chart)
		if set.Known != nil && set.Known.Status == Minimum && hopeless(r, set.Known) {
			r.Status = NoBetter
			return r
		}
		if dec := r.Local.Decrement(); !exact && (dec < switchBelow || dec > 0.4*before) {
			exact = true
		} else {
			before = dec
		}
		if exact && r.Derivs.Approx {
			var n int
			r.Local, n = certify.ExactLocal(obj, r.Derivs, chart)
			r.Evaluations += n
		}
		if set.Flat && exact {
			r.Local = r.Local.Still()
		}
		dec := r.Local.Decrement()
		r.Log = append(r.Log, Step{F: r.Derivs.F, Decrement: dec, Kind: kind, Evaluations: r.Evaluations})
		if exact && (len(r.Local.Values) == 0 || dec <= decrementGoal && r.Local.Values[0] > -curvatureGoal) {
			r.Status = Minimum
			return r
		}
		if chart.Largest() > maxLambda {
			r.Status = Diverged
			return r
		}
		// Rounding in f hides the last steps: they are judged by the decrement.
		noise := 1e-12 * (1 + math.Abs(r.Derivs.F))
		for {
			t, predicted, newton := trustStep(r.Local, radius)
			moved := chart.Move(t)
			next := newChart(obj, moved, set.Face, r.Derivs)
			d := obj.Derivs(next.Centre)
			r.Evaluations++
			drop := r.Derivs.F - d.F
			ratio := drop / predicted
			if exact && newton && dec < decrementEnough && math.Abs(drop) <= noise {
				// The polishing step: the Hessian will not have moved.
				polished := r.Local.At(d, moved)
				if set.Flat {
					polished = polished.Still()
				}
				if polished.Decrement() < dec {
					r.Point, r.Derivs, r.Local = next.Centre, d, polished
					r.Log = append(r.Log, Step{F: d.F, Decrement: polished.Decrement(), Kind: "polish", Evaluations: r.Evaluations})
				}
				r.Status = Minimum
				return r
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
			if !exact {
				exact = true
				break
			}
			if radius < 1e-12 {
				r.Status = Minimum
				bends := r.Local.Values[0] < -10*curvatureGoal
				switch {
				case bends && chart.Largest() > stalledLambda:
					r.Status = Diverged // rounding hides the way on
				case dec >= certify.ConvergedBelow || bends && dec >= decrementEnough:
					r.Status = lost(chart, Failed)
				case dec >= decrementEnough:
					r.Status = lost(chart, Minimum) // rounding lets it be no lower
				}
				return r
			}
		}
	}
	var n int
	r.Local, n = certify.ExactLocal(obj, r.Derivs, chart)
	r.Evaluations += n
	r.Status = lost(chart, IterationLimit)
	return r
}

// hopeless says that the iteration is on its way to a minimum that is not below
// the one known. Its quadratic model tells the value there: so near the minimum
// that an approximate Hessian, which errs by a part of the decrement, is good
// enough; or, from further off, that the value is the known one to a small
// part of the decrement, which another minimum would meet by accident alone.
func hopeless(r *Result, known *Result) bool {
	l := r.Local
	dec := l.Decrement()
	if len(l.Values) == 0 || l.Values[0] <= 0 {
		return false
	}
	above := r.Derivs.F - known.Derivs.F
	return dec < 1e-6 && above > 2*dec-5e-7 || dec < 1e-2 && math.Abs(above-dec) < 0.05*dec
}

// lost says why an iteration did not arrive: because the residual variance went
// to zero, if Lambda is large, otherwise as given.
func lost(c *cone.Chart, otherwise Status) Status {
	if c.Largest() > farLambda {
		return Diverged
	}
	return otherwise
}

// hair is the size of Lambda, in units, below which it may be nothing but the
// way to zero.
const hair = 1e-4

// newChart returns the chart at p. What is a hair off zero is set to zero if
// that moves the criterion by no more than its rounding, as told by the
// derivatives at the point before: a chart on the edge knows the derivatives
// off it.
func newChart(obj Objective, p cone.Point, face bool, before *criterion.Derivs) *cone.Chart {
	of := cone.NewChart
	if face {
		of = cone.FaceChart
	}
	chart := of(obj.Blocks(), p)
	if before == nil {
		return chart
	}
	point, changed := chart.Truncate(hair)
	if !changed || !(math.Abs(change(obj.Blocks(), before.G, chart.Centre, point)) <= 1e-14*(1+math.Abs(before.F))) {
		return chart
	}
	return of(obj.Blocks(), point)
}

// change is what the criterion moves by from p to q, at first order in Psi:
// tr(G (Psi_q - Psi_p)).
func change(blocks []cone.Block, g [][]float64, p, q cone.Point) float64 {
	var s float64
	for b, blk := range blocks {
		from, to := make([]float64, blk.K*blk.K), make([]float64, blk.K*blk.K)
		cone.Cov(from, p[b], blk.K)
		cone.Cov(to, q[b], blk.K)
		for i, v := range g[b] {
			s += v * (to[i] - from[i])
		}
	}
	return s
}

func length(x []float64) float64 {
	var s float64
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}
