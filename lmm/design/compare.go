package design

import (
	"math"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/table"
)

// comparison evaluates x op y. Factors and text are compared by their levels;
// < and the like need numbers or an ordered factor.
func (ev *evaluator) comparison(n *formula.Binary) (*value, error) {
	x, err := ev.eval(n.X)
	if err != nil {
		return nil, err
	}
	y, err := ev.eval(n.Y)
	if err != nil {
		return nil, err
	}
	for _, side := range []struct {
		v *value
		n formula.Node
	}{{x, n.X}, {y, n.Y}} {
		if side.v.width > 1 {
			return nil, errorAt(ev.src, side.n, "%s compares single columns; %s is a matrix", n.Op, side.n)
		}
	}
	if !x.isFactor && !y.isFactor {
		return logical(zipValues(x, y, compareNumbers(n.Op))), nil
	}
	op := n.Op
	xn, yn := n.X, n.Y
	if x.constant && !y.constant {
		x, y, xn, yn, op = y, x, yn, xn, mirrored(op)
	}
	switch {
	case x.isFactor && y.constant:
		return ev.compareLevel(op, x, xn, y, yn)
	case x.isFactor && y.isFactor && (op == "==" || op == "!="):
		return compareFactors(op, x, y), nil
	}
	return nil, errorAt(ev.src, n, "%s and %s cannot be compared by %s: %s is %s, %s is %s",
		xn, yn, op, xn, x.describe(), yn, y.describe())
}

func compareNumbers(op string) func(x, y float64) float64 {
	switch op {
	case "==":
		return func(x, y float64) float64 { return truth(x == y, x, y) }
	case "!=":
		return func(x, y float64) float64 { return truth(x != y, x, y) }
	case "<":
		return func(x, y float64) float64 { return truth(x < y, x, y) }
	case "<=":
		return func(x, y float64) float64 { return truth(x <= y, x, y) }
	case ">":
		return func(x, y float64) float64 { return truth(x > y, x, y) }
	}
	return func(x, y float64) float64 { return truth(x >= y, x, y) }
}

// mirrored returns the operator that says the same with the sides exchanged.
func mirrored(op string) string {
	switch op {
	case "<":
		return ">"
	case "<=":
		return ">="
	case ">":
		return "<"
	case ">=":
		return "<="
	}
	return op
}

// compareLevel compares a factor with one of its levels.
func (ev *evaluator) compareLevel(op string, x *value, xn formula.Node, y *value, yn formula.Node) (*value, error) {
	level, err := ev.level(x, xn, y, yn)
	if err != nil {
		return nil, err
	}
	if op != "==" && op != "!=" && !x.ordered {
		return nil, errorAt(ev.src, xn, "%s compares numbers or an ordered factor; %s is %s", op, xn, x.describe())
	}
	holds := compareNumbers(op)
	byCode := make([]float64, len(x.levels))
	for k := range byCode {
		byCode[k] = holds(float64(k), float64(level))
	}
	return pick(byCode, x), nil
}

// level finds the level of x that a constant names. While training a level
// that does not exist is an error, since it is most likely misspelt; in new
// data it is -1.
func (ev *evaluator) level(x *value, xn formula.Node, y *value, yn formula.Node) (int, error) {
	text := constantText(y)
	for k, l := range x.levels {
		if l == text {
			return k, nil
		}
	}
	if !ev.training {
		return -1, nil
	}
	if near := nearest.Name(text, x.levels); near != "" {
		return 0, errorAt(ev.src, yn, "%s has no level %q; did you mean %q?", xn, text, near)
	}
	return 0, errorAt(ev.src, yn, "%s has no level %q; its levels are %s", xn, text, listText(x.levels))
}

// constantText spells a constant as the level of a factor is spelt.
func constantText(v *value) string {
	if v.isFactor {
		return v.levels[0]
	}
	return table.NewFloats("", v.numbers).Text(0)
}

// pick returns a logical value by the level of x.
func pick(byCode []float64, x *value) *value {
	out := make([]float64, len(x.codes))
	for i, c := range x.codes {
		if c < 0 {
			out[i] = math.NaN()
		} else {
			out[i] = byCode[c]
		}
	}
	v := logical(numberValue(out))
	v.constant = x.constant
	return v
}

// compareFactors compares two factors by the text of their levels.
func compareFactors(op string, x, y *value) *value {
	z, _ := y.withLevels(x.levels)
	out := make([]float64, len(x.codes))
	for i, c := range x.codes {
		switch {
		case c < 0 || y.codes[i] < 0:
			out[i] = math.NaN()
		case (c == z.codes[i]) == (op == "=="):
			out[i] = 1
		}
	}
	return logical(numberValue(out))
}

// member evaluates x %in% c(...). A missing x is in no list of values, as in R.
func (ev *evaluator) member(n *formula.Binary) (*value, error) {
	x, err := ev.eval(n.X)
	if err != nil {
		return nil, err
	}
	list := []formula.Node{n.Y}
	if c, ok := n.Y.(*formula.Call); ok && c.Fun == "c" {
		list = list[:0]
		for _, a := range c.Args {
			list = append(list, a.Value)
		}
	}
	out := make([]float64, x.rows())
	for _, item := range list {
		y, err := ev.eval(item)
		if err != nil {
			return nil, err
		}
		if !y.constant || !x.isFactor && y.isFactor || x.width > 1 {
			return nil, errorAt(ev.src, item, "%%in%% compares a column with constants, as in f %%in%% c(\"a\", \"b\")")
		}
		if !x.isFactor {
			for i, v := range x.numbers {
				if v == y.numbers[0] {
					out[i] = 1
				}
			}
			continue
		}
		level, err := ev.level(x, n.X, y, item)
		if err != nil {
			return nil, err
		}
		for i, c := range x.codes {
			if c >= 0 && int(c) == level {
				out[i] = 1
			}
		}
	}
	v := logical(numberValue(out))
	v.constant = x.constant
	return v, nil
}
