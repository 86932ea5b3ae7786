package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// stems is a plotter: in each row a line from 0 to a value, and a point.
type stems struct {
	bars []bar
	tips []string // tooltips by row
}

// Plot draws the rows.
func (s stems) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	thick := lineStyle(Accent, 2.5)
	for i, b := range s.bars {
		if svg != nil {
			svg.beginGroup(s.tips[i])
		}
		if b.hasValue() {
			x, y := tx(b.value), ty(float64(i))
			c.StrokeLine2(thick, tx(0), y, x, y)
			c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}}, vg.Point{X: x, Y: y})
		}
		if svg != nil {
			svg.endGroup()
		}
	}
}
