package covstruct

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Scaled returns the parts of the criterion at a point, with sigma^2 as a parameter
// of its own; second says whether Curvature is wanted. Cost: that of Derivs.
func (o *Objective) Scaled(pt cone.Point, second bool) *criterion.Scaled {
	s := &criterion.Scaled{LogDet: math.Inf(1), Nu: o.nu, Pairs: o.pairs}
	if math.IsInf(o.eval(pt, true), 1) {
		return s
	}
	s.R2, s.LogDet = o.r2, o.logs
	if o.reml {
		for i := range o.rows.P {
			s.LogDet += 2 * math.Log(o.lx[i*o.rows.P+i])
		}
	}
	for _, b := range o.blocks {
		s.Trace, s.Quad = append(s.Trace, make([]float64, b.K*b.K)), append(s.Quad, make([]float64, b.K*b.K))
	}
	m := len(o.pairs)
	h := newHessian(o, 1, true)
	bendM, bendE := make([]float64, m*m), make([]float64, m*m)
	for k := range o.kinds {
		r := o.reduce(k)
		trace := make([]float64, len(r.inv)) // M
		for i, v := range r.inv {
			trace[i] = float64(len(o.kinds[k].all)) * v
			if o.reml {
				trace[i] -= r.bb[i]
			}
		}
		o.traces(k, trace, s.Trace)
		o.traces(k, r.ee, s.Quad)
		if !second {
			continue
		}
		h.add(k, pt, r, nil)
		o.bends(k, pt, func(a, b int, d []float64) {
			bendM[a*m+b] += dot(d, trace)
			bendE[a*m+b] += dot(d, r.ee)
		})
	}
	if !second {
		return s
	}
	mm, eme := make([]float64, m*m), make([]float64, m*m)
	for a := range m {
		for b := range a + 1 {
			mm[a*m+b], eme[a*m+b] = h.traced(a, b), h.quadratic(a, b)
			mm[b*m+a], eme[b*m+a] = mm[a*m+b], eme[a*m+b]
			bendM[b*m+a], bendE[b*m+a] = bendM[a*m+b], bendE[a*m+b]
		}
	}
	s.WithSecond(mm, eme, bendM, bendE)
	return s
}
