package formula

// asBar returns x | g or x || g.
func asBar(n Node) (*Binary, bool) {
	b, ok := n.(*Binary)
	return b, ok && (b.Op == "|" || b.Op == "||")
}

// structured returns the shape that a function name stands for.
func structured(fun string) (Shape, bool) {
	switch fun {
	case "diag":
		return Diag, true
	case "cs":
		return CompSymm, true
	case "rr":
		return ReducedRank, true
	}
	return Full, false
}

// structuredTerm expands diag(x | g), cs(f | g) and rr(f | g, k).
func (e *expander) structuredTerm(n *Call, shape Shape) error {
	if len(n.Args) == 0 {
		return errorAt(e.src, n.End()-1, "%s() needs a random term, like %s", n.Fun, usage(shape))
	}
	bar, ok := asBar(n.Args[0].Value)
	if !ok || bar.Op != "|" || n.Args[0].Name != "" {
		return errorAt(e.src, n.Args[0].Off, "%s() holds a random term with one bar: %s", n.Fun, usage(shape))
	}
	allowed := 1
	var rank Node
	if shape == ReducedRank {
		allowed = 2
		if len(n.Args) < 2 {
			return errorAt(e.src, n.End()-1, "rr() needs the rank: rr(f | g, 2)")
		}
		rank = n.Args[1].Value
	}
	if len(n.Args) > allowed {
		return errorAt(e.src, n.Args[allowed].Off, "%s() has too many arguments; it is written %s", n.Fun, usage(shape))
	}
	return e.random(n, bar, shape, rank)
}

func usage(shape Shape) string {
	switch shape {
	case Diag:
		return "diag(x | g)"
	case CompSymm:
		return "cs(f | g)"
	}
	return "rr(f | g, 2)"
}

// random expands one bar, with one term for each grouping factor, and adds it
// to the formula. written is the whole term; rank is nil except for rr().
func (e *expander) random(written Node, bar *Binary, shape Shape, rank Node) error {
	if bar.Op == "||" {
		shape = Independent
	}
	r := Random{Shape: shape, Src: e.src[written.Off():written.End()], Offset: written.Off()}
	if rank != nil {
		k, ok := rank.(*Number)
		if !ok || k.Value < 1 || k.Value > maxTerms || k.Value != float64(int(k.Value)) {
			return errorAt(e.src, rank.Off(), "the rank of rr() is a whole number from 1")
		}
		r.Rank = int(k.Value)
	}
	lhs := newExpander(e.src, e.work)
	t, err := lhs.sum(bar.X)
	if err != nil {
		return err
	}
	r.Intercept, r.Terms = lhs.intercept, lhs.sorted(t)
	if !r.Intercept && len(r.Terms) == 0 {
		return errorAt(e.src, bar.X.Off(), "this random term has neither an intercept nor a slope")
	}
	groups, err := e.groups(bar.Y)
	if err != nil {
		return err
	}
	for _, g := range groups {
		r.Group, r.GroupName = g.vars, g.name
		e.topLevel.Random = append(e.topLevel.Random, r)
	}
	return nil
}

// group is a grouping factor: an interaction of variables, with the name that
// lme4 gives it.
type group struct {
	vars []Node
	name string
}

// in returns g nested in h. As a part of a longer name an interaction stands
// in parentheses, as in "c:(b:a)".
func (g group) in(h group) group {
	return group{append(append([]Node{}, g.vars...), h.vars...), g.part() + ":" + h.part()}
}

func (g group) part() string {
	if len(g.vars) > 1 {
		return "(" + g.name + ")"
	}
	return g.name
}

// groups expands the right-hand side of a bar: a/b is b:a and a, a + b is a
// and b, a*b is a, b and a:b. The finer factor of a/b comes first.
func (e *expander) groups(n Node) ([]group, error) {
	switch n := n.(type) {
	case *Paren:
		return e.groups(n.X)
	case *Ident, *Call:
		if err := checkValue(e.src, n, inTerm); err != nil {
			return nil, err
		}
		return []group{{[]Node{n}, n.String()}}, nil
	case *Binary:
		switch n.Op {
		case "/", "*", "+", ":", "%in%":
			return e.crossGroups(n)
		case "|", "||":
			return nil, errorAt(e.src, n.OpOff, "a random term has one bar")
		}
	case *Number:
		return nil, errorAt(e.src, n.Off(), "the number %s is not a grouping factor; behind the bar stands the column that names the groups", n)
	}
	return nil, errorAt(e.src, n.Off(), "%s is not a grouping factor; behind the bar stands a column or an interaction of columns: g, a:b, a/b", n)
}

func (e *expander) crossGroups(n *Binary) ([]group, error) {
	x, err := e.groups(n.X)
	if err != nil {
		return nil, err
	}
	y, err := e.groups(n.Y)
	if err != nil {
		return nil, err
	}
	if *e.work += len(x) * len(y) * (1 + len(x[0].vars) + len(y[0].vars)); *e.work > maxWork || len(x)*len(y) > maxTerms {
		return nil, e.tooLarge(n)
	}
	var out []group
	switch n.Op {
	case "+":
		return append(x, y...), nil
	case "/":
		if sum, ok := unparen(n.X).(*Binary); ok && sum.Op == "+" {
			return nil, errorAt(e.src, n.OpOff, "(%s)/... can be read in two ways; write the random terms one by one", sum)
		}
		for _, g := range y {
			out = append(out, g.in(x[0]))
		}
		return append(out, x...), nil
	case "*":
		out = append(out, x...)
		out = append(out, y...)
	}
	for _, g := range x {
		for _, h := range y {
			out = append(out, g.joined(h))
		}
	}
	return out, nil
}

// joined returns g:h as written.
func (g group) joined(h group) group {
	return group{append(append([]Node{}, g.vars...), h.vars...), g.name + ":" + h.name}
}

func (e *expander) offset(n *Call) error {
	if err := checkCall(e.src, n); err != nil {
		return err
	}
	x := n.Param("x")
	if err := checkValue(e.src, x, inValue); err != nil {
		return err
	}
	e.topLevel.Offsets = append(e.topLevel.Offsets, x)
	return nil
}

func (e *expander) misplacedBar(off int, bar *Binary) error {
	if e.topLevel == nil {
		return errorAt(e.src, off, "a random term has one bar")
	}
	return errorAt(e.src, off, "a random term is added to the others with +; it cannot be multiplied, nested or taken away: + (%s)", bar)
}

// misplacedCall reports functions that stand only as summands of the
// right-hand side, or on its other side.
func (e *expander) misplacedCall(n *Call) error {
	_, isShape := structured(n.Fun)
	switch {
	case isShape || n.Fun == "offset":
		return errorAt(e.src, n.Off(), "%s() is added to the other terms with +; it cannot stand inside a term or be taken away", n.Fun)
	case n.Fun == "cbind":
		return errorAt(e.src, n.Off(), "cbind() stands left of ~: cbind(successes, failures)")
	case n.Fun == "c":
		return errorAt(e.src, n.Off(), "c() lists values inside another function, like factor(x, levels = c(\"a\", \"b\"))")
	}
	return nil
}

// swallowedBar finds a random term that a comparison has taken for one of its
// operands, as in x > 3 + (1 | g), and returns nil if there is none.
func swallowedBar(n Node, inSum bool) Node {
	switch n := n.(type) {
	case *Paren:
		if _, ok := asBar(n.X); ok && inSum {
			return n
		}
	case *Binary:
		inSum = inSum || n.Op == "+" || n.Op == "-"
		if bar := swallowedBar(n.X, inSum); bar != nil {
			return bar
		}
		return swallowedBar(n.Y, inSum)
	}
	return nil
}

func unparen(n Node) Node {
	for {
		p, ok := n.(*Paren)
		if !ok {
			return n
		}
		n = p.X
	}
}

// lastSummand and firstSummand are the neighbours of a bar that lacks its
// parentheses.
func lastSummand(n Node) Node {
	if b, ok := n.(*Binary); ok && (b.Op == "+" || b.Op == "-") {
		return b.Y
	}
	return n
}

func firstSummand(n Node) Node {
	for {
		b, ok := n.(*Binary)
		if !ok || b.Op != "+" && b.Op != "-" {
			return n
		}
		n = b.X
	}
}
