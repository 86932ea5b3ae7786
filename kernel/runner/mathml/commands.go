package mathml

import "strings"

// accents are written above what they are applied to; those of several letters stretch.
var accents = map[string]string{
	"hat": "^", "tilde": "~", "bar": "¯", "vec": "→", "dot": "˙", "ddot": "¨", "check": "ˇ", "breve": "˘",
	"acute": "´", "grave": "`", "mathring": "˚",
	"widehat": "^", "widetilde": "~", "overrightarrow": "→", "overbrace": "⏞",
}

var below = map[string]string{"underbrace": "⏟"}

// lines are drawn by the browser: few fonts have a bar that stretches.
var lines = map[string]string{"overline": "border-top:1px solid;padding-top:1px", "underline": "border-bottom:1px solid;padding-bottom:1px"}

var spaces = map[string]string{
	",": thin, ":": "0.222em", ">": "0.222em", ";": "0.278em", "!": "-0.167em", " ": "0.333em", "\n": "0.333em", "\t": "0.333em",
	"quad": "1em", "qquad": "2em", "enspace": "0.5em", "thinspace": thin, "medspace": "0.222em", "thickspace": "0.278em",
	"negthinspace": "-0.167em",
}

// fonts are commands that change the letters of their argument.
var fonts = map[string]alphabet{
	"mathrm": upright, "mathup": upright, "mathbf": bold, "mathit": slanted, "mathsf": sans, "mathtt": monospace,
	"mathcal": script, "mathscr": script, "mathbb": double, "mathfrak": fraktur, "boldsymbol": boldSlanted, "bm": boldSlanted,
	"mathnormal": plain, "pmb": boldSlanted,
}

// switches change the letters up to the end of the group.
var switches = map[string]alphabet{"rm": upright, "bf": bold, "it": slanted, "sf": sans, "tt": monospace, "cal": script}

// texts are commands whose argument is text.
var texts = map[string]string{
	"text": "", "textrm": "", "mbox": "", "hbox": "", "textnormal": "", "textup": "",
	"textbf": "font-weight:bold", "textit": "font-style:italic", "emph": "font-style:italic",
	"texttt": "font-family:monospace", "textsf": "font-family:sans-serif",
}

// command reads what belongs to a command; nil where it shows nothing.
func (p *parser) command(t token) (*node, error) {
	if s, ok := symbols[t.text]; ok {
		return s.node(p), nil
	}
	if f, ok := functions[t.text]; ok {
		return &node{name: "mi", text: f.text, function: true, limits: f.limits}, nil
	}
	if width, ok := spaces[t.text]; ok {
		return space(width), nil
	}
	if mark, ok := accents[t.text]; ok {
		return p.accent(t, "mover", mark)
	}
	if mark, ok := below[t.text]; ok {
		return p.accent(t, "munder", mark)
	}
	if style, ok := lines[t.text]; ok {
		n, err := p.argument(t)
		return element("mrow", n).withStyle(style), err
	}
	if style, ok := fonts[t.text]; ok {
		return p.inAlphabet(t, style)
	}
	if style, ok := switches[t.text]; ok {
		p.style = style
		return nil, nil
	}
	if style, ok := texts[t.text]; ok {
		return p.text(t, style)
	}
	if size, ok := sizes[t.text]; ok {
		return p.sized(t, size)
	}
	switch t.text {
	case "frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom":
		return p.fraction(t)
	case "sqrt":
		return p.root(t)
	case "operatorname":
		return p.operator(t)
	case "left":
		return p.fenced(t)
	case "begin":
		return p.environment(t)
	case "overset", "stackrel", "underset":
		return p.stacked(t)
	case "not":
		return p.negated(t)
	case "phantom":
		n, err := p.argument(t)
		return element("mphantom", n), err
	case "pmod":
		n, err := p.argument(t)
		return element("mrow", space("1em"), fence("("), leaf("mi", "mod"), space("0.333em"), n, fence(")")), err
	case "label", "tag":
		_, err := p.raw(t)
		return nil, err
	case "displaystyle", "textstyle", "scriptstyle", "nonumber", "notag", "limits", "nolimits", "hline":
		return nil, nil
	case "":
		return nil, p.fail(t, `a \ at the end of the formula`)
	}
	return nil, p.fail(t, `\%s is not known`, t.text)
}

func (p *parser) accent(t token, name, mark string) (*node, error) {
	n, err := p.argument(t)
	if err != nil {
		return nil, err
	}
	stretchy := `stretchy="false"`
	wide := strings.HasPrefix(t.text, "over") || strings.HasPrefix(t.text, "wide") || name == "munder"
	if wide {
		stretchy = `stretchy="true"`
	}
	out := element(name, n, leaf("mo", mark).with(stretchy))
	if strings.HasSuffix(t.text, "brace") {
		out.limits = true
		return out, nil
	}
	return out.with(map[string]string{"mover": `accent="true"`, "munder": `accentunder="true"`}[name]), nil
}

func (p *parser) inAlphabet(t token, style alphabet) (*node, error) {
	saved := p.style
	p.style = style
	defer func() { p.style = saved }()
	n, err := p.argument(t)
	if err != nil || style != upright {
		return n, err
	}
	return joined(n), nil
}

// joined makes one identifier of a row of upright letters, such as \mathrm{Var}.
func joined(n *node) *node {
	if n.name != "mrow" || len(n.kids) == 0 {
		return n
	}
	var word strings.Builder
	for _, k := range n.kids {
		if k.name != "mi" && k.name != "mn" || len(k.kids) > 0 {
			return n
		}
		word.WriteString(k.text)
	}
	return leaf("mi", word.String())
}

// raw reads a braced argument as it was written.
func (p *parser) raw(t token) (string, error) {
	open := p.next()
	if !open.is(char, "{") {
		return "", p.fail(t, "%s needs braces", t)
	}
	depth := 1
	for at := open.at + 1; at < len(p.src); at++ {
		switch p.src[at] {
		case '\\':
			at++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				for p.peek().kind != end && p.peek().at <= at {
					p.next()
				}
				return p.src[open.at+1 : at], nil
			}
		}
	}
	return "", p.fail(open, "this brace is not closed")
}

// text reads text. Mathematics or commands in it are not known.
func (p *parser) text(t token, style string) (*node, error) {
	s, err := p.raw(t)
	if err != nil {
		return nil, err
	}
	plainText := strings.NewReplacer(`\ `, " ", `\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\{`, "{", `\}`, "}", `\,`, " ",
		"~", "\u00a0").Replace(s)
	if strings.ContainsAny(plainText, `\$`) {
		return nil, p.fail(t, "commands and dollars within %s are not known", t)
	}
	// Blanks at the ends would be lost.
	if plainText != strings.TrimSpace(plainText) {
		inner := strings.TrimSpace(plainText)
		lead, _, _ := strings.Cut(plainText, inner)
		plainText = strings.Repeat("\u00a0", min(len(lead), 1)) + inner + strings.Repeat("\u00a0", min(len(plainText)-len(lead)-len(inner), 1))
	}
	n := leaf("mtext", plainText)
	if style != "" {
		n.with(`style="` + style + `"`)
	}
	return n, nil
}

func (p *parser) operator(t token) (*node, error) {
	limits := p.peek().is(char, "*")
	if limits {
		p.next()
	}
	s, err := p.raw(t)
	if err != nil {
		return nil, err
	}
	name := strings.NewReplacer(`\,`, "\u2009", `\ `, " ", "-", "-").Replace(strings.TrimSpace(s))
	if strings.ContainsAny(name, `\{}$^_&`) || name == "" {
		return nil, p.fail(t, "the name of an operator is of letters")
	}
	n := &node{name: "mi", text: name, function: true, limits: limits}
	if len([]rune(name)) == 1 {
		n.with(`mathvariant="normal"`)
	}
	return n, nil
}

func (p *parser) fraction(t token) (*node, error) {
	above, err := p.argument(t)
	if err != nil {
		return nil, err
	}
	under, err := p.argument(t)
	if err != nil {
		return nil, err
	}
	n := element("mfrac", above, under)
	switch {
	case strings.HasSuffix(t.text, "binom"):
		return element("mrow", stretched("("), n.with(`linethickness="0"`), stretched(")")), nil
	case t.text == "dfrac" || t.text == "cfrac":
		return element("mstyle", n).with(`displaystyle="true"`), nil
	case t.text == "tfrac":
		return element("mstyle", n).with(`displaystyle="false"`), nil
	}
	return n, nil
}

func (p *parser) root(t token) (*node, error) {
	var index *node
	if p.peek().is(char, "[") {
		p.next()
		var list []*node
		for !p.peek().is(char, "]") {
			if p.peek().closes() {
				return nil, p.fail(t, "its bracket is not closed")
			}
			n, err := p.scripted()
			if err != nil {
				return nil, err
			}
			if n != nil {
				list = append(list, n)
			}
		}
		p.next()
		index = row(list)
	}
	n, err := p.argument(t)
	if err != nil {
		return nil, err
	}
	if index != nil {
		return element("mroot", n, index), nil
	}
	return element("msqrt", n), nil
}

func (p *parser) stacked(t token) (*node, error) {
	mark, err := p.argument(t)
	if err != nil {
		return nil, err
	}
	base, err := p.argument(t)
	if err != nil {
		return nil, err
	}
	name := "mover"
	if t.text == "underset" {
		name = "munder"
	}
	n := element(name, base, mark)
	n.relates, n.function = base.relates, base.function
	return n, nil
}

// negated strikes a relation through.
func (p *parser) negated(t token) (*node, error) {
	n, err := p.argument(t)
	if err == nil && (n.name != "mo" || len(n.kids) > 0) {
		err = p.fail(t, "only a relation can be negated")
	}
	if err != nil {
		return nil, err
	}
	n.text += "\u0338"
	return n, nil
}
