package plots

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

// maxPatterns is the number of times of dropout that are drawn apart.
const maxPatterns = 6

// Dropout draws who is still there at each wave of a longitudinal study. Left:
// the share of the levels of the grouping factor with a response at the wave
// (solid) and with one then or later (dashed); between the lines are gaps, below
// the dashed line have left for good. Right: the mean response over the waves, a
// line for those with the same last wave. If those who leave differed before
// they left, dropout depends on the response: a mixed model of all data allows
// for dependence on what was observed, a comparison of those who stayed does not.
//
// t is the table with all rows, also those without a response; group a column
// or an interaction a:b, wave a column with at most 40 values, response a column
// of numbers. With more than 6 last waves those who leave are one line. Kinds
// takes all three from a model. At most one Options may be given. Whatever
// prevents the figure is in its Err.
//
// Source: Little and Rubin (2002), Statistical Analysis with Missing Data, ch.
// 1; Fitzmaurice, Laird and Ware (2011), Applied Longitudinal Analysis, ch. 17.
func Dropout(t *table.Table, group, wave, response string, opts ...Options) *Figure {
	f := &Figure{title: "Dropout"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	w, err := newWaves(t, group, wave)
	if err != nil {
		f.err = err
		return f
	}
	col, err := t.Lookup(response)
	if err == nil && !col.Kind().Numeric() {
		err = &DataError{Reason: fmt.Sprintf("the response %q has no numbers", response)}
	}
	if err != nil {
		f.err = err
		return f
	}
	d := w.dropout(col)
	d.describe(f, opt)

	left := newPlot()
	left.Title.Text = "observed, % of " + opt.label(group)
	gone := lineStyle(Series2, dataWidth)
	gone.Dashes = []vg.Length{4, 2}
	left.Add(level(), line2(w.at, d.staying, gone), line2(w.at, d.observed, lineStyle(Accent, dataWidth)), scatter{w.at, d.observed, Accent})
	w.axis(left, opt)
	left.Y.Min, left.Y.Max = 0, 104
	left.Y.Label.Text = "%"

	right := newPlot()
	right.Title.Text = "mean " + opt.label(response)
	right.Y.Label.Text = opt.withUnit(response)
	right.Add(level())
	key := legend{head: "last " + opt.label(wave)}
	var ys [][]float64
	for i, p := range d.patterns {
		sty := lineStyle(Series1+Ink(i), dataWidth)
		if p.stay {
			sty.Width = 2
		}
		right.Add(line2(w.at, p.mean, sty), scatter{w.at, p.mean, Series1 + Ink(i)})
		key.entries = append(key.entries, entry{name: fmt.Sprintf("%s (%d)", p.name, p.levels), line: sty,
			glyph: draw.GlyphStyle{Color: Series1 + Ink(i), Radius: pointRadius - 0.5, Shape: draw.CircleGlyph{}}})
		ys = append(ys, p.mean)
	}
	w.axis(right, opt)
	span(&right.Y, ys...)
	f.layOutGrid(facets{plots: []*plot.Plot{left, right}, legend: key}, opt)
	return f
}

// modelDropout is Dropout of the data of a model.
func modelDropout(m *lmm.Model, opt Options) *Figure {
	t, err := groupOf(m, opt)
	if err != nil {
		return failed("Dropout", err)
	}
	wave, err := waveOf(m, t, opt)
	if err != nil {
		return failed("Dropout", err)
	}
	response := m.ResponseName()
	if m.Frame().Table().Column(response) == nil { // an expression: its first column
		if used, _ := design.Columns(m.Frame().Formula.Response); len(used) > 0 {
			response = used[0]
		}
	}
	return Dropout(m.Frame().Table(), t.Group, wave, response, opt)
}

// dropouts are the shares at each wave, in per cent, and the means.
type dropouts struct {
	*waves
	response          string
	observed, staying []float64
	patterns          []pattern
	gaps, stay        int // levels with a gap before their last wave; with the last wave
}

// pattern is the mean response of the levels with one last wave.
type pattern struct {
	name   string
	levels int
	stay   bool
	mean   []float64 // by wave; NaN where nothing was observed
}

func (w *waves) dropout(col *table.Column) *dropouts {
	n, k := len(w.levels), len(w.labels)
	d := &dropouts{waves: w, response: col.Name(), observed: make([]float64, k), staying: make([]float64, k)}
	last := make([]int, n) // -1: never observed
	for j := range w.levels {
		last[j] = -1
		seen := 0
		for i := range k {
			if w.observed(col, j, i) {
				last[j] = i
				seen++
				d.observed[i] += 100 / float64(n)
			}
		}
		for i := range last[j] + 1 {
			d.staying[i] += 100 / float64(n)
		}
		if seen < last[j]+1 {
			d.gaps++
		}
		if last[j] == k-1 {
			d.stay++
		}
	}
	kinds := make(map[int]bool)
	for _, l := range last {
		kinds[l] = true
	}
	for i := k - 1; i >= 0; i-- {
		switch {
		case i < k-1 && len(kinds) > maxPatterns:
			d.add(col, "before "+w.labels[k-1], func(j int) bool { return last[j] < k-1 && last[j] >= 0 }, false)
			return d
		case kinds[i]:
			d.add(col, w.labels[i], func(j int) bool { return last[j] == i }, i == k-1)
		}
	}
	return d
}

// add appends the means of the levels that belong to a pattern.
func (d *dropouts) add(col *table.Column, name string, belongs func(level int) bool, stay bool) {
	p := pattern{name: oneLine(name), stay: stay}
	sum, n := make([]float64, len(d.labels)), make([]float64, len(d.labels))
	for j := range d.levels {
		if !belongs(j) {
			continue
		}
		p.levels++
		for i, rows := range d.rows[j] {
			for _, r := range rows {
				if !col.Missing(r) && drawable(col.Float(r)) {
					sum[i] += col.Float(r)
					n[i]++
				}
			}
		}
	}
	if p.levels == 0 {
		return
	}
	for i := range sum {
		p.mean = append(p.mean, sum[i]/n[i]) // NaN without values
	}
	d.patterns = append(d.patterns, p)
}

// describe writes the figure's words.
func (d *dropouts) describe(f *Figure, opt Options) {
	group := opt.label(d.group)
	f.title = "Dropout of " + group
	n := len(d.levels)
	var s strings.Builder
	fmt.Fprintf(&s, "Left: share of the %d levels of %s with a value of %s at each %s (solid), and then or later (dashed). Right: means of those with the same last %s, and their number.",
		n, group, opt.label(d.response), opt.label(d.name), opt.label(d.name))
	if d.stay == n {
		s.WriteString(" None leaves before the last.")
	} else {
		fmt.Fprintf(&s, " %d of %d leave before the last.", n-d.stay, n)
	}
	if d.gaps > 0 {
		fmt.Fprintf(&s, " %d have gaps before they leave.", d.gaps)
	}
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{oneLine(d.name), "observed, %", "then or later, %"}}
	for _, p := range d.patterns {
		cells[0] = append(cells[0], "mean, last "+p.name)
	}
	for i, l := range d.labels {
		row := []string{oneLine(l), number(d.observed[i], 1), number(d.staying[i], 1)}
		for _, p := range d.patterns {
			row = append(row, significant(p.mean[i]))
		}
		cells = append(cells, row)
	}
	f.twin = f.caption + "\n\n" + align(cells)
}
