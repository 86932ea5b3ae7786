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

// Examine collects the evidence at a point from the derivatives there. Unit is
// the size of Lambda below which a change is not noticed.
//
// Where the criterion is not finite there is no evidence: the decrement is NaN.
func Examine(blocks []cone.Block, p cone.Point, d *criterion.Derivs, unit float64) Certificate {
	if math.IsInf(d.F, 0) || math.IsNaN(d.F) {
		nan := []float64{math.NaN()}
		return Certificate{Face: &Local{Grad: nan, Hess: nan, Values: nan, Vectors: nan, GradIn: nan}, Off: Escape{Slope: math.Inf(1)}}
	}
	rank := make([]int, len(blocks))
	for b, blk := range blocks {
		rank[b] = cone.Rank(p[b], blk.K)
	}
	return Certificate{
		Face: NewLocal(d, cone.NewChart(blocks, p, unit, rank)),
		Off:  NewEscape(d, cone.NewChart(blocks, p, unit, nil), unit),
	}
}
