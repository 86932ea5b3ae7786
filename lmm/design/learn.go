package design

import (
	"math"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm/formula"
)

// learn evaluates the functions that remember something of the training data.
// They learn it from every row where their argument is present, also from rows
// that are not used because another variable is missing there, as in R.
func (ev *evaluator) learn(n *formula.Call) (*value, error) {
	arg := n.Param("x")
	x, err := ev.numbers(arg, n.Fun)
	if err != nil {
		return nil, err
	}
	if x.constant {
		return nil, errorAt(ev.src, arg, "%s needs a column; %s is a constant", n.Fun, arg)
	}
	if ev.training {
		present := slices.DeleteFunc(slices.Clone(x.numbers), math.IsNaN)
		if i := slices.IndexFunc(x.numbers, func(v float64) bool { return math.IsInf(v, 0) }); i >= 0 {
			return nil, infinite(ev.src, arg, i)
		}
		if len(present) == 0 {
			return nil, errorAt(ev.src, arg, "%s is missing in all rows", arg)
		}
		var t transform
		switch n.Fun {
		case "scale", "center":
			t, err = ev.learnScale(n, present)
		case "poly":
			t, err = ev.learnPoly(n, present)
		case "ns":
			t, err = ev.learnSpline(n, present)
		}
		if err != nil {
			return nil, err
		}
		ev.learned[n] = t
	}
	return ev.learned[n].apply(x), nil
}

// infinite is the error for an infinite value in row i of the table.
func infinite(src string, n formula.Node, i int) error {
	e := errorAt(src, n, "%s is infinite in row %d; correct the value, or leave it empty to drop the row", n, i+1)
	e.Row = i + 1
	return e
}

// scaling is (x - center) / scale.
type scaling struct{ center, scale float64 }

func (s scaling) apply(x *value) *value {
	return mapValue(x, func(x float64) float64 { return (x - s.center) / s.scale })
}

// learnScale evaluates the arguments of scale(x, center, scale) and center(x).
// Each is TRUE, FALSE or a number; scale = TRUE divides by the root of
// sum (x - center)^2 / (n - 1), the standard deviation if x is centred.
func (ev *evaluator) learnScale(n *formula.Call, x []float64) (transform, error) {
	s := scaling{0, 1}
	byMean, center, err := ev.flagOrNumber(n.Param("center"))
	if err != nil {
		return nil, err
	}
	if s.center = center; byMean {
		s.center = mean(x)
	}
	if n.Fun == "center" {
		return s, nil
	}
	bySD, scale, err := ev.flagOrNumber(n.Param("scale"))
	if err != nil {
		return nil, err
	}
	switch {
	case bySD:
		ss := 0.0
		for _, v := range x {
			ss += (v - s.center) * (v - s.center)
		}
		s.scale = math.Sqrt(ss / float64(len(x)-1))
	case scale != 0:
		s.scale = scale
	}
	if s.scale == 0 || math.IsNaN(s.scale) {
		return nil, errorAt(ev.src, n, "%s cannot be scaled: it has the same value in all rows", n.Param("x"))
	}
	return s, nil
}

// flagOrNumber reads an argument that is TRUE (the default), FALSE or a
// number; FALSE is returned as the number 0.
func (ev *evaluator) flagOrNumber(n formula.Node) (flag bool, number float64, err error) {
	if n == nil {
		return true, 0, nil
	}
	if v, err := ev.eval(n); err == nil && v.constant && !v.isFactor && !v.logical {
		return false, v.numbers[0], nil
	}
	flag, err = ev.flag(n, true)
	return flag, 0, err
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	m := sum / float64(len(x))
	rest := 0.0
	for _, v := range x {
		rest += v - m
	}
	return m + rest/float64(len(x))
}

// distinct returns how many different values x has, counting up to limit.
func distinct(x []float64, limit int) int {
	seen := map[float64]bool{}
	for _, v := range x {
		seen[v] = true
		if len(seen) >= limit {
			break
		}
	}
	return len(seen)
}

// whole reads a whole number from 1 to limit.
func (ev *evaluator) whole(n formula.Node, missing, limit int, what string) (int, error) {
	v, err := ev.number(n, float64(missing))
	if err != nil {
		return 0, err
	}
	if v < 1 || v > float64(limit) || v != math.Trunc(v) {
		return 0, errorAt(ev.src, n, "%s is a whole number from 1 to %d", what, limit)
	}
	return int(v), nil
}

// numbered returns "1" to "k", the suffixes of the columns of a basis; a
// single column has none.
func numbered(k int) []string {
	if k == 1 {
		return []string{""}
	}
	s := make([]string, k)
	for j := range s {
		s[j] = strconv.Itoa(j + 1)
	}
	return s
}
