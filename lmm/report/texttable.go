package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	columnGap   = 3  // spaces between the columns of a text table
	joinedGap   = 2  // between columns that share a head
	narrowest   = 18 // no column of words is wrapped to less
	groupIndent = 2  // labels stand so far in below the head of their group
)

// table writes an aligned table; columns of words are wrapped where the table
// would be wider than the text.
func (w *textWriter) table(t *Table) {
	w.gap()
	if t.Title != "" {
		caption := t.Title
		if t.How != "" {
			caption += ": " + t.How
		}
		w.wrapped("", caption)
	}
	g := newTextGrid(t, textWidth-len(w.indent))
	if t.heads() {
		w.line(g.head())
		w.line(strings.Repeat("-", g.total()))
	}
	for i, r := range t.Rows {
		if r.Group {
			label := r.Label.String()
			if r.Aside != "" {
				label += " (" + r.Aside + ")"
			}
			w.line(oneLine(label))
			continue
		}
		for _, l := range g.row(i) {
			w.line(l)
		}
	}
	for _, n := range t.Notes {
		w.wrapped("", n.String())
	}
}

// textGrid is a table as padded strings.
type textGrid struct {
	t     *Table
	cells [][]string // rows x columns, numbers padded to a common point
	width []int
}

func newTextGrid(t *Table, limit int) *textGrid {
	g := &textGrid{t: t, cells: make([][]string, len(t.Rows)), width: make([]int, len(t.Columns))}
	grouped := false
	for i, r := range t.Rows {
		g.cells[i] = make([]string, len(t.Columns))
		grouped = grouped || r.Group
	}
	for j, c := range t.Columns {
		pads := t.pads(j)
		if c.Over == "" {
			g.width[j] = utf8.RuneCountInString(c.Head)
		}
		for i, r := range t.Rows {
			if r.Group {
				continue
			}
			s := oneLine(r.cell(j).String())
			if j == 0 && grouped {
				s = strings.Repeat(" ", groupIndent) + s
			}
			if pads[i].point {
				s += " "
			}
			s += strings.Repeat(" ", pads[i].digits)
			g.cells[i][j] = s
			g.width[j] = max(g.width[j], utf8.RuneCountInString(s))
		}
	}
	for _, o := range t.overs() { // a shared head may be wider than its columns
		if missing := utf8.RuneCountInString(o.head) - g.span(o.from, o.n); missing > 0 {
			g.width[o.from] += missing
		}
	}
	for g.total() > limit {
		widest := -1
		for j, c := range t.Columns {
			if c.Kind == Text && g.width[j] > narrowest && (widest < 0 || g.width[j] > g.width[widest]) {
				widest = j
			}
		}
		if widest < 0 {
			break
		}
		g.width[widest]--
	}
	return g
}

// gap is the space before column j.
func (g *textGrid) gap(j int) int {
	switch {
	case j == 0:
		return 0
	case g.t.Columns[j].Over != "" && g.t.Columns[j].Over == g.t.Columns[j-1].Over:
		return joinedGap
	}
	return columnGap
}

// span is the width of n columns from column j on, without the gap before.
func (g *textGrid) span(j, n int) int {
	width := g.width[j]
	for k := j + 1; k < j+n; k++ {
		width += g.gap(k) + g.width[k]
	}
	return width
}

func (g *textGrid) total() int { return g.span(0, len(g.width)) }

func (g *textGrid) align(j int, s string, width int) string {
	if g.t.Columns[j].Kind == Figure {
		return padLeft(s, width)
	}
	return padRight(s, width)
}

func (g *textGrid) head() string {
	var b strings.Builder
	for _, o := range g.t.overs() {
		b.WriteString(strings.Repeat(" ", g.gap(o.from)))
		b.WriteString(g.align(o.from, o.head, g.span(o.from, o.n)))
	}
	return b.String()
}

// row returns the lines of row i: more than one where words are wrapped.
func (g *textGrid) row(i int) []string {
	parts := make([][]string, len(g.width))
	lines := 1
	for j, s := range g.cells[i] {
		parts[j] = []string{s}
		if utf8.RuneCountInString(s) > g.width[j] {
			lead := s[:len(s)-len(strings.TrimLeft(s, " "))]
			parts[j] = wrap(s, g.width[j]-len(lead))
			for k := range parts[j] {
				parts[j][k] = lead + parts[j][k]
			}
		}
		lines = max(lines, len(parts[j]))
	}
	out := make([]string, lines)
	for k := range out {
		var b strings.Builder
		for j := range parts {
			s := ""
			if k < len(parts[j]) {
				s = parts[j][k]
			}
			b.WriteString(strings.Repeat(" ", g.gap(j)))
			b.WriteString(g.align(j, s, g.width[j]))
		}
		out[k] = b.String()
	}
	return out
}

// oneLine replaces the control characters that a level of a factor may have.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
