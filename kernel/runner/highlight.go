package runner

import (
	"fmt"
	"go/scanner"
	"go/token"
	"html"
	"strings"
)

// highlight returns the HTML of a cell's code: keywords, strings, numbers, comments
// and the kernel's own commands (lines that begin with % or !) in span elements. The
// text is the code's, to the byte. Code that is no Go comes out as far as it can be
// told apart.
func highlight(code string) string {
	if otherLanguage(code) {
		first, rest, _ := strings.Cut(code, "\n")
		return mark("m", first) + "\n" + html.EscapeString(rest)
	}
	goCode, commands := blankCommands(code)
	var b strings.Builder
	done := 0 // up to here code is written
	upTo := func(to int) {
		// Between tokens there may be commands, which the scanner took for blanks.
		for len(commands) > 0 && commands[0].from < to {
			c := commands[0]
			if c.from < done { // a line within a string or comment
				commands = commands[1:]
				continue
			}
			b.WriteString(html.EscapeString(code[done:c.from]))
			b.WriteString(mark("m", code[c.from:c.to]))
			done, commands = c.to, commands[1:]
		}
		if done < to {
			b.WriteString(html.EscapeString(code[done:to]))
			done = to
		}
	}
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(goCode))
	var s scanner.Scanner
	s.Init(file, goCode, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		class := classOf(tok)
		if class == "" {
			continue
		}
		from := file.Offset(pos)
		// The scanner drops carriage returns from literals, and what it calls the
		// literal of a keyword is the keyword.
		to := min(from+len(lit), len(code))
		if from < done {
			continue
		}
		upTo(from)
		b.WriteString(mark(class, code[from:to]))
		done = to
	}
	upTo(len(code))
	return b.String()
}

func classOf(tok token.Token) string {
	switch {
	case tok == token.COMMENT:
		return "c"
	case tok == token.STRING || tok == token.CHAR:
		return "s"
	case tok == token.INT || tok == token.FLOAT || tok == token.IMAG:
		return "n"
	case tok.IsKeyword():
		return "k"
	}
	return ""
}

// blankCommands returns code with the kernel's commands overwritten by blanks, and
// their places.
func blankCommands(code string) ([]byte, []place) {
	b := []byte(code)
	var commands []place
	at := 0
	for line := range strings.Lines(code) {
		text := strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(text, "%") || strings.HasPrefix(text, "!") {
			commands = append(commands, place{at, at + len(text)})
			for i := at; i < at+len(text); i++ {
				b[i] = ' '
			}
		}
		at += len(line)
	}
	return b, commands
}

// otherLanguage tells whether the cell's first line hands it to another program.
func otherLanguage(code string) bool {
	for _, magic := range []string{"%%bash", "%%sh", "%%script", "%%writefile"} {
		if rest, ok := strings.CutPrefix(code, magic); ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\n")) {
			return true
		}
	}
	return false
}

func mark(class, text string) string {
	return fmt.Sprintf(`<span class="%s">%s</span>`, class, html.EscapeString(text))
}
