package plots

import (
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of text, in points. After the shrinking of a 150 mm figure to 480 px
// the small one still has 6.8 pt.
const (
	nameSize  vg.Length = 9 // axis names
	smallSize vg.Length = 8 // ticks, strips, notes, captions
)

// midFigures aligns the middle of figures and capitals of a tick label with
// its tick; text.YCenter puts the middle of the whole line there, 0.1 em lower.
const midFigures text.YAlignment = -0.6

// fontSlack is how much wider than Liberation Sans the reader's font may be:
// DejaVu Sans, common on Linux, is 1.15 as wide.
const fontSlack vg.Length = 1.16

// Widths of lines and radii of points, in points.
const (
	dataWidth   vg.Length = 1.1
	zeroWidth   vg.Length = 0.75
	gridWidth   vg.Length = 0.55
	pointRadius vg.Length = 2.5
	denseRadius vg.Length = 1.5
)

// Widths of a page by the number of panels side by side.
const (
	onePanelWidth  = 120 * vg.Millimeter
	twoPanelsWidth = 150 * vg.Millimeter
	fullWidth      = 180 * vg.Millimeter
	maxColumns     = 4
	maxPanels      = 12
)

// textStyle is the theme's text in an ink. Metrics are those of Liberation
// Sans, which PNG draws; SVG names the fonts of the reader's system.
func textStyle(ink Ink, size vg.Length, weight xfont.Weight, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{
		Color:   ink,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: size},
		XAlign:  x,
		YAlign:  y,
		Handler: textHandler{text.Plain{Fonts: font.DefaultCache}},
	}
}

// newPlot is an empty panel in the theme: no axis lines, no tick marks, small
// muted tick labels, the strip (the title) in ink.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.TextHandler = textHandler{text.Plain{Fonts: font.DefaultCache}}
	p.Title.TextStyle = textStyle(Text, smallSize, xfont.WeightBold, text.XLeft, text.YBottom)
	p.Title.Padding = 6

	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.LineStyle.Width = 0
		a.Tick.LineStyle.Width = 0
		a.Tick.Length = 0
		a.Padding = 3
		a.Label.Padding = 2
	}
	p.X.Tick.Label = textStyle(Muted, smallSize, xfont.WeightNormal, text.XCenter, text.YTop)
	p.Y.Tick.Label = textStyle(Muted, smallSize, xfont.WeightNormal, text.XRight, midFigures)
	p.X.Label.TextStyle = textStyle(Muted, nameSize, xfont.WeightNormal, text.XCenter, text.YBottom)
	p.Y.Label.TextStyle = textStyle(Muted, nameSize, xfont.WeightNormal, text.XCenter, text.YBottom)
	p.Legend.TextStyle = textStyle(Muted, smallSize, xfont.WeightNormal, text.XLeft, text.YBottom)
	return p
}

// lineStyle is a solid line.
func lineStyle(ink Ink, width vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: ink, Width: width}
}
