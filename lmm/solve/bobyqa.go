package solve

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/cone"
)

// BOBYQA is bound optimization by quadratic approximation after Powell (2009),
// without derivatives, in the lower triangle of Lambda with its diagonal not
// below 0: the method and the coordinates of many programs, false minima
// included. It is a variant: the interpolation equations are solved anew in each
// step, not updated, the step comes from eigenvalues (boxStep), and the tests on
// past errors of the model before rho falls are left out.
type BOBYQA struct{}

const (
	rhoBegin = 0.2  // first trust radius over the extent of the start
	rhoEnd   = 1e-6 // last trust radius over the extent of the end
)

// Name is "bobyqa".
func (BOBYQA) Name() string { return "bobyqa" }

// Describe says what the method is.
func (BOBYQA) Describe() string {
	return "BOBYQA, quadratic interpolation with bounds, no derivatives"
}

// Minimize runs the method.
func (BOBYQA) Minimize(obj Objective, start cone.Point, set *Settings) *Result {
	s, x := newSearch(obj, start, set)
	size := extent(x)
	rho, last := rhoBegin*size, rhoEnd*size
	for i, low := range s.lower { // off the bounds, or on them
		if x[i] > low && x[i] < low+rho {
			x[i] = low + rho
		}
	}
	for !s.spent() {
		q := s.newInterpolant(x, rho)
		if math.IsInf(s.f, 1) {
			return s.end(Failed)
		}
		var done bool
		rho, done = s.bobyqa(q, rho, last)
		// Otherwise the points do not determine a model: others about the best.
		x = slices.Clone(s.best)
		if done {
			if size = extent(x); rhoEnd*size > last/10 {
				return s.end(Tolerance)
			}
			rho, last = rhoBegin*size, rhoEnd*size // the start was far out, the end is not
		}
	}
	return s.end(IterationLimit)
}

// extent is the largest coordinate, at least one unit.
func extent(x []float64) float64 {
	size := 1.0
	for _, v := range x {
		size = math.Max(size, math.Abs(v))
	}
	return size
}

// bobyqa runs with trust radii from rho down to last. It is not done where the
// points have to be chosen anew, at the rho then returned.
func (s *search) bobyqa(q *interpolant, rho, last float64) (float64, bool) {
	if !finiteCorners(q.points) || !q.fit() {
		return math.Max(rho/2, last), rho <= last
	}
	radius := rho
	for !s.spent() {
		step := boxStep(&q.quadratic, s.room(q), radius)
		size := length(step)
		ratio := -1.0
		if size >= rho/2 {
			promised := -q.at(step)
			before := q.points[q.best].f
			x := sum(q.points[q.best].x, step)
			f := s.value(x)
			ratio = (before - f) / promised
			if !(promised > 0) || math.IsNaN(ratio) {
				ratio = -1
			}
			radius = nextRadius(radius, size, rho, ratio)
			if !math.IsInf(f, 1) && !q.replace(q.leaving(step, radius, f < before), corner{x, f}) {
				return rho, false
			}
			if ratio >= 0.1 {
				continue
			}
		}
		if t, dist := q.farthest(); dist > 2*math.Max(radius, rho) && dist > 2*rho {
			if ok := s.spread(q, t, math.Max(math.Min(dist/10, radius), rho)); !ok {
				return rho, false
			}
			continue
		}
		if size >= rho/2 && (ratio > 0 || radius > rho) {
			continue
		}
		if rho <= last {
			if size > 0 && size < rho/2 { // the step that was too short to be worth it
				s.value(sum(q.points[q.best].x, step))
			}
			return rho, true
		}
		radius = rho / 2
		rho = nextRho(rho, last)
		radius = math.Max(radius, rho)
	}
	return rho, false
}

// nextRadius changes the trust radius after a step (Powell 2009, sec. 2).
func nextRadius(radius, size, rho, ratio float64) float64 {
	switch {
	case ratio <= 0.1:
		radius = math.Min(radius/2, size)
	case ratio <= 0.7:
		radius = math.Max(radius/2, size)
	default:
		radius = math.Max(radius/2, 2*size)
	}
	if radius <= 1.5*rho {
		return rho
	}
	return radius
}

// nextRho lowers the least trust radius (Powell 2009, sec. 6).
func nextRho(rho, last float64) float64 {
	switch ratio := rho / last; {
	case ratio <= 16:
		return last
	case ratio <= 250:
		return math.Sqrt(ratio) * last
	}
	return rho / 10
}

// room is what is left to the bounds from the lowest point.
func (s *search) room(q *interpolant) []float64 {
	return difference(s.lower, q.points[q.best].x)
}

// farthest is the point farthest from the lowest one.
func (q *interpolant) farthest() (t int, dist float64) {
	for i := range q.points {
		if d := q.distance(i); d > dist {
			t, dist = i, d
		}
	}
	return t, dist
}

// leaving is the point that a step takes the place of: one with a large
// Lagrange function there, which keeps the equations regular, the more readily
// the farther away it is (Powell 2009, sec. 4). The lowest may go if the step
// is lower.
func (q *interpolant) leaving(step []float64, radius float64, lower bool) int {
	to := q.points[q.best].x
	if lower {
		to = sum(to, step)
	}
	values := q.functions(step)
	most, at := -1.0, -1
	for t, p := range q.points {
		if t == q.best && !lower {
			continue
		}
		d := length(difference(p.x, to)) / radius
		if v := math.Abs(values[t]) * math.Max(1, d*d*d*d); v > most {
			most, at = v, t
		}
	}
	return at
}

// spread puts point t where its Lagrange function is large within a radius of
// the lowest point, so that the model is determined well there.
func (s *search) spread(q *interpolant, t int, radius float64) bool {
	up := q.function(t)
	down := quadratic{make([]float64, len(up.g)), make([]float64, len(up.h))}
	for i, v := range up.g {
		down.g[i] = -v
	}
	for i, v := range up.h {
		down.h[i] = -v
	}
	room := s.room(q)
	a, b := boxStep(&up, room, radius), boxStep(&down, room, radius)
	if math.Abs(up.at(b)) > math.Abs(up.at(a)) {
		a = b
	}
	if length(a) == 0 {
		return false
	}
	x := sum(q.points[q.best].x, a)
	f := s.value(x)
	return !math.IsInf(f, 1) && q.replace(t, corner{x, f})
}

// replace puts a point in the place of point t and fits the model again.
func (q *interpolant) replace(t int, p corner) bool {
	from := q.points[q.best].x
	q.points[t] = p
	q.lowest()
	q.centre(from)
	return q.fit()
}

func sum(a, b []float64) []float64 {
	s := make([]float64, len(a))
	for i, v := range a {
		s[i] = v + b[i]
	}
	return s
}

func finiteCorners(c []corner) bool {
	for _, p := range c {
		if math.IsInf(p.f, 1) {
			return false
		}
	}
	return true
}
