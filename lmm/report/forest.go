package report

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// Mark is the shape of an estimate in a forest.
type Mark int

const (
	Judged  Mark = iota // a hollow ring: the fit that the others are held against
	Doubted             // the same, dashed: it should not be used
	Same                // a disc: the same estimand
	Other               // a muted diamond: another model of the data
)

// Forest is a table in which each row also has its estimate and interval drawn
// on one scale for each group. Text has the picture in characters; Markdown and
// LaTeX have the numbers alone.
type Forest struct {
	Title  string
	How    string
	Heads  []string // of the cells of a row, numbers
	Groups []ForestGroup
	Notes  []Inline
}

// ForestGroup is a number of rows with one scale. Broken says that it has another
// estimand than the group before: it stands below a break.
type ForestGroup struct {
	Name, Aside string
	Broken      bool
	Rows        []ForestRow
}

// ForestRow is an estimate with its interval; NaN leaves out what is not known.
type ForestRow struct {
	Label               Inline
	Mark                Mark
	Value, Lower, Upper float64
	Cells               []Cell
}

// table is the forest without its picture.
func (f *Forest) table() Table {
	t := Table{Title: f.Title, How: f.How, Notes: f.Notes, Columns: []Column{{}}}
	for _, h := range f.Heads {
		t.Columns = append(t.Columns, Column{Head: h, Kind: Figure})
	}
	for _, g := range f.Groups {
		t.Rows = append(t.Rows, Group(g.Name, g.Aside))
		for _, r := range g.Rows {
			t.Rows = append(t.Rows, Row{Label: r.Label, Cells: r.Cells})
		}
	}
	return t
}

// scale maps values to shares of the width.
type scale struct{ low, high float64 }

// scaleOf covers all finite numbers of a group; ok is false where there is none.
func scaleOf(g *ForestGroup) (s scale, ok bool) {
	s = scale{math.Inf(1), math.Inf(-1)}
	for _, r := range g.Rows {
		for _, v := range []float64{r.Value, r.Lower, r.Upper} {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				s.low, s.high = math.Min(s.low, v), math.Max(s.high, v)
			}
		}
	}
	if s.low > s.high {
		return s, false
	}
	pad := 0.06 * (s.high - s.low)
	if pad == 0 {
		pad = math.Max(1, math.Abs(s.high)) / 2
	}
	return scale{s.low - pad, s.high + pad}, true
}

func (s scale) at(v float64) float64 { return (v - s.low) / (s.high - s.low) }

// ticks are two to five round values.
func (s scale) ticks() []float64 {
	span := s.high - s.low
	step := math.Pow(10, math.Floor(math.Log10(span)))
	for _, m := range []float64{0.5, 0.2} {
		if span/step < 2.5 {
			step *= m
			if m == 0.5 && span/step >= 2.5 {
				break
			}
		}
	}
	for span/step > 5 {
		step *= 2
	}
	var out []float64
	for v := math.Ceil(s.low/step) * step; v <= s.high; v += step {
		if math.Abs(v) < step/1e6 {
			v = 0
		}
		out = append(out, v)
	}
	return out
}

// forestStyle comes with a forest alone.
const forestStyle = `.golmm.golmm.golmm .g-q{width:100%}.golmm.golmm.golmm .g-q>caption{white-space:normal}.golmm.golmm.golmm .g-q tr>:first-child{min-width:9em;max-width:15em}
.golmm.golmm.golmm .g-q .g-f{position:relative;width:40%;padding:0}.golmm.golmm .g-f>svg{position:absolute;left:16px;top:50%;width:calc(100% - 16px);height:100%;overflow:visible;color:var(--acc)}
.golmm .g-f circle,.golmm .g-f path{fill:currentColor}.golmm .g-f line{stroke:currentColor;stroke-width:2}.golmm .g-f .z{stroke:var(--mut);stroke-width:1;stroke-dasharray:2 3}.golmm .g-f .o{fill:var(--bg);stroke:currentColor;stroke-width:2}
.golmm.golmm .g-f>.s{color:var(--v)}.golmm.golmm .g-f>.k{color:var(--mut)}.golmm .g-f .d{stroke-dasharray:4 3}.golmm .g-f text{fill:var(--mut);font-size:11px;font-weight:400}
.golmm.golmm.golmm .g-b>*{border-top:1px dashed var(--mut)}
@container (max-width:560px){.golmm.golmm.golmm .g-q{overflow-y:hidden}.golmm.golmm.golmm .g-q tr>:first-child{min-width:6em}.golmm.golmm.golmm .g-q .g-f{min-width:110px}}
`

func (w *htmlWriter) forest(f *Forest) {
	w.raw("<style>\n", forestStyle, "</style>\n", `<table class="g-q"><caption><strong>`, html.EscapeString(f.Title), "</strong>")
	if f.How != "" {
		w.raw(" <span>", html.EscapeString(f.How), "</span>")
	}
	w.raw("</caption>\n<thead><tr><td></td><td></td>")
	for _, h := range f.Heads {
		w.raw(`<th scope="col">`, html.EscapeString(h), "</th>")
	}
	w.raw("</tr></thead>\n<tbody>\n")
	for i := range f.Groups {
		w.forestGroup(&f.Groups[i], len(f.Heads))
	}
	w.raw("</tbody></table>\n")
	for _, n := range f.Notes {
		w.paragraph("g-m", n)
	}
}

func (w *htmlWriter) forestGroup(g *ForestGroup, heads int) {
	s, ok := scaleOf(g)
	class := "g-g"
	if g.Broken {
		class += " g-b"
	}
	w.raw(`<tr class="`, class, `"><th scope="rowgroup">`, html.EscapeString(g.Name))
	if g.Aside != "" {
		w.raw(" <span>", html.EscapeString(g.Aside), "</span>")
	}
	w.raw(`</th><td class="g-f">`)
	if ok {
		w.raw(`<svg aria-hidden="true">`)
		ticks := s.ticks()
		for _, v := range ticks {
			w.raw(`<text x="`, percent(s.at(v)), `" y="8" text-anchor="middle">`, html.EscapeString(trueMinus(tick(v, ticks))), "</text>")
		}
		w.raw("</svg>")
	}
	w.raw(`</td><td colspan="`, strconv.Itoa(heads), `"></td></tr>`, "\n")
	reference := math.NaN()
	for _, r := range g.Rows {
		if r.Mark <= Doubted {
			reference = r.Value
		}
	}
	for _, r := range g.Rows {
		w.raw(`<tr><th scope="row">`)
		w.inline(r.Label)
		w.raw(`</th><td class="g-f">`)
		if ok {
			w.raw(r.svg(s, reference))
		}
		w.raw("</td>")
		for _, c := range r.Cells {
			w.raw("<td>")
			w.inline(c.Text)
			w.raw("</td>")
		}
		w.raw("</tr>\n")
	}
}

// svg draws a row: positions are shares of the width, so that marks keep their
// shape at any.
func (r *ForestRow) svg(s scale, reference float64) string {
	if math.IsNaN(r.Value) {
		return ""
	}
	var b strings.Builder
	class := map[Mark]string{Judged: ` class="s"`, Doubted: ` class="s"`, Other: ` class="k"`}[r.Mark]
	fmt.Fprintf(&b, `<svg role="img"%s>`, class)
	if !math.IsNaN(r.Lower) && !math.IsNaN(r.Upper) {
		fmt.Fprintf(&b, "<title>%s, 95 %% %s to %s</title>", short(r.Value), short(r.Lower), short(r.Upper))
	}
	if !math.IsNaN(reference) {
		fmt.Fprintf(&b, `<line class="z" x1="%[1]s" x2="%[1]s" y1="-50%%" y2="50%%"/>`, percent(s.at(reference)))
	}
	if !math.IsNaN(r.Lower) && !math.IsNaN(r.Upper) {
		dash := ""
		if r.Mark == Doubted {
			dash = ` class="d"`
		}
		fmt.Fprintf(&b, `<line%s x1="%s" x2="%s"/>`, dash, percent(s.at(r.Lower)), percent(s.at(r.Upper)))
	}
	x := percent(s.at(r.Value))
	switch r.Mark {
	case Judged, Doubted:
		fmt.Fprintf(&b, `<circle class="o" cx="%s" r="4"/>`, x)
	case Same:
		fmt.Fprintf(&b, `<circle cx="%s" r="4"/>`, x)
	default:
		// A path has no percent coordinates of its own: the inner svg has.
		fmt.Fprintf(&b, `<svg x="%s" overflow="visible"><path d="M0-5 5 0 0 5-5 0z"/></svg>`, x)
	}
	return b.String() + "</svg>"
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + "%" }

// short prints a number for a title.
func short(v float64) string { return trueMinus(strconv.FormatFloat(v, 'g', 4, 64)) }

// tick prints a tick with the decimals that tell its neighbours apart.
func tick(v float64, all []float64) string {
	if len(all) < 2 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	step := all[1] - all[0]
	if decimals := int(math.Ceil(-math.Log10(step) - 1e-9)); decimals <= 6 && math.Abs(all[len(all)-1]) < 1e6 && math.Abs(all[0]) < 1e6 {
		return strconv.FormatFloat(v, 'f', max(0, decimals), 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// stripWidth is the width of a picture in characters.
const stripWidth = 25

// strip draws a row in characters: "   |--o--|  :", the colon where the fit that is
// judged has its estimate.
func (r *ForestRow) strip(s scale, reference float64) string {
	if math.IsNaN(r.Value) {
		return ""
	}
	line := []byte(strings.Repeat(" ", stripWidth))
	at := func(v float64) int { return min(stripWidth-1, max(0, int(s.at(v)*stripWidth))) }
	if !math.IsNaN(reference) {
		line[at(reference)] = ':'
	}
	if !math.IsNaN(r.Lower) && !math.IsNaN(r.Upper) {
		for i := at(r.Lower); i <= at(r.Upper); i++ {
			line[i] = '-'
		}
		line[at(r.Lower)], line[at(r.Upper)] = '|', '|'
	}
	line[at(r.Value)] = map[Mark]byte{Judged: 'o', Doubted: '?', Same: '*', Other: '+'}[r.Mark]
	return string(line)
}

// pictured is the forest as a table for text, the picture in its second column.
func (f *Forest) pictured() Table {
	t := f.table()
	t.Columns = append([]Column{{}, {}}, t.Columns[1:]...)
	i := 0
	for k := range f.Groups {
		g := &f.Groups[k]
		s, ok := scaleOf(g)
		reference := math.NaN()
		for _, r := range g.Rows {
			if r.Mark <= Doubted {
				reference = r.Value
			}
		}
		i++ // the row of the group
		for j := range g.Rows {
			picture := ""
			if ok {
				// Spaces that a table keeps as they are.
				picture = strings.ReplaceAll(g.Rows[j].strip(s, reference), " ", "\u00a0")
			}
			t.Rows[i].Cells = append([]Cell{Say(picture)}, t.Rows[i].Cells...)
			i++
		}
	}
	return t
}
