package cell

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// message is one thing to say about a failed cell.
type message struct {
	name   string   // the kind of error
	lines  []string // what is wrong; the first says it
	places []place
	hints  []string
}

// place is a line of a cell, and the column to point at where exact.
type place struct {
	src   *source
	off   int
	exact bool
	note  string // behind the number of the line, such as ", in f"
}

// tabWidth is how wide a tab is shown.
const tabWidth = 4

// syntaxFailure is the failure of a cell that the parser does not take.
func syntaxFailure(s *source, p *problem) *Failure {
	return failure([]message{{
		name:   "SyntaxError",
		lines:  []string{p.msg},
		places: []place{{src: s, off: p.off, exact: true}},
		hints:  p.hints,
	}})
}

// failure renders messages; the first gives name and value.
func failure(list []message) *Failure {
	f := &Failure{Name: list[0].name, Value: list[0].lines[0]}
	switch n := len(list) - 1; n {
	case 0:
	case 1:
		f.Value += " (and 1 more error)"
	default:
		f.Value += fmt.Sprintf(" (and %d more errors)", n)
	}
	var card strings.Builder
	card.WriteString(`<div style="` + cardStyle + `">`)
	for i, m := range list {
		if i > 0 {
			f.Traceback = append(f.Traceback, "")
		}
		f.Traceback = append(f.Traceback, m.text()...)
		m.html(&card, i == 0)
	}
	card.WriteString("</div>")
	f.HTML = card.String()
	return f
}

// text is the message as lines of text.
func (m message) text() []string {
	out := append([]string{m.name + ": " + m.lines[0]}, m.lines[1:]...)
	for _, p := range m.places {
		out = append(out, "  "+p.label())
		for _, line := range p.excerpt() {
			out = append(out, "    "+line)
		}
	}
	return append(out, m.hints...)
}

// label names the place.
func (p place) label() string {
	line, _ := p.src.position(p.off)
	return fmt.Sprintf("cell [%d], line %d%s", p.src.number, line, p.note)
}

// excerpt is the line of the place without its indent, and a caret below.
func (p place) excerpt() []string {
	n, col := p.src.position(p.off)
	line := p.src.line(n)
	text := strings.TrimLeft(line, " \t")
	if text == "" {
		return nil
	}
	indent := len(line) - len(text)
	shown := strings.TrimRight(expand(text), " ")
	if !p.exact || col-1 < indent {
		return []string{shown}
	}
	before := expand(line[indent : col-1])
	return []string{shown, strings.Repeat(" ", utf8.RuneCountInString(before)) + "^"}
}

// expand writes tabs as blanks and leaves out what is no text.
func expand(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\t", strings.Repeat(" ", tabWidth))
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, s)
}

// The card's colours stand twice, for browsers without light-dark. It paints its
// own ground, so they can be read on any page.
const (
	cardStyle = "color-scheme:light dark;box-sizing:border-box;max-width:820px;margin:4px 0 12px;padding:10px 20px 12px;" +
		"background:#fff;background:light-dark(#fff,#16191d);color:#1b1f24;color:light-dark(#1b1f24,#e6e9ed);" +
		"border-top:3px solid #9a1322;border-top-color:light-dark(#9a1322,#ef776e);" +
		"border-bottom:1px solid #d8dde3;border-bottom-color:light-dark(#d8dde3,#353c44);" +
		`font:14px/1.5 system-ui,Roboto,Arial,sans-serif`
	kindStyle  = "color:#9a1322;color:light-dark(#9a1322,#ef776e);font-weight:600"
	mutedStyle = "color:#59626d;color:light-dark(#59626d,#a0a9b4);font-size:12.5px"
	codeStyle  = "margin:2px 0 8px;padding:0;background:none;color:inherit;overflow-x:auto;white-space:pre;" +
		"font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace"
	inlineStyle = "padding:0;background:none;color:inherit;white-space:pre-wrap;font:12.5px/1.5 ui-monospace,Menlo,Consolas,monospace"
)

// html writes the message into a card.
func (m message) html(b *strings.Builder, first bool) {
	size := "font-size:15px"
	if !first {
		size = "margin-top:10px"
	}
	fmt.Fprintf(b, `<div style="%s"><strong style="%s">%s</strong> %s</div>`,
		size, kindStyle, html.EscapeString(m.name), html.EscapeString(expand(m.lines[0])))
	if len(m.lines) > 1 {
		fmt.Fprintf(b, `<pre style="%s">%s</pre>`, codeStyle, escapeLines(m.lines[1:]))
	}
	for _, p := range m.places {
		fmt.Fprintf(b, `<div style="%s">%s</div>`, mutedStyle, html.EscapeString(p.label()))
		if lines := p.excerpt(); len(lines) > 0 {
			fmt.Fprintf(b, `<pre style="%s">%s</pre>`, codeStyle, escapeLines(lines))
		}
	}
	for _, h := range m.hints {
		fmt.Fprintf(b, `<div style="margin:4px 0 0;max-width:42em">%s</div>`, hintHTML(h))
	}
}

// hintHTML writes a hint with what stands between backquotes as code.
func hintHTML(h string) string {
	parts := strings.Split(html.EscapeString(expand(h)), "`")
	if len(parts)%2 == 0 { // a backquote of its own
		return strings.Join(parts, "`")
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = `<code style="` + inlineStyle + `">` + parts[i] + "</code>"
	}
	return strings.Join(parts, "")
}

func escapeLines(lines []string) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = html.EscapeString(expand(l))
	}
	return strings.Join(out, "\n")
}
