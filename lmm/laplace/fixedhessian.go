package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// FixedHessian returns the second derivative of -2 log L in the fixed effects, Psi
// held at a point, where they are best: p x p, in internal coordinates, by central
// differences of the exact gradient over a thousandth of a standard error. It is
// NaN where the criterion cannot be computed.
func (o *Objective) FixedHessian(p cone.Point) []float64 {
	np := o.rows.p
	out := make([]float64, np*np)
	if math.IsInf(o.eval(p, fixedTight), 1) {
		nan(out)
		return out
	}
	se := inverse(o.information(), np)
	best := append([]float64(nil), o.beta...)
	e, b := newVector(o.layout), newVector(o.layout)
	e.copyFrom(o.e)
	b.copyFrom(o.b)
	grad := make([]float64, np)
	at := func(j int, h float64) bool {
		copy(o.beta, best)
		o.beta[j] += h
		o.fixedPart(o.beta)
		if _, _, ok := o.mode(modeGoal); !ok {
			return false
		}
		o.correction()
		o.slope(grad)
		return true
	}
	for j := range np {
		h := 1e-3 * math.Sqrt(se[j*np+j])
		for _, sign := range []float64{1, -1} {
			if !at(j, sign*h) {
				nan(out)
				break
			}
			for i, g := range grad {
				v := sign * g / (4 * h)
				out[i*np+j] += v
				out[j*np+i] += v
			}
		}
	}
	copy(o.beta, best)
	o.e.copyFrom(e)
	o.b.copyFrom(b)
	o.fresh = false
	o.eval(p, fixedTight)
	return out
}
