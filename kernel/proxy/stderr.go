package proxy

import (
	"regexp"
	"strings"
)

// stderrKept is how much of the end of a cell's standard error its failure is
// explained with, in bytes.
const stderrKept = 1 << 20

// tail keeps the end of a text.
type tail struct{ text []byte }

func (t *tail) add(s string) {
	t.text = append(t.text, s...)
	if len(t.text) > 2*stderrKept {
		t.text = append([]byte(nil), t.text[len(t.text)-stderrKept:]...)
	}
}

func (t *tail) String() string { return string(t.text) }

// dumpFilter holds back what Go writes to standard error when a program ends by a
// panic, and GoNB's line with the exit status: the failure says it in better words.
type dumpFilter struct {
	line   string // the last line as far as it came, if it may begin a dump
	middle bool   // in the middle of a line that was passed
	held   strings.Builder
	inDump bool
}

var (
	dumpStart  = []string{"panic: ", "fatal error: ", "exit status ", "signal: "}
	exitStatus = regexp.MustCompile(`^(exit status \d+|signal: [a-z ]+)\n?$`)
)

// pass returns the part of s, and of what was held back, that is no dump.
func (f *dumpFilter) pass(s string) string {
	var out strings.Builder
	for piece := range strings.Lines(s) {
		if f.inDump {
			f.held.WriteString(piece)
			continue
		}
		if !f.middle {
			f.line += piece
			if !strings.HasSuffix(piece, "\n") && mayBegin(f.line) {
				continue
			}
			piece, f.line = f.line, ""
			if begins(piece) {
				f.held.WriteString(piece)
				f.inDump = !exitStatus.MatchString(piece)
				continue
			}
		}
		out.WriteString(piece)
		f.middle = !strings.HasSuffix(piece, "\n")
	}
	return out.String()
}

// rest returns what is held back: all of a program that ended well, else an
// unfinished line that is no part of a dump.
func (f *dumpFilter) rest(ok bool) string {
	switch {
	case ok:
		return f.held.String() + f.line
	case begins(f.line):
		return ""
	}
	return f.line
}

// begins tells whether a line begins a dump or is the exit status.
func begins(line string) bool {
	return strings.HasPrefix(line, dumpStart[0]) || strings.HasPrefix(line, dumpStart[1]) || exitStatus.MatchString(line)
}

// mayBegin tells whether an unfinished line could still be one that begins.
func mayBegin(line string) bool {
	for _, start := range dumpStart {
		if strings.HasPrefix(start, line) || strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}
