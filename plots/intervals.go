package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// interval is a value with the ends of its interval on row at. A value that is
// not finite is not drawn, ends that are not leave the point alone, and both
// are said in words.
type interval struct {
	value, lower, upper float64
	at                  float64
	ink                 Ink
	shape               draw.GlyphDrawer
	dashed              bool   // of a fit that should not be used
	tip                 string // tooltip
}

func (v interval) hasInterval() bool { return drawable(v.lower) && drawable(v.upper) }

// intervals is a plotter: intervals along x, or with upright along y.
type intervals struct {
	marks   []interval
	upright bool
}

// disc is an interval in the accent.
func disc(value, lower, upper, at float64, tip string) interval {
	return interval{value: value, lower: lower, upper: upper, at: at, ink: Accent, shape: draw.CircleGlyph{}, tip: tip}
}

// Plot draws the intervals, each in a group with its tooltip.
func (s intervals) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	at := func(v, across float64) vg.Point {
		if s.upright {
			v, across = across, v
		}
		return vg.Point{X: tx(v), Y: ty(across)}
	}
	for _, v := range s.marks {
		if svg != nil && v.tip != "" {
			svg.beginGroup(v.tip)
		}
		line := lineStyle(v.ink, dataWidth)
		if v.dashed {
			line.Dashes = []vg.Length{3, 2}
		}
		if v.hasInterval() {
			c.StrokeLines(line, c.ClipLinesXY([]vg.Point{at(v.lower, v.at), at(v.upper, v.at)})...)
		}
		switch point := at(v.value, v.at); {
		case !drawable(v.value):
			s.plotNote(c, vg.Point{X: c.Min.X - pointRadius, Y: point.Y}, v)
		case c.Contains(point):
			c.DrawGlyph(draw.GlyphStyle{Color: v.ink, Radius: pointRadius, Shape: v.shape}, point)
			if !v.hasInterval() {
				s.plotNote(c, point, v)
			}
		}
		if svg != nil && v.tip != "" {
			svg.endGroup()
		}
	}
}

// plotNote says that there is no value or no interval, where there is room: to
// the right of a point, or above one that stands upright.
func (s intervals) plotNote(c draw.Canvas, at vg.Point, v interval) {
	const words = "not applicable"
	sty := textStyle(Muted, smallSize, 0, text.XLeft, text.YCenter)
	if s.upright {
		sty.XAlign = text.XCenter
		if !drawable(v.value) {
			at.Y = c.Min.Y
		}
		c.FillText(sty, vg.Point{X: at.X, Y: at.Y + 3*pointRadius}, words)
		return
	}
	gap := 2 * pointRadius
	if at.X+gap+sty.Width(words) > c.Max.X {
		sty.XAlign, gap = text.XRight, -gap
	}
	c.FillText(sty, vg.Point{X: at.X + gap, Y: at.Y + sty.FontExtents().Descent/2}, words)
}

// reach is the range that intervals cover, and zero where it is no farther off
// than twice the width of the range.
func reach(marks []interval) [2]float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range marks {
		for _, x := range [3]float64{v.value, v.lower, v.upper} {
			if drawable(x) {
				lo, hi = min(lo, x), max(hi, x)
			}
		}
	}
	switch {
	case lo > hi:
		return [2]float64{-1, 1}
	case lo == hi:
		return [2]float64{min(lo, 0), max(hi, 0)}
	case lo > 0 && lo <= 2*(hi-lo):
		lo = 0
	case hi < 0 && -hi <= 2*(hi-lo):
		hi = 0
	}
	return [2]float64{lo, hi}
}

// halves are the intervals as bars, from which decimals are counted.
func halves(marks []interval) []bar {
	bars := make([]bar, len(marks))
	for i, v := range marks {
		bars[i] = bar{v.value, (v.upper - v.lower) / 2}
	}
	return bars
}

// tooltip is the name of an interval and its numbers.
func tooltip(name string, level, value, lower, upper float64, decimals int) string {
	s := oneLine(name) + ": "
	if !drawable(value) {
		return s + "not applicable"
	}
	s += typeset(number(value, decimals))
	if !drawable(lower) || !drawable(upper) {
		return s + ", interval not applicable"
	}
	return s + ", " + percent(level) + " " + typeset(number(lower, decimals)) + " to " + typeset(number(upper, decimals))
}
