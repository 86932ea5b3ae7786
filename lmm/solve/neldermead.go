package solve

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/cone"
)

// NelderMead is the simplex method of Nelder and Mead (1965) with the
// coefficients of Gao and Han (2012), which depend on the dimension, in the lower
// triangle of Lambda without bounds: the criterion is even in its columns. It is
// begun anew at its end, with another simplex, until that gains nothing.
type NelderMead struct{}

const (
	simplexSize  = 1.0   // edge of the first simplex, in units
	simplexSmall = 1e-6  // spread of the corners at which it stops, relative to their size or 1 unit
	simplexFlat  = 1e-13 // difference of the criterion, relative, that is rounding
	simplexGain  = 1e-7  // of the criterion, that makes a new beginning worth while
)

// Name is "nelder-mead".
func (NelderMead) Name() string { return "nelder-mead" }

// Describe says what the method is.
func (NelderMead) Describe() string {
	return "Nelder-Mead simplex, begun anew until that gains nothing"
}

// Minimize runs the method.
func (NelderMead) Minimize(obj Objective, start cone.Point, set *Settings) *Result {
	s, x := newSearch(obj, start, set)
	size := simplexSize
	for {
		before := s.f
		s.simplex(x, size)
		if s.spent() || math.IsInf(s.f, 1) || before-s.f < simplexGain {
			return s.end(Tolerance)
		}
		x = slices.Clone(s.best)
		size = -size / 2 // to the other side
	}
}

// corner is a point of a simplex.
type corner struct {
	x []float64
	f float64
}

// simplex runs the method from the corner x (Lagarias, Reeds, Wright and Wright
// 1998, sec. 2).
func (s *search) simplex(x []float64, size float64) {
	n := len(x)
	expand := 1 + 2/float64(n)
	contract := 0.75 - 1/(2*float64(n))
	shrink := 1 - 1/float64(n)
	if n == 1 {
		expand, contract, shrink = 2, 0.5, 0.5
	}
	corners := make([]corner, n+1)
	for i := range corners {
		p := slices.Clone(x)
		if i > 0 {
			p[i-1] += size * math.Max(1, math.Abs(p[i-1])/4)
		}
		corners[i] = corner{p, s.value(p)}
	}
	centre, trial := make([]float64, n), make([]float64, n)
	at := func(t float64) corner { // centre + t (centre - worst)
		for j := range trial {
			trial[j] = centre[j] + t*(centre[j]-corners[n].x[j])
		}
		return corner{slices.Clone(trial), s.value(trial)}
	}
	for !s.spent() {
		slices.SortStableFunc(corners, func(a, b corner) int {
			switch {
			case a.f < b.f:
				return -1
			case a.f > b.f:
				return 1
			}
			return 0
		})
		if collapsed(corners) {
			return
		}
		clear(centre)
		for _, c := range corners[:n] {
			for j, v := range c.x {
				centre[j] += v / float64(n)
			}
		}
		reflected := at(1)
		switch {
		case reflected.f < corners[0].f:
			if further := at(expand); further.f < reflected.f {
				reflected = further
			}
			corners[n] = reflected
			continue
		case reflected.f < corners[n-1].f:
			corners[n] = reflected
			continue
		}
		t, limit := contract, reflected.f
		if !(reflected.f < corners[n].f) {
			t, limit = -contract, corners[n].f
		}
		if c := at(t); c.f <= limit && !math.IsInf(c.f, 1) {
			corners[n] = c
			continue
		}
		for i := 1; i <= n; i++ {
			for j, v := range corners[0].x {
				corners[i].x[j] = v + shrink*(corners[i].x[j]-v)
			}
			corners[i].f = s.value(corners[i].x)
		}
	}
}

// collapsed says that the corners, sorted, are one point or have one value.
func collapsed(c []corner) bool {
	var spread, size float64
	for _, p := range c[1:] {
		for j, v := range p.x {
			spread = math.Max(spread, math.Abs(v-c[0].x[j]))
			size = math.Max(size, math.Abs(c[0].x[j]))
		}
	}
	tiny := spread <= simplexSmall*math.Max(1, size)
	flat := c[len(c)-1].f-c[0].f <= simplexFlat*(1+math.Abs(c[0].f))
	return tiny || flat && spread <= 1e3*simplexSmall*math.Max(1, size)
}
