package formula

// place is where an expression stands.
type place int

const (
	inTerm     place = iota // a variable of a term
	inResponse              // left of ~
	inValue                 // inside a function
	inList                  // where c(...) may stand
)

// checkValue checks an expression that is computed row by row: known
// functions with fitting arguments, and operators that have a value.
func checkValue(src string, n Node, at place) error {
	switch n := n.(type) {
	case *Paren:
		return checkValue(src, n.X, at)
	case *Unary:
		return checkValue(src, n.X, inValue)
	case *Binary:
		switch n.Op {
		case ":":
			return errorAt(src, n.OpOff, "%s:%s is a term, not a value to compute with", n.X, n.Y)
		case "||":
			return errorAt(src, n.OpOff, "|| separates a random term from its grouping factor; for \"or\" write |")
		}
		if err := checkValue(src, n.X, inValue); err != nil {
			return err
		}
		right := inValue
		if n.Op == "%in%" {
			right = inList
		}
		return checkValue(src, n.Y, right)
	case *Call:
		return checkFunction(src, n, at)
	}
	return nil
}

func checkFunction(src string, n *Call, at place) error {
	_, isShape := structured(n.Fun)
	switch {
	case isShape:
		return errorAt(src, n.Off(), "%s() is a random term; it cannot stand here", n.Fun)
	case n.Fun == "offset":
		return errorAt(src, n.Off(), "offset() is added to the terms right of ~; it cannot stand here")
	case n.Fun == "cbind" && at != inResponse:
		return errorAt(src, n.Off(), "cbind() stands left of ~: cbind(successes, failures)")
	case n.Fun == "c" && at != inList:
		return errorAt(src, n.Off(), "c() lists values, as in factor(x, levels = c(\"a\", \"b\")); it cannot stand here")
	}
	if err := checkCall(src, n); err != nil {
		return err
	}
	f, _ := lookup(n.Fun)
	for i, p := range bind(f, n.Args) {
		inside := inValue
		if p == "levels" || p == "knots" {
			inside = inList
		}
		if err := checkValue(src, n.Args[i].Value, inside); err != nil {
			return err
		}
	}
	return nil
}
