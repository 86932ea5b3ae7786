package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm/infer"
)

// Influence draws how much the fixed effects of a model depend on each row or
// group: Cook's distance, the leverage and the covariance ratio, the change of
// the determinant of the covariance of the fixed effects, when the unit is left
// out.
//
//	t, err := infer.Influence(m, &infer.InfluenceOptions{Group: "Subject"})
//	fig := plots.Influence(t)
//
// Groups have a row each, the largest distance on top, Options.LevelOrder keeps
// their order; a page has 60, Options.Page turns it. Rows of the data stand along
// the x axis in the order of the table, the five with the largest distances
// named; over 5000 those that share a cell of a fine lattice are drawn once. The
// dotted line of the distance is 4 over the number of units, a custom for where
// to look, that of the ratio is 1: below it the unit made the estimates less
// precise. A unit
// without which the model cannot be fitted has no point.
//
// At most one Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Cook (1977), Technometrics 19, 15-18; Christensen, Pearson and Johnson
// (1992), Technometrics 34, 38-45.
func Influence(t *infer.InfluenceTable, opts ...Options) *Figure {
	f := &Figure{title: "Influence"}
	opt, err := only(opts)
	switch {
	case err != nil:
	case t == nil:
		err = &DataError{Reason: "there is no influence to draw: it is nil; was the error of infer.Influence looked at?"}
	case len(t.Units) == 0:
		err = &DataError{Reason: "there are no rows or groups whose influence could be drawn"}
	}
	if err != nil {
		f.err = err
		return f
	}
	what := "row"
	if t.Group != "" {
		what = oneLine(t.Group)
	}
	f.title = "Influence of each " + what
	units := t.Units
	if t.Group == "" {
		describeInfluence(f, t, what, "")
		f.layOutGrid(facets{plots: unitPanels(t.Units)}, opt)
		return f
	}
	if !opt.LevelOrder {
		units = permuted(units, byCook(units))
	}
	from, to, words, err := opt.pageOf(len(units), groupRows)
	if err != nil {
		f.err = err
		return f
	}
	describeInfluence(f, t, what, words)
	s := sheet{head: opt.label(t.Group)}
	for _, u := range units[from:to] {
		s.labels = append(s.labels, opt.label(u.Label))
	}
	for k, q := range influenceMeasures {
		p := newPlot()
		p.Title.Text = q.name
		marks := make([]interval, 0, len(units))
		p.Add(grid())
		var all []float64
		d := measureDecimals(t.Units, q.of)
		for i, u := range units[from:to] {
			v := q.of(u)
			mark := disc(v, v, v, float64(i), tooltipOne(opt.label(u.Label)+", "+q.name, v, d, u.Reason))
			if !drawable(v) {
				mark.lower, mark.upper = math.NaN(), math.NaN()
			}
			marks, all = append(marks, mark), append(all, v)
		}
		all = append(all, q.from)
		switch k {
		case 0:
			p.Add(upright{x: 4 / float64(len(units)), line: dotted()})
		case 2:
			p.Add(upright{x: 1, line: dotted()})
		}
		p.Add(intervals{marks: marks})
		p.Y.Min, p.Y.Max = -0.5, float64(to-from)-0.5
		lo, hi := leastMost(all)
		setScale(p, [2]float64{lo, hi})
		s.plots = append(s.plots, p)
	}
	f.layOut([]sheet{s}, opt)
	return f
}

// influenceMeasures are what is drawn of a unit.
var influenceMeasures = [...]struct {
	name string
	of   func(infer.Unit) float64
	from float64 // in view
}{
	{"Cook's distance", func(u infer.Unit) float64 { return u.Cook }, 0},
	{"leverage", func(u infer.Unit) float64 { return u.Leverage }, 0},
	{"covariance ratio", func(u infer.Unit) float64 { return u.CovRatio }, 1},
}

// byCook are the places of units by their distance, the largest first, those
// without one last.
func byCook(units []infer.Unit) []int {
	at := make([]int, len(units))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(a, b int) int {
		if c := cmp.Compare(units[b].Cook, units[a].Cook); c != 0 { // NaN is below all
			return c
		}
		return cmp.Compare(a, b)
	})
	return at
}

// leastMost are the least and largest drawable value, 0 and 1 without any.
func leastMost(v []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range v {
		if drawable(x) {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	if lo > hi {
		return 0, 1
	}
	return lo, hi
}

// measureDecimals shows a hundredth of the spread of a measure.
func measureDecimals(units []infer.Unit, of func(infer.Unit) float64) int {
	all := make([]float64, len(units))
	for i, u := range units {
		all[i] = of(u)
	}
	lo, hi := leastMost(all)
	return decimals([]bar{{0, (hi - lo) / 2}})
}

// tooltipOne is a name with one number.
func tooltipOne(name string, v float64, d int, reason string) string {
	if !drawable(v) {
		return oneLine(name) + ": not applicable, " + oneLine(reason)
	}
	return oneLine(name) + ": " + typeset(number(v, d))
}

// unitPanels are the panels of rows of the data.
func unitPanels(units []infer.Unit) []*plot.Plot {
	x := make([]float64, len(units))
	for i := range x {
		x[i] = float64(i + 1)
	}
	largest := byCook(units)
	largest = largest[:min(len(largest), 5)]
	var panels []*plot.Plot
	for k, q := range influenceMeasures {
		p := newPlot()
		p.Title.Text = q.name
		p.X.Label.Text = "row in the model"
		y := make([]float64, len(units))
		d := measureDecimals(units, q.of)
		s := namedPoints{}
		for i, u := range units {
			y[i] = q.of(u)
		}
		for _, i := range largest {
			s.x, s.y = append(s.x, x[i]), append(s.y, y[i])
			if k == 0 {
				s.names = append(s.names, oneLine(units[i].Label))
			}
			s.tips = append(s.tips, tooltipOne("row "+units[i].Label+", "+q.name, y[i], d, units[i].Reason))
		}
		px, py, _ := thinned(x, y)
		p.Add(level(), scatter{px, py, Accent})
		switch k {
		case 0:
			p.Add(across{y: 4 / float64(len(units)), line: dotted()})
		case 2:
			p.Add(across{y: 1, line: dotted()})
		}
		p.Add(s)
		span(&p.X, x)
		span(&p.Y, y, []float64{q.from})
		panels = append(panels, p)
	}
	return panels
}

// namedPoints is a plotter: points, the first len(names) with their names beside
// them as far as there is room.
type namedPoints struct {
	x, y        []float64
	names, tips []string
}

// Plot draws discs and names, the first first.
func (s namedPoints) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	sty := textStyle(Muted, smallSize, 0, text.XCenter, text.YCenter)
	var marks []vg.Point
	for i := range s.x {
		if drawable(s.y[i]) {
			marks = append(marks, beside(vg.Point{X: tx(s.x[i]), Y: ty(s.y[i])}, 0, 0, pointRadius-1)...)
		}
	}
	var taken []vg.Rectangle
	for i := range s.x {
		if !drawable(s.y[i]) {
			continue
		}
		at := vg.Point{X: tx(s.x[i]), Y: ty(s.y[i])}
		if svg != nil {
			svg.beginGroup(s.tips[i])
		}
		c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}}, at)
		if svg != nil {
			svg.endGroup()
		}
		if i >= len(s.names) {
			continue
		}
		w, h := sty.Width(s.names[i])*fontSlack, sty.Font.Size
		for _, corner := range beside(at, w, h, pointRadius+2) {
			box := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: w, Y: h})}
			if w == 0 || !roomFor(box, c.Rectangle, marks, taken) {
				continue
			}
			taken = append(taken, box)
			c.FillText(sty, vg.Point{X: corner.X + w/2, Y: corner.Y + h/2 + sty.FontExtents().Descent/2}, s.names[i])
			break
		}
	}
}

// describeInfluence writes the figure's words.
func describeInfluence(f *Figure, t *infer.InfluenceTable, what, page string) {
	var s strings.Builder
	how := "the variances kept"
	if t.Refit {
		how = "the variances estimated anew"
	}
	fmt.Fprintf(&s, "What leaving out each %s does to the fixed effects (%s). Dotted: a distance of 4 / %d, a ratio of 1.", what, how, len(t.Units))
	missing := 0
	for _, u := range t.Units {
		if !drawable(u.Cook) {
			missing++
		}
	}
	if missing > 0 {
		fmt.Fprintf(&s, " %d of %d have no distance.", missing, len(t.Units))
	}
	if t.Group == "" && len(t.Units) > thinOver {
		fmt.Fprintf(&s, " Points in one cell of a %d by %d lattice are drawn once.", latticeX, latticeY)
	}
	s.WriteString(page)
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{what, influenceMeasures[0].name, influenceMeasures[1].name, influenceMeasures[2].name}}
	var d [len(influenceMeasures)]int
	for k, q := range influenceMeasures {
		d[k] = measureDecimals(t.Units, q.of)
	}
	for i, at := range byCook(t.Units) {
		if i == twinRows {
			cells = append(cells, []string{fmt.Sprintf("... %d more", len(t.Units)-twinRows)})
			break
		}
		row := []string{oneLine(t.Units[at].Label)}
		for k, q := range influenceMeasures {
			row = append(row, number(q.of(t.Units[at]), d[k]))
		}
		cells = append(cells, row)
	}
	f.twin = f.caption + "\n\n" + align(cells)
}
