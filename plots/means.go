package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/infer"
)

// Means draws marginal means, or the slopes of a trend, with their intervals:
// a row for each combination of the levels of Means.Of, a panel for each of
// those of Means.By, on one scale:
//
//	s, err := infer.MarginalMeans(m, &infer.MeansOptions{Of: []string{"Machine"}})
//	fig := plots.Means(s)
//
// Slopes have the line of zero. The intervals are for one mean at a time: two
// that overlap may well differ, for which there is Differences. A mean that the
// data cannot estimate has no point, and says so. A page has 12 panels,
// Options.Page turns it.
//
// Options.Units[response] names the unit. At most one Options may be given.
// Whatever prevents the figure is in its Err.
//
// Source: Searle, Speed and Milliken (1980), The American Statistician 34,
// 216-221.
func Means(s *infer.Means, opts ...Options) *Figure {
	f := &Figure{title: "Marginal means"}
	opt, err := only(opts)
	if err == nil {
		err = checkMeans(s)
	}
	if err != nil {
		f.err = err
		return f
	}
	describeMeans(f, s)
	rows := make([]namedRow, len(s.Rows))
	for i, r := range s.Rows {
		label := strings.Join(relabelled(r.Of, opt), ", ")
		if label == "" {
			label = "all"
		}
		rows[i] = namedRow{panel: strings.Join(relabelled(r.By, opt), ", "), label: label, estimate: r.Estimate}
	}
	name := opt.label(s.Response)
	if s.Slope != "" {
		name = "slope in " + opt.label(s.Slope)
	}
	if u := opt.Units[s.Response]; u != "" {
		name += ", " + oneLine(u)
	}
	f.drawRows(facet{rows: rows, head: strings.Join(relabelled(s.Of, opt), ", "), axis: name, level: s.Level, zero: s.Slope != ""}, opt)
	return f
}

// Differences draws the pairwise differences of marginal means with their
// intervals, which are not adjusted for being many; the p values, adjusted as
// the caption says, stand in the tooltips and in Text. Otherwise it is as Means.
func Differences(s *infer.Means, opts ...Options) *Figure {
	f := &Figure{title: "Differences of marginal means"}
	opt, err := only(opts)
	if err == nil {
		err = checkMeans(s)
	}
	if err == nil && len(s.Pairs) == 0 {
		err = &DataError{Reason: "there is one mean only, and so no difference"}
	}
	if err != nil {
		f.err = err
		return f
	}
	describeDifferences(f, s)
	rows := make([]namedRow, len(s.Pairs))
	for i, r := range s.Pairs {
		rows[i] = namedRow{panel: strings.Join(relabelled(r.By, opt), ", "), label: opt.label(r.Name), estimate: r.Estimate, words: ", p " + pValue(r.PAdjusted) + " (" + s.Adjust.String() + ")"}
	}
	name := "difference of " + opt.label(s.Response)
	if s.Slope != "" {
		name = "difference of slopes in " + opt.label(s.Slope)
	}
	if u := opt.Units[s.Response]; u != "" {
		name += ", " + oneLine(u)
	}
	f.drawRows(facet{rows: rows, axis: name, level: s.Level, zero: true}, opt)
	return f
}

func checkMeans(s *infer.Means) error {
	switch {
	case s == nil:
		return &DataError{Reason: "there are no means to draw: they are nil; was the error of infer.MarginalMeans looked at?"}
	case len(s.Rows) == 0:
		return &DataError{Reason: "there are no means to draw"}
	}
	return nil
}

// namedRow is an estimate with its place: a row of a panel.
type namedRow struct {
	panel, label string
	estimate     infer.Estimate
	words        string // at the end of the tooltip
}

// facet is a page of rows in panels that share their labels and their scale.
type facet struct {
	rows       []namedRow
	head, axis string
	level      float64
	zero       bool // the line of zero is in view
}

// drawRows lays the page out.
func (f *Figure) drawRows(q facet, opt Options) {
	var panels, labels []string
	var all []interval
	for _, r := range q.rows {
		if !slices.Contains(panels, r.panel) {
			panels = append(panels, r.panel)
		}
		if !slices.Contains(labels, r.label) {
			labels = append(labels, r.label)
		}
		all = append(all, disc(r.estimate.Value, r.estimate.Lower, r.estimate.Upper, 0, ""))
	}
	d := decimals(halves(all))
	marks := make([][]interval, len(panels))
	for i, r := range q.rows {
		k := slices.Index(panels, r.panel)
		v := all[i]
		v.at = float64(slices.Index(labels, r.label))
		v.tip = tooltip(r.label, q.level, v.value, v.lower, v.upper, d) + r.words
		marks[k] = append(marks[k], v)
	}
	from, to, words, err := opt.pageOf(len(panels), maxPanels)
	if err != nil {
		f.err = err
		return
	}
	f.caption += words
	scale := reach(all)
	s := sheet{head: q.head, labels: labels}
	for k := from; k < to; k++ {
		p := newPlot()
		p.Title.Text = panels[k]
		p.X.Label.Text = q.axis
		p.Add(grid())
		if q.zero {
			p.Add(upright{x: 0, line: lineStyle(Muted, zeroWidth)})
			scale = [2]float64{min(scale[0], 0), max(scale[1], 0)}
		}
		p.Add(intervals{marks: marks[k]})
		p.Y.Min, p.Y.Max = -0.5, float64(len(labels))-0.5
		s.plots = append(s.plots, p)
	}
	for _, p := range s.plots {
		setScale(p, scale)
	}
	f.layOut([]sheet{s}, opt)
}

// describeMeans writes the words of the figure of means.
func describeMeans(f *Figure, s *infer.Means) {
	f.title = "Marginal means of " + oneLine(s.Response)
	if s.Slope != "" {
		f.title = "Slopes of " + oneLine(s.Response) + " in " + oneLine(s.Slope)
	}
	f.caption = fmt.Sprintf("%s with %s intervals (%s).%s", f.title, percent(s.Level), intervalKind(s.DF, s.Why), restsOn(s))
	f.desc = f.caption
	marks := make([]interval, len(s.Rows))
	for i, r := range s.Rows {
		marks[i] = interval{value: r.Value, lower: r.Lower, upper: r.Upper}
	}
	d := decimals(halves(marks))
	cells := [][]string{append(oneLines(slices.Concat(s.By, s.Of)), "estimate", "lower", "upper")}
	var notes strings.Builder
	for _, r := range s.Rows {
		cells = append(cells, append(oneLines(slices.Concat(r.By, r.Of)), number(r.Value, d), number(r.Lower, d), number(r.Upper, d)))
		if r.Reason != "" {
			fmt.Fprintf(&notes, "%s: %s\n", oneLine(r.Name), oneLine(r.Reason))
		}
	}
	if len(s.By)+len(s.Of) == 0 {
		cells[0], cells[1] = append([]string{""}, cells[0]...), append([]string{"all"}, cells[1]...)
	}
	f.twin = f.caption + "\n\n" + align(cells) + notes.String()
}

// describeDifferences writes the words of the figure of differences.
func describeDifferences(f *Figure, s *infer.Means) {
	f.title = "Differences of means of " + oneLine(s.Response)
	if s.Slope != "" {
		f.title = "Differences of slopes of " + oneLine(s.Response) + " in " + oneLine(s.Slope)
	}
	f.caption = fmt.Sprintf("%s with %s intervals (%s), one at a time; p values adjusted: %s.%s",
		f.title, percent(s.Level), intervalKind(s.DF, s.Why), s.Adjust, restsOn(s))
	f.desc = f.caption
	marks := make([]interval, len(s.Pairs))
	for i, r := range s.Pairs {
		marks[i] = interval{value: r.Value, lower: r.Lower, upper: r.Upper}
	}
	d := decimals(halves(marks))
	cells := [][]string{append(oneLines(s.By), "difference", "estimate", "lower", "upper", "p")}
	for _, r := range s.Pairs {
		cells = append(cells, append(oneLines(r.By), oneLine(r.Name), number(r.Value, d), number(r.Lower, d), number(r.Upper, d), pValue(r.PAdjusted)))
	}
	f.twin = f.caption + "\n\n" + align(cells)
}

// restsOn says what means are averaged over and held at.
func restsOn(s *infer.Means) string {
	var b strings.Builder
	if len(s.Averaged) > 0 {
		how := "with equal weights"
		if s.Weights == infer.ProportionalWeights {
			how = "as often as they occur"
		}
		fmt.Fprintf(&b, " Averaged over the levels of %s %s.", and(oneLines(s.Averaged)), how)
	}
	var held []string
	for _, h := range s.Held {
		if h.Name != s.Slope {
			held = append(held, fmt.Sprintf("%s = %s", oneLine(h.Name), typeset(fmt.Sprintf("%.4g", h.Value))))
		}
	}
	if len(held) > 0 {
		fmt.Fprintf(&b, " At %s.", and(held))
	}
	for _, n := range s.Notes {
		b.WriteString(" " + oneLine(n))
	}
	return b.String()
}

// oneLines are names fit for a line.
func oneLines(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = oneLine(n)
	}
	return out
}

// relabelled are names as the figure shows them.
func relabelled(names []string, opt Options) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = opt.label(n)
	}
	return out
}

// pValue prints p to three decimals.
func pValue(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return number(p, 3)
}
