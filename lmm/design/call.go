package design

import (
	"math"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/formula"
)

// call evaluates a function.
func (ev *evaluator) call(n *formula.Call) (*value, error) {
	if f := elementwise(n.Fun); f != nil && len(n.Args) == 1 {
		x, err := ev.numbers(n.Param("x"), n.Fun)
		if err != nil {
			return nil, err
		}
		return mapValue(x, f), nil
	}
	switch n.Fun {
	case "I":
		return ev.eval(n.Param("x"))
	case "log":
		return ev.logBase(n)
	case "as.integer", "as.numeric":
		return ev.asNumber(n)
	case "factor", "ordered", "as.factor":
		return ev.factor(n)
	case "scale", "center", "poly", "ns":
		return ev.learn(n)
	}
	return nil, errorAt(ev.src, n, "%s() cannot stand here", n.Fun)
}

func elementwise(fun string) func(float64) float64 {
	switch fun {
	case "log":
		return math.Log
	case "exp":
		return math.Exp
	case "sqrt":
		return math.Sqrt
	case "abs":
		return math.Abs
	case "sin":
		return math.Sin
	case "cos":
		return math.Cos
	case "log2":
		return math.Log2
	case "log10":
		return log10
	case "log1p":
		return math.Log1p
	}
	return nil
}

// log10 is exact for powers of ten, which math.Log10 is not.
func log10(x float64) float64 {
	y := math.Log10(x)
	if r := math.Round(y); math.Pow10(int(r)) == x {
		return r
	}
	return y
}

func (ev *evaluator) logBase(n *formula.Call) (*value, error) {
	x, err := ev.numbers(n.Param("x"), "log")
	if err != nil {
		return nil, err
	}
	base, err := ev.numbers(n.Param("base"), "the base of log")
	if err != nil {
		return nil, err
	}
	return zipValues(x, base, func(x, b float64) float64 { return math.Log(x) / math.Log(b) }), nil
}

// asNumber evaluates as.integer and as.numeric: a factor becomes the numbers
// of its levels from 1, text the number that it spells.
func (ev *evaluator) asNumber(n *formula.Call) (*value, error) {
	arg := n.Param("x")
	x, err := ev.eval(arg)
	if err != nil {
		return nil, err
	}
	if x.width > 1 {
		return nil, errorAt(ev.src, arg, "%s needs one column; %s is a matrix", n.Fun, arg)
	}
	if x.isFactor {
		byCode := make([]float64, len(x.levels))
		for k, l := range x.levels {
			byCode[k] = float64(k + 1)
			if x.text {
				if byCode[k], err = strconv.ParseFloat(strings.TrimSpace(l), 64); err != nil {
					return nil, errorAt(ev.src, arg, "%s is text and its value %q spells no number; for the numbers of its levels write %s(factor(%s))", arg, l, n.Fun, arg)
				}
			}
		}
		x = pick(byCode, x)
	}
	if n.Fun == "as.integer" {
		return mapValue(x, math.Trunc), nil
	}
	return mapValue(x, func(x float64) float64 { return x }), nil
}

// factor evaluates factor(x), ordered(x) and as.factor(x). The levels are
// those of the training data, or those listed.
func (ev *evaluator) factor(n *formula.Call) (*value, error) {
	arg := n.Param("x")
	x, err := ev.eval(arg)
	if err != nil {
		return nil, err
	}
	if x.width > 1 || x.constant {
		return nil, errorAt(ev.src, arg, "%s needs one column; %s is %s", n.Fun, arg, x.describe())
	}
	f := x.asFactor()
	switch {
	case n.Param("levels") != nil:
		levels, err := ev.levelList(n.Param("levels"))
		if err != nil {
			return nil, err
		}
		f, _ = f.withLevels(levels)
	case n.Fun != "as.factor":
		f = f.dropUnused()
	}
	f.ordered = n.Fun == "ordered" || f.ordered
	return f, nil
}

// levelList reads levels = c("a", "b").
func (ev *evaluator) levelList(n formula.Node) ([]string, error) {
	list, err := ev.constants(n)
	if err != nil {
		return nil, err
	}
	levels := make([]string, len(list))
	seen := map[string]bool{}
	for i, v := range list {
		levels[i] = constantText(v)
		if seen[levels[i]] {
			return nil, errorAt(ev.src, n, "the level %q is listed twice", levels[i])
		}
		seen[levels[i]] = true
	}
	return levels, nil
}

// constants reads c(1, 2, 3) or a single constant.
func (ev *evaluator) constants(n formula.Node) ([]*value, error) {
	list := []formula.Node{n}
	if c, ok := n.(*formula.Call); ok && c.Fun == "c" {
		list = list[:0]
		for _, a := range c.Args {
			list = append(list, a.Value)
		}
	}
	out := make([]*value, len(list))
	for i, item := range list {
		v, err := ev.eval(item)
		if err != nil {
			return nil, err
		}
		if !v.constant {
			return nil, errorAt(ev.src, item, "a constant is needed here; %s is a column", item)
		}
		out[i] = v
	}
	return out, nil
}

// number reads a numeric constant; n may be nil for an argument not given.
func (ev *evaluator) number(n formula.Node, missing float64) (float64, error) {
	if n == nil {
		return missing, nil
	}
	v, err := ev.eval(n)
	if err != nil {
		return 0, err
	}
	if !v.constant || v.isFactor || v.logical {
		return 0, errorAt(ev.src, n, "a number is needed here")
	}
	return v.numbers[0], nil
}

// flag reads TRUE or FALSE; n may be nil for an argument not given.
func (ev *evaluator) flag(n formula.Node, missing bool) (bool, error) {
	switch n := n.(type) {
	case nil:
		return missing, nil
	case *formula.Bool:
		return n.Value, nil
	case *formula.Ident:
		if n.Name == "T" || n.Name == "F" {
			return n.Name == "T", nil
		}
	}
	return false, errorAt(ev.src, n, "TRUE or FALSE is needed here")
}
