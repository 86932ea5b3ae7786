package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// gridPoints is the number of values of a covariate at which a prediction is
// computed.
const gridPoints = 61

// Predictions draws the mean of the population that a model predicts over one
// of its predictors, with intervals, on the responses: a line with a band over
// a covariate, points with bars over a factor. Options.X is the predictor, by
// default the first covariate of the fixed effects or, without one, the first
// factor. Options.By is another factor: its levels have a panel each, on one
// scale, 12 on a page, which Options.Page turns.
//
// The other factors are averaged over with equal weights and the other
// covariates held at their means (infer.MarginalMeans), which the caption
// lists: points lie around the line by those, too. The band is for the mean,
// not for a new response. The means of a generalised model are those of a level
// whose random effects are 0, not the averages of all levels. Over 5000 points those that share a cell of a fine
// lattice are drawn once.
//
// Options.Units name the units of the predictor and the response. At most one
// Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Fox (2003), Effect displays in R for generalised linear models, J.
// Stat. Software 8(15).
func Predictions(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Predictions"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	x, by := opt.X, opt.By
	if x == "" {
		if x, err = predictorOf(m); err != nil {
			f.err = err
			return f
		}
	}
	col, err := m.Frame().Table().Lookup(x)
	if err != nil {
		f.err = err
		return f
	}
	o := &infer.MeansOptions{By: []string{x}, Adjust: infer.NoAdjustment}
	if by != "" {
		o.By = []string{by, x}
	}
	values := rowsOf(m, col)
	if col.Kind().Numeric() && col.Kind() != table.Bool {
		if lo, hi := slices.Min(values), slices.Max(values); hi > lo {
			o.At = map[string][]float64{x: evenly(lo, hi, gridPoints)}
		}
	}
	s, err := infer.MarginalMeans(m, o)
	if err != nil {
		f.err = err
		return f
	}
	pr := arrange(s, o.At[x], by)
	pr.respond(familyOf(m))
	pr.place(m, values, col, by)
	from, to, words, err := opt.pageOf(len(pr.list), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	pr.words += words
	describePredictions(f, m, s, pr, x, by)
	f.layOutGrid(facets{plots: pr.panels(m, x, pr.list[from:to], opt), sharedY: true}, opt)
	return f
}

// predictorsOf are the first covariate and the first factor of the fixed effects,
// "" where there is none.
func predictorsOf(m *lmm.Model) (covariate, factor string) {
	for _, term := range m.Frame().Formula.Fixed {
		for _, v := range term.Vars {
			used, coerced := design.Columns(v)
			for _, name := range used {
				col := m.Frame().Table().Column(name)
				switch {
				case col == nil:
				case col.Kind().Numeric() && col.Kind() != table.Bool && !coerced[name]:
					if covariate == "" {
						covariate = name
					}
				case factor == "":
					factor = name
				}
			}
		}
	}
	return covariate, factor
}

// predictorOf is the first covariate or, without one, the first factor.
func predictorOf(m *lmm.Model) (string, error) {
	covariate, factor := predictorsOf(m)
	switch {
	case covariate != "":
		return covariate, nil
	case factor != "":
		return factor, nil
	}
	return "", &DataError{Reason: "the model has no predictor to draw predictions over: its fixed effects are the intercept alone"}
}

// rowsOf are the values of a column in the rows of the model: numbers, or the
// codes of levels.
func rowsOf(m *lmm.Model, col *table.Column) []float64 {
	out := make([]float64, len(m.Frame().Rows))
	factor := col.AsFactor()
	for i, r := range m.Frame().Rows {
		if col.Kind().Numeric() {
			out[i] = col.Float(r)
		} else {
			out[i] = float64(factor.Code(r))
		}
	}
	return out
}

// evenly are n values from lo to hi.
func evenly(lo, hi float64, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = lo + (hi-lo)*float64(i)/float64(n-1)
	}
	return v
}

// prediction is a panel: means with limits, and the responses.
type prediction struct {
	name            string
	x, mean, lo, hi []float64
	dataX, dataY    []float64
}

// predictions are the panels, and the levels of x where it is a factor.
type predictions struct {
	list   []prediction
	levels []string // nil for a covariate
	level  float64  // of the limits
	words  string   // of points that were thinned
}

// arrange takes means apart into panels; grid is nil where x is a factor.
func arrange(s *infer.Means, grid []float64, by string) *predictions {
	pr := &predictions{level: s.Level}
	if grid == nil {
		for _, r := range s.Rows {
			if l := r.By[len(r.By)-1]; !slices.Contains(pr.levels, l) {
				pr.levels = append(pr.levels, l)
			}
		}
	}
	for _, r := range s.Rows {
		name := ""
		if by != "" {
			name = r.By[0]
		}
		k := slices.IndexFunc(pr.list, func(p prediction) bool { return p.name == name })
		if k < 0 {
			pr.list = append(pr.list, prediction{name: name})
			k = len(pr.list) - 1
		}
		p := &pr.list[k]
		x := float64(slices.Index(pr.levels, r.By[len(r.By)-1]))
		if grid != nil {
			x = grid[len(p.x)]
		}
		p.x, p.mean = append(p.x, x), append(p.mean, r.Value)
		p.lo, p.hi = append(p.lo, r.Lower), append(p.hi, r.Upper)
	}
	return pr
}

// respond takes means from the scale of a link to that of the response.
func (pr *predictions) respond(f *family.Family) {
	if f == nil {
		return
	}
	for _, p := range pr.list {
		for i := range p.mean {
			p.mean[i] = f.Mean(p.mean[i])
			a, b := f.Mean(p.lo[i]), f.Mean(p.hi[i])
			p.lo[i], p.hi[i] = min(a, b), max(a, b)
		}
	}
}

// aside is how far the mean of a level stands right of it, and its responses
// left, in levels.
const aside = 0.15

// place puts the responses into the panels. Points over a factor stand beside
// each other, in a pattern that depends on their order alone.
func (pr *predictions) place(m *lmm.Model, values []float64, col *table.Column, by string) {
	var byCol *table.Column
	if by != "" {
		byCol = m.Frame().Table().Column(by)
	}
	for i, r := range m.Frame().Rows {
		k := 0
		if byCol != nil {
			k = slices.IndexFunc(pr.list, func(p prediction) bool { return p.name == byCol.AsFactor().Text(r) })
		}
		x := values[i]
		if pr.levels != nil {
			x = float64(slices.Index(pr.levels, col.AsFactor().Text(r)))
			const golden = 0.6180339887498949
			_, part := math.Modf(float64(i+1) * golden)
			x += 0.3*(part-0.5) - aside
		}
		if k >= 0 {
			p := &pr.list[k]
			p.dataX, p.dataY = append(p.dataX, x), append(p.dataY, m.Frame().Y[i])
		}
	}
	for k := range pr.list {
		p := &pr.list[k]
		var words string
		if p.dataX, p.dataY, words = thinned(p.dataX, p.dataY); words != "" {
			pr.words = words
		}
	}
}

// panels draws panels on the scale of all.
func (pr *predictions) panels(m *lmm.Model, x string, list []prediction, opt Options) []*plot.Plot {
	var xs, ys [][]float64
	for _, p := range pr.list {
		xs = append(xs, p.x, p.dataX)
		ys = append(ys, p.dataY, p.mean, p.lo, p.hi)
	}
	var panels []*plot.Plot
	for i, d := range list {
		p := newPlot()
		p.Title.Text = opt.label(d.name)
		p.X.Label.Text = opt.withUnit(x)
		if i%gridColumns(len(list)) == 0 {
			p.Y.Label.Text = opt.withUnit(m.ResponseName())
		}
		p.Add(level(), backdrop{d.dataX, d.dataY})
		span(&p.X, xs...)
		span(&p.Y, ys...)
		if pr.levels == nil {
			p.Add(bands(d.x, d.lo, d.hi)...)
			p.Add(line2(d.x, d.mean, lineStyle(Accent, 2)))
		} else {
			pr.bars(p, d, opt)
		}
		panels = append(panels, p)
	}
	return panels
}

// bands are the pieces of a band in which both limits are there.
func bands(x, lo, hi []float64) []plot.Plotter {
	var out []plot.Plotter
	first := 0
	for i := 0; i <= len(x); i++ {
		if i < len(x) && drawable(lo[i]) && drawable(hi[i]) {
			continue
		}
		if i-first > 1 {
			out = append(out, band{x[first:i], lo[first:i], hi[first:i]})
		}
		first = i + 1
	}
	return out
}

// bars draws means over the levels of a factor.
func (pr *predictions) bars(p *plot.Plot, d prediction, opt Options) {
	marks := make([]interval, len(d.x))
	ticks := make(plot.ConstantTicks, len(pr.levels))
	for i := range d.x {
		marks[i] = disc(d.mean[i], d.lo[i], d.hi[i], d.x[i]+aside, "")
	}
	dec := decimals(halves(marks))
	for i := range marks {
		v := &marks[i]
		v.tip = tooltip(opt.label(pr.levels[int(d.x[i])]), pr.level, v.value, v.lower, v.upper, dec)
	}
	for i, l := range pr.levels {
		ticks[i] = plot.Tick{Value: float64(i), Label: opt.label(l)}
	}
	p.X.Min, p.X.Max = -0.5, float64(len(pr.levels))-0.5
	p.X.Tick.Marker = levelTicks{ticks}
	p.Add(intervals{marks: marks, upright: true})
}

// levelTicks name the levels of a factor on the x axis, shortened to the room
// that each has in a narrow panel.
type levelTicks struct{ ticks plot.ConstantTicks }

// Ticks are those between lo and hi.
func (t levelTicks) Ticks(lo, hi float64) []plot.Tick {
	sty := newPlot().X.Tick.Label
	room := 40 * vg.Millimeter / vg.Length(len(t.ticks)) / fontSlack
	if len(t.ticks) <= 3 {
		room = 16 * vg.Millimeter
	}
	out := slices.Clone(t.ticks)
	for i := range out {
		out[i].Label = elide(out[i].Label, sty, room)
	}
	return out
}

// describePredictions writes the figure's words.
func describePredictions(f *Figure, m *lmm.Model, s *infer.Means, pr *predictions, x, by string) {
	over := oneLine(x)
	if by != "" {
		over += " by " + oneLine(by)
	}
	f.title = "Predictions over " + over
	marks := "line and band"
	if pr.levels != nil {
		marks = "points and bars"
	}
	var b strings.Builder
	what := "the mean of the population"
	if familyOf(m) != nil {
		what = "the mean of a typical level, its random effects being 0,"
	}
	fmt.Fprintf(&b, "Responses, and %s over %s with %s intervals (%s; %s).%s%s",
		what, over, percent(s.Level), marks, intervalKind(s.DF, s.Why), restsOn(s), pr.words)
	fmt.Fprintf(&b, " Model: %s.", described(m))
	f.caption, f.desc = b.String(), b.String()

	cells := [][]string{{over, "mean", "lower", "upper"}}
	var notes strings.Builder
	for _, p := range pr.list {
		if by != "" {
			cells = append(cells, []string{oneLine(by) + " " + oneLine(p.name)})
		}
		bars := make([]bar, len(p.x))
		for i := range p.x {
			bars[i] = bar{p.mean[i], (p.hi[i] - p.lo[i]) / 2}
		}
		d := decimals(bars)
		step := 1
		if pr.levels == nil {
			step = max(1, (len(p.x)-1)/6)
		}
		for i := 0; i < len(p.x); i += step {
			at := fmt.Sprintf("%.4g", p.x[i])
			if pr.levels != nil {
				at = oneLine(pr.levels[int(p.x[i])])
			}
			cells = append(cells, []string{at, number(p.mean[i], d), number(p.lo[i], d), number(p.hi[i], d)})
		}
	}
	for _, r := range s.Rows {
		if r.Reason != "" {
			fmt.Fprintf(&notes, "%s: %s\n", oneLine(r.Name), oneLine(r.Reason))
		}
	}
	f.twin = strings.ReplaceAll(f.caption, minus, "-") + "\n\n" + align(cells) + notes.String()
}
