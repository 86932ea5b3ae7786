package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/interp"
	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm/infer"
)

// ProfileDensity draws for each parameter of a profile the density
//
//	phi(zeta(value)) dzeta/dvalue
//
// of which the profile intervals are the central regions: phi is the standard
// normal density. It shows how skew an estimate is on the scale of the
// parameter. Below it stand the interval of p.Level and the estimate. Where the
// parameter space ends in view the density is cut off, and what is cut off is
// said in the caption. zeta is interpolated by a cubic spline.
//
// Options are those of ProfileZeta. Whatever prevents the figure is in its Err.
//
// Source: Bates, Maechler, Bolker and Walker (2015), J. Stat. Software 67(1),
// sec. 5.1; lme4's densityplot of a profile.
func ProfileDensity(p *infer.ProfileResult, opts ...Options) *Figure {
	f := &Figure{title: "Profile densities"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	curves, missing, words, err := profiled(p, opt)
	if err != nil {
		f.err = err
		return f
	}
	describeProfile(f, p, curves, missing, words)
	f.title = "Profile densities"
	zeta := f.caption
	var s strings.Builder
	fmt.Fprintf(&s, "Densities whose central regions are the profile likelihood intervals, each scaled to its peak; below, the %s intervals and the estimates.", percent(p.Level))
	var panels []*plot.Plot
	for _, c := range curves {
		d := newProfileDensity(c)
		if d.cut > 0.005 {
			fmt.Fprintf(&s, " %.2g %% of %s is cut off by the end of the parameter space.", 100*d.cut, oneLine(c.Name))
		}
		q := newPlot()
		q.Title.Text = opt.label(c.Name)
		q.X.Label.Text = opt.parameterUnit(p.Formula, c.Name)
		q.Y.Tick.Marker = plot.ConstantTicks(nil)
		q.Add(grid(), d)
		q.Y.Min, q.Y.Max = -0.22, 1.05
		span(&q.X, d.x, []float64{c.Lower.Value, c.Upper.Value, c.Estimate})
		panels = append(panels, q)
	}
	// The criterion, what has no profile and the model are told as for zeta.
	if _, rest, ok := strings.Cut(zeta, "quadratic log likelihood."); ok {
		s.WriteString(rest)
	}
	f.caption = s.String()
	f.desc, f.twin = strings.Replace(f.desc, zeta, f.caption, 1), strings.Replace(f.twin, plainText(zeta), plainText(f.caption), 1)
	f.layOutGrid(facets{plots: panels, sharedY: true}, opt)
	return f
}

// plainText has ASCII for signs and names for Greek letters.
func plainText(s string) string {
	return strings.NewReplacer(minus, "-", "±", "+-", "ζ", "zeta").Replace(s)
}

// profileDensity is a plotter: the density of one parameter.
type profileDensity struct {
	curve infer.Curve
	x, y  []float64
	cut   float64 // what lies beyond the end of the parameter space
}

func newProfileDensity(c infer.Curve) *profileDensity {
	d := &profileDensity{curve: c}
	ps := finitePoints(c)
	xs, zs := make([]float64, len(ps)), make([]float64, len(ps))
	for i, p := range ps {
		xs[i], zs[i] = p.Value, p.Zeta
	}
	slope := slopes(xs, zs)
	peak := 0.0
	const steps = 160
	for i := range steps + 1 {
		v := xs[0] + (xs[len(xs)-1]-xs[0])*float64(i)/steps
		z, dz := slope(v)
		if y := math.Exp(-z*z/2) * dz; dz > 0 && drawable(y) {
			d.x, d.y = append(d.x, v), append(d.y, y)
			peak = max(peak, y)
		}
	}
	for i := range d.y {
		d.y[i] /= peak
	}
	// The profile ends at the end of its range, or where zeta is large enough.
	if c.Lower.Boundary {
		d.cut += distuv.UnitNormal.CDF(zs[0])
	}
	if c.Upper.Boundary {
		d.cut += distuv.UnitNormal.Survival(zs[len(zs)-1])
	}
	return d
}

// slopes interpolates a curve that rises and its derivative.
func slopes(x, z []float64) func(v float64) (z, slope float64) {
	var spline interp.NotAKnotCubic
	if len(x) > 3 && spline.Fit(x, z) == nil {
		return func(v float64) (float64, float64) { return spline.Predict(v), spline.PredictDerivative(v) }
	}
	var line interp.PiecewiseLinear
	if line.Fit(x, z) != nil {
		return func(float64) (float64, float64) { return math.NaN(), math.NaN() }
	}
	return func(v float64) (float64, float64) {
		h := (x[len(x)-1] - x[0]) * 1e-6
		return line.Predict(v), (line.Predict(v+h) - line.Predict(v-h)) / (2 * h)
	}
}

// Plot draws the density, the interval and the estimate.
func (d *profileDensity) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	z := &zeta{curve: d.curve, floor: math.Inf(-1), ceiling: math.Inf(1)}
	switch d.curve.Kind {
	case infer.StandardDeviation, infer.ResidualSD:
		z.floor = 0
	case infer.Correlation:
		z.floor, z.ceiling = -1, 1
	}
	z.plotEdges(c, tx)
	if svg := unwrapSVG(c.Canvas); svg != nil {
		svg.beginGroup(z.words())
		defer svg.endGroup()
	}
	zero := ty(0)
	if len(d.x) > 1 {
		var curve []vg.Point
		for i := range d.x {
			curve = append(curve, vg.Point{X: tx(d.x[i]), Y: ty(d.y[i])})
		}
		curve = simplified(curve)
		area := append([]vg.Point{{X: curve[0].X, Y: zero}}, curve...)
		area = append(area, vg.Point{X: curve[len(curve)-1].X, Y: zero})
		c.FillPolygon(Accent.Fade(0.15), c.ClipPolygonXY(area))
		c.StrokeLines(lineStyle(Accent, dataWidth), c.ClipLinesXY(curve)...)
	}
	c.StrokeLine2(lineStyle(Muted, zeroWidth), c.Min.X, zero, c.Max.X, zero)
	bar := interval{value: d.curve.Estimate, lower: d.curve.Lower.Value, upper: d.curve.Upper.Value, at: -0.11, ink: Accent, shape: draw.CircleGlyph{}}
	intervals{marks: []interval{bar}}.Plot(c, p)
}
