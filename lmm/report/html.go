package report

import (
	"html"
	"strconv"
	"strings"
)

// HTML writes the document as one fragment for the output of a cell: one
// wrapper of class golmm, no ids, no script, nothing to load, light and dark
// by style alone. Without its style it still reads as sentences and tables.
// The two classes that end in _ignore keep MathJax from reading a name with
// dollar signs as a formula.
func (d *Doc) HTML() string {
	w := &htmlWriter{}
	label := ""
	if d.Label != "" {
		label = ` aria-label="` + html.EscapeString(d.Label) + `"`
	}
	w.raw(`<section class="golmm `, d.Tone.class(), ` tex2jax_ignore mathjax_ignore" lang="en"`, label, ">\n<style>\n", styleSheet, "</style>\n")
	w.blocks(d.Blocks)
	w.raw("</section>\n")
	return w.b.String()
}

type htmlWriter struct{ b strings.Builder }

// raw writes markup.
func (w *htmlWriter) raw(parts ...string) {
	for _, p := range parts {
		w.b.WriteString(p)
	}
}

// text writes plain text, escaped.
func (w *htmlWriter) text(s string) { w.b.WriteString(html.EscapeString(s)) }

func (w *htmlWriter) inline(l Inline) {
	for _, s := range l {
		switch s.Style {
		case Code:
			w.raw("<code>", html.EscapeString(s.Text), "</code>")
		case Bold:
			w.raw("<strong>", html.EscapeString(s.Text), "</strong>")
		case Number:
			w.text(trueMinus(s.Text))
		default:
			w.text(s.Text)
		}
	}
}

// together keeps a short line from being broken.
func together(l Inline) Inline {
	out := make(Inline, len(l))
	for i, s := range l {
		out[i] = Span{strings.ReplaceAll(s.Text, " ", "\u00a0"), s.Style}
	}
	return out
}

// trueMinus sets the signs of a formatted number: U+2212, and an en dash for
// what is missing.
func trueMinus(s string) string {
	if s == Missing {
		return "\u2013"
	}
	return strings.ReplaceAll(s, "-", "\u2212")
}

func (w *htmlWriter) blocks(blocks []Block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *htmlWriter) block(b Block) {
	switch b := b.(type) {
	case Verdict:
		w.verdict(b)
	case Formula:
		w.raw(`<p class="g-m"><code>`, html.EscapeString(b.Src), "</code></p>\n")
	case Facts:
		w.raw(`<p class="g-m">`)
		for i, f := range b.Items {
			if i > 0 {
				w.raw(" · ")
			}
			w.inline(together(f))
		}
		w.raw("</p>\n")
	case Sentence:
		w.paragraph("g-l", b.Text)
	case Axes:
		w.axes(b)
	case Points:
		w.points(b)
	case Suggestion:
		w.raw(`<p class="g-a"><strong>Suggested.</strong> `)
		w.inline(b.Text)
		w.raw("</p>\n")
	case Note:
		w.paragraph("g-m", b.Text)
	case Source:
		w.raw("<pre>", html.EscapeString(strings.TrimRight(b.Text, "\n")), "</pre>\n")
	case Details:
		w.raw("<details><summary>", html.EscapeString(b.Title), "</summary>\n")
		w.blocks(b.Blocks)
		w.raw("</details>\n")
	case Table:
		w.table(&b)
	case Forest:
		w.forest(&b)
	}
}

func (w *htmlWriter) paragraph(class string, text Inline) {
	w.raw(`<p class="`, class, `">`)
	w.inline(text)
	w.raw("</p>\n")
}

func (w *htmlWriter) verdict(v Verdict) {
	title := v.Glyph.svg() + "<strong>" + html.EscapeString(v.Title) + "</strong>"
	if len(v.Behind) == 0 {
		w.raw(`<p class="g-h" role="heading" aria-level="3">`, title, "</p>\n")
		return
	}
	w.raw(`<details class="g-v"><summary class="g-h">`, title, ` <span class="g-k">how it is known</span></summary>`, "\n")
	w.blocks(v.Behind)
	w.raw("</details>\n")
}

func (w *htmlWriter) axes(b Axes) {
	w.raw(`<dl class="g-x">`)
	for _, a := range b.Items {
		w.raw("<dt>", html.EscapeString(a.Name), "</dt><dd>")
		if a.At < 0 || a.At >= len(a.Words) {
			w.raw("<strong>", html.EscapeString(trueMinus(a.Else)), "</strong> ")
		}
		for i, word := range a.Words {
			if i == a.At {
				w.raw("<strong>", html.EscapeString(word), "</strong> ")
			} else {
				w.raw(`<i aria-hidden="true">`, html.EscapeString(word), "</i> ")
			}
		}
		w.raw("</dd>")
	}
	w.raw("</dl>\n")
}

func (w *htmlWriter) points(b Points) {
	w.raw(`<dl class="g-d">`, "\n")
	for _, p := range b.Items {
		w.raw("<dt>")
		if p.Word != "" {
			w.raw(`<strong class="g-w `, p.Tone.class(), `">`, html.EscapeString(p.Word), ":</strong> ")
		}
		w.inline(p.Head)
		w.raw("</dt>\n")
		for _, r := range p.Reasons {
			w.raw("<dd>")
			w.inline(r)
			w.raw("</dd>\n")
		}
		if len(p.Aside) > 0 {
			w.raw(`<dd class="g-m">`)
			w.inline(p.Aside)
			w.raw("</dd>\n")
		}
	}
	w.raw("</dl>\n")
}

func (w *htmlWriter) table(t *Table) {
	w.raw("<table")
	wide := t.wide()
	if wide {
		w.raw(` class="g-wd"`)
	}
	if t.Title == "" && t.Label != "" {
		w.raw(` aria-label="`, html.EscapeString(t.Label), `"`)
	}
	w.raw(">")
	if t.Title != "" {
		w.raw("<caption><strong>", html.EscapeString(t.Title), "</strong>")
		if t.How != "" {
			w.raw(" <span>", html.EscapeString(t.How), "</span>")
		}
		w.raw("</caption>")
	}
	w.raw("\n")
	if t.heads() {
		w.head(t)
	}
	pads := make([][]pad, len(t.Columns))
	for j := range t.Columns {
		pads[j] = t.pads(j)
	}
	w.raw("<tbody>\n")
	for i, r := range t.Rows {
		if r.Group {
			w.raw(`<tr class="g-g"><th scope="rowgroup" colspan="`, strconv.Itoa(len(t.Columns)), `">`)
			w.inline(r.Label)
			if r.Aside != "" {
				w.raw(" <span>", html.EscapeString(r.Aside), "</span>")
			}
			w.raw("</th></tr>\n")
			continue
		}
		w.raw(`<tr><th scope="row">`)
		w.inline(r.Label)
		w.raw("</th>")
		for j := 1; j < len(t.Columns); j++ {
			w.raw("<td", textClass(t.Columns[j].Kind), ">")
			if wide {
				w.cell(r.cell(j))
			} else {
				w.inline(r.cell(j))
			}
			w.pad(pads[j][i])
			w.raw("</td>")
		}
		w.raw("</tr>\n")
	}
	w.raw("</tbody></table>\n")
	for _, n := range t.Notes {
		w.paragraph("g-m", n)
	}
}

// cellLine is the length up to which pieces of a cell are not broken.
const cellLine = 32

// cell writes the text of a cell of a wide table. Formulas are broken between parentheses, lists
// behind their commas.
func (w *htmlWriter) cell(l Inline) {
	for _, s := range l {
		switch {
		case s.Style == Code:
			w.raw("<code>")
			w.pieces(terms(s.Text))
			w.raw("</code>")
		case s.Style == Normal && strings.Contains(s.Text, ", "):
			w.pieces(strings.SplitAfter(s.Text, ", "))
		default:
			w.inline(Inline{s})
		}
	}
}

// pieces writes pieces of text that are not broken within, if they are short.
func (w *htmlWriter) pieces(parts []string) {
	for _, part := range parts {
		text := strings.TrimSpace(part)
		if len(text) > cellLine || !strings.Contains(text, " ") {
			w.text(part)
			continue
		}
		before, after, _ := strings.Cut(part, text)
		w.raw(before, `<span class="g-b">`, html.EscapeString(text), "</span>", after)
	}
}

// terms cuts a formula before its parentheses and behind them.
func terms(src string) []string {
	var out []string
	depth, done := 0, 0
	for i, c := range src {
		switch c {
		case '(':
			if depth++; depth == 1 && i > done {
				out, done = append(out, src[done:i]), i
			}
		case ')':
			if depth--; depth == 0 {
				out, done = append(out, src[done:i+1]), i+1
			}
		}
	}
	return append(out, src[done:])
}

func (w *htmlWriter) head(t *Table) {
	w.raw("<thead><tr>")
	for _, o := range t.overs() {
		scope := ` scope="col"`
		if o.n > 1 {
			scope = ` scope="colgroup" colspan="` + strconv.Itoa(o.n) + `"`
		}
		if o.head == "" {
			w.raw("<td></td>")
			continue
		}
		w.raw("<th", scope, textClass(t.Columns[o.from].Kind), ">", html.EscapeString(o.head), "</th>")
	}
	w.raw("</tr></thead>\n")
}

func textClass(k Kind) string {
	if k == Text {
		return ` class="g-t"`
	}
	return ""
}

// pad writes a space as wide as a point and spaces as wide as digits.
func (w *htmlWriter) pad(p pad) {
	if p.point {
		w.raw("\u2008")
	}
	w.raw(strings.Repeat("\u2007", p.digits))
}
