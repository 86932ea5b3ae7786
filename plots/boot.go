package plots

import (
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

// BootstrapDensities draws the distribution of each value of a bootstrap over
// its replicates, a panel for each: a kernel density, below it the 95 %
// percentile interval and, thick, the 50 % one, and a dotted line at the
// estimate. Replicates at the end of the range, a standard deviation of 0 or a
// correlation of -1 or 1, are no density: they are a bar, their share written
// beside it.
//
// The bandwidth is Silverman's (1986, eq. 3.31), and what a kernel puts beyond
// the end of the range is reflected. A page has 12 values, Options.Page turns it.
// Options.Parameters chooses values, Options.Units name the x axes by value. At most one Options may be given. Whatever prevents
// the figure is in its Err.
//
// Source: Davison and Hinkley (1997), Bootstrap Methods and their Application,
// sec. 2.3 and 3.4.
func BootstrapDensities(r *infer.BootstrapResult, opts ...Options) *Figure {
	f := &Figure{title: "Bootstrap distributions"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	list, err := replicated(r, opt)
	if err != nil {
		f.err = err
		return f
	}
	from, to, words, err := opt.pageOf(len(list), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	describeBootstrap(f, r, list, words)
	var panels []*plot.Plot
	for i := from; i < to; i++ {
		p := newPlot()
		p.Title.Text = opt.label(list[i].name)
		p.X.Label.Text = opt.parameterUnit(r.Formula, list[i].name)
		p.Y.Tick.Marker = plot.ConstantTicks(nil)
		p.Add(grid(), &list[i])
		p.Y.Min, p.Y.Max = -0.22, 1.05
		span(&p.X, list[i].values, list[i].x, []float64{list[i].estimate})
		panels = append(panels, p)
	}
	f.layOutGrid(facets{plots: panels, sharedY: true}, opt)
	return f
}

// replicas is a plotter: the distribution of one value of a bootstrap.
type replicas struct {
	name           string
	at             int // among the values of the bootstrap
	estimate       float64
	values         []float64 // that exist
	failed         int
	floor, ceiling float64 // of the range
	x, y           []float64
	atoms          map[float64]float64 // shares of the replicates at floor and ceiling
	limits         [4]float64          // quantiles 0.025, 0.25, 0.75, 0.975
}

// replicated takes a bootstrap apart into the values that the options choose.
func replicated(r *infer.BootstrapResult, opt Options) ([]replicas, error) {
	if r == nil {
		return nil, &DataError{Reason: "there is no bootstrap to draw: it is nil; was the error of infer.Bootstrap looked at?"}
	}
	outer, err := r.Intervals(infer.Percentile, 0.95)
	if err != nil {
		return nil, err
	}
	inner, err := r.Intervals(infer.Percentile, 0.5)
	if err != nil {
		return nil, err
	}
	chosen, err := opt.choose(r.Names)
	if err != nil {
		return nil, err
	}
	var list []replicas
	any := false
	for _, k := range chosen {
		d := replicas{name: r.Names[k], at: k, estimate: r.Estimate[k], atoms: map[float64]float64{},
			limits: [4]float64{outer[k].Lower.Value, inner[k].Lower.Value, inner[k].Upper.Value, outer[k].Upper.Value}}
		for i := k; i < len(r.Values); i += len(r.Names) {
			if drawable(r.Values[i]) {
				d.values = append(d.values, r.Values[i])
			} else {
				d.failed++
			}
		}
		d.smooth()
		any = any || len(d.values) > 0
		list = append(list, d)
	}
	if !any {
		return nil, &DataError{Reason: "the bootstrap has no replicates with values"}
	}
	return list, nil
}

// rangeOf is the range of a parameter by its name, as infer.ProfileParameters
// makes them.
func rangeOf(name string) (floor, ceiling float64) {
	switch {
	case strings.HasPrefix(name, "sd_"), name == "sigma":
		return 0, math.Inf(1)
	case strings.HasPrefix(name, "cor_"), strings.HasPrefix(name, "correlation"):
		return -1, 1
	case strings.HasPrefix(name, "sd of "):
		return 0, math.Inf(1)
	}
	return math.Inf(-1), math.Inf(1)
}

// smooth separates the ends of the range from the density of the others, which
// is scaled to a peak of 1.
func (d *replicas) smooth() {
	d.floor, d.ceiling = rangeOf(d.name)
	if len(d.values) == 0 {
		return
	}
	const end = 1e-6 // of the range of the values
	if lo, hi := slices.Min(d.values), slices.Max(d.values); lo < d.floor-end*(hi-lo) || hi > d.ceiling+end*(hi-lo) {
		d.floor, d.ceiling = math.Inf(-1), math.Inf(1) // a statistic of the user's with such a name
	}
	width := slices.Max(d.values) - slices.Min(d.values)
	var inside []float64
	for _, v := range d.values {
		switch {
		case v-d.floor <= end*width:
			d.atoms[d.floor] += 1 / float64(len(d.values))
		case d.ceiling-v <= end*width:
			d.atoms[d.ceiling] += 1 / float64(len(d.values))
		default:
			inside = append(inside, v)
		}
	}
	d.x, d.y = density1(inside, d.floor, d.ceiling)
	if d.x != nil {
		peak := slices.Max(d.y)
		for i := range d.y {
			d.y[i] /= peak
		}
	}
}

// Plot draws the density, the atoms, the intervals and the estimate.
func (d *replicas) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if svg := unwrapSVG(c.Canvas); svg != nil {
		svg.beginGroup(d.words())
		defer svg.endGroup()
	}
	zero := ty(0)
	if d.x != nil {
		area := []vg.Point{{X: tx(d.x[0]), Y: zero}}
		var curve []vg.Point
		for i := range d.x {
			curve = append(curve, vg.Point{X: tx(d.x[i]), Y: ty(d.y[i])})
		}
		curve = simplified(curve)
		area = append(append(area, curve...), vg.Point{X: tx(d.x[len(d.x)-1]), Y: zero})
		c.FillPolygon(Accent.Fade(0.15), c.ClipPolygonXY(area))
		c.StrokeLines(lineStyle(Accent, dataWidth), c.ClipLinesXY(curve)...)
	}
	c.StrokeLine2(lineStyle(Muted, zeroWidth), c.Min.X, zero, c.Max.X, zero)
	for _, end := range [2]float64{d.floor, d.ceiling} {
		if share := d.atoms[end]; share > 0 {
			d.plotAtom(c, tx(end), zero, ty(max(share, 0.2)), share)
		}
	}
	if drawable(d.estimate) {
		dotted := lineStyle(Text, zeroWidth)
		dotted.Dashes = []vg.Length{1, 2}
		c.StrokeLine2(dotted, tx(d.estimate), ty(-0.2), tx(d.estimate), c.Max.Y)
	}
	bar := ty(-0.11)
	if drawable(d.limits[0]) && drawable(d.limits[3]) {
		c.StrokeLine2(lineStyle(Accent, dataWidth), tx(d.limits[0]), bar, tx(d.limits[3]), bar)
		c.StrokeLine2(lineStyle(Accent, 2.5), tx(d.limits[1]), bar, tx(d.limits[2]), bar)
	} else {
		sty := textStyle(Muted, smallSize, 0, text.XLeft, text.YCenter)
		c.FillText(sty, vg.Point{X: c.Min.X + 2, Y: bar}, "not applicable")
	}
	if at := (vg.Point{X: tx(d.estimate), Y: bar}); drawable(d.estimate) && c.Contains(at) {
		c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}}, at)
	}
}

// plotAtom draws the share of replicates at the end of the range.
func (d *replicas) plotAtom(c draw.Canvas, x, zero, top vg.Length, share float64) {
	c.StrokeLine2(lineStyle(Caution, 2.5), x, zero, x, top)
	sty := textStyle(Muted, smallSize, 0, text.XLeft, text.YBottom)
	gap := vg.Length(2)
	if x > (c.Min.X+c.Max.X)/2 {
		sty.XAlign, gap = text.XRight, -gap
	}
	// High up, since a density is low where the range ends.
	c.FillText(sty, vg.Point{X: x + gap, Y: zero + 0.75*(c.Max.Y-zero)}, fmt.Sprintf("%.2g %%", 100*share))
}

// words are the panel's tooltip.
func (d *replicas) words() string {
	cells := d.numbers()
	return fmt.Sprintf("%s: %s, 95 %% %s to %s", oneLine(d.name), typeset(cells[0]), typeset(cells[1]), typeset(cells[4]))
}

// numbers prints the estimate and the quantiles.
func (d *replicas) numbers() []string {
	dec := decimals([]bar{{d.estimate, (d.limits[3] - d.limits[0]) / 2}})
	out := []string{number(d.estimate, dec)}
	for _, q := range d.limits {
		out = append(out, number(q, dec))
	}
	return out
}

// describeBootstrap writes the figure's words.
func describeBootstrap(f *Figure, r *infer.BootstrapResult, list []replicas, page string) {
	var s strings.Builder
	fmt.Fprintf(&s, "Distributions over %d replicates of a %s bootstrap (seed %d), each scaled to its peak, with percentile intervals of 95 %% and, thick, 50 %%; dotted: the estimate.", r.Replicates, r.Kind, r.Seed)
	s.WriteString(bootstrapLosses(r))
	for _, d := range list {
		for _, end := range [2]float64{d.floor, d.ceiling} {
			if share := d.atoms[end]; share > 0 {
				fmt.Fprintf(&s, " %.2g %% of %s are %s.", 100*share, oneLine(d.name), typeset(fmt.Sprint(end)))
			}
		}
	}
	fmt.Fprintf(&s, "%s Model: %s.", page, withFamily(r.Formula, r.Family, r.Link))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"value", "estimate", "2.5 %", "25 %", "75 %", "97.5 %"}}
	for _, d := range list {
		cells = append(cells, append([]string{oneLine(d.name)}, d.numbers()...))
	}
	f.twin = strings.ReplaceAll(f.caption, minus, "-") + "\n\n" + align(cells)
}

// bootstrapLosses says how many replicates failed and why, and how many are on
// the boundary.
func bootstrapLosses(r *infer.BootstrapResult) string {
	var s strings.Builder
	if r.Singular > 0 {
		fmt.Fprintf(&s, " %d fits are on the boundary; they count.", r.Singular)
	}
	var reasons []string
	for why := range r.Failures {
		reasons = append(reasons, why)
	}
	slices.Sort(reasons)
	for _, why := range reasons {
		fmt.Fprintf(&s, " %d have no values: %s.", r.Failures[why], strings.TrimSuffix(oneLine(why), "."))
	}
	return s.String()
}
