package formula

// Bounds on what Parse accepts, so that no input exhausts the stack or memory.
const (
	maxBytes = 1 << 16 // length of the source
	maxDepth = 200     // nesting of parentheses, calls, signs and powers
)

// Binding powers, R's order of precedence; -> a higher one binds tighter.
const (
	powerOr = 10 * (iota + 1)
	powerAnd
	powerNot
	powerCompare
	powerSum
	powerProduct
	powerSpecial
	powerColon
	powerSign
	powerPower
)

func binaryPower(op string) (power int, ok bool) {
	switch op {
	case "|", "||":
		return powerOr, true
	case "&":
		return powerAnd, true
	case "==", "!=", "<", "<=", ">", ">=":
		return powerCompare, true
	case "+", "-":
		return powerSum, true
	case "*", "/":
		return powerProduct, true
	case "%in%":
		return powerSpecial, true
	case ":":
		return powerColon, true
	case "^":
		return powerPower, true
	}
	return 0, false
}

// Parse reads a mixed-model formula and expands its terms. The error is a
// *SyntaxError.
func Parse(src string) (*Formula, error) {
	response, rhs, err := parse(src)
	if err != nil {
		return nil, err
	}
	return expand(src, response, rhs)
}

// parse returns the two sides of a formula as trees.
func parse(src string) (response, rhs Node, err error) {
	if len(src) > maxBytes {
		return nil, nil, errorAt(src, maxBytes, "the formula is longer than %d bytes", maxBytes)
	}
	p := &parser{scanner: scanner{src: src}}
	if err := p.advance(); err != nil {
		return nil, nil, err
	}
	if p.tok.kind == tokEOF {
		return nil, nil, p.errorHere("the formula is empty; write it like y ~ x + (x | g)")
	}
	if p.isOp("~") {
		return nil, nil, p.errorHere("the response is missing before ~")
	}
	if response, err = p.expression(0); err != nil {
		return nil, nil, err
	}
	switch {
	case p.tok.kind == tokAssign:
		return nil, nil, p.errorHere("a formula has ~ between the response and the terms, not =")
	case p.tok.kind == tokEOF:
		return nil, nil, p.errorHere("a formula needs ~ between the response and the terms, like y ~ x + (x | g)")
	case !p.isOp("~"):
		return nil, nil, p.unexpected()
	}
	if err := p.advance(); err != nil {
		return nil, nil, err
	}
	if rhs, err = p.expression(0); err != nil {
		return nil, nil, err
	}
	if p.tok.kind != tokEOF {
		return nil, nil, p.unexpected()
	}
	return response, rhs, nil
}

type parser struct {
	scanner
	tok   token // the current one
	last  token // the one before it
	depth int
}

func (p *parser) advance() error {
	t, err := p.next()
	if err != nil {
		return err
	}
	p.last, p.tok = p.tok, t
	return nil
}

func (p *parser) isOp(op string) bool { return p.tok.kind == tokOp && p.tok.text == op }

func (p *parser) errorHere(format string, args ...any) error {
	return errorAt(p.src, p.tok.off, format, args...)
}

// unexpected is the error for a token that cannot follow what was read.
func (p *parser) unexpected() error {
	switch {
	case p.isOp("~"):
		return p.errorHere("a second ~; a formula has one")
	case p.tok.kind == tokClose:
		return p.errorHere("this ) closes nothing")
	case p.tok.kind == tokAssign:
		return p.errorHere("= belongs between the name and the value of an argument; to compare write ==")
	case p.tok.kind == tokComma:
		return p.errorHere("a comma belongs between the arguments of a function")
	case p.tok.kind == tokOpen:
		return p.errorHere("an operator is missing before (")
	}
	return p.errorHere("an operator is missing between %s and %s", p.last, p.tok)
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return p.errorHere("the formula is nested more than %d deep", maxDepth)
	}
	return nil
}

// expression reads operands joined by operators that bind tighter than power.
func (p *parser) expression(power int) (Node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	x, err := p.operand()
	if err != nil {
		return nil, err
	}
	compared := false
	for p.tok.kind == tokOp {
		op := p.tok
		bp, ok := binaryPower(op.text)
		if !ok || bp <= power {
			break
		}
		if bp == powerCompare {
			if compared {
				return nil, p.errorHere("comparisons do not chain; write a < b & b < c")
			}
			compared = true
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		right := bp
		if op.text == "^" {
			right-- // a^b^c is a^(b^c)
		}
		y, err := p.expression(right)
		if err != nil {
			return nil, err
		}
		x = &Binary{span{x.Off(), y.End()}, op.text, op.off, x, y}
	}
	return x, nil
}

func (p *parser) operand() (Node, error) {
	t := p.tok
	switch t.kind {
	case tokOp:
		return p.signed()
	case tokOpen:
		return p.paren()
	case tokNumber:
		return &Number{span{t.off, t.end}, t.value, t.text}, p.advance()
	case tokText:
		return &Text{span{t.off, t.end}, t.text}, p.advance()
	case tokIdent:
		if err := p.advance(); err != nil {
			return nil, err
		}
		switch {
		case p.tok.kind == tokOpen && !t.quoted:
			return p.call(t)
		case !t.quoted && (t.text == "TRUE" || t.text == "FALSE"):
			return &Bool{span{t.off, t.end}, t.text == "TRUE"}, nil
		case !t.quoted && t.text == ".":
			return nil, errorAt(p.src, t.off, `"." for all other columns is not known here; name the columns`)
		}
		return &Ident{span{t.off, t.end}, t.text}, nil
	case tokEOF:
		return nil, p.errorHere("the formula ends where a term is expected")
	case tokClose:
		if p.last.kind == tokOpen {
			return nil, p.errorHere("there is nothing between these parentheses")
		}
	}
	return nil, p.errorHere("a term is expected before %s", t)
}

// signed reads -x, +x and !x.
func (p *parser) signed() (Node, error) {
	op := p.tok
	power := powerSign
	switch op.text {
	case "!":
		power = powerNot
	case "+", "-":
	case "|", "||":
		return nil, p.errorHere("nothing stands before %s; a random intercept is written (1 | g)", op.text)
	default:
		return nil, p.errorHere("a term is expected before %s", op.text)
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.expression(power)
	if err != nil {
		return nil, err
	}
	return &Unary{span{op.off, x.End()}, op.text, x}, nil
}

func (p *parser) paren() (Node, error) {
	open := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	end, err := p.close(open)
	if err != nil {
		return nil, err
	}
	return &Paren{span{open.off, end}, x}, nil
}

// close reads the ) that belongs to open and returns the offset behind it.
func (p *parser) close(open token) (int, error) {
	switch p.tok.kind {
	case tokEOF:
		return 0, errorAt(p.src, open.off, "this ( is never closed")
	case tokClose:
		return p.tok.end, p.advance()
	}
	return 0, p.unexpected()
}

func (p *parser) call(name token) (Node, error) {
	open := p.tok
	if err := p.advance(); err != nil {
		return nil, err
	}
	var args []Arg
	for p.tok.kind != tokClose {
		arg, err := p.argument()
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if p.tok.kind != tokComma {
			break
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
		if p.tok.kind == tokClose {
			return nil, p.errorHere("an argument is missing after the comma")
		}
	}
	end, err := p.close(open)
	if err != nil {
		return nil, err
	}
	return &Call{span{name.off, end}, name.text, args}, nil
}

func (p *parser) argument() (Arg, error) {
	start := p.tok
	value, err := p.expression(0)
	if err != nil || p.tok.kind != tokAssign {
		return Arg{Off: start.off, Value: value}, err
	}
	name, ok := value.(*Ident)
	if !ok {
		return Arg{}, p.unexpected()
	}
	if err := p.advance(); err != nil {
		return Arg{}, err
	}
	value, err = p.expression(0)
	return Arg{Name: name.Name, Off: start.off, Value: value}, err
}
