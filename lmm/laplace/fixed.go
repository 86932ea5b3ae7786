package laplace

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

const (
	fixedIterations = 100
	// fixedGoal is the decrement in beta at which D is minimal for a value and a
	// gradient, fixedTight that for differences of them: an error of beta of 1e-7 or
	// 1e-9 standard errors. FixedEnough is that where rounding lets it fall no
	// further.
	fixedGoal   = 1e-14
	fixedTight  = 1e-18
	fixedEnough = 1e-12
	// slopeTrust times the decrement of the mode is what the slope in beta can err
	// by, as a decrement.
	slopeTrust = 100
)

// eval returns f and leaves mode, beta and the factors of S at the point, beta up
// to a decrement.
func (o *Objective) eval(p cone.Point, goal float64) float64 {
	o.reason = ""
	for _, l := range p {
		for _, v := range l {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				o.fail("the point is not finite")
				return math.Inf(1)
			}
		}
	}
	o.setPoint(p)
	at := o.entries(p)
	info := o.past.informed(at)
	switch {
	case o.recall(p):
	case o.near:
		o.carry(o.past.predict(at))
	default:
		o.forget()
	}
	f, ok := o.profile(goal, info)
	if o.near && (!ok || !finite(f)) { // from too far off
		o.forget()
		f, ok = o.profile(goal, nil)
	}
	if !ok || !finite(f) {
		if o.reason == "" {
			o.fail("the criterion is not finite")
		}
		o.forget()
		return math.Inf(1)
	}
	o.reason = "" // of steps that were cut
	o.near = true
	f += o.constant
	o.past.learn(at, o.beta)
	o.remember(p, f)
	return f
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// forget makes the next evaluation start from the model without random effects.
func (o *Objective) forget() {
	copy(o.beta, o.glm.beta)
	// b is 0. A Newton step from there, not cut, may end where the weights of a
	// group leave those of the others no digits.
	o.b.clear()
	o.e.clear()
	o.fixedPart(o.beta)
	o.near, o.fresh, o.learnt = false, false, nil
	o.past.forget()
}

// profile minimises D in beta, by steps with the information as the metric, made
// better by secants; with that of a point near by if it is given.
func (o *Objective) profile(goal float64, info []float64) (float64, bool) {
	np := o.rows.p
	if np == 0 {
		dev, logDet, ok := o.mode(modeGoal)
		return dev + logDet + o.correction(), ok
	}
	if o.set.Joint {
		return o.joint(modeGoal)
	}
	if !o.near {
		if _, ok := o.joint(1e-3); !ok {
			return 0, false
		}
	}
	dev, logDet, ok := o.mode(modeGoal * 1e6)
	if !ok {
		return 0, false
	}
	f := dev + logDet + o.correction()
	grad, step, last := make([]float64, np), make([]float64, np), make([]float64, np)
	o.slope(grad)
	if info == nil {
		info = o.information()
	}
	info = slices.Clone(info)
	floats.Scale(2, info)
	bend := slices.Clone(info)
	if o.learnt != nil {
		for i, v := range o.learnt {
			bend[i] += v
		}
		if _, ok := newton(step, bend, grad, o.coords.N); !ok {
			copy(bend, info)
		}
	}
	defer func() { o.learn(bend, info) }()
	before, settled := math.Inf(1), false
	for range fixedIterations {
		decrement, ok := newton(step, bend, grad, o.coords.N)
		if !ok {
			return 0, o.fail("the information on the fixed effects is not positive definite")
		}
		arrived := decrement <= goal || decrement < fixedEnough && decrement > before/4
		if !settled && o.off > modeGoal && (arrived || decrement < slopeTrust*o.off) {
			// The slope is no better than the mode.
			if dev, logDet, ok = o.mode(modeGoal); !ok {
				return 0, false
			}
			f = dev + logDet + o.correction()
			o.slope(grad)
			settled = true // or as far as rounding lets it
			continue
		}
		if arrived {
			return f, true
		}
		settled = false
		before = decrement
		copy(last, grad)
		done, ok := o.lower(&f, decrement, step)
		if !ok {
			if decrement < fixedEnough {
				return f, true
			}
			return 0, o.stuck("the search for the fixed effects")
		}
		o.slope(grad)
		for i := range step {
			step[i] *= done
			last[i] = grad[i] - last[i]
		}
		if decrement > 1e-14 {
			secant(bend, step, last)
		}
	}
	return 0, o.fail("the search for the fixed effects does not end: they may be infinite, as in separated data")
}

// learn keeps what the secants have added to the information: the second derivative
// of log|I + S Psi| in beta, which changes little from point to point.
func (o *Objective) learn(bend, info []float64) {
	if o.learnt == nil {
		o.learnt = make([]float64, len(bend))
	}
	for i, v := range bend {
		o.learnt[i] = v - info[i]
	}
}

// lower moves beta by as much of a step as lowers D. The mode goes with it along
// the tangent.
func (o *Objective) lower(f *float64, decrement float64, step []float64) (length float64, ok bool) {
	from := append([]float64(nil), o.beta...)
	e, b := newVector(o.layout), newVector(o.layout)
	e.copyFrom(o.e)
	b.copyFrom(o.b)
	// An error of the mode moves the slope in beta by its root, and log|I + S Psi|
	// by that times the length of its slope in u, whose square is (Z'c)'Psi a.
	goal := math.Max(modeGoal, math.Min(1e-14, 1e-8*decrement))
	lean := math.Sqrt(math.Max(0, o.adj.zc.dot(o.adj.pa)))
	noise := 1e-13*(1+math.Abs(*f)) + 2*lean*(math.Sqrt(goal)+math.Sqrt(math.Max(0, o.off)))
	for length = 1.0; length > 1e-8; length /= 2 {
		for j, v := range step {
			o.beta[j] = from[j] + length*v
		}
		if length == 1 {
			o.columns(o.xd, step)
			o.shift()
		} else {
			o.e.copyFrom(e)
			o.b.copyFrom(b)
		}
		o.fixedPart(o.beta)
		dev, logDet, ok := o.mode(goal)
		if !ok {
			continue
		}
		if v := dev + logDet + o.correction(); v <= *f-1e-4*length*decrement+noise {
			*f = v
			return length, true
		}
	}
	copy(o.beta, from)
	o.e.copyFrom(e)
	o.b.copyFrom(b)
	o.fixedPart(o.beta)
	if _, _, ok = o.mode(modeGoal); ok {
		o.correction()
	}
	return 0, false
}

// newton sets step to -H^-1 g and returns g'H^-1 g / 2.
func newton(step, h, g []float64, n int) (decrement float64, ok bool) {
	p := len(g)
	c := append([]float64(nil), h...)
	brace(c, p, n)
	if !dense.Cholesky(c, p) {
		return 0, false
	}
	copy(step, g)
	dense.SolveLower(c, p, step, 1)
	for _, v := range step {
		decrement += v * v / 2
	}
	dense.SolveLowerTrans(c, p, step, 1)
	for i := range step {
		step[i] = -step[i]
	}
	return decrement, !math.IsNaN(decrement)
}

// brace adds a ridge, next to nothing beside the information X~'X~ = n I of data
// that have some: where they are separated the information goes to 0 with the
// distance of beta, and a step ends where the slope has.
func brace(h []float64, p, n int) {
	for i := range p {
		h[i*p+i] += 1e-11 * float64(n)
	}
}

// secant is the update of Broyden, Fletcher, Goldfarb and Shanno of h for a step s
// along which the gradient changes by y (Nocedal and Wright 2006, sec. 6.1).
func secant(h, s, y []float64) {
	p := len(s)
	hs := make([]float64, p)
	var sy, shs float64
	for i := range s {
		for j, v := range s {
			hs[i] += h[i*p+j] * v
		}
		sy += s[i] * y[i]
		shs += s[i] * hs[i]
	}
	if !(sy > 1e-3*shs) || !(shs > 0) {
		return
	}
	for i := range s {
		for j := range s {
			h[i*p+j] += y[i]*y[j]/sy - hs[i]*hs[j]/shs
		}
	}
}
