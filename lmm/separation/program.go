package separation

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

const (
	// violated: a constraint below minus this, in coordinates of size 1, is not met.
	violated = 1e-9
	// smallestPivot: entries of the entering column below it do not leave.
	smallestPivot = 1e-10
	// pivotsEach is the number of pivots allowed for each dimension; twice the
	// dimension is what they take.
	pivotsEach = 200
	// anew is the number of pivots after which the inverse is computed anew.
	anew = 50
)

// errPivots: the simplex method did not arrive.
var errPivots = errors.New("the linear programme did not end")

// maximise solves
//
//	max c'z  subject to  b'z >= 0 for all constraints, -1 <= z_j <= 1
//
// by the revised simplex method on its dual
//
//	min sum(u + v)  subject to  -B'lambda + u - v = c,  lambda, u, v >= 0
//
// whose columns b are asked for one by one: worst returns the most violated
// constraint at z, nil if none is. The result is the box's vertex or 0, which is
// optimal if and only if no direction improves. r = len(c) rows make the basis,
// so that a pivot costs r^2 operations and one pass over the rows. c is in general
// position (see weight), which keeps the dual from being degenerate.
func maximise(c []float64, worst func(z []float64) []float64) ([]float64, error) {
	s := newSimplex(c)
	for range pivotsEach * (s.r + 1) {
		z := s.prices()
		price, ok := entering(s.enter, z, worst)
		if !ok && s.since > 0 { // rounding of the updates
			if !s.invert() {
				return nil, errPivots
			}
			continue
		}
		if !ok {
			return z, nil
		}
		if !s.pivot(price) {
			return nil, errPivots
		}
	}
	return nil, errPivots
}

// simplex is a basis of the dual: its columns, their costs and values, and its
// inverse.
type simplex struct {
	r           int
	goal        []float64
	columns     *mat.Dense
	inverse     *mat.Dense
	since       int // updates of the inverse
	cost, value []float64
	enter, move []float64
}

func newSimplex(c []float64) *simplex {
	r := len(c)
	s := &simplex{r: r, goal: c, columns: mat.NewDense(r, r, nil), inverse: mat.NewDense(r, r, nil),
		cost: make([]float64, r), value: make([]float64, r), enter: make([]float64, r), move: make([]float64, r)}
	for j, v := range c {
		s.columns.Set(j, j, math.Copysign(1, v))
		s.inverse.Set(j, j, math.Copysign(1, v))
		s.cost[j], s.value[j] = 1, math.Abs(v)
	}
	return s
}

// prices are the dual variables of the basis, which are z.
func (s *simplex) prices() []float64 {
	z := make([]float64, s.r)
	for i, c := range s.cost {
		if c != 0 {
			for j, v := range s.inverse.RawRowView(i) {
				z[j] += c * v
			}
		}
	}
	return z
}

// pivot brings the column enter into the basis; false where no other can leave.
func (s *simplex) pivot(price float64) bool {
	for i := range s.move {
		s.move[i] = dot(s.inverse.RawRowView(i), s.enter)
	}
	leave := leaving(s.value, s.move)
	if leave < 0 {
		return false
	}
	s.columns.SetCol(leave, s.enter)
	s.cost[leave] = price
	if s.since++; s.since == anew {
		return s.invert()
	}
	row, by := s.inverse.RawRowView(leave), s.move[leave]
	for j := range row {
		row[j] /= by
	}
	s.value[leave] /= by
	for i, m := range s.move {
		if i == leave || m == 0 {
			continue
		}
		own := s.inverse.RawRowView(i)
		for j, v := range row {
			own[j] -= m * v
		}
		s.value[i] = math.Max(s.value[i]-m*s.value[leave], 0) // rounding
	}
	return true
}

// invert computes the inverse and the values from the columns; false where they
// depend on each other.
func (s *simplex) invert() bool {
	s.since = 0
	if err := s.inverse.Inverse(s.columns); err != nil {
		if c, ok := err.(mat.Condition); !ok || math.IsInf(float64(c), 1) {
			return false
		}
	}
	for i := range s.value {
		s.value[i] = math.Max(dot(s.inverse.RawRowView(i), s.goal), 0)
	}
	return true
}

// entering is the column with the most negative reduced cost, and its cost: a
// violated constraint before a bound of the box.
func entering(column, z []float64, worst func([]float64) []float64) (cost float64, ok bool) {
	if b := worst(z); b != nil {
		for j, v := range b {
			column[j] = -v
		}
		return 0, true
	}
	at := -1
	for j, v := range z {
		if math.Abs(v) > 1+violated && (at < 0 || math.Abs(v) > math.Abs(z[at])) {
			at = j
		}
	}
	if at < 0 {
		return 0, false
	}
	clear(column)
	column[at] = math.Copysign(1, z[at])
	return 1, true
}

// leaving is the variable that the ratio test takes out, -1 if there is none.
func leaving(value, move []float64) int {
	at, least := -1, math.Inf(1)
	for j, m := range move {
		if m <= smallestPivot {
			continue
		}
		ratio := value[j] / m
		if ratio < least-1e-14 || ratio <= least+1e-14 && m > move[at] {
			at, least = j, math.Min(ratio, least)
		}
	}
	return at
}

// weight is the positive weight of a row in the objective: any do (see the
// package comment), and irregular ones leave no ties in the ratio test. It is the
// fractional part of multiples of the golden section, from 1 to 2.
func weight(i int) float64 {
	_, fraction := math.Modf(float64(i+1) * 0.6180339887498949)
	return 1 + fraction
}
