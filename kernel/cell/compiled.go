package cell

import (
	"regexp"
	"strconv"
	"strings"
)

// built is one error of the go command.
type built struct {
	msg   []string
	line  int    // of our code, 0 if not known
	col   int    // in main.go, from 1
	shown string // the line of main.go
}

var (
	buildError = regexp.MustCompile(`^\S*main(?:_test)?\.go:(\d+):(\d+): (.*)$`)
	cellLine   = regexp.MustCompile(`^Cell(?:\[\d+\]:)? Line (\d+)\n`)
)

// builds reads the errors of the go command. GoNB's traceback has an entry for
// each line of the command's output.
func builds(r Report) []built {
	var out []built
	lines := strings.Split(r.Evalue, "\n")
	for i, text := range lines {
		m := buildError.FindStringSubmatch(text)
		if m == nil {
			if n := len(out); n > 0 && strings.HasPrefix(text, "\t") {
				out[n-1].msg = append(out[n-1].msg, strings.Replace(text, "\t", "    ", 1))
			}
			continue
		}
		if m[3] == "too many errors" {
			continue
		}
		it := built{msg: []string{m[3]}}
		it.col, _ = strconv.Atoi(m[2])
		if len(r.Traceback) == len(lines) {
			it.readContext(plainText(r.Traceback[i]))
		}
		out = append(out, it)
	}
	return out
}

// readContext reads an entry of the traceback: the line of our code, then some
// lines of main.go with a caret below that of the error.
func (it *built) readContext(entry string) {
	m := cellLine.FindStringSubmatch(entry)
	if m == nil {
		return
	}
	it.line, _ = strconv.Atoi(m[1])
	caret := strings.Repeat(" ", max(0, it.col-1)) + "^"
	lines := strings.Split(entry, "\n")
	for i := 2; i < len(lines); i++ {
		if lines[i] == caret {
			it.shown = lines[i-1]
			return
		}
	}
}

// locate returns where the code of an error was typed. GoNB writes declarations
// anew: the columns of main.go are not ours, and lines may be off by some. The
// text from the error to the end of its line tells.
func (s *Session) locate(it built) (src *source, off int, exact bool) {
	rec := s.find(it.line)
	if rec == nil {
		return nil, 0, false
	}
	rest := ""
	if it.shown != "" && it.col >= 1 && it.col-1 <= len(it.shown) {
		rest = it.shown[it.col-1:]
	}
	const near = 12 // lines that GoNB is off at most
	for d := 0; d <= near; d++ {
		for _, line := range [...]int{it.line + d, it.line - d} {
			text, ok := rec.line(line)
			if !ok || it.shown == "" {
				continue
			}
			if text == it.shown {
				return rec.typedAt(line, it.col)
			}
			if len(rest) > 2 && strings.HasSuffix(text, rest) {
				return rec.typedAt(line, len(text)-len(rest)+1)
			}
		}
	}
	if text, ok := rec.line(it.line); ok {
		if word := firstWord(rest); word != "" && strings.Count(text, word) == 1 {
			return rec.typedAt(it.line, strings.Index(text, word)+1)
		}
	}
	return rec.typedAt(it.line, 0)
}

// firstWord returns the identifier that s begins with.
func firstWord(s string) string {
	for i, r := range s {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r < 0x80 {
			return s[:i]
		}
	}
	return s
}

// explainBuild explains a cell that did not compile, one message an error.
func (c *Cell) explainBuild(r Report) []message {
	var out []message
	seen := make(map[string]bool)
	for _, it := range builds(r) {
		m := message{name: kindOf(it.msg[0]), lines: it.msg}
		src, off, exact := c.session.locate(it)
		if src != nil {
			m.places = []place{{src: src, off: off, exact: exact}}
		}
		c.hint(&m, src)
		if key := strings.Join(m.text(), "\n"); !seen[key] {
			seen[key] = true
			out = append(out, m)
		}
	}
	return out
}

// kindOf names the kind of a compiler's message.
func kindOf(msg string) string {
	for _, k := range [...]struct{ part, kind string }{
		{"undefined", "NameError"},
		{"no required module provides package", "ImportError"},
		{"is not in std", "ImportError"},
		{"could not import", "ImportError"},
		{"unknown field", "NameError"},
		{"cannot use", "TypeError"},
		{"does not satisfy", "TypeError"},
		{"does not match inferred type", "TypeError"},
		{"mismatched types", "TypeError"},
		{"assignment mismatch", "TypeError"},
		{"enough arguments", "TypeError"},
		{"too many arguments", "TypeError"},
		{"used as value", "TypeError"},
		{"cannot convert", "TypeError"},
		{"multiple-value", "TypeError"},
		{"invalid operation", "TypeError"},
	} {
		if strings.Contains(msg, k.part) {
			return k.kind
		}
	}
	if strings.Contains(msg, "expected ") {
		return "SyntaxError"
	}
	return "CompileError"
}
