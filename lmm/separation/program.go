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
// so that a pivot costs r^3 operations and one pass over the rows. c is in general
// position (see weight), which keeps the dual from being degenerate.
func maximise(c []float64, worst func(z []float64) []float64) ([]float64, error) {
	r := len(c)
	columns := mat.NewDense(r, r, nil) // of the basis
	cost, value := make([]float64, r), make([]float64, r)
	for j, v := range c {
		columns.Set(j, j, math.Copysign(1, v))
		cost[j], value[j] = 1, math.Abs(v)
	}
	enter := make([]float64, r)
	var lu mat.LU
	var z, move, x mat.VecDense
	for range pivotsEach * (r + 1) {
		lu.Factorize(columns)
		if err := lu.SolveVecTo(&z, true, mat.NewVecDense(r, cost)); err != nil && math.IsInf(lu.Cond(), 1) {
			return nil, errPivots
		}
		price, ok := entering(enter, z.RawVector().Data, worst)
		if !ok {
			return z.RawVector().Data, nil
		}
		if err := lu.SolveVecTo(&move, false, mat.NewVecDense(r, enter)); err != nil && math.IsInf(lu.Cond(), 1) {
			return nil, errPivots
		}
		leave := leaving(value, move.RawVector().Data)
		if leave < 0 {
			return nil, errPivots
		}
		columns.SetCol(leave, enter)
		cost[leave] = price
		lu.Factorize(columns)
		if err := lu.SolveVecTo(&x, false, mat.NewVecDense(r, c)); err != nil && math.IsInf(lu.Cond(), 1) {
			return nil, errPivots
		}
		for j := range value {
			value[j] = math.Max(x.AtVec(j), 0) // rounding
		}
	}
	return nil, errPivots
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
