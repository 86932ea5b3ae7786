package plots

import (
	"cmp"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/diagnose"
)

// contourWork is how many criteria newContours evaluates and minimises.
type contourWork struct {
	grid   int // points of each parameter
	starts int // of searches for other minima
}

// workOf is less for a slow model.
func workOf(m *lmm.Model) contourWork {
	if slow(m) {
		return contourWork{grid: 25, starts: 4}
	}
	return contourWork{grid: 61, starts: 24}
}

// minimaOf are the minima that diagnose.AllFit finds by Newton's method from so many
// starts, and that of the fit, lowest first; ridge says that the lowest is one of many
// points with the same criterion.
func minimaOf(s *relative, starts int) (points []cone.Point, ridge bool) {
	r, err := diagnose.AllFit(s.m, &diagnose.AllFitOptions{Optimizers: []string{"newton"}, Starts: starts, Seed: 1})
	if err != nil {
		return []cone.Point{s.obj.Point}, false
	}
	points = r.Points()
	if r.At < 0 {
		points = append(points, s.obj.Point)
	} else {
		points[r.At] = s.obj.Point
	}
	slices.SortStableFunc(points, func(p, q cone.Point) int { return cmp.Compare(s.obj.Value(p), s.obj.Value(q)) })
	return points, r.Agreement == diagnose.OtherParameters
}
