package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// groupRows is the number of levels on a page of residuals by group.
const groupRows = 60

// ResidualsByGroup draws the standardised residuals of each level of a grouping
// factor on a row: the points, the median (disc) and the range between the
// quartiles (bar). A row that lies off zero is a level whose mean the model
// misses, a wide one a level with more noise than the others.
//
// Rows are ordered by the range between the quartiles, widest last, with
// Options.OrderBy "median" by the median; Options.LevelOrder keeps the order of
// the factor. Options.Group chooses the factor, the first by default,
// Options.Levels its levels. A page has 60 rows, Options.Page turns it. At most
// one Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Pinheiro and Bates (2000), Mixed-Effects Models in S and S-PLUS, sec.
// 4.3.1.
func ResidualsByGroup(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Residuals by group"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	term, err := groupOf(m, opt)
	if err != nil {
		f.err = err
		return f
	}
	all, err := residualGroups(m, term, opt)
	if err != nil {
		f.err = err
		return f
	}
	from, to, words, err := opt.pageOf(len(all), groupRows)
	if err != nil {
		f.err = err
		return f
	}
	f.title = "Residuals by " + oneLine(term.Group)
	total := 0
	for _, r := range all[from:to] {
		total += len(r.values)
	}
	if total > thinOver {
		words += fmt.Sprintf(" Of %d points those of a row in one of %d cells are drawn once.", total, latticeX)
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s of each level of %s, its median (disc) and quartiles (bar).%s Model: %s.", capital(standardised(m)), oneLine(term.Group), words, described(m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{oneLine(term.Group), "rows", "25 %", "median", "75 %"}}
	g := groupStrips{rows: all[from:to]}
	sh := sheet{head: opt.label(term.Group)}
	g.thin = total > thinOver
	lo, hi := 0.0, 0.0
	for i, r := range g.rows {
		sh.labels = append(sh.labels, opt.label(r.name))
		for _, v := range r.values {
			lo, hi = min(lo, v), max(hi, v)
		}
		if len(g.rows) > 2*twinRows && i >= twinRows && i < len(g.rows)-twinRows {
			if i == twinRows {
				cells = append(cells, []string{fmt.Sprintf("... %d more", len(g.rows)-2*twinRows)})
			}
			continue
		}
		cells = append(cells, []string{oneLine(r.name), fmt.Sprint(len(r.values)), number(r.low, 2), number(r.median, 2), number(r.high, 2)})
	}
	f.twin = f.caption + "\n\n" + align(cells)
	p := newPlot()
	p.X.Label.Text = "standardised residual"
	p.Add(grid(), upright{x: 0, line: lineStyle(Muted, zeroWidth)}, g)
	p.Y.Min, p.Y.Max = -0.5, float64(len(g.rows))-0.5
	setScale(p, [2]float64{lo, hi})
	sh.plots = []*plot.Plot{p}
	f.layOut([]sheet{sh}, opt)
	return f
}

// groupResiduals are the standardised residuals of one level.
type groupResiduals struct {
	name              string
	values            []float64
	low, median, high float64 // NaN where there are none
}

// residualGroups are the levels in the order of the rows.
func residualGroups(m *lmm.Model, term *design.Term, opt Options) ([]groupResiduals, error) {
	r := m.Residuals(lmm.StandardisedResidual)
	all := make([]groupResiduals, len(term.Levels))
	for i, l := range term.Levels {
		all[i].name = l
	}
	some := false
	for i, l := range term.Level {
		if i < len(r) && drawable(r[i]) {
			all[l].values = append(all[l].values, r[i])
			some = true
		}
	}
	if !some {
		return nil, &DataError{Reason: "the model has no standardised residuals: sigma is not identified, or their standard errors cannot be computed"}
	}
	for i := range all {
		g := &all[i]
		g.low, g.median, g.high = math.NaN(), math.NaN(), math.NaN()
		if len(g.values) > 0 {
			sorted := ordered(g.values)
			g.low, g.median, g.high = quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)
		}
	}
	if opt.Levels != nil {
		var chosen []groupResiduals
		for _, l := range opt.Levels {
			k := slices.Index(term.Levels, l)
			if k < 0 {
				return nil, &OptionError{Option: "Levels", Value: l, Known: term.Levels[:min(len(term.Levels), 20)]}
			}
			chosen = append(chosen, all[k])
		}
		all = chosen
	}
	key := func(g groupResiduals) float64 { return g.high - g.low }
	switch {
	case opt.OrderBy == "median":
		key = func(g groupResiduals) float64 { return g.median }
	case opt.OrderBy != "" && opt.OrderBy != "range":
		return nil, &OptionError{Option: "OrderBy", Value: opt.OrderBy, Known: []string{"range", "median"}}
	}
	if !opt.LevelOrder {
		slices.SortStableFunc(all, func(a, b groupResiduals) int { return cmp.Compare(key(a), key(b)) })
	}
	return all, nil
}

// quantile interpolates between order statistics at (n - 1) p + 1.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 1 {
		return sorted[0]
	}
	return stat.Quantile(p, stat.LinInterp, sorted, nil)
}

// groupStrips is a plotter: a row of points for each level.
type groupStrips struct {
	rows []groupResiduals
	thin bool // one point for each of latticeX cells of a row
}

// Plot draws the rows.
func (g groupStrips) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	for i, r := range g.rows {
		y := ty(float64(i))
		if svg != nil {
			svg.beginGroup(fmt.Sprintf("%s: median %s, quartiles %s and %s of %d", oneLine(r.name),
				typeset(number(r.median, 2)), typeset(number(r.low, 2)), typeset(number(r.high, 2)), len(r.values)))
		}
		drawSmallDots(c, p, g.points(r.values, p), float64(i))
		if drawable(r.median) {
			c.StrokeLine2(lineStyle(Accent, 2.5), tx(r.low), y, tx(r.high), y)
			c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius + 0.5, Shape: draw.CircleGlyph{}}, vg.Point{X: tx(r.median), Y: y})
		}
		if svg != nil {
			svg.endGroup()
		}
	}
}

// points are the residuals of a row that are drawn.
func (g groupStrips) points(values []float64, p *plot.Plot) []float64 {
	if !g.thin {
		return values
	}
	var out []float64
	var seen [latticeX]bool
	for _, v := range values {
		cell := int(cellOf(v, p.X.Min, p.X.Max) * (latticeX - 1))
		if cell >= 0 && cell < latticeX && !seen[cell] {
			seen[cell] = true
			out = append(out, v)
		}
	}
	return out
}

// drawSmallDots draws points of a row behind others.
func drawSmallDots(c draw.Canvas, p *plot.Plot, x []float64, row float64) {
	tx, ty := p.Transforms(&c)
	c.SetColor(Muted.Fade(0.45))
	var dots vg.Path
	for i := range x {
		at := vg.Point{X: tx(x[i]), Y: ty(row)}
		if c.Contains(at) {
			dots.Move(vg.Point{X: at.X + denseRadius, Y: at.Y})
			dots.Arc(at, denseRadius, 0, 2*math.Pi)
			dots.Close()
		}
	}
	c.Fill(dots)
}
