package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// FixedHessian returns the second derivatives of -2 log L at a point and the fixed
// effects there, by central differences of the exact gradient over a thousandth of a
// standard error: bend, p x p, in the fixed effects, in internal coordinates, and
// mixed, for each of them the derivative in it of G, as criterion.Derivs has it, the
// other fixed effects held. Of a joint search, whose fixed effects are no
// minimum of the criterion, mixed is nil. All is NaN where the criterion cannot be
// computed.
func (o *Objective) FixedHessian(p cone.Point) (bend []float64, mixed [][][]float64) {
	np := o.rows.p
	bend = make([]float64, np*np)
	if !o.set.Joint {
		for range np {
			mixed = append(mixed, o.derivs(0).G)
		}
	}
	bad := func() ([]float64, [][][]float64) {
		nan(bend)
		for _, g := range mixed {
			nan(g...)
		}
		return bend, mixed
	}
	if math.IsInf(o.eval(p, fixedTight), 1) {
		return bad()
	}
	se := inverse(o.information(), np)
	best := append([]float64(nil), o.beta...)
	grad, move := make([]float64, np), make([]float64, np)
	for j := range np {
		h := 1e-3 * math.Sqrt(se[j*np+j])
		for _, sign := range []float64{1, -1} {
			for i, v := range best {
				move[i] = v - o.beta[i]
			}
			move[j] += sign * h
			o.moveFixed(move)
			if _, _, ok := o.mode(modeGoal); !ok {
				o.forget()
				return bad()
			}
			o.correction()
			o.slope(grad)
			for i, g := range grad {
				v := sign * g / (4 * h)
				bend[i*np+j] += v
				bend[j*np+i] += v
			}
			if mixed == nil {
				continue
			}
			g := o.derivs(0).G
			o.slopes(g)
			for b := range g {
				for i, v := range g[b] {
					mixed[j][b][i] += sign * v / (2 * h)
				}
			}
		}
	}
	return bend, mixed
}
