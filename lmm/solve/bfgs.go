package solve

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/cone"
)

// BFGS is the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno in
// the lower triangle of Lambda without bounds, with exact gradients and a line
// search that meets the strong Wolfe conditions (Nocedal and Wright 2006,
// sec. 6.1 and 3.5). At Lambda = 0 the gradient is zero for any data: it cannot
// leave there.
type BFGS struct{}

const (
	bfgsGoal      = 1e-11 // of the decrement by its own Hessian
	armijo        = 1e-4
	wolfe         = 0.9
	lineLength    = 10.0 // longest first step, in units
	lineTrials    = 30
	lineExpansion = 3.0
)

// Name is "bfgs".
func (BFGS) Name() string { return "bfgs" }

// Describe says what the method is.
func (BFGS) Describe() string { return "BFGS, exact gradients" }

// Minimize runs the method.
func (BFGS) Minimize(obj Objective, start cone.Point, set *Settings) *Result {
	s, x := newSearch(obj, start, set)
	n := len(x)
	g := make([]float64, n)
	at := linePoint{x: x, g: g, f: s.slope(g, x)}
	if math.IsInf(at.f, 1) {
		return s.end(Failed)
	}
	inverse := identity(n, 1)
	fresh := true // inverse is a multiple of the identity
	for !s.spent() {
		dir := times(inverse, at.g)
		var fall float64
		for i := range dir {
			dir[i] = -dir[i]
			fall += at.g[i] * dir[i]
		}
		if -fall/2 < bfgsGoal && !fresh || length(at.g) < 1e-9 {
			return s.end(Tolerance)
		}
		step := 1.0
		if size := length(dir); fresh {
			step = math.Min(1, 1/size)
		} else if size > lineLength {
			step = lineLength / size
		}
		next, ok := s.line(at, dir, fall, step)
		if !ok {
			if fresh {
				return s.end(Tolerance) // no descent is left that rounding lets be seen
			}
			inverse, fresh = identity(n, 1), true
			continue
		}
		if !update(inverse, at, next, fresh) {
			inverse = identity(n, 1)
			fresh = true
		} else {
			fresh = false
		}
		at = next
	}
	return s.end(IterationLimit)
}

// linePoint is a point of a line search, with the slope along the line.
type linePoint struct {
	t, f, slope float64
	x, g        []float64
}

// line looks for a point from at along dir that meets the strong Wolfe
// conditions: it brackets one, then halves or interpolates the bracket. Where
// rounding ends it early the lowest point is taken if it gains.
func (s *search) line(at linePoint, dir []float64, fall, step float64) (linePoint, bool) {
	if !(fall < 0) {
		return at, false
	}
	at.t, at.slope = 0, fall
	low, previous := at, at
	var high linePoint
	bracketed := false
	t := step
	for trial := 0; trial < lineTrials && !s.spent(); trial++ {
		p := s.along(at, dir, t)
		falls := p.f <= at.f+armijo*t*fall
		switch {
		case falls && math.Abs(p.slope) <= -wolfe*fall:
			return p, true
		case !bracketed && falls && p.f < previous.f && p.slope < 0:
			low, previous = p, p
			t *= lineExpansion
			continue
		case !bracketed:
			bracketed = true
			if falls && p.f < previous.f {
				low, high = p, previous
			} else {
				high = p
			}
		case !falls || p.f >= low.f:
			high = p
		default:
			if p.slope*(high.t-low.t) >= 0 {
				high = low
			}
			low = p
		}
		t = between(low, high)
		if math.Abs(high.t-low.t) < 1e-14*math.Max(low.t, high.t) {
			break
		}
	}
	return low, low.f < at.f
}

func (s *search) along(at linePoint, dir []float64, t float64) linePoint {
	p := linePoint{t: t, x: slices.Clone(at.x), g: make([]float64, len(dir))}
	for i, v := range dir {
		p.x[i] += t * v
	}
	p.f = s.slope(p.g, p.x)
	for i, v := range dir {
		p.slope += p.g[i] * v
	}
	return p
}

// between is the minimum of the parabola through the values at both ends and
// the slope at low, kept a tenth away from the ends; the middle where there is
// none.
func between(low, high linePoint) float64 {
	d := high.t - low.t
	mid := low.t + d/2
	bend := high.f - low.f - low.slope*d
	if !(bend > 0) || math.IsInf(bend, 1) {
		return mid
	}
	t := -low.slope * d / (2 * bend)
	return low.t + d*math.Min(0.9, math.Max(0.1, t))
}

// update changes the inverse Hessian by the step from a to b; false where the
// curvature along it is not positive. The first one sets its scale.
func update(inverse []float64, a, b linePoint, fresh bool) bool {
	n := len(a.x)
	step, y := make([]float64, n), make([]float64, n)
	var sy, yy float64
	for i := range step {
		step[i], y[i] = b.x[i]-a.x[i], b.g[i]-a.g[i]
		sy += step[i] * y[i]
		yy += y[i] * y[i]
	}
	if !(sy > 1e-14*length(step)*math.Sqrt(yy)) {
		return false
	}
	if fresh {
		copy(inverse, identity(n, sy/yy))
	}
	hy := times(inverse, y)
	var yhy float64
	for i, v := range y {
		yhy += v * hy[i]
	}
	for i := range n {
		for j := range n {
			inverse[i*n+j] += (1+yhy/sy)*step[i]*step[j]/sy - (hy[i]*step[j]+step[i]*hy[j])/sy
		}
	}
	return true
}

func identity(n int, scale float64) []float64 {
	a := make([]float64, n*n)
	for i := range n {
		a[i*n+i] = scale
	}
	return a
}

// times is A x for a square matrix.
func times(a, x []float64) []float64 {
	n := len(x)
	out := make([]float64, n)
	for i := range out {
		for j, v := range x {
			out[i] += a[i*n+j] * v
		}
	}
	return out
}
