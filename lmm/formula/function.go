package formula

import (
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/nearest"
)

// function is one that a formula may call: its parameters in order, of which
// the first required ones must be given.
type function struct {
	name     string
	params   []string
	required int
	variadic bool // c(...)
}

var (
	paramX    = []string{"x"}
	functions = [...]function{
		{name: "I", params: paramX, required: 1},
		{name: "log", params: []string{"x", "base"}, required: 1},
		{name: "exp", params: paramX, required: 1},
		{name: "sqrt", params: paramX, required: 1},
		{name: "abs", params: paramX, required: 1},
		{name: "sin", params: paramX, required: 1},
		{name: "cos", params: paramX, required: 1},
		{name: "log2", params: paramX, required: 1},
		{name: "log10", params: paramX, required: 1},
		{name: "log1p", params: paramX, required: 1},
		{name: "as.integer", params: paramX, required: 1},
		{name: "as.numeric", params: paramX, required: 1},
		{name: "as.factor", params: paramX, required: 1},
		{name: "factor", params: []string{"x", "levels"}, required: 1},
		{name: "ordered", params: []string{"x", "levels"}, required: 1},
		{name: "scale", params: []string{"x", "center", "scale"}, required: 1},
		{name: "center", params: paramX, required: 1},
		{name: "poly", params: []string{"x", "degree", "raw"}, required: 1},
		{name: "ns", params: []string{"x", "df", "knots"}, required: 1},
		{name: "offset", params: paramX, required: 1},
		{name: "cbind", params: []string{"successes", "failures"}, required: 2},
		{name: "c", variadic: true},
	}
)

func lookup(name string) (function, bool) {
	for _, f := range functions {
		if f.name == name {
			return f, true
		}
	}
	return function{}, false
}

// Param returns the argument of a call for a parameter by its name, such as
// "degree" of poly(x, 2), or nil if it is not given. Positional arguments fill
// the parameters that are not named, in order.
func (n *Call) Param(name string) Node {
	f, ok := lookup(n.Fun)
	if !ok {
		return nil
	}
	for i, p := range bind(f, n.Args) {
		if p == name {
			return n.Args[i].Value
		}
	}
	return nil
}

// bind returns the parameter that each argument fills, "" where none is left.
func bind(f function, args []Arg) []string {
	taken := make(map[string]bool, len(args))
	for _, a := range args {
		taken[a.Name] = true
	}
	bound := make([]string, len(args))
	next := 0
	for i, a := range args {
		if a.Name != "" {
			bound[i] = a.Name
			continue
		}
		for next < len(f.params) && taken[f.params[next]] {
			next++
		}
		if next < len(f.params) {
			bound[i] = f.params[next]
			next++
		}
	}
	return bound
}

// checkCall reports unknown functions and arguments that do not fit.
func checkCall(src string, n *Call) error {
	f, ok := lookup(n.Fun)
	if !ok {
		return unknownFunction(src, n)
	}
	if f.variadic {
		for _, a := range n.Args {
			if a.Name != "" {
				return errorAt(src, a.Off, "the values in %s() have no names", n.Fun)
			}
		}
		return nil
	}
	seen := map[string]bool{}
	for i, p := range bind(f, n.Args) {
		a := n.Args[i]
		switch {
		case p == "":
			return errorAt(src, a.Off, "%s has too many arguments; it takes %s", n.Fun, f.signature())
		case !slices.Contains(f.params, p):
			return errorAt(src, a.Off, "%s has no argument %q; it takes %s", n.Fun, p, f.signature())
		case seen[p]:
			return errorAt(src, a.Off, "the argument %q of %s is given twice", p, n.Fun)
		}
		seen[p] = true
	}
	for _, p := range f.params[:f.required] {
		if !seen[p] {
			return errorAt(src, n.End()-1, "%s needs an argument %q; it takes %s", n.Fun, p, f.signature())
		}
	}
	return nil
}

func (f function) signature() string { return f.name + "(" + strings.Join(f.params, ", ") + ")" }

func unknownFunction(src string, n *Call) error {
	if len(n.Args) > 0 {
		if _, ok := asBar(n.Args[0].Value); ok {
			return errorAt(src, n.Off(), "unknown kind of random term %s; known are diag(x | g), cs(f | g), rr(f | g, 2)", n.Fun)
		}
	}
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.name
	}
	if k := nearest.Name(n.Fun, names); k != "" {
		return errorAt(src, n.Off(), "unknown function %s; did you mean %s?", n.Fun, k)
	}
	return errorAt(src, n.Off(), "unknown function %s; known are %s; other columns are made in the table before the fit",
		n.Fun, strings.Join(names, " "))
}
