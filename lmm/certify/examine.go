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
	// Evaluations of the derivatives that the Hessian took.
	Evaluations int
}

// Examine collects the evidence at a point from the derivatives there, with an
// exact Hessian.
//
// Where the criterion is not finite there is no evidence: the decrement is NaN.
func Examine(obj Objective, p cone.Point, d *criterion.Derivs) Certificate {
	if math.IsInf(d.F, 0) || math.IsNaN(d.F) {
		nan := []float64{math.NaN()}
		return Certificate{Face: &Local{Grad: nan, Hess: nan, Values: nan, Vectors: nan, GradIn: nan}, Off: Escape{Slope: math.Inf(1)}}
	}
	blocks := obj.Blocks()
	face, n := ExactLocal(obj, d, cone.FaceChart(blocks, p))
	return Certificate{Face: face, Off: NewEscape(d, cone.NewChart(blocks, p)), Evaluations: n}
}
