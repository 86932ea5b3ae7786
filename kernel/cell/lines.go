package cell

import "strings"

// form is how a cell is to be read.
type form int

const (
	plainForm form = iota // declarations and statements in any order
	gonbForm              // with %% or its like: laid out as GoNB wants it
	wholeForm             // %%writefile, %%bash ...: no Go at all
)

// wholeCommands take the cell as it is when they stand in its first line.
var wholeCommands = [...]string{"%%writefile", "%%script", "%%bash", "%%sh", "%%gx"}

// layout tells which lines of a cell are commands of GoNB.
type layout struct {
	form     form
	commands []span // whole lines with their ends
	main     int    // the offset of the line that begins main, or -1
	second   int    // the offset of another such line, or -1
	args     bool   // a command sets the flags of the program
	empty    int    // the offset of a command without a word, or -1
}

// command returns a line without the prefix that hides commands from editors,
// and whether GoNB takes it for a command.
func command(line string) (string, bool) {
	line = strings.TrimPrefix(line, "//gonb:")
	return line, len(line) > 1 && (line[0] == '%' || line[0] == '!')
}

// readLayout finds the commands. GoNB takes every line that begins with % or !
// for one; here those inside of raw strings and comments belong to Go, and a line
// with ! that continues an expression.
func readLayout(s *source) layout {
	out := layout{main: -1, second: -1, empty: -1}
	lines := s.lines()
	first, _ := command(lines[0])
	for _, w := range wholeCommands {
		if f := strings.Fields(first); len(f) > 0 && f[0] == w {
			out.form = wholeForm
			if w == "%%script" && len(f) == 1 {
				out.empty = 0
			}
			return out
		}
	}
	var lex lexer
	for i := 0; i < len(lines); i++ {
		text, is := command(lines[i])
		if !is || lex.inside() || text[0] == '!' && lex.continues(lines[i]) {
			lex.line(lines[i])
			continue
		}
		from := i
		for strings.HasSuffix(lines[i], `\`) && i+1 < len(lines) {
			i++
		}
		out.add(s, text, from, i)
		lex.last = ';'
	}
	return out
}

// add notes a command in lines from to to, counted from 0.
func (l *layout) add(s *source, text string, from, to int) {
	off, end := s.starts[from], len(s.text)
	if to+1 < len(s.starts) {
		end = s.starts[to+1]
	}
	l.commands = append(l.commands, span{off, end})
	words := strings.Fields(text[1:])
	switch {
	case len(words) == 0 && l.empty < 0:
		l.empty = off
	case startsMain(text):
		l.form = gonbForm
		switch {
		case l.main < 0:
			l.main = off
		case l.second < 0:
			l.second = off
		}
	case len(words) == 0:
	case text[0] == '%' && (words[0] == "test" || words[0] == "wasm"):
		l.form = gonbForm
	case text[0] == '%' && words[0] == "args":
		l.args = true
	}
}

// startsMain tells whether GoNB makes func main of a command and what follows.
func startsMain(text string) bool {
	if strings.HasPrefix(text, "%main") || strings.HasPrefix(text, "%exec") {
		return true
	}
	return strings.HasPrefix(text, "%%") && (len(text) == 2 || text[2] == ' ' || text[2] == '\t')
}

// lexer follows Go from line to line as far as strings and comments go.
type lexer struct {
	open byte // '`' in a raw string, '*' in a comment, 0 outside
	last byte // the last byte of Go that is no blank
}

func (l *lexer) inside() bool { return l.open != 0 }

// continues tells whether a line that begins with ! goes on with what the lines
// before began: Go ends no statement after these.
func (l *lexer) continues(line string) bool {
	return l.last != 0 && strings.IndexByte("&|(,[=", l.last) >= 0 ||
		l.last == '{' && strings.HasSuffix(strings.TrimSpace(line), ",")
}

// line reads one line.
func (l *lexer) line(s string) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case l.open == '`':
			if c == '`' {
				l.open, l.last = 0, c
			}
		case l.open == '*':
			if strings.HasPrefix(s[i:], "*/") {
				l.open = 0
				i++
			}
		case strings.HasPrefix(s[i:], "//"):
			return
		case strings.HasPrefix(s[i:], "/*"):
			l.open = '*'
			i++
		case c == '`':
			l.open = '`'
		case c == '"' || c == '\'':
			i = quoted(s, i)
			l.last = c
		case c != ' ' && c != '\t':
			l.last = c
		}
	}
}

// quoted returns where the string or rune that begins at i ends; Go ends it with
// the line at the latest.
func quoted(s string, i int) int {
	quote := s[i]
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case quote:
			return i
		}
	}
	return i
}
