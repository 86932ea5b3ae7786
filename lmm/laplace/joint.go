package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// joint finds the mode of random and fixed effects together, the minimum of the
// penalised deviance, by Newton's method with step halving: h = s + W Z b,
//
//	X'V^-1 X dbeta = X'(h - W Z T Z'h),   b = T Z'(h - W X dbeta).
//
// It stops at a decrement, and returns the penalised deviance plus log|I + S Psi|
// there, without constants.
func (o *Objective) joint(goal float64) (float64, bool) {
	np := o.rows.p
	e, b, r := o.step[0], o.step[1], o.step[2]
	step := make([]float64, np)
	deviance := o.deviance()
	if math.IsInf(deviance, 1) && !o.restart(&deviance) {
		return 0, o.fail("the link gives a mean that the distribution cannot have")
	}
	before := math.Inf(1)
	for range modeIterations {
		logDet, ok := o.curved()
		if !ok {
			return 0, o.fail("the information on the random effects is not positive definite")
		}
		info, ok := o.rooted()
		if !ok && !o.fisher {
			if logDet, ok = o.expected(); ok {
				info, ok = o.rooted()
			}
		}
		if !ok {
			return 0, o.fail("the information on the fixed effects is not positive definite")
		}
		// X'(h - W Z T Z'h), and X's.
		o.solve(e, b, o.r)
		for i, w := range o.w {
			o.line[i] = o.s[i] + w*o.zb[i]
		}
		clear(step)
		o.fixedGather(step, o.line)
		o.cross.subtract(step, b)
		score := make([]float64, np)
		o.fixedGather(score, o.s)
		dense.SolveLower(info, np, step, 1)
		dense.SolveLowerTrans(info, np, step, 1)
		o.cross.apply(r, o.r, step)
		o.solve(e, b, r)
		e.move(-1, o.e)
		b.move(-1, o.b)
		decrement := o.t.dot(b) - o.e.dot(b)
		for j, v := range score {
			decrement += v * step[j]
		}
		if math.IsNaN(decrement) {
			return 0, o.fail("the step to the mode is not a number")
		}
		if decrement <= goal || decrement < modeEnough && decrement > before/4 {
			if o.fisher && goal <= modeGoal {
				return 0, o.fail("the mode is no maximum: the observed information is not positive definite there")
			}
			return deviance + logDet, true
		}
		before = decrement
		o.columns(o.xd, step)
		if !o.descendJointly(&deviance, decrement, e, b, step) {
			if decrement < modeEnough && !o.fisher {
				if logDet, ok = o.curved(); ok {
					return deviance + logDet, true
				}
			}
			return 0, o.stuck("the search for the mode")
		}
	}
	return 0, o.fail("the search for the mode does not end: fixed effects may be infinite, as in separated data")
}

// rooted is the Cholesky factor of the information on beta.
func (o *Objective) rooted() (info []float64, ok bool) {
	info = o.information()
	brace(info, o.rows.p, o.coords.N)
	return info, dense.Cholesky(info, o.rows.p)
}

// descendJointly is descend with beta, and with X beta along xd.
func (o *Objective) descendJointly(deviance *float64, decrement float64, e, b vector, step []float64) bool {
	noise := 1e-13 * (1 + math.Abs(*deviance))
	done := 0.0
	move := func(t float64) {
		o.e.move(t, e)
		o.b.move(t, b)
		for j, v := range step {
			o.beta[j] += t * v
		}
		for i, v := range o.xd {
			o.xb[i] += t * v
		}
	}
	for length := 1.0; length > 1e-10; length /= 2 {
		move(length - done)
		done = length
		if v := o.deviance(); v <= *deviance-1e-4*length*decrement+noise {
			*deviance = v
			return true
		}
	}
	move(-done)
	*deviance = o.deviance()
	return false
}
