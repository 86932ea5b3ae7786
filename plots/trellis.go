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

	"github.com/golmm/golmm/lmm"
)

// trellisPanels is the number of panels on a page of a Trellis.
const trellisPanels = 20

// trellisStatistics are what orders the panels of a Trellis.
func trellisStatistics() []string { return []string{"slope", "intercept", "mean", "residual"} }

// Trellis draws each level of a grouping factor in a panel of its own, all on
// one scale: its responses over a covariate, the straight line of least squares
// through them alone (dashed), the fitted values of the model (solid) and the
// predictions without random effects (thin). Where the dashed lines differ from
// each other, levels vary; where the solid line leaves the dashed one, the
// model borrows strength.
//
// Panels are ordered by a statistic of the level's own line, lowest first:
// Options.OrderBy is "slope" (the default), "intercept", "mean" of the
// responses or "residual", the standard deviation around the line; LevelOrder
// keeps the order of the factor. A page has 20 panels: Options.Page chooses
// one, Options.Levels the levels. Options.X is the covariate, Options.Group the
// grouping factor. At most one Options may be given. Whatever prevents the
// figure is in its Err.
//
// Source: Bates, Maechler, Bolker and Walker (2015), J. Stat. Software 67(1),
// sec. 1.2; Pinheiro and Bates (2000), Mixed-Effects Models in S and S-PLUS,
// sec. 3.3.
func Trellis(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Regressions by level"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	d, err := newTrellis(m, opt)
	if err != nil {
		f.err = err
		return f
	}
	from, to, words, err := opt.pageOf(len(d.levels), trellisPanels)
	if err != nil {
		f.err = err
		return f
	}
	d.describe(f, m, opt, words)
	panels := make([]*plot.Plot, 0, to-from)
	thinned := 0
	for _, l := range d.levels[from:to] {
		p, left := d.panel(l, to-from, opt)
		thinned += left
		panels = append(panels, p)
	}
	if thinned > 0 {
		f.caption += fmt.Sprintf(" %d points that fall on others are not drawn.", thinned)
		f.desc = f.caption
	}
	g := facets{plots: panels, sharedX: true, sharedY: true, xLabel: opt.withUnit(d.x), yLabel: opt.withUnit(m.ResponseName())}
	if len(panels) > 4 {
		g.columns = min(maxColumns, (len(panels)+1)/2)
	}
	if len(panels) > 3*maxColumns {
		g.height = 28 * vg.Millimeter
	}
	f.layOutGrid(g, opt)
	return f
}

// trellis is the data of the panels.
type trellis struct {
	group, x, orderedBy string
	levels              []trellisLevel
	all                 []float64 // x, y, fits and population of all levels: the scales
	ys                  []float64
}

// trellisLevel is one panel. The line is NaN where x does not vary.
type trellisLevel struct {
	name                    string
	x, y, fit, pop          []float64
	intercept, slope, resid float64
}

// statistic is the value that orders the panels.
func (l trellisLevel) statistic(name string) float64 {
	switch name {
	case "intercept":
		return l.intercept
	case "mean":
		return stat.Mean(l.y, nil)
	case "residual":
		return l.resid
	}
	return l.slope
}

func newTrellis(m *lmm.Model, opt Options) (*trellis, error) {
	t, err := groupOf(m, opt)
	if err != nil {
		return nil, err
	}
	name, err := covariateOf(m, t, opt)
	if err != nil {
		return nil, err
	}
	x, err := columnValues(m, name)
	if err != nil {
		return nil, err
	}
	if opt.OrderBy != "" && !slices.Contains(trellisStatistics(), opt.OrderBy) {
		return nil, &OptionError{Option: "OrderBy", Value: opt.OrderBy, Known: trellisStatistics()}
	}
	pop, err := m.Predict(nil, &lmm.PredictOptions{Population: true, MeanOnly: true})
	if err != nil {
		return nil, err
	}
	d := &trellis{group: t.Group, x: name, orderedBy: cmp.Or(opt.OrderBy, "slope")}
	frame, fits := m.Frame(), m.Fitted()
	keep, err := levelsKept(t.Levels, opt)
	if err != nil {
		return nil, err
	}
	for j, rows := range rowsByLevel(t.Level, len(t.Levels), x) {
		if !keep[j] {
			continue
		}
		l := trellisLevel{name: t.Levels[j]}
		var w []float64
		for _, r := range rows {
			if !drawable(x[r]) {
				continue
			}
			l.x, l.y, l.fit, l.pop = append(l.x, x[r]), append(l.y, frame.Y[r]), append(l.fit, fits[r]), append(l.pop, pop.Mean[r])
			if frame.Weights != nil {
				w = append(w, frame.Weights[r])
			}
		}
		l.ownLine(w)
		d.levels = append(d.levels, l)
		d.all = append(d.all, l.x...)
		d.ys = append(append(append(d.ys, l.y...), l.fit...), l.pop...)
	}
	if opt.LevelOrder {
		d.orderedBy = ""
		return d, nil
	}
	slices.SortStableFunc(d.levels, func(a, b trellisLevel) int {
		va, vb := a.statistic(d.orderedBy), b.statistic(d.orderedBy)
		if math.IsNaN(va) || math.IsNaN(vb) { // those without a line last
			return cmp.Compare(boolean(math.IsNaN(va)), boolean(math.IsNaN(vb)))
		}
		return cmp.Compare(va, vb)
	})
	return d, nil
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// levelsKept marks the levels that the options ask for.
func levelsKept(levels []string, opt Options) ([]bool, error) {
	keep := make([]bool, len(levels))
	for i, l := range levels {
		keep[i] = len(opt.Levels) == 0 || slices.Contains(opt.Levels, l)
	}
	for _, l := range opt.Levels {
		if !slices.Contains(levels, l) {
			return nil, &OptionError{Option: "Levels", Value: l, Known: levels[:min(len(levels), 12)]}
		}
	}
	return keep, nil
}

// ownLine is weighted least squares of y on x within the level.
func (l *trellisLevel) ownLine(w []float64) {
	l.intercept, l.slope, l.resid = math.NaN(), math.NaN(), math.NaN()
	if len(l.x) < 2 || slices.Min(l.x) == slices.Max(l.x) {
		return
	}
	l.intercept, l.slope = stat.LinearRegression(l.x, l.y, w, false)
	if len(l.x) < 3 {
		return
	}
	var ss float64
	for i, x := range l.x {
		r := l.y[i] - l.intercept - l.slope*x
		ss += r * r
	}
	l.resid = math.Sqrt(ss / float64(len(l.x)-2))
}

// panel draws a level among n and counts the points it leaves out.
func (d *trellis) panel(l trellisLevel, n int, opt Options) (p *plot.Plot, left int) {
	p = newPlot()
	p.Title.Text = opt.label(l.name)
	px, py := thinnedTo(l.x, l.y, thinOver/n)
	dashed := lineStyle(Series2, dataWidth)
	dashed.Dashes = []vg.Length{3, 2}
	popx, popy := meansOver(l.x, l.pop)
	fx, fy := meansOver(l.x, l.fit)
	p.Add(level(), line2(popx, popy, lineStyle(Muted, 0.6)))
	if drawable(l.slope) {
		ends := []float64{slices.Min(l.x), slices.Max(l.x)}
		p.Add(line2(ends, []float64{l.intercept + l.slope*ends[0], l.intercept + l.slope*ends[1]}, dashed))
	}
	p.Add(line2(fx, fy, lineStyle(Accent, 1.4)), scatter{px, py, Text})
	span(&p.X, d.all)
	span(&p.Y, d.ys)
	return p, len(l.x) - len(px)
}

// describe writes the figure's words.
func (d *trellis) describe(f *Figure, m *lmm.Model, opt Options, page string) {
	f.title = "Regressions by " + opt.label(d.group)
	var s strings.Builder
	fmt.Fprintf(&s, "%s over %s for each level of %s. Points: responses; dashed: least squares within the level; solid: the model; thin: the population.",
		opt.label(m.ResponseName()), opt.label(d.x), opt.label(d.group))
	if d.orderedBy != "" {
		what := "the level's own " + d.orderedBy
		switch d.orderedBy {
		case "mean":
			what = "the mean response"
		case "residual":
			what = "the standard deviation around the level's own line"
		}
		fmt.Fprintf(&s, " Ordered by %s.", what)
	}
	alone := 0
	for _, l := range d.levels {
		if !drawable(l.slope) {
			alone++
		}
	}
	if alone > 0 {
		fmt.Fprintf(&s, " %d of %d levels have no line of their own: their %s does not vary.", alone, len(d.levels), opt.label(d.x))
	}
	fmt.Fprintf(&s, "%s Model: %s.", page, described(m))
	f.caption, f.desc = s.String(), s.String()

	cells := [][]string{{oneLine(d.group), "rows", "intercept", "slope", "residual sd"}}
	for i, l := range d.levels {
		if len(d.levels) > 2*twinRows && i >= twinRows && i < len(d.levels)-twinRows {
			if i == twinRows {
				cells = append(cells, []string{fmt.Sprintf("... %d more", len(d.levels)-2*twinRows)})
			}
			continue
		}
		cells = append(cells, []string{oneLine(l.name), fmt.Sprint(len(l.x)), significant(l.intercept), significant(l.slope), significant(l.resid)})
	}
	f.twin = f.caption + "\n\n" + align(cells)
}

// significant prints four digits, "-" where there is no number.
func significant(v float64) string {
	if !drawable(v) {
		return "-"
	}
	if v == 0 {
		return "0"
	}
	if a := math.Abs(v); a >= 1e5 || a < 1e-3 {
		return fmt.Sprintf("%.3e", v)
	}
	return number(v, max(0, 3-int(math.Floor(math.Log10(math.Abs(v))))))
}
