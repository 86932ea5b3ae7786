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
// It returns the penalised deviance and log|I + S Psi| there, without constants.
func (o *Objective) joint(np int) (float64, bool) {
	l, n := o.layout, o.rows.n
	e, b, r, t := newVector(l), newVector(l), newVector(l), newVector(l)
	h, zb, xd := make([]float64, n), make([]float64, n), make([]float64, n)
	step, rhs := make([]float64, np), make([]float64, np)
	deviance := o.deviance()
	if math.IsInf(deviance, 1) && !o.restart(&deviance) {
		return 0, o.fail("the link gives a mean that the distribution cannot have")
	}
	before := math.Inf(1)
	for range modeIterations {
		o.fisher = false
		logDet, ok := o.curved()
		if !ok {
			return 0, o.fail("the information on the random effects is not positive definite")
		}
		for i, w := range o.w {
			h[i] = o.s[i] + w*o.zb[i]
		}
		o.gather(r, h)
		o.solve(e, b, r)
		o.random(zb, b)
		for i, w := range o.w {
			zb[i] = h[i] - w*zb[i]
		}
		clear(rhs)
		o.fixedGather(rhs, zb)
		info := o.information(nil)
		if !dense.Cholesky(info, np) {
			return 0, o.fail("the information on the fixed effects is not positive definite")
		}
		copy(step, rhs)
		dense.SolveLower(info, np, step, 1)
		dense.SolveLowerTrans(info, np, step, 1)
		p := np
		for i, w := range o.w {
			xd[i] = 0
			for j, x := range o.rows.x[i*p : i*p+p] {
				xd[i] += x * step[j]
			}
			h[i] -= w * xd[i]
		}
		o.gather(r, h)
		o.solve(e, b, r)
		e.move(-1, o.e)
		b.move(-1, o.b)
		o.gather(t, o.s)
		t.move(-1, o.e)
		decrement := t.dot(b)
		for i, x := range xd {
			decrement += o.s[i] * x
		}
		if math.IsNaN(decrement) {
			return 0, o.fail("the step to the mode is not a number")
		}
		start := !o.set.Joint && decrement < 1e-3
		if decrement <= modeGoal || decrement < modeEnough && decrement > before/4 || start {
			if o.fisher {
				return 0, o.fail("the mode is no maximum: the observed information is not positive definite there")
			}
			return deviance + logDet, true
		}
		before = decrement
		if !o.descendJointly(&deviance, decrement, e, b, step, xd) {
			if decrement < modeEnough && !o.fisher {
				return deviance + logDet, true
			}
			return 0, o.fail("the search for the mode is stuck")
		}
	}
	return 0, o.fail("the search for the mode does not end: fixed effects may be infinite, as in separated data")
}

// descendJointly is descend with beta and X beta.
func (o *Objective) descendJointly(deviance *float64, decrement float64, e, b vector, step, xd []float64) bool {
	noise := 1e-13 * (1 + math.Abs(*deviance))
	done := 0.0
	move := func(t float64) {
		o.e.move(t, e)
		o.b.move(t, b)
		for j, v := range step {
			o.beta[j] += t * v
		}
		for i, v := range xd {
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

// information returns X'V^-1 X, p x p, S factored. With carried given, n x p, it
// is set to Z T Z'W X.
func (o *Objective) information(carried []float64) []float64 {
	np, n := o.rows.p, o.rows.n
	out := make([]float64, np*np)
	e, b, r := newVector(o.layout), newVector(o.layout), newVector(o.layout)
	g, col := make([]float64, n), make([]float64, np)
	for j := range np {
		for i, w := range o.w {
			g[i] = w * o.rows.x[i*np+j]
		}
		o.gather(r, g)
		o.solve(e, b, r)
		o.random(g, b)
		for i, v := range g {
			if carried != nil {
				carried[i*np+j] = v
			}
			g[i] = o.w[i] * (o.rows.x[i*np+j] - v)
		}
		clear(col)
		o.fixedGather(col, g)
		for l := range j + 1 {
			out[j*np+l], out[l*np+j] = col[l], col[l]
		}
	}
	return out
}
