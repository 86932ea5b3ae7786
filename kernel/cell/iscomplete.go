package cell

import (
	"go/token"
	"strings"
)

// IsComplete tells whether a cell can be run as it stands: "complete",
// "incomplete" with the indent of the line to come, one tab for each brace that is
// open, or "invalid".
func IsComplete(src string) (status, indent string) {
	if _, question := asked(src); question {
		return "complete", ""
	}
	s := newSource(0, src)
	r, p := readCell(s)
	switch {
	case r.form == wholeForm:
		// As in IPython: an empty line ends what is not Go.
		if strings.HasSuffix(s.text, "\n") {
			return "complete", ""
		}
		return "incomplete", ""
	case p == nil && r.form == gonbForm && strings.TrimSpace(r.text) == "":
		return "incomplete", ""
	case p == nil:
		return "complete", ""
	case p.unfinished:
		return "incomplete", openIndent(r.text)
	}
	return "invalid", ""
}

// openIndent is a tab for each brace that is not closed.
func openIndent(text string) string {
	parts := split(text)
	n := 0
	for _, i := range parts.unclosed {
		if parts.toks[i].tok == token.LBRACE {
			n++
		}
	}
	return strings.Repeat("\t", n)
}
