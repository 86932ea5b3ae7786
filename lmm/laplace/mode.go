package laplace

import "math"

const (
	modeIterations = 200
	// modeGoal is the decrement of the penalised deviance at which a mode is found:
	// |du|^2 of a step not taken.
	modeGoal = 1e-20
	// modeEnough is the same where rounding lets it fall no further.
	modeEnough = 1e-11
)

// mode finds the mode of the random effects at the current beta, from where b is,
// by Newton's method with step halving, up to a decrement, and leaves S factored
// there. It returns the penalised deviance, without the constants, and log|I + S
// Psi|; false with a reason where there is none.
func (o *Objective) mode(goal float64) (deviance, logDet float64, ok bool) {
	e, b := o.step[0], o.step[1]
	deviance = o.deviance()
	if math.IsInf(deviance, 1) && !o.restart(&deviance) {
		return 0, 0, o.fail("the link gives a mean that the distribution cannot have")
	}
	before := math.Inf(1)
	for range modeIterations {
		if logDet, ok = o.curved(); !ok {
			return 0, 0, o.fail("the information on the random effects is not positive definite")
		}
		o.solve(e, b, o.r)
		e.move(-1, o.e)
		b.move(-1, o.b)
		decrement := o.t.dot(b) - o.e.dot(b)
		o.off = decrement
		if math.IsNaN(decrement) {
			return 0, 0, o.fail("the step to the mode of the random effects is not a number")
		}
		if decrement <= goal || decrement < modeEnough && decrement > before/4 {
			if o.fisher {
				return 0, 0, o.fail("the mode of the random effects is no maximum: the observed information is not positive definite there")
			}
			return deviance, logDet, true
		}
		before = decrement
		if !o.descend(&deviance, decrement, e, b) {
			if decrement < modeEnough && !o.fisher {
				if logDet, ok = o.curved(); ok {
					return deviance, logDet, true
				}
			}
			return 0, 0, o.stuck("the search for the mode of the random effects")
		}
	}
	return 0, 0, o.fail("the search for the mode of the random effects does not end")
}

// carry brings the mode to a new Psi, of which b is no multiple, and beta along a
// move, nil for none: by a Newton step from there.
func (o *Objective) carry(move []float64) {
	if !o.fresh {
		o.fixedPart(o.beta)
		o.fresh = !math.IsInf(o.sweep(), 1)
	}
	if o.fresh {
		if _, ok := o.curved(); ok {
			if move == nil {
				o.solve(o.e, o.b, o.r)
			} else {
				o.moveFixed(move)
			}
			return
		}
	}
	o.b.clear()
	o.e.clear()
}

// moveFixed moves beta, and the mode along its tangent, S factored.
func (o *Objective) moveFixed(move []float64) {
	o.columns(o.xd, move)
	o.shift()
	for i, v := range move {
		o.beta[i] += v
	}
	o.fixedPart(o.beta)
}

// shift sets the mode to that of the linearised model, S factored, once X beta has
// moved by xd.
func (o *Objective) shift() {
	g := o.line
	for i, w := range o.w {
		g[i] = w * o.xd[i]
	}
	r := o.step[2]
	o.gather(r, g)
	for i, v := range r.first {
		r.first[i] = o.r.first[i] - v
	}
	for i, v := range r.rest {
		r.rest[i] = o.r.rest[i] - v
	}
	o.solve(o.e, o.b, r)
}

// fail notes why there is no value.
func (o *Objective) fail(reason string) bool {
	o.reason = reason
	return false
}

// deviance evaluates the rows at b, -2 sum l + b'e, and assembles S there.
func (o *Objective) deviance() float64 { return o.sweep() + o.b.dot(o.e) }

// restart goes to b = 0.
func (o *Objective) restart(deviance *float64) bool {
	o.b.clear()
	o.e.clear()
	*deviance = o.deviance()
	return !math.IsInf(*deviance, 1)
}

// curved factors S; where the observed information will not do it takes the
// expected one.
func (o *Objective) curved() (logDet float64, ok bool) {
	o.fisher = false
	if logDet, ok = o.factor(); ok {
		return logDet, true
	}
	return o.expected()
}

// expected factors S with the expected information.
func (o *Objective) expected() (logDet float64, ok bool) {
	o.expect()
	o.reassemble()
	return o.factor()
}

// descend takes as much of a step as lowers the penalised deviance.
func (o *Objective) descend(deviance *float64, decrement float64, e, b vector) bool {
	noise := 1e-13 * (1 + math.Abs(*deviance))
	done := 0.0
	for length := 1.0; length > 1e-10; length /= 2 {
		o.e.move(length-done, e)
		o.b.move(length-done, b)
		done = length
		v := o.deviance()
		if v <= *deviance-1e-4*length*decrement+noise {
			*deviance = v
			return true
		}
	}
	o.e.move(-done, e)
	o.b.move(-done, b)
	*deviance = o.deviance()
	return false
}
