package cell

import (
	"go/token"
	"strings"
)

// edit is text inserted at an offset of typed text.
type edit struct {
	off  int
	text string
}

// protect returns what keeps GoNB from misreading Go: it takes lines that begin
// with % or ! for commands and drops those that begin with "package", also inside
// of raw strings and comments; and comments that set line numbers confuse it.
// A blank in front helps, and a raw string is written in two pieces:
// "x\n%d" as (x\n`+`%d). Lines of the text that are commands are blank already.
func protect(text string, toks []lexeme) []edit {
	var out []edit
	starts := lineStarts(text)
	k := 0
	for _, t := range toks {
		if t.tok == token.COMMENT && (strings.HasPrefix(t.lit, "//line ") || strings.HasPrefix(t.lit, "/*line ")) {
			out = append(out, edit{t.from + 2, " "})
		}
		raw := false
		for ; k < len(starts) && starts[k] < t.to; k++ {
			at := starts[k]
			switch {
			case !misread(text[at:]):
			case t.tok == token.STRING && t.from < at:
				if !raw {
					out = append(out, edit{t.from, "("})
				}
				raw = true
				out = append(out, edit{at, "`+`"})
			default:
				out = append(out, edit{at, " "})
			}
		}
		if raw {
			out = append(out, edit{t.to, ")"})
		}
	}
	return out
}

// misread tells whether GoNB would not leave a line alone.
func misread(rest string) bool {
	line, _, _ := strings.Cut(rest, "\n")
	_, is := command(line)
	return is || strings.HasPrefix(line, "package")
}
