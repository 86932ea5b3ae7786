package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// denseRows is the number of rows over which a row is no longer seen by
// itself: bars join to a band and points shrink.
const denseRows = 500

// bar is a value and half the width of its interval. A value that is not
// finite is not drawn; a half that is not finite leaves the point alone.
type bar struct{ value, half float64 }

func (b bar) hasValue() bool    { return drawable(b.value) }
func (b bar) hasInterval() bool { return b.hasValue() && drawable(b.half) && drawable(b.value+b.half) }

// drawable excludes NaN, infinities and what would overflow an axis.
func drawable(v float64) bool { return math.Abs(v) < 1e300 }

// rows is a plotter: one bar a row, row 0 at the top of an inverted y axis.
type rows struct {
	bars  []bar
	tips  []string // tooltips by row, nil for none
	line  draw.LineStyle
	glyph draw.GlyphStyle
	note  text.Style // of "not applicable"
}

// newRows are bars in the theme's accent.
func newRows(bars []bar, tips []string) *rows {
	r := &rows{
		bars:  bars,
		tips:  tips,
		line:  lineStyle(Accent, dataWidth),
		glyph: draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}},
		note:  textStyle(Muted, smallSize, 0, text.XLeft, text.YCenter),
	}
	if len(bars) > denseRows {
		r.line.Color = Accent.Fade(0.25)
		r.glyph.Color, r.glyph.Radius = Accent.Fade(0.5), denseRadius
	}
	return r
}

// DataRange covers the intervals, zero and half a row above and below.
func (r *rows) DataRange() (xmin, xmax, ymin, ymax float64) {
	for _, b := range r.bars {
		if b.hasValue() {
			half := 0.0
			if b.hasInterval() {
				half = b.half
			}
			xmin = min(xmin, b.value-half)
			xmax = max(xmax, b.value+half)
		}
	}
	return xmin, xmax, -0.5, float64(len(r.bars)) - 0.5
}

// Plot draws the rows.
func (r *rows) Plot(c draw.Canvas, p *plot.Plot) {
	if len(r.bars) > denseRows {
		r.plotBand(c, p)
		return
	}
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	pitch := (c.Max.Y - c.Min.Y) / vg.Length(len(r.bars))
	for i, b := range r.bars {
		if svg != nil && i < len(r.tips) {
			svg.beginGroup(r.tips[i])
		}
		y := ty(float64(i))
		switch {
		case b.hasInterval():
			r.strokeBar(c, tx(b.value-b.half), tx(b.value+b.half), y)
		case pitch >= r.note.Font.Size:
			r.plotNote(c, tx(r.anchor(b)), y)
		}
		if b.hasValue() {
			c.DrawGlyph(r.glyph, vg.Point{X: tx(b.value), Y: y})
		}
		if svg != nil && i < len(r.tips) {
			svg.endGroup()
		}
	}
}

// anchor is where a note on a row stands.
func (r *rows) anchor(b bar) float64 {
	if b.hasValue() {
		return b.value
	}
	return 0
}

// strokeBar draws an interval as far as it lies on the canvas.
func (r *rows) strokeBar(c draw.Canvas, x0, x1, y vg.Length) {
	x0, x1 = max(x0, c.Min.X), min(x1, c.Max.X)
	if x0 < x1 && c.ContainsY(y) {
		c.StrokeLine2(r.line, x0, y, x1, y)
	}
}

// plotNote says that a row has no interval, on the side where there is room.
func (r *rows) plotNote(c draw.Canvas, x, y vg.Length) {
	const words = "not applicable"
	sty, gap := r.note, 2*r.glyph.Radius
	if x+gap+sty.Width(words) > c.Max.X {
		sty.XAlign, gap = text.XRight, -gap
	}
	// Centred text stands on its ascent; the descent lowers it to the point.
	c.FillText(sty, vg.Point{X: x + gap, Y: y + sty.FontExtents().Descent/2}, words)
}

// plotBand draws all bars in one path, which paints the overlap once, and all
// points in another.
func (r *rows) plotBand(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var band, dots vg.Path
	for i, b := range r.bars {
		y := ty(float64(i))
		if b.hasInterval() {
			x0, x1 := max(tx(b.value-b.half), c.Min.X), min(tx(b.value+b.half), c.Max.X)
			if x0 < x1 {
				band.Move(vg.Point{X: x0, Y: y})
				band.Line(vg.Point{X: x1, Y: y})
			}
		}
		if at := (vg.Point{X: tx(b.value), Y: y}); b.hasValue() && c.Contains(at) {
			dots.Move(vg.Point{X: at.X + r.glyph.Radius, Y: y})
			dots.Arc(at, r.glyph.Radius, 0, 2*math.Pi)
			dots.Close()
		}
	}
	line := r.line
	line.Width = min(line.Width, (c.Max.Y-c.Min.Y)/vg.Length(len(r.bars)))
	c.SetLineStyle(line)
	c.Stroke(band)
	c.SetColor(r.glyph.Color)
	c.Fill(dots)
}

// upright is a plotter: a line at one x, for zero or another reference.
type upright struct {
	x    float64
	line draw.LineStyle
}

// Plot draws the line over the height of the canvas.
func (u upright) Plot(c draw.Canvas, p *plot.Plot) {
	tx, _ := p.Transforms(&c)
	if x := tx(u.x); c.ContainsX(x) {
		c.StrokeLine2(u.line, x, c.Min.Y, x, c.Max.Y)
	}
}
