package design

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/formula"
)

// naturalSpline is a basis of the cubic splines that are linear beyond the
// boundary knots, without the constant. It is the B-spline basis b of order 4,
// its first function left out, restricted to the null space of the second
// derivatives at the two boundary knots: with C the 2 x m matrix of those
// derivatives and Q R = C' (Householder), the columns are the last m - 2 of Q'b.
// See de Boor (2001), A Practical Guide to Splines; Hastie (1992), in Chambers
// and Hastie, Statistical Models in S, chapter 7.
type naturalSpline struct {
	knots []float64   // boundary knots four times each
	null  [][]float64 // m - 2 rows of m: the last rows of Q'
}

// learnSpline evaluates the arguments of ns(x, df, knots). With df the df - 1
// inner knots stand at quantiles of x.
func (ev *evaluator) learnSpline(n *formula.Call, x []float64) (transform, error) {
	arg := n.Param("x")
	slices.Sort(x)
	low, high := x[0], x[len(x)-1]
	if low == high {
		return nil, errorAt(ev.src, arg, "a spline needs different values; %s is %g in all rows", arg, low)
	}
	var inner []float64
	if given := n.Param("knots"); given != nil {
		list, err := ev.constants(given)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			if v.isFactor || v.numbers[0] <= low || v.numbers[0] >= high {
				return nil, errorAt(ev.src, given, "the knots lie between the smallest and the largest value of %s, %g and %g", arg, low, high)
			}
			inner = append(inner, v.numbers[0])
		}
		slices.Sort(inner)
	} else {
		df, err := ev.whole(n.Param("df"), 1, maxDegree, "the df of ns")
		if err != nil {
			return nil, err
		}
		for j := 1; j < df; j++ {
			inner = append(inner, quantile(x, float64(j)/float64(df)))
		}
		if df > 1 && (inner[0] == low || inner[df-2] == high) {
			return nil, errorAt(ev.src, n, "%s has too few different values for %d degrees of freedom: a knot would fall on its smallest or largest value", arg, df)
		}
	}
	return newNaturalSpline(low, high, inner), nil
}

// quantile interpolates linearly between the sorted values of x (type 7 of
// Hyndman and Fan 1996, American Statistician 50, 361-365).
func quantile(x []float64, p float64) float64 {
	h := p * float64(len(x)-1)
	i := min(int(h), len(x)-1)
	if i == len(x)-1 {
		return x[i]
	}
	return x[i] + (h-float64(i))*(x[i+1]-x[i])
}

func newNaturalSpline(low, high float64, inner []float64) *naturalSpline {
	s := &naturalSpline{knots: []float64{low, low, low, low}}
	s.knots = append(s.knots, inner...)
	s.knots = append(s.knots, high, high, high, high)
	m := len(s.knots) - 5
	c := make([][]float64, 2) // the columns of C'
	for e, x := range []float64{low, high} {
		c[e] = make([]float64, m)
		for j := range m {
			c[e][j] = s.derivative(j+1, 4, x, 2)
		}
	}
	// Q' = H_1 H_0 by its columns: each unit vector is reflected twice.
	v0 := householder(c[0], 0)
	reflect(c[1], v0)
	v1 := householder(c[1], 1)
	s.null = make([][]float64, m-2)
	for r := range s.null {
		s.null[r] = make([]float64, m)
	}
	for j := range m {
		unit := make([]float64, m)
		unit[j] = 1
		reflect(unit, v0)
		reflect(unit, v1)
		for r := range s.null {
			s.null[r][j] = unit[r+2]
		}
	}
	return s
}

// householder returns v with I - 2 v v' / v'v mapping x[k:] onto a multiple
// of its first unit vector, opposite in sign to x[k].
func householder(x []float64, k int) []float64 {
	v := make([]float64, len(x))
	norm := 0.0
	for i := k; i < len(x); i++ {
		v[i] = x[i]
		norm = math.Hypot(norm, x[i])
	}
	v[k] += math.Copysign(norm, v[k])
	return v
}

// reflect replaces x by (I - 2 v v' / v'v) x.
func reflect(x, v []float64) {
	vx, vv := 0.0, 0.0
	for i, c := range v {
		vx += c * x[i]
		vv += c * c
	}
	if vv == 0 {
		return
	}
	for i, c := range v {
		x[i] -= 2 * vx / vv * c
	}
}

// derivative returns the d-th derivative at x of the B-spline of the given
// order that begins at knot i. At the last knot it is the limit from the left.
func (s *naturalSpline) derivative(i, order int, x float64, d int) float64 {
	t := s.knots
	if order == 1 {
		last := t[len(t)-1]
		if d > 0 || x < t[i] || x > t[i+1] || t[i] == t[i+1] || x == t[i+1] && x != last {
			return 0
		}
		return 1
	}
	left, right := t[i+order-1]-t[i], t[i+order]-t[i+1]
	sum := 0.0
	if d > 0 {
		if left > 0 {
			sum += float64(order-1) / left * s.derivative(i, order-1, x, d-1)
		}
		if right > 0 {
			sum -= float64(order-1) / right * s.derivative(i+1, order-1, x, d-1)
		}
		return sum
	}
	if left > 0 {
		sum += (x - t[i]) / left * s.derivative(i, order-1, x, 0)
	}
	if right > 0 {
		sum += (t[i+order] - x) / right * s.derivative(i+1, order-1, x, 0)
	}
	return sum
}

func (s *naturalSpline) apply(x *value) *value {
	m := len(s.knots) - 5
	low, high := s.knots[0], s.knots[len(s.knots)-1]
	b := make([]float64, m)
	return basis(x, m-2, func(v float64, row []float64) {
		at := math.Min(math.Max(v, low), high)
		for j := range b {
			b[j] = s.derivative(j+1, 4, at, 0)
			if v != at {
				b[j] += (v - at) * s.derivative(j+1, 4, at, 1)
			}
		}
		for r, null := range s.null {
			sum := 0.0
			for j, c := range null {
				sum += c * b[j]
			}
			row[r] = sum
		}
	})
}
