package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// sliceTop is the rise of the criterion up to which slices are drawn, beyond
// the 0.99 quantile of chi-square with one degree of freedom.
const sliceTop = 8.0

// chi95 is the 0.95 quantile of chi-square with one degree of freedom.
const chi95 = z95 * z95

// CriterionSlices draws how the criterion rises from its minimum along each
// parameter of a model: the profile (line), all other parameters at their best,
// and the slice (dashed), all others at their estimates. Where the two part,
// another parameter makes up for this one. The level of 3.84, the 0.95 quantile
// of chi-square with one degree of freedom, is where the profile interval ends.
// The end of the parameter space in view is a solid line, the forbidden side
// shaded.
//
// Of a generalised model the standard deviations and correlations are drawn.
//
// Options.Parameters chooses parameters, Options.Units name their axes. A page
// has 12, Options.Page turns it. At most one Options may be given. Whatever
// prevents the figure, a fit that is not at a maximum for one, is in its Err.
//
// Source: Bates and Watts (1988), Nonlinear Regression Analysis, sec. 6.1.
func CriterionSlices(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Slices of the criterion"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	if m.Family() != nil && opt.Parameters == nil { // its fixed effects have profiles only
		opt.Parameters = spreads(m)
	}
	opt = opt.onLink(m, m.ResponseName())
	p, err := infer.Profile(m, &infer.ProfileOptions{Params: opt.Parameters, Zeta: math.Sqrt(sliceTop)})
	if err != nil {
		f.err = err
		return f
	}
	curves, missing, words, err := profiled(p, opt)
	if err != nil {
		f.err = err
		return f
	}
	var panels []*plot.Plot
	var drawn []*slicePair
	for _, c := range curves {
		s, err := newSlicePair(m, c)
		if err != nil {
			f.err = err
			return f
		}
		q := newPlot()
		q.Title.Text = opt.label(c.Name)
		q.X.Label.Text = opt.parameterUnit(m.Formula(), c.Name)
		if len(panels)%gridColumns(len(curves)) == 0 {
			q.Y.Label.Text = "rise"
		}
		q.Add(level(), s)
		q.Y.Min, q.Y.Max = -0.4, sliceTop
		span(&q.X, s.x, []float64{c.Estimate})
		panels, drawn = append(panels, q), append(drawn, s)
	}
	describeSlices(f, m, drawn, missing, words)
	f.layOutGrid(facets{plots: panels, sharedY: true}, opt)
	return f
}

// slicePair is a plotter: profile and slice of one parameter.
type slicePair struct {
	curve          infer.Curve
	x              []float64
	profile, slice []float64 // rises; NaN where there is none
}

func newSlicePair(m *lmm.Model, c infer.Curve) (*slicePair, error) {
	s := &slicePair{curve: c}
	x, z := smoothCurve(finitePoints(c))
	for i := range x {
		if rise := z[i] * z[i]; rise <= 1.05*sliceTop {
			s.x, s.profile = append(s.x, x[i]), append(s.profile, rise)
		}
	}
	if len(s.x) == 0 {
		s.x, s.profile = []float64{c.Estimate}, []float64{0}
	}
	points, err := infer.Slice(m, c.Name, s.x)
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		s.slice = append(s.slice, p.Zeta*p.Zeta)
	}
	return s, nil
}

// Plot draws the panel's marks.
func (s *slicePair) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	plotEnds(c, tx, s.curve.Kind)
	if svg := unwrapSVG(c.Canvas); svg != nil {
		svg.beginGroup(s.words())
		defer svg.endGroup()
	}
	c.StrokeLine2(lineStyle(Muted, zeroWidth), c.Min.X, ty(0), c.Max.X, ty(0))
	plotLimit(c, ty(chi95))
	for i, y := range [2][]float64{s.slice, s.profile} {
		style := lineStyle(Accent, dataWidth)
		if i == 0 {
			style = lineStyle(Muted, dataWidth)
			style.Dashes = []vg.Length{4, 2}
		}
		var pts []vg.Point
		for k := range s.x {
			if drawable(y[k]) {
				pts = append(pts, vg.Point{X: tx(s.x[k]), Y: ty(y[k])})
			}
		}
		c.StrokeLines(style, c.ClipLinesXY(simplified(pts))...)
	}
	if at := (vg.Point{X: tx(s.curve.Estimate), Y: ty(0)}); c.Contains(at) {
		c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}}, at)
	}
}

// plotLimit is a dotted line across.
func plotLimit(c draw.Canvas, y vg.Length) {
	dotted := lineStyle(Muted, zeroWidth)
	dotted.Dashes = []vg.Length{1, 2}
	if c.ContainsY(y) {
		c.StrokeLine2(dotted, c.Min.X, y, c.Max.X, y)
	}
}

// plotEnds draws the ends of a parameter's range that are in view.
func plotEnds(c draw.Canvas, tx func(float64) vg.Length, kind infer.ParameterKind) {
	z := &zeta{floor: math.Inf(-1), ceiling: math.Inf(1)}
	switch kind {
	case infer.StandardDeviation, infer.ResidualSD, infer.RelativeSD:
		z.floor = 0
	case infer.Correlation:
		z.floor, z.ceiling = -1, 1
	}
	z.plotEdges(c, tx)
}

// ratio is how much steeper the slice is than the profile, where the profile is
// near its limit; NaN where it does not get there.
func (s *slicePair) ratio() float64 {
	best, at := math.Inf(1), -1
	for i, v := range s.profile {
		if d := math.Abs(v - chi95); d < best {
			best, at = d, i
		}
	}
	if at < 0 || best > 0.5*chi95 {
		return math.NaN()
	}
	return s.slice[at] / s.profile[at]
}

func (s *slicePair) words() string {
	est, lo, hi := curveNumbers(s.curve)
	return fmt.Sprintf("%s: %s, interval %s to %s; the slice rises %s times as fast", oneLine(s.curve.Name), typeset(est), typeset(lo), typeset(hi), number(s.ratio(), 1))
}

// describeSlices writes the figure's words.
func describeSlices(f *Figure, m *lmm.Model, drawn []*slicePair, missing []infer.Curve, page string) {
	var s strings.Builder
	s.WriteString("Rise of the criterion from its minimum along each parameter: the others at their best (line) or at their estimates (dashed). Dotted: 3.84, where the 95 % interval ends.")
	if m.REML() {
		s.WriteString(" Fixed effects by −2 log L, the others by REML.")
	} else {
		s.WriteString(" The criterion is −2 log L.")
	}
	for _, c := range missing {
		fmt.Fprintf(&s, " %s has no profile: %s.", oneLine(c.Name), strings.TrimSuffix(oneLine(c.Reason), "."))
	}
	fmt.Fprintf(&s, "%s Model: %s.", page, described(m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"parameter", "estimate", "2.5 %", "97.5 %", "slice / profile"}}
	for _, d := range drawn {
		est, lo, hi := curveNumbers(d.curve)
		cells = append(cells, []string{oneLine(d.curve.Name), est, lo, hi, number(d.ratio(), 2)})
	}
	f.twin = plainText(f.caption) + "\n\n" + align(cells)
}
