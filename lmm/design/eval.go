package design

import (
	"math"
	"strings"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/table"
)

// evaluator computes expressions on the rows of a table. Functions that learn
// something from the data, such as the mean in scale(x), learn it while
// training and apply it to other tables afterwards.
type evaluator struct {
	src      string
	tab      *table.Table
	training bool
	learned  map[*formula.Call]transform
}

// transform is a function with what it learned from the training data.
type transform interface {
	apply(x *value) *value
}

func (ev *evaluator) eval(n formula.Node) (*value, error) {
	switch n := n.(type) {
	case *formula.Ident:
		return ev.column(n)
	case *formula.Number:
		return constantValue(n.Value), nil
	case *formula.Bool:
		v := constantValue(0)
		if n.Value {
			v.numbers[0] = 1
		}
		v.logical = true
		return v, nil
	case *formula.Text:
		return &value{isFactor: true, text: true, constant: true, codes: []int32{0}, levels: []string{n.Value}}, nil
	case *formula.Paren:
		return ev.eval(n.X)
	case *formula.Unary:
		return ev.unary(n)
	case *formula.Binary:
		return ev.binary(n)
	case *formula.Call:
		return ev.call(n)
	}
	return nil, errorAt(ev.src, n, "%s cannot be computed", n)
}

func (ev *evaluator) column(n *formula.Ident) (*value, error) {
	if c := ev.tab.Column(n.Name); c != nil {
		return columnValue(c), nil
	}
	if n.Name == "pi" {
		return constantValue(math.Pi), nil
	}
	return nil, unknownColumn(ev.src, n, ev.tab.Names())
}

func unknownColumn(src string, n *formula.Ident, names []string) error {
	if near := nearest.Name(n.Name, names); near != "" {
		return errorAt(src, n, "the data have no column %s; did you mean %s?", n, near)
	}
	return errorAt(src, n, "the data have no column %s; the columns are %s", n, listText(names))
}

// numbers evaluates an operand that must be one number a row; what names the
// operation in the message.
func (ev *evaluator) numbers(n formula.Node, what string) (*value, error) {
	v, err := ev.eval(n)
	if err != nil {
		return nil, err
	}
	if v.isFactor || v.width != 1 {
		return nil, errorAt(ev.src, n, "%s needs a number; %s is %s", what, n, ev.describe(n, v))
	}
	return v, nil
}

// describe says what a value is and, of a column, what is known about how it
// came to be so.
func (ev *evaluator) describe(n formula.Node, v *value) string {
	if id, ok := n.(*formula.Ident); ok {
		if c := ev.tab.Column(id.Name); c != nil && strings.HasPrefix(c.Note(), v.describe()) {
			return c.Note()
		}
	}
	return v.describe()
}

func (ev *evaluator) unary(n *formula.Unary) (*value, error) {
	x, err := ev.numbers(n.X, n.Op)
	if err != nil {
		return nil, err
	}
	switch n.Op {
	case "-":
		return mapValue(x, func(x float64) float64 { return -x }), nil
	case "!":
		return logical(mapValue(x, func(x float64) float64 { return truth(x == 0, x) })), nil
	}
	return mapValue(x, func(x float64) float64 { return x }), nil
}

func (ev *evaluator) binary(n *formula.Binary) (*value, error) {
	switch n.Op {
	case "==", "!=", "<", "<=", ">", ">=":
		return ev.comparison(n)
	case "%in%":
		return ev.member(n)
	}
	x, err := ev.numbers(n.X, n.Op)
	if err != nil {
		return nil, err
	}
	y, err := ev.numbers(n.Y, n.Op)
	if err != nil {
		return nil, err
	}
	switch n.Op {
	case "+":
		return zipValues(x, y, func(x, y float64) float64 { return x + y }), nil
	case "-":
		return zipValues(x, y, func(x, y float64) float64 { return x - y }), nil
	case "*":
		return zipValues(x, y, func(x, y float64) float64 { return x * y }), nil
	case "/":
		return zipValues(x, y, func(x, y float64) float64 { return x / y }), nil
	case "^":
		return zipValues(x, y, math.Pow), nil
	case "&":
		return logical(zipValues(x, y, and)), nil
	}
	return logical(zipValues(x, y, or)), nil
}

// truth is 1 or 0, missing where x or y is.
func truth(is bool, xs ...float64) float64 {
	for _, x := range xs {
		if math.IsNaN(x) {
			return math.NaN()
		}
	}
	if is {
		return 1
	}
	return 0
}

// and is false if one side is false, whatever is missing on the other.
func and(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	return truth(true, x, y)
}

// or is true if one side is true, whatever is missing on the other.
func or(x, y float64) float64 {
	if x != 0 && !math.IsNaN(x) || y != 0 && !math.IsNaN(y) {
		return 1
	}
	return truth(false, x, y)
}

func logical(v *value) *value {
	v.logical = true
	return v
}

func mapValue(v *value, f func(float64) float64) *value {
	out := make([]float64, len(v.numbers))
	for i, x := range v.numbers {
		out[i] = f(x)
	}
	return &value{numbers: out, width: v.width, suffix: v.suffix, constant: v.constant}
}

func zipValues(x, y *value, f func(x, y float64) float64) *value {
	if x.constant && !y.constant {
		return mapValue(y, func(b float64) float64 { return f(x.numbers[0], b) })
	}
	if y.constant {
		return mapValue(x, func(a float64) float64 { return f(a, y.numbers[0]) })
	}
	out := make([]float64, len(x.numbers))
	for i, a := range x.numbers {
		out[i] = f(a, y.numbers[i])
	}
	return numberValue(out)
}
