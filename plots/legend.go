package plots

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of a legend.
const (
	keyWidth      = 5 * vg.Millimeter
	keyGap        = 1.5 * vg.Millimeter
	keyPitch      = 4.5 * vg.Millimeter
	legendGap     = 5 * vg.Millimeter // from the panels
	maxLegendText = 40 * vg.Millimeter
)

// entry is a line of a legend: a key and a name. Parts of the key that are
// zero are not drawn.
type entry struct {
	name  string
	line  draw.LineStyle
	glyph draw.GlyphStyle
	area  color.Color // nil: none
}

// legend stands outside, to the right of the panels, in the order of the lines.
type legend struct {
	head    string // what the names are levels of
	entries []entry
}

// width is what the legend needs beside the panels, 0 without entries.
func (l legend) width() vg.Length {
	if len(l.entries) == 0 {
		return 0
	}
	w := l.headStyle().Width(l.head)
	for _, e := range l.entries {
		w = max(w, keyWidth+keyGap+l.style().Width(e.name))
	}
	return legendGap + min(w*fontSlack, keyWidth+keyGap+maxLegendText) + rightMargin
}

func (legend) style() text.Style {
	return textStyle(Text, smallSize, xfont.WeightNormal, text.XLeft, text.YCenter)
}

func (legend) headStyle() text.Style {
	return textStyle(Text, smallSize, xfont.WeightBold, text.XLeft, text.YCenter)
}

// key is the picture of an entry on the page.
type key struct {
	entry
	at vg.Point // the middle of its left edge
}

// place puts the legend on the page with its upper left corner at a point.
func (f *Figure) place(l legend, at vg.Point) {
	y := at.Y - keyPitch/2
	if l.head != "" {
		sty := l.headStyle()
		f.note(vg.Point{X: at.X, Y: y}, sty, l.head, maxLegendText+keyWidth+keyGap)
		y -= keyPitch
	}
	for _, e := range l.entries {
		f.keys = append(f.keys, key{e, vg.Point{X: at.X, Y: y}})
		sty := l.style()
		f.note(vg.Point{X: at.X + keyWidth + keyGap, Y: y + sty.FontExtents().Descent/2}, sty, e.name, maxLegendText)
		y -= keyPitch
	}
}

// draw draws the key.
func (k key) draw(page draw.Canvas) {
	at := k.at.Add(page.Min)
	if k.area != nil {
		h := keyPitch / 2
		page.FillPolygon(k.area, []vg.Point{
			{X: at.X, Y: at.Y - h}, {X: at.X + keyWidth, Y: at.Y - h},
			{X: at.X + keyWidth, Y: at.Y + h}, {X: at.X, Y: at.Y + h},
		})
	}
	if k.line.Width > 0 {
		page.StrokeLine2(k.line, at.X, at.Y, at.X+keyWidth, at.Y)
	}
	if k.glyph.Shape != nil {
		page.DrawGlyph(k.glyph, vg.Point{X: at.X + keyWidth/2, Y: at.Y})
	}
}
