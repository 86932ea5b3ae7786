package mathml

// delimiters are what \left, \right and \big take, by how they are written.
var delimiters = map[string]string{
	"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", ".": "", "<": "⟨", ">": "⟩",
	`\{`: "{", `\}`: "}", `\|`: "‖", `\lbrace`: "{", `\rbrace`: "}", `\langle`: "⟨", `\rangle`: "⟩", `\vert`: "|", `\Vert`: "‖",
	`\lvert`: "|", `\rvert`: "|", `\lVert`: "‖", `\rVert`: "‖", `\lfloor`: "⌊", `\rfloor`: "⌋", `\lceil`: "⌈", `\rceil`: "⌉",
	`\backslash`: `\`, `\lbrack`: "[", `\rbrack`: "]", `\uparrow`: "↑", `\downarrow`: "↓",
}

// sizes are the heights that \big and its like give a delimiter.
var sizes = map[string]string{
	"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em", "bigl": "1.2em", "Bigl": "1.8em", "biggl": "2.4em",
	"Biggl": "3em", "bigr": "1.2em", "Bigr": "1.8em", "biggr": "2.4em", "Biggr": "3em", "bigm": "1.2em", "Bigm": "1.8em",
}

// tightly keeps browsers from setting a bar off as if it were a relation.
const tightly = ` lspace="0" rspace="0"`

// fence is a bracket of the size of a letter.
func fence(s string) *node { return bracket(s, `stretchy="false"`) }

// stretched is a bracket as high as what it encloses.
func stretched(s string) *node { return bracket(s, `stretchy="true" symmetric="true"`) }

func bracket(s, attrs string) *node {
	if s == "|" || s == "‖" || s == "/" {
		attrs += tightly
	}
	return leaf("mo", s).with(attrs)
}

// delimiter reads the delimiter of a command.
func (p *parser) delimiter(of token) (string, error) {
	t := p.next()
	s, ok := delimiters[t.String()]
	if !ok {
		return "", p.fail(of, "%s wants a bracket, not %q", of, t)
	}
	return s, nil
}

func (p *parser) sized(t token, size string) (*node, error) {
	s, err := p.delimiter(t)
	if err != nil {
		return nil, err
	}
	n := stretched(s).with(`minsize="` + size + `" maxsize="` + size + `"`)
	n.opens = s == "(" || s == "[" || s == "{"
	return n, nil
}

// fenced reads from \left to its \right.
func (p *parser) fenced(t token) (*node, error) {
	open, err := p.delimiter(t)
	if err != nil {
		return nil, err
	}
	out := element("mrow")
	out.opens = open != ""
	if open != "" {
		out.kids = append(out.kids, stretched(open))
	}
	for {
		list, err := p.list()
		if err != nil {
			return nil, err
		}
		out.kids = append(out.kids, spaced(list)...)
		closing := p.next()
		if !closing.is(command, "right") && !closing.is(command, "middle") {
			return nil, p.fail(t, `\left without its \right`)
		}
		s, err := p.delimiter(closing)
		if err != nil {
			return nil, err
		}
		if s != "" {
			out.kids = append(out.kids, stretched(s))
		}
		if closing.text == "right" {
			return out, nil
		}
	}
}
