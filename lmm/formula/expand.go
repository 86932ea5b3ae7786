package formula

import (
	"cmp"
	"slices"
)

// Bounds on the expansion of products and powers.
const (
	maxTerms = 10000
	maxWork  = 500_000 // variables written while forming products
)

// product is a term under construction: increasing indices of variables.
type product []int

// key makes a product comparable.
func (p product) key() string {
	b := make([]byte, 0, 3*len(p))
	for _, v := range p {
		b = append(b, byte(v), byte(v>>8), byte(v>>16))
	}
	return string(b)
}

// terms is an ordered set of products.
type terms struct {
	list []product
	seen map[string]bool
}

func (t *terms) add(ps ...product) {
	for _, p := range ps {
		k := p.key()
		if t.seen[k] {
			continue
		}
		if t.seen == nil {
			t.seen = make(map[string]bool)
		}
		t.seen[k] = true
		t.list = append(t.list, p)
	}
}

// remove takes the products of u out of t.
func (t *terms) remove(u *terms) {
	t.list = slices.DeleteFunc(t.list, func(p product) bool { return u.seen[p.key()] })
	for k := range u.seen {
		delete(t.seen, k)
	}
}

// expander turns one side of a formula into terms. Variables are numbered in
// order of appearance, which is also their order within a term.
type expander struct {
	src       string
	vars      []Node
	index     map[string]int // by the printed form
	intercept bool
	negative  bool // inside an odd number of subtractions
	work      *int // shared by all expanders of a formula

	// topLevel collects what may only be a summand of the right-hand side;
	// nil inside a random term.
	topLevel *Formula
}

func newExpander(src string, work *int) *expander {
	return &expander{src: src, index: make(map[string]int), intercept: true, work: work}
}

// expand builds the formula from its two sides.
func expand(src string, response, rhs Node) (*Formula, error) {
	if err := checkValue(src, response, inResponse); err != nil {
		return nil, err
	}
	f := &Formula{Src: src, Response: response, rhs: rhs}
	e := newExpander(src, new(int))
	e.topLevel = f
	t, err := e.sum(rhs)
	if err != nil {
		return nil, err
	}
	if i, ok := e.index[response.String()]; ok {
		return nil, errorAt(src, e.vars[i].Off(), "the response %s stands on both sides of ~", response)
	}
	f.Intercept, f.Fixed = e.intercept, e.sorted(t)
	return f, nil
}

// sorted returns the terms by degree, those of equal degree as they appeared.
func (e *expander) sorted(t *terms) []Term {
	slices.SortStableFunc(t.list, func(a, b product) int { return cmp.Compare(len(a), len(b)) })
	out := make([]Term, len(t.list))
	for i, p := range t.list {
		out[i].Vars = make([]Node, len(p))
		for j, v := range p {
			out[i].Vars[j] = e.vars[v]
		}
	}
	return out
}

// sum expands a summand of the right-hand side, where random terms and
// offsets may stand, and goes down into sums and parentheses.
func (e *expander) sum(n Node) (*terms, error) {
	switch n := n.(type) {
	case *Paren:
		if bar, ok := asBar(n.X); ok && e.topLevel != nil {
			return &terms{}, e.random(n, bar, Full, nil)
		}
		return e.sum(n.X)
	case *Call:
		if shape, ok := structured(n.Fun); ok && e.topLevel != nil {
			return &terms{}, e.structuredTerm(n, shape)
		}
		if n.Fun == "offset" && e.topLevel != nil {
			return &terms{}, e.offset(n)
		}
	case *Binary:
		switch n.Op {
		case "+":
			return e.plus(n, e.sum)
		case "-":
			return e.minus(n)
		case "|", "||":
			if e.topLevel != nil {
				return nil, errorAt(e.src, n.OpOff, "a random term stands in parentheses: (%s %s %s)",
					lastSummand(n.X), n.Op, firstSummand(n.Y))
			}
		}
	}
	return e.product(n)
}

func (e *expander) plus(n *Binary, operand func(Node) (*terms, error)) (*terms, error) {
	x, err := operand(n.X)
	if err != nil {
		return nil, err
	}
	y, err := operand(n.Y)
	if err != nil {
		return nil, err
	}
	x.add(y.list...)
	return x, e.checkSize(x, n)
}

func (e *expander) minus(n *Binary) (*terms, error) {
	x, err := e.sum(n.X)
	if err != nil {
		return nil, err
	}
	y, err := e.subtrahend(n.Y)
	if err != nil {
		return nil, err
	}
	x.remove(y)
	return x, nil
}

// subtrahend expands what is taken away; a 1 in it removes the intercept.
func (e *expander) subtrahend(n Node) (*terms, error) {
	e.negative = !e.negative
	y, err := e.product(n)
	e.negative = !e.negative
	return y, err
}

// product expands an expression in which no random term may stand.
func (e *expander) product(n Node) (*terms, error) {
	switch n := n.(type) {
	case *Paren:
		if bar, ok := asBar(n.X); ok {
			return nil, e.misplacedBar(n.Off(), bar)
		}
		return e.product(n.X)
	case *Number:
		if n.Value != 0 && n.Value != 1 {
			return nil, errorAt(e.src, n.Off(), "the number %s is not a term; arithmetic stands in I(), like I(x + 2)", n)
		}
		e.intercept = (n.Value == 1) != e.negative
		return &terms{}, nil
	case *Unary:
		switch n.Op {
		case "+":
			return e.product(n.X)
		case "-":
			_, err := e.subtrahend(n.X)
			return &terms{}, err
		}
	case *Binary:
		switch n.Op {
		case "+":
			return e.plus(n, e.product)
		case "-":
			return e.minus(n)
		case "|", "||":
			return nil, e.misplacedBar(n.OpOff, n)
		case "^":
			return e.power(n)
		case "*", "/", ":", "%in%":
			return e.cross(n)
		}
	case *Call:
		if err := e.misplacedCall(n); err != nil {
			return nil, err
		}
	case *Text:
		return nil, errorAt(e.src, n.Off(), "the text %s is not a term; a column name needs no quotes, or back-ticks", n)
	case *Bool:
		return nil, errorAt(e.src, n.Off(), "%s is not a term", n)
	}
	if bar := swallowedBar(n, false); bar != nil {
		return nil, errorAt(e.src, bar.Off(), "%s belongs to the comparison beside it, which binds weaker than +; put the comparison between parentheses", bar)
	}
	if err := checkValue(e.src, n, inTerm); err != nil {
		return nil, err
	}
	t := &terms{}
	t.add(product{e.variable(n)})
	return t, nil
}

// variable returns the index of an expression, the same for equal ones.
func (e *expander) variable(n Node) int {
	name := n.String()
	i, ok := e.index[name]
	if !ok {
		i = len(e.vars)
		e.index[name] = i
		e.vars = append(e.vars, n)
	}
	return i
}

// cross expands x*y = x + y + x:y, x/y = x + y %in% x, x:y and x %in% y.
func (e *expander) cross(n *Binary) (*terms, error) {
	x, err := e.product(n.X)
	if err != nil {
		return nil, err
	}
	y, err := e.product(n.Y)
	if err != nil {
		return nil, err
	}
	out := &terms{}
	switch n.Op {
	case "*":
		out.add(x.list...)
		out.add(y.list...)
		err = e.multiply(out, x.list, y.list, n)
	case ":":
		err = e.multiply(out, x.list, y.list, n)
	case "/":
		out.add(x.list...)
		err = e.multiply(out, []product{union(x.list...)}, y.list, n)
	case "%in%":
		err = e.multiply(out, x.list, []product{union(y.list...)}, n)
	}
	return out, err
}

// multiply adds every product of one of x and one of y to out.
func (e *expander) multiply(out *terms, x, y []product, at *Binary) error {
	for _, p := range x {
		for _, q := range y {
			r := union(p, q)
			out.add(r)
			if *e.work += len(r); *e.work > maxWork {
				return e.tooLarge(at)
			}
		}
		if err := e.checkSize(out, at); err != nil {
			return err
		}
	}
	return nil
}

func (e *expander) checkSize(t *terms, at *Binary) error {
	if len(t.list) > maxTerms {
		return e.tooLarge(at)
	}
	return nil
}

func (e *expander) tooLarge(at *Binary) error {
	return errorAt(e.src, at.OpOff, "this %s expands to more than %d terms or a like amount of work; write out the ones you mean", at.Op, maxTerms)
}

// power expands (a + b)^k: all products of up to k of the terms.
func (e *expander) power(n *Binary) (*terms, error) {
	k, ok := n.Y.(*Number)
	if !ok || k.Value < 1 || k.Value != float64(int(k.Value)) {
		return nil, errorAt(e.src, n.Y.Off(), "the power of a sum of terms is a whole number from 1, as in (a + b)^2; for arithmetic write I(%s)", n)
	}
	x, err := e.product(n.X)
	if err != nil {
		return nil, err
	}
	if len(x.list) < 2 && k.Value > 1 {
		return nil, errorAt(e.src, n.OpOff, "outside I() a power means interactions, and %s has none with itself; for the power write I(%s)", n.X, n)
	}
	out := &terms{}
	out.add(x.list...)
	for i := 1; i < int(k.Value); i++ {
		next := &terms{}
		if err := e.multiply(next, out.list, x.list, n); err != nil {
			return nil, err
		}
		complete := len(next.list) == len(out.list)
		out = next
		if complete {
			break
		}
	}
	return out, nil
}

// union returns the variables of all products, in increasing order.
func union(ps ...product) product {
	var u product
	for _, p := range ps {
		u = append(u, p...)
	}
	slices.Sort(u)
	return slices.Compact(u)
}
