package certify

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Certificate is the evidence of first and second order at a point.
type Certificate struct {
	Face *Local // on the face on which the point lies
	Off  Escape // off it
}

// Examine collects the evidence at the point p: its derivatives d, and l, in
// which the gradient is that at p and the Hessian exact there or a polishing
// step away.
//
// Where the criterion is not finite there is no evidence, and l may be nil: the
// decrement is NaN.
func Examine(l *Local, d *criterion.Derivs, blocks []cone.Block, p cone.Point) Certificate {
	if math.IsInf(d.F, 0) || math.IsNaN(d.F) {
		nan := []float64{math.NaN()}
		return Certificate{Face: &Local{Grad: nan, Hess: nan, Values: nan, Vectors: nan, GradIn: nan}, Off: Escape{Slope: math.Inf(1)}}
	}
	return Certificate{Face: l.face(), Off: NewEscape(d, cone.NewChart(blocks, p))}
}
