package solve

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
)

// trustStep is ballStep for the derivatives in a chart.
func trustStep(l *certify.Local, radius float64) (t []float64, predicted float64, newton bool) {
	return ballStep(l.Values, l.Vectors, l.GradIn, radius)
}

// ballStep minimises the quadratic model g't + t'Ht/2 over |t| <= radius
// through the eigenvalues of H (More and Sorensen 1983): t = -(H + mu I)^-1 g
// with the least mu >= 0 that makes H + mu I positive semidefinite and t short
// enough. In the hard case, g without a component along the lowest
// eigenvector, that eigenvector fills the length. Values are the eigenvalues,
// ascending, vectors their vectors by columns, grad is g in their basis. It
// returns the step, the drop the model promises and whether it is the full
// Newton step.
func ballStep(values, vectors, grad []float64, radius float64) (t []float64, predicted float64, newton bool) {
	m := len(values)
	low := values[0]
	y := make([]float64, m) // the step in the eigenbasis
	size := func(mu float64) float64 {
		var s float64
		for i, v := range values {
			y[i] = 0
			if d := v + mu; d > 0 {
				y[i] = -grad[i] / d
			} else if math.Abs(grad[i]) > 0 {
				return math.Inf(1)
			}
			s += y[i] * y[i]
		}
		return math.Sqrt(s)
	}
	top := math.Max(math.Abs(low), math.Abs(values[m-1]))
	tiny := 1e-10 * math.Max(top, 1e-3)
	switch {
	case low > tiny && size(0) <= radius:
		newton = true
	case low > -tiny && size(2*tiny) <= radius:
		newton = true // flat directions move by next to nothing
	default:
		floor := math.Max(0, -low) + tiny
		if n := size(floor); n <= radius {
			// Hard case: fill up along the lowest eigenvector, to the side to
			// which the gradient points, or to the positive one.
			fill := math.Sqrt(radius*radius - n*n + y[0]*y[0])
			y[0] = math.Copysign(fill, -grad[0])
			if grad[0] == 0 {
				y[0] = fill
			}
			break
		}
		lo, hi := floor, floor+length(grad)/radius
		for i := 0; i < 100 && hi-lo > 1e-12*hi; i++ {
			mid := math.Sqrt(lo) * math.Sqrt(hi)
			if mid <= lo || mid >= hi {
				mid = (lo + hi) / 2
			}
			if n := size(mid); n > radius {
				lo = mid
			} else if n < 0.9*radius {
				hi = mid
			} else {
				break
			}
		}
	}
	t = make([]float64, m)
	for j, v := range y {
		predicted -= grad[j]*v + values[j]*v*v/2
		for i := range t {
			t[i] += vectors[i*m+j] * v
		}
	}
	return t, predicted, newton
}
