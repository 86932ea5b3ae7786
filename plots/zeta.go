package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm/infer"
)

// zetaPanel draws one curve; q is the normal quantile of its interval.
func zetaPanel(c infer.Curve, q, zmin, zmax float64) *plot.Plot {
	p := newPlot()
	ps := finitePoints(c)
	z := &zeta{curve: c, q: q, slope: slopeAt(ps, c.Estimate), floor: math.Inf(-1), ceiling: math.Inf(1)}
	z.x, z.z = smoothCurve(ps)
	switch c.Kind {
	case infer.StandardDeviation, infer.ResidualSD:
		z.floor = 0
	case infer.Correlation:
		z.floor, z.ceiling = -1, 1
	}
	p.Y.Tick.Marker = zetaTicks(q)
	p.Add(level(), z)
	lo, hi := z.visible(zmin, zmax)
	pad := 0.05 * (hi - lo)
	p.X.Min, p.X.Max = lo-pad, hi+pad
	p.Y.Min, p.Y.Max = zmin, zmax
	return p
}

// zetaTicks are the quantiles of the interval and the whole numbers between.
func zetaTicks(q float64) plot.ConstantTicks {
	ticks := plot.ConstantTicks{
		{Value: -q, Label: typeset(fmt.Sprintf("%.2f", -q))},
		{Value: 0, Label: "0"},
		{Value: q, Label: fmt.Sprintf("%.2f", q)},
	}
	const apart = 0.6 // of zeta, a line of text in the smallest panel
	for v := 1.0; v < q-apart; v++ {
		ticks = append(ticks, plot.Tick{Value: v, Label: tickLabel(v, 0)}, plot.Tick{Value: -v, Label: tickLabel(-v, 0)})
	}
	return ticks
}

// level has grid lines for the y axis only.
func level() *plotter.Grid {
	g := plotter.NewGrid()
	g.Horizontal = lineStyle(Rule, gridWidth)
	g.Vertical.Color = nil
	return g
}

// zeta is a plotter: a profile, its interval on zeta = 0, the straight line of
// a normal estimate and the ends of the parameter space.
type zeta struct {
	curve          infer.Curve
	x, z           []float64
	q              float64
	slope          float64 // NaN: no straight line
	floor, ceiling float64 // of the parameter space
}

// visible is the range of values to draw: the curve as far as it is between
// zmin and zmax, the interval and the estimate.
func (z *zeta) visible(zmin, zmax float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	use := func(v float64) {
		if drawable(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	for i, v := range z.x {
		if z.z[i] >= zmin && z.z[i] <= zmax {
			use(v)
		}
	}
	use(z.curve.Estimate)
	use(z.curve.Lower.Value)
	use(z.curve.Upper.Value)
	return lo, hi
}

// Plot draws the panel's marks.
func (z *zeta) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	at := func(x, y float64) vg.Point { return vg.Point{X: tx(x), Y: ty(y)} }
	z.plotEdges(c, tx)
	zero := lineStyle(Muted, zeroWidth)
	c.StrokeLine2(zero, c.Min.X, ty(0), c.Max.X, ty(0))
	dotted := zero
	dotted.Dashes = []vg.Length{1, 2}
	dashed := zero
	dashed.Dashes = []vg.Length{4, 2}

	est := z.curve.Estimate
	if drawable(z.slope) {
		c.StrokeLines(dashed, c.ClipLinesXY([]vg.Point{
			at(est+p.Y.Min/z.slope, p.Y.Min), at(est+p.Y.Max/z.slope, p.Y.Max),
		})...)
	}
	curve := make([]vg.Point, len(z.x))
	for i := range z.x {
		curve[i] = at(z.x[i], z.z[i])
	}
	c.StrokeLines(lineStyle(Accent, dataWidth), c.ClipLinesXY(curve)...)

	svg := unwrapSVG(c.Canvas)
	if svg != nil {
		svg.beginGroup(z.words())
		defer svg.endGroup()
	}
	ends := [2]float64{z.curve.Lower.Value, z.curve.Upper.Value}
	thick := lineStyle(Accent, 2.5)
	for side, v := range ends {
		sign := float64(2*side - 1)
		switch {
		case !drawable(v): // the interval is open: dotted to the edge
			open := lineStyle(Accent, dataWidth)
			open.Dashes = dotted.Dashes
			edge := c.Min.X
			if side == 1 {
				edge = c.Max.X
			}
			c.StrokeLine2(open, tx(est), ty(0), edge, ty(0))
		default:
			c.StrokeLine2(thick, tx(est), ty(0), tx(v), ty(0))
			if !z.boundary(side) {
				c.StrokeLine2(dotted, tx(v), ty(0), tx(v), ty(sign*z.q))
			}
		}
	}
	if drawable(est) {
		c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius + 0.5, Shape: draw.CircleGlyph{}}, at(est, 0))
	}
	z.plotNumbers(c, tx, ty)
}

// boundary says whether the lower (0) or upper (1) limit is an end of the
// parameter space.
func (z *zeta) boundary(side int) bool {
	return side == 0 && z.curve.Lower.Boundary || side == 1 && z.curve.Upper.Boundary
}

// plotEdges draws the ends of the parameter space that are in view.
func (z *zeta) plotEdges(c draw.Canvas, tx func(float64) vg.Length) {
	for side, v := range [2]float64{z.floor, z.ceiling} {
		if !drawable(v) {
			continue
		}
		x, far := tx(v), c.Min.X
		if side == 1 {
			far = c.Max.X
		}
		if !c.ContainsX(x) || x == far {
			continue
		}
		c.FillPolygon(Muted.Fade(0.15), []vg.Point{{X: x, Y: c.Min.Y}, {X: far, Y: c.Min.Y}, {X: far, Y: c.Max.Y}, {X: x, Y: c.Max.Y}})
		c.StrokeLine2(lineStyle(Text, dataWidth), x, c.Min.Y, x, c.Max.Y)
	}
}

// plotNumbers writes the estimate and its interval in the corner that no
// rising curve reaches.
func (z *zeta) plotNumbers(c draw.Canvas, tx, ty func(float64) vg.Length) {
	est, lo, hi := curveNumbers(z.curve)
	lines := []string{typeset(est), typeset(lo) + " to " + typeset(hi)}
	sty := textStyle(Muted, smallSize, 0, text.XRight, text.YBottom)
	right := c.Max.X
	if drawable(z.ceiling) {
		right = min(right, tx(z.ceiling))
	}
	at := vg.Point{X: right - 2, Y: ty(-z.q) + 1 + captionLead}
	if z.curve.Upper.Boundary {
		sty.XAlign = text.XLeft
		at = vg.Point{X: c.Min.X + 2, Y: ty(z.q) - 1 - captionLead}
	}
	for i, s := range lines {
		c.FillText(sty, at.Sub(vg.Point{Y: vg.Length(i) * captionLead}), s)
	}
}

// words are the panel's tooltip.
func (z *zeta) words() string {
	est, lo, hi := curveNumbers(z.curve)
	s := fmt.Sprintf("%s: %s, interval %s to %s", oneLine(z.curve.Name), typeset(est), typeset(lo), typeset(hi))
	if z.boundary(0) || z.boundary(1) {
		s += " (the edge of the parameter space is not excluded)"
	}
	return s
}
