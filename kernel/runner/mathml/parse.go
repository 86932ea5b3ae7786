package mathml

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError tells what of a formula cannot be turned into MathML.
type SyntaxError struct {
	Off int // in bytes
	Msg string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("TeX at byte %d: %s", e.Off, e.Msg) }

// Limits on a formula, beyond which it is not one that a person wrote.
const (
	maxLength = 1 << 16
	maxDepth  = 100
)

// Convert returns the MathML of a formula in TeX, without its dollars. With display it
// is a block of its own, else part of a line. The element carries the source as an
// annotation. The error is a *SyntaxError.
func Convert(tex string, display bool) (string, error) {
	if len(tex) > maxLength {
		return "", &SyntaxError{maxLength, "the formula is too long"}
	}
	if !utf8.ValidString(tex) {
		return "", &SyntaxError{0, "it is not UTF-8"}
	}
	if i := strings.IndexFunc(tex, unwritable); i >= 0 {
		return "", &SyntaxError{i, "a control character cannot stand in a formula"}
	}
	p := &parser{src: tex, tokens: scan(tex), display: display}
	body, err := p.all()
	if err != nil {
		return "", err
	}
	block := ""
	if display {
		block = ` display="block"`
	}
	var b strings.Builder
	b.WriteString("<math" + block + "><semantics>")
	body.write(&b)
	b.WriteString(`<annotation encoding="application/x-tex">` + escape(tex) + "</annotation></semantics></math>")
	return b.String(), nil
}

// unwritable tells characters that XML does not have.
func unwritable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// parser reads tokens by recursive descent.
type parser struct {
	src     string
	tokens  []token
	i       int
	depth   int
	display bool
	style   alphabet // of letters
}

func (p *parser) peek() token { return p.tokens[p.i] }

func (p *parser) next() token {
	t := p.tokens[p.i]
	if t.kind != end {
		p.i++
	}
	return t
}

func (p *parser) fail(t token, format string, args ...any) error {
	return &SyntaxError{t.at, fmt.Sprintf(format, args...)}
}

// deeper counts nesting; the caller calls the function it returns at its end.
func (p *parser) deeper(t token) (func(), error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(t, "it is nested too deeply")
	}
	return func() { p.depth-- }, nil
}

// all reads the whole formula. Lines outside of an environment make a table.
func (p *parser) all() (*node, error) {
	var lines []*node
	for {
		list, err := p.list()
		if err != nil {
			return nil, err
		}
		t := p.next()
		switch {
		case t.kind == end && lines == nil:
			return element("mrow", spaced(list)...), nil
		case t.kind == end:
			lines = append(lines, element("mtr", element("mtd", row(list))))
			return element("mtable", lines...), nil
		case t.is(command, `\`):
			lines = append(lines, element("mtr", element("mtd", row(list))))
		default:
			return nil, p.fail(t, "%s closes nothing", t)
		}
	}
}

// String is the token as it was written.
func (t token) String() string {
	if t.kind == command {
		return `\` + t.text
	}
	return t.text
}

// closes tells whether a token ends a list of what stands side by side.
func (t token) closes() bool {
	switch t.kind {
	case end:
		return true
	case char:
		return t.text == "}" || t.text == "&"
	case command:
		return t.text == `\` || t.text == "right" || t.text == "end" || t.text == "cr" || t.text == "middle"
	}
	return false
}

// list reads up to a token that closes.
func (p *parser) list() ([]*node, error) {
	leave, err := p.deeper(p.peek())
	if err != nil {
		return nil, err
	}
	defer leave()
	saved := p.style
	defer func() { p.style = saved }() // \rm and its like end with the group
	list := []*node{}
	for !p.peek().closes() {
		n, err := p.scripted()
		if err != nil {
			return nil, err
		}
		if n != nil {
			list = append(list, n)
		}
	}
	return list, nil
}

// group reads what stands between braces; the opening one has been read.
func (p *parser) group(open token) (*node, error) {
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	if t := p.next(); !t.is(char, "}") {
		return nil, p.fail(open, "this brace is not closed")
	}
	return row(list), nil
}

// argument reads what a command is applied to: a group or one token.
func (p *parser) argument(of token) (*node, error) {
	leave, err := p.deeper(of)
	if err != nil {
		return nil, err
	}
	defer leave()
	t := p.peek()
	if t.closes() || t.is(char, "^") || t.is(char, "_") {
		return nil, p.fail(of, "%s lacks what it is applied to", of)
	}
	if t.kind == number && len(t.text) > 1 { // \frac12 is a half
		p.tokens[p.i] = token{number, t.text[1:], t.at + 1}
		return p.digits(t.text[:1]), nil
	}
	n, err := p.atom()
	if err == nil && n == nil {
		err = p.fail(of, "%s lacks what it is applied to", of)
	}
	return n, err
}

// atom reads one thing without its scripts; nil where a command shows nothing.
func (p *parser) atom() (*node, error) {
	t := p.next()
	switch t.kind {
	case number:
		return p.digits(t.text), nil
	case command:
		return p.command(t)
	}
	switch t.text {
	case "{":
		return p.group(t)
	case "$", "#":
		return nil, p.fail(t, "%s cannot stand in a formula", t)
	case "~":
		return space("0.333em"), nil
	}
	if n, ok := character(t.text); ok {
		return n, nil
	}
	r, _ := utf8.DecodeRuneInString(t.text)
	switch {
	case unicode.IsLetter(r):
		return p.letter(t.text), nil
	case unicode.IsDigit(r):
		return leaf("mn", t.text), nil
	case unicode.IsSymbol(r):
		return leaf("mo", t.text), nil
	}
	return leaf("mtext", t.text), nil
}

func (p *parser) digits(s string) *node { return leaf("mn", p.style.of(s)) }

// letter is an identifier of one letter. One that is upright says so, since browsers
// slant it otherwise.
func (p *parser) letter(s string) *node {
	n := leaf("mi", p.style.of(s))
	if p.style == upright {
		n.with(`mathvariant="normal"`)
	}
	return n
}
