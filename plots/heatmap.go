package plots

import (
	"fmt"
	"image/color"
	"math"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// heat is the opacity of a correlation of 1: text stays readable on it in light
// and dark.
const heat = 0.62

// heatmap is a plotter: a symmetric matrix of correlations over occasions, cell
// (0, 0) top left. The diagonal has the standard deviations. Positive cells are in
// one ink, negative ones in another and with a stroke where there is no number.
type heatmap struct {
	corr  [][]float64
	cells [][]cell
}

// cell is what is written and said of an entry.
type cell struct{ number, below, tip string }

// shade is the colour of a correlation.
func (heatmap) shade(r float64) color.Color {
	if r < 0 {
		return Series2.Fade(-heat * r)
	}
	return Series1.Fade(heat * r)
}

// key is a legend of the shades, from the highest correlation to the lowest.
func (h heatmap) key(negative bool) legend {
	shades := []float64{1, 0.75, 0.5, 0.25, 0}
	if negative {
		shades = []float64{1, 0.5, 0, -0.5, -1}
	}
	l := legend{head: "correlation"}
	for _, r := range shades {
		l.entries = append(l.entries, entry{name: typeset(fmt.Sprint(r)), area: h.shade(r)})
	}
	return l
}

// Plot draws the cells.
func (h heatmap) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	k := len(h.corr)
	side, tall := tx(1)-tx(0), ty(0)-ty(1)
	sty := cellStyle(side)
	small := textStyle(Muted, 6.5, xfont.WeightNormal, text.XCenter, midFigures)
	fits := h.fit(sty, side, tall)
	for a := range k {
		for b := range k {
			r, x := h.corr[a][b], h.cells[a][b]
			if svg != nil && x.tip != "" {
				svg.beginGroup(x.tip)
			}
			left, right := tx(float64(b)-0.5), tx(float64(b)+0.5)
			low, high := ty(float64(a)+0.5), ty(float64(a)-0.5)
			box := []vg.Point{{X: left, Y: low}, {X: right, Y: low}, {X: right, Y: high}, {X: left, Y: high}}
			if a != b && drawable(r) {
				c.FillPolygon(h.shade(r), box)
			}
			mid := vg.Point{X: (left + right) / 2, Y: (low + high) / 2}
			here := sty
			if a == b || !drawable(r) {
				here.Color = Muted
			}
			switch {
			case fits && x.below != "" && tall > 24:
				c.FillText(here, mid.Add(vg.Point{Y: 4}), x.number)
				c.FillText(small, mid.Add(vg.Point{Y: -5}), x.below)
			case fits:
				c.FillText(here, mid, x.number)
			case r < 0 && a != b && side > 4:
				c.StrokeLine2(lineStyle(Text, gridWidth), mid.X-side/5, mid.Y, mid.X+side/5, mid.Y)
			}
			if svg != nil && x.tip != "" {
				svg.endGroup()
			}
		}
	}
	edge := lineStyle(Rule, gridWidth)
	lo, hi := -0.5, float64(k)-0.5
	for _, v := range [2]float64{lo, hi} {
		c.StrokeLine2(edge, tx(lo), ty(v), tx(hi), ty(v))
		c.StrokeLine2(edge, tx(v), ty(lo), tx(v), ty(hi))
	}
}

// cellStyle is that of the numbers in cells of a width.
func cellStyle(side vg.Length) text.Style {
	return textStyle(Text, min(smallSize, max(6.5, side/2.6)), xfont.WeightNormal, text.XCenter, midFigures)
}

// numbered says whether cells have numbers in a panel.
func (h heatmap) numbered(area vg.Rectangle) bool {
	k := vg.Length(len(h.corr))
	size := area.Size()
	return h.fit(cellStyle(size.X/k), size.X/k, size.Y/k)
}

// fit says whether there is room for the numbers of all cells.
func (h heatmap) fit(sty text.Style, side, tall vg.Length) bool {
	for _, row := range h.cells {
		for _, x := range row {
			if sty.Width(x.number)*fontSlack > side-2 || tall < 1.2*sty.Font.Size {
				return false
			}
		}
	}
	return true
}

// frame sets the axes to the occasions, as many of them named as there is room.
func (h heatmap) frame(p *plot.Plot, labels []string, width vg.Length) {
	k := len(labels)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(k)-0.5, -0.5, float64(k)-0.5
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	widest := vg.Length(0)
	for _, l := range labels {
		widest = max(widest, p.X.Tick.Label.Width(l))
	}
	thin := func(room vg.Length) plot.ConstantTicks {
		step := max(1, int(math.Ceil(float64(room*vg.Length(k)/width))))
		var out plot.ConstantTicks
		for i := 0; i < k; i += step {
			out = append(out, plot.Tick{Value: float64(i), Label: labels[i]})
		}
		return out
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = thin(widest+smallSize/2), thin(1.2*smallSize)
}
