package plots

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/solve"
)

// contourWork is how many criteria newContours evaluates and minimises.
type contourWork struct {
	grid   int // points of each parameter
	starts int // scattered ones of searches for other minima
}

// workOf is less for a slow model.
func workOf(m *lmm.Model) contourWork {
	if slow(m) {
		return contourWork{grid: 25, starts: 2}
	}
	return contourWork{grid: 61, starts: 12}
}

// found is a minimum and where it is.
type found struct {
	p cone.Point
	f float64
}

// minimaOf searches from the estimates, from the starts of a fit and from
// so many scattered points, and returns the different minima, lowest first.
func minimaOf(s *relative, scattered int) (best float64, list []found) {
	obj := s.obj.Criterion
	starts, _ := solve.Starts(obj, obj.Gram())
	starts = append(slices.Clone(starts), solve.Scattered(obj, scattered, 1)...)
	list = []found{{s.obj.Point, obj.Value(s.obj.Point)}}
	for _, start := range starts {
		r := solve.Minimize(obj, start, nil)
		if r.Status != solve.Minimum {
			continue
		}
		r = solve.Settle(obj, r, nil)
		list = append(list, found{r.Point, obj.Value(r.Point)})
	}
	slices.SortStableFunc(list, func(a, b found) int {
		if d := a.f - b.f; math.Abs(d) > 1e-6 {
			return int(math.Copysign(1, d))
		}
		return 0
	})
	best = list[0].f
	var out []found
	for _, q := range list {
		if !slices.ContainsFunc(out, func(o found) bool { return alike(s, o, q) }) {
			out = append(out, q)
		}
	}
	return best, out
}

// alike says that two minima are one: the same criterion and covariance.
func alike(s *relative, a, b found) bool {
	if math.Abs(a.f-b.f) > 1e-4 {
		return false
	}
	for t := range s.obj.Blocks() {
		p, q := s.psi(a.p, t), s.psi(b.p, t)
		for i := range p {
			for j := range p {
				scale := 1e-2*math.Sqrt(p[i][i]*p[j][j]+q[i][i]*q[j][j]) + 1e-4
				if math.Abs(p[i][j]-q[i][j]) > scale {
					return false
				}
			}
		}
	}
	return true
}
