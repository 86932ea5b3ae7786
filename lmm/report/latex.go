package report

import (
	"strconv"
	"strings"
)

// LaTeX writes the document as a fragment of LaTeX. Its tables need the
// package booktabs, which nbconvert's template loads.
func (d *Doc) LaTeX() string {
	w := &latexWriter{}
	w.b.WriteString("% needs \\usepackage{booktabs}\n")
	w.blocks(d.unfolded())
	return strings.TrimSuffix(w.b.String(), "\n")
}

type latexWriter struct{ b strings.Builder }

func (w *latexWriter) paragraph(s string) {
	if s != "" {
		w.b.WriteString("\\noindent " + s + "\n\n")
	}
}

func (w *latexWriter) blocks(blocks []Block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *latexWriter) block(b Block) {
	switch b := b.(type) {
	case Verdict:
		w.paragraph(latexBold(b.Title))
		w.blocks(sentences(b.Behind))
	case Formula:
		w.paragraph(latexCode(b.Src))
	case Facts:
		items := make([]string, len(b.Items))
		for i, f := range b.Items {
			items[i] = latexInline(f)
		}
		w.paragraph(strings.Join(items, ", "))
	case Sentence:
		w.paragraph(latexInline(b.Text))
	case Axes:
		items := make([]string, len(b.Items))
		for i, a := range b.Items {
			items[i] = latexEscape(a.Name + ": " + a.word())
		}
		w.paragraph(strings.Join(items, ". ") + ".")
	case Points:
		w.b.WriteString("\\begin{itemize}\n")
		for _, p := range b.Items {
			w.b.WriteString("\\item ")
			if p.Word != "" {
				w.b.WriteString(latexBold(p.Word+":") + " ")
			}
			w.b.WriteString(latexInline(p.Head) + "\n")
			for _, r := range p.below() {
				w.b.WriteString("\n" + latexInline(r) + "\n")
			}
		}
		w.b.WriteString("\\end{itemize}\n\n")
	case Suggestion:
		w.paragraph(latexBold("Suggested.") + " " + latexInline(b.Text))
	case Note:
		w.paragraph("{\\small " + latexInline(b.Text) + "}")
	case Source:
		lines := strings.Split(strings.TrimRight(b.Text, "\n"), "\n")
		for i, l := range lines {
			lines[i] = "\\mbox{" + strings.ReplaceAll(latexCode(l), " ", "~") + "}"
		}
		w.paragraph(strings.Join(lines, "\\\\\n"))
	case Details:
		w.paragraph(latexBold(b.Title))
		w.blocks(b.Blocks)
	case Table:
		w.table(&b)
	case Forest:
		t := b.table()
		w.table(&t)
	}
}

func (w *latexWriter) table(t *Table) {
	n := strconv.Itoa(len(t.Columns))
	w.b.WriteString("\\noindent\\begin{tabular}{@{}")
	for _, c := range t.Columns {
		if c.Kind == Figure {
			w.b.WriteByte('r')
		} else {
			w.b.WriteByte('l')
		}
	}
	w.b.WriteString("@{}}\n")
	if t.Title != "" {
		w.b.WriteString("\\multicolumn{" + n + "}{@{}l}{" + strings.TrimSpace(latexBold(t.Title)+" "+latexEscape(t.How)) + "}\\\\\n")
	}
	w.b.WriteString("\\toprule\n")
	if t.heads() {
		w.head(t)
	}
	pads := make([][]pad, len(t.Columns))
	for j := range t.Columns {
		pads[j] = t.pads(j)
	}
	for i, r := range t.Rows {
		if r.Group {
			label := strings.TrimSpace(latexBold(r.Label.String()) + " " + latexEscape(r.Aside))
			w.b.WriteString("\\multicolumn{" + n + "}{@{}l}{" + label + "}\\\\\n")
			continue
		}
		cells := make([]string, len(t.Columns))
		for j := range cells {
			cells[j] = latexInline(r.cell(j)) + latexPad(pads[j][i])
		}
		w.b.WriteString(strings.Join(cells, " & ") + "\\\\\n")
	}
	w.b.WriteString("\\bottomrule\n\\end{tabular}\n\n")
	for _, note := range t.Notes {
		w.block(Note{note})
	}
}

func (w *latexWriter) head(t *Table) {
	var heads []string
	for _, o := range t.overs() {
		h := latexEscape(o.head)
		if o.n > 1 {
			h = "\\multicolumn{" + strconv.Itoa(o.n) + "}{r}{" + h + "}"
		}
		heads = append(heads, h)
	}
	w.b.WriteString(strings.Join(heads, " & ") + "\\\\\n\\midrule\n")
}

// latexPad is a space as wide as a point and digits.
func latexPad(p pad) string {
	s := strings.Repeat("0", p.digits)
	if p.point {
		s = "." + s
	}
	if s == "" {
		return ""
	}
	return "\\phantom{" + s + "}"
}

func latexInline(l Inline) string {
	var b strings.Builder
	for _, s := range l {
		switch s.Style {
		case Code:
			b.WriteString(latexCode(s.Text))
		case Bold:
			b.WriteString(latexBold(s.Text))
		case Number:
			b.WriteString(latexNumber(s.Text))
		default:
			b.WriteString(latexEscape(s.Text))
		}
	}
	return b.String()
}

// latexNumber sets a formatted number: signs as mathematics, an exponent as a
// power of ten, an en dash for what is missing.
func latexNumber(s string) string {
	if s == Missing {
		return "--"
	}
	if strings.Trim(s, "0123456789.e-< ") != "" {
		return latexEscape(s) // not a number after all
	}
	if mantissa, exponent, found := strings.Cut(s, "e"); found {
		return "$" + mantissa + "\\times 10^{" + exponent + "}$"
	}
	if strings.ContainsAny(s, "-<") {
		return "$" + s + "$"
	}
	return latexEscape(s)
}

func latexBold(s string) string { return "\\textbf{" + latexEscape(s) + "}" }
func latexCode(s string) string { return "\\texttt{" + latexEscape(s) + "}" }

// latexEscape writes s as text, without commands and ligatures.
func latexEscape(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch r {
		case '\\':
			b.WriteString("\\textbackslash{}")
		case '~':
			b.WriteString("\\textasciitilde{}")
		case '^':
			b.WriteString("\\textasciicircum{}")
		case '<':
			b.WriteString("\\textless{}")
		case '>':
			b.WriteString("\\textgreater{}")
		case '|':
			b.WriteString("\\textbar{}")
		case '"':
			b.WriteString("\\char34{}")
		case '`':
			b.WriteString("\\char96{}")
		case '[', '*': // after a line break they would be its argument
			b.WriteString("{" + string(r) + "}")
		case '{', '}', '$', '&', '#', '_', '%':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '-':
			if strings.HasPrefix(s[i+1:], "-") {
				b.WriteString("-{}") // two hyphens would become a dash
			} else {
				b.WriteByte('-')
			}
		case '\n':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
