package report

import "strings"

// Markdown writes the document in CommonMark with the tables of GitHub.
func (d *Doc) Markdown() string {
	w := &markdownWriter{}
	w.blocks(d.unfolded())
	return strings.TrimSuffix(w.b.String(), "\n")
}

type markdownWriter struct{ b strings.Builder }

// paragraph writes a paragraph of Markdown.
func (w *markdownWriter) paragraph(s string) {
	if strings.HasPrefix(s, "-") {
		s = `\` + s // no list
	}
	if s != "" {
		w.b.WriteString(s + "\n\n")
	}
}

func (w *markdownWriter) blocks(blocks []Block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *markdownWriter) block(b Block) {
	switch b := b.(type) {
	case Verdict:
		w.paragraph("**" + markdownEscape(b.Title) + "**")
		w.blocks(sentences(b.Behind))
	case Formula:
		w.paragraph(markdownCode(b.Src))
	case Facts:
		items := make([]string, len(b.Items))
		for i, f := range b.Items {
			items[i] = markdownInline(f)
		}
		w.paragraph(strings.Join(items, ", "))
	case Sentence:
		w.paragraph(markdownInline(b.Text))
	case Axes:
		for _, a := range b.Items {
			w.b.WriteString("- " + markdownEscape(a.Name) + ": " + markdownEscape(a.word()) + "\n")
		}
		w.b.WriteByte('\n')
	case Points:
		for _, p := range b.Items {
			head := markdownInline(p.Head)
			if p.Word != "" {
				head = "**" + markdownEscape(p.Word) + ":** " + head
			}
			w.b.WriteString("- " + head + "\n")
			for _, r := range p.below() {
				w.b.WriteString("  - " + markdownInline(r) + "\n")
			}
		}
		w.b.WriteByte('\n')
	case Suggestion:
		w.paragraph("**Suggested.** " + markdownInline(b.Text))
	case Note:
		w.paragraph(markdownInline(b.Text))
	case Source:
		text := strings.TrimRight(b.Text, "\n")
		fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
		w.paragraph(fence + "\n" + text + "\n" + fence)
	case Details:
		w.paragraph("**" + markdownEscape(b.Title) + "**")
		w.blocks(b.Blocks)
	case Table:
		w.table(&b)
	case Forest:
		t := b.table()
		w.table(&t)
	}
}

// table writes a table; columns under a shared head show their own heads.
func (w *markdownWriter) table(t *Table) {
	if t.Title != "" {
		w.paragraph(strings.TrimSpace("**" + markdownEscape(t.Title) + "** " + markdownEscape(t.How)))
	}
	heads, rule := make([]string, len(t.Columns)), make([]string, len(t.Columns))
	for j, c := range t.Columns {
		heads[j], rule[j] = markdownEscape(c.Head), ":--"
		if c.Kind == Figure {
			rule[j] = "--:"
		}
	}
	w.row(heads)
	w.row(rule)
	for _, r := range t.Rows {
		cells := make([]string, len(t.Columns))
		for j := range cells {
			cells[j] = markdownCell(r.cell(j))
		}
		if r.Group {
			cells[0] = strings.TrimSpace("**" + markdownEscape(r.Label.String()) + "** " + markdownEscape(r.Aside))
		}
		w.row(cells)
	}
	w.b.WriteByte('\n')
	for _, n := range t.Notes {
		w.paragraph(markdownInline(n))
	}
}

func (w *markdownWriter) row(cells []string) {
	w.b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// markdownCell is a line inside a table, where a bar ends the cell even in code.
func markdownCell(l Inline) string {
	var b strings.Builder
	for _, s := range l {
		text := markdownInline(Inline{s})
		if s.Style == Code {
			text = strings.ReplaceAll(text, "|", `\|`)
		}
		b.WriteString(text)
	}
	return b.String()
}

func markdownInline(l Inline) string {
	var b strings.Builder
	for _, s := range l {
		switch s.Style {
		case Code:
			b.WriteString(markdownCode(s.Text))
		case Bold:
			b.WriteString("**" + markdownEscape(s.Text) + "**")
		case Number:
			b.WriteString(strings.ReplaceAll(s.Text, "<", `\<`))
		default:
			b.WriteString(markdownEscape(s.Text))
		}
	}
	return b.String()
}

// markdownEscape escapes what Markdown, its tables and the mathematics of
// notebooks could take for markup.
func markdownEscape(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune("\\`*_[]<>|~$&", r),
			i == 0 && strings.ContainsRune("#+-=", r),
			i > 0 && (r == '.' || r == ')') && allDigits(s[:i]):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// markdownCode writes s as code, between more backquotes than it holds.
func markdownCode(s string) string {
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	space := ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		space = " "
	}
	return fence + space + strings.ReplaceAll(s, "\n", " ") + space + fence
}

// longestRun is the length of the longest run of c in s.
func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
