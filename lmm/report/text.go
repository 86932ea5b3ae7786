package report

import (
	"strings"
	"unicode/utf8"
)

// textWidth is the longest line of running text and of tables whose words can
// be wrapped.
const textWidth = 96

// Text writes the document for a terminal: aligned, plain characters, lines
// of at most 96 columns unless a name or a table needs more.
func (d *Doc) Text() string {
	w := &textWriter{}
	w.blocks(d.unfolded())
	return strings.TrimLeft(w.b.String(), "\n")
}

type textWriter struct {
	b      strings.Builder
	indent string
	headed bool // the last line was a heading, no gap below it
}

func (w *textWriter) line(s string) {
	w.headed = false
	w.b.WriteString(strings.TrimRight(w.indent+s, " "))
	w.b.WriteByte('\n')
}

func (w *textWriter) gap() {
	if w.b.Len() > 0 && !w.headed && !strings.HasSuffix(w.b.String(), "\n\n") {
		w.b.WriteByte('\n')
	}
}

// wrapped writes s in lines of the text width, the first after lead, the
// others indented as far.
func (w *textWriter) wrapped(lead, s string) {
	hang := strings.Repeat(" ", utf8.RuneCountInString(lead))
	for i, l := range wrap(s, textWidth-len(w.indent)-len(hang)) {
		if i == 0 {
			w.line(lead + l)
		} else {
			w.line(hang + l)
		}
	}
}

func (w *textWriter) blocks(blocks []Block) {
	for i := 0; i < len(blocks); i++ {
		v, ok := blocks[i].(Verdict)
		if !ok {
			w.block(blocks[i])
			continue
		}
		head := strings.ToUpper(v.Title)
		if i+1 < len(blocks) {
			if f, ok := blocks[i+1].(Formula); ok {
				w.verdict(head, f.Src)
				i++
			} else {
				w.line(head)
			}
		} else {
			w.line(head)
		}
		w.blocks(sentences(v.Behind))
	}
}

// verdict writes the formula beside the verdict, or below where it is long.
func (w *textWriter) verdict(head, src string) {
	gap := max(3, 33-utf8.RuneCountInString(head))
	if utf8.RuneCountInString(head)+gap+utf8.RuneCountInString(src) <= textWidth {
		w.line(head + strings.Repeat(" ", gap) + src)
		return
	}
	w.line(head)
	w.line(src)
}

func (w *textWriter) block(b Block) {
	switch b := b.(type) {
	case Verdict:
		w.blocks([]Block{b})
	case Formula:
		w.line(b.Src)
	case Facts:
		items := make([]string, len(b.Items))
		for i, f := range b.Items {
			items[i] = together(f).String()
		}
		w.wrapped("", strings.Join(items, ", "))
	case Sentence:
		w.wrapped("", b.Text.String())
	case Axes:
		for _, a := range b.Items {
			w.line(padRight(a.Name, 13) + a.word())
		}
	case Points:
		w.gap()
		for _, p := range b.Items {
			lead := ""
			if p.Word != "" {
				lead = strings.ToUpper(p.Word) + ": "
			}
			w.wrapped("", lead+p.Head.String())
			for _, r := range p.below() {
				w.wrapped("  ", r.String())
			}
		}
	case Suggestion:
		w.gap()
		w.wrapped("Suggested: ", b.Text.String())
	case Note:
		w.wrapped("", b.Text.String())
	case Source:
		for _, l := range strings.Split(strings.TrimRight(b.Text, "\n"), "\n") {
			w.line(l)
		}
	case Details:
		w.gap()
		w.line(b.Title)
		w.indent += "  "
		w.headed = true
		w.blocks(b.Blocks)
		w.indent = w.indent[2:]
	case Table:
		w.table(&b)
	case Forest:
		t := b.pictured()
		w.table(&t)
	}
}

// wrap breaks s at spaces into lines of at most width characters; longer
// words stand alone. A no-break space is kept together and printed as a space.
func wrap(s string, width int) []string {
	var lines []string
	var line string
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	lines = append(lines, line)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], "\u00a0", " ")
	}
	return lines
}

func padRight(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s))) + s
}
