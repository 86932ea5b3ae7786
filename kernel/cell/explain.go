package cell

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Explain turns what GoNB said about a failed cell into what the user reads: the
// kind of error, places in the lines that were typed, and what can be done.
func (c *Cell) Explain(r Report) *Failure {
	if c.Failure != nil {
		return c.Failure
	}
	s := c.session
	s.mu.Lock()
	defer s.mu.Unlock()
	ran := strings.HasPrefix(r.Evalue, "exit status") || strings.HasPrefix(r.Evalue, "signal: ")
	if !ran {
		c.outcome = unbuilt
	}
	switch {
	case ran && r.Library != nil:
		return c.explainLibrary(r.Library)
	case r.Interrupted:
		return failure([]message{{name: "Interrupted", lines: []string{"the cell was interrupted"}, hints: c.withdrawalHint()}})
	case ran:
		return failure([]message{c.explainRun(r)})
	}
	if list := c.explainBuild(r); len(list) > 0 {
		return failure(list)
	}
	lines := textLines(r.Evalue)
	if len(lines) == 0 {
		lines = []string{"the cell failed, and GoNB does not say why"}
	}
	return failure([]message{{name: "Error", lines: lines}})
}

// Retry returns a second form of the code where the first did not compile because
// the expression at its end, which was to be shown, has no value.
func (c *Cell) Retry(r Report) (code string, ok bool) {
	if c.shown == nil || !strings.Contains(r.Evalue, "(no value) used as value") {
		return "", false
	}
	s := c.session
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, it := range builds(r) {
		src, off, exact := s.locate(it)
		if src == c.src && exact && c.shown.from <= off && off < c.shown.to {
			rec := s.compose(c, false)
			s.remember(rec)
			return rec.code(), true
		}
	}
	return "", false
}

// explainRun explains a cell that ended with an exit code or a signal.
func (c *Cell) explainRun(r Report) message {
	stderr := withoutStatus(plainText(r.Stderr))
	if p, ok := readPanic(stderr); ok {
		return c.explainPanic(p)
	}
	m := message{hints: c.withdrawalHint()}
	m.lines = textLines(stderr)
	switch {
	case c.tests():
		m.name, m.lines = "TestFailure", append([]string{"a test failed"}, m.lines...)
	case len(m.lines) > 0:
		m.name = "Error"
		m.lines[0] = logTime.ReplaceAllString(m.lines[0], "")
		if n := len(m.lines); n > maxLines {
			m.lines = m.lines[n-maxLines:]
		}
		if slices.ContainsFunc(m.lines, func(l string) bool { return strings.TrimSpace(l) == "^" }) {
			m.name = "FormulaError"
		}
	case r.Evalue == "signal: killed":
		m.name, m.lines = "Killed", []string{"the cell was killed"}
		m.hints = append([]string{"The system may have been out of memory."}, m.hints...)
	default:
		m.name, m.lines = "Exit", []string{"the cell ended with " + r.Evalue}
	}
	return m
}

// explainLibrary says where in the cells a failure of golmm comes from. It has been
// shown as a card already, so there is no HTML.
func (c *Cell) explainLibrary(l *LibraryFailure) *Failure {
	stack := &panicked{dump: l.Stack}
	stack.readFrames()
	m := message{name: l.Ename, lines: []string{l.Evalue}}
	c.place(&m, stack)
	text := m.text()[1:]
	f := &Failure{Name: l.Ename, Value: l.Evalue, Traceback: slices.Concat(l.Traceback, text)}
	if len(l.Traceback) == 0 {
		f.Traceback = m.text()
	}
	return f
}

// tests tells whether the cell runs tests.
func (c *Cell) tests() bool {
	return slices.ContainsFunc(c.read.commands, func(p span) bool {
		text, _ := command(p.of(c.src.text))
		return strings.HasPrefix(text, "%test")
	})
}

// maxLines is how much of what a cell printed before it ended is repeated.
const maxLines = 30

// withdrawalHint says which variables are withdrawn because the cell failed.
func (c *Cell) withdrawalHint() []string {
	if c.read == nil || c.outcome == unbuilt || c.outcome == inBody {
		return nil
	}
	var names []string
	for _, d := range c.read.kept {
		if d.runs && !d.isFunc() {
			names = append(names, d.names...)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return []string{fmt.Sprintf("%s is not kept, because the cell failed.", names[0])}
	}
	return []string{strings.Join(names, ", ") + " are not kept, because the cell failed."}
}

var (
	ansiSequence = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)
	logTime      = regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d `)
	statusLine   = regexp.MustCompile(`(?:^|\n)(?:exit status \d+|\^C\nsignal: \w+|signal: [a-z ]+)\n*$`)
)

// plainText is text without the colours of terminals.
func plainText(s string) string { return ansiSequence.ReplaceAllString(s, "") }

// withoutStatus drops the last line that GoNB adds.
func withoutStatus(s string) string { return statusLine.ReplaceAllString(s, "") }

// textLines are the lines of s without blank ones at either end.
func textLines(s string) []string {
	s = strings.Trim(strings.TrimRight(plainText(s), " \t\n"), "\n")
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
