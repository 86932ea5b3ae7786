package plots

import (
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Heights of the data area of a grid's panels.
const (
	onePanelHeight  = 62 * vg.Millimeter
	twoPanelsHeight = 58 * vg.Millimeter
	smallHeight     = 38 * vg.Millimeter
)

// gridColumns is the number of columns of n panels: three where there are
// many, since beside a y axis four would be too narrow.
func gridColumns(n int) int {
	switch {
	case n == 4:
		return 2
	case n > 3:
		return 3
	}
	return max(n, 1)
}

// layOutGrid gives panels that have a y axis each their places, row by row,
// and sets the size of the page. With sharedY the first panel of each row
// alone names the values of the axis.
func (f *Figure) layOutGrid(plots []*plot.Plot, sharedY, withCaption bool) {
	columns := gridColumns(len(plots))
	f.w = pageWidth(columns)
	height := smallHeight
	switch len(plots) {
	case 1:
		height = onePanelHeight
	case 2:
		height = twoPanelsHeight
	}
	if columns == 2 && len(plots) > 2 {
		height = 48 * vg.Millimeter
	}

	for _, p := range plots {
		p.Y.Tick.Marker = fitHeight(p, height)
		p.Y.Label.Text = elide(p.Y.Label.Text, p.Y.Label.TextStyle, height/fontSlack)
	}
	var axis vg.Length // room for the widest y axis
	for _, p := range plots {
		axis = max(axis, widthBeside(p, height)*fontSlack)
	}
	gap := panelGap
	if !sharedY {
		gap = axis + panelGap/2
	}
	left := margin + axis
	width := (f.w - left - rightMargin - vg.Length(columns-1)*gap) / vg.Length(columns)

	y := f.h - margin
	for first := 0; first < len(plots); first += columns {
		row := plots[first:min(first+columns, len(plots))]
		var above, below vg.Length
		for i, p := range row {
			if sharedY && i > 0 {
				p.Y.Label.Text = ""
				p.Y.Tick.Marker = unlabelled{p.Y.Tick.Marker}
			}
			p.Title.Text = elide(p.Title.Text, p.Title.TextStyle, width/fontSlack)
			p.X.Label.Text = elide(p.X.Label.Text, p.X.Label.TextStyle, width/fontSlack)
			p.X.Tick.Marker = fitTicks(p, width)
			if p.Title.Text != "" {
				above = max(above, p.Title.TextStyle.Height(p.Title.Text)+p.Title.Padding)
			}
			below = max(below, heightBelow(p, width))
		}
		above = max(above, smallSize/2) // half a tick label
		y -= above
		for i, p := range row {
			x := left + vg.Length(i)*(width+gap)
			f.panels = append(f.panels, panel{p, vg.Rectangle{
				Min: vg.Point{X: x, Y: y - height},
				Max: vg.Point{X: x + width, Y: y},
			}})
		}
		y -= height + below + lineGap
	}
	y += lineGap / 2
	f.finish(y, withCaption)
}

// finish puts the caption below what ends at y, a height measured down from 0,
// and moves the page up so that it starts there.
func (f *Figure) finish(y vg.Length, withCaption bool) {
	if withCaption {
		sty := textStyle(Muted, smallSize, xfont.WeightNormal, text.XLeft, text.YTop)
		for _, s := range wrap(f.caption, sty, (f.w-margin-rightMargin)/fontSlack) {
			f.notes = append(f.notes, note{at: vg.Point{X: margin, Y: y}, style: sty, text: s})
			y -= captionLead
		}
	}
	f.h = margin - y
	for i := range f.panels {
		f.panels[i].area.Min.Y += f.h
		f.panels[i].area.Max.Y += f.h
	}
	for i := range f.notes {
		f.notes[i].at.Y += f.h
	}
}

// widthBeside is what p needs for its y axis.
func widthBeside(p *plot.Plot, height vg.Length) vg.Length {
	q := *p
	q.Title.Text = ""
	box := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: onePanelWidth, Y: height}}}
	return q.DataCanvas(box).Min.X
}

// fitHeight is the y axis with ticks some lines of text apart. A marker that
// was set already stays.
func fitHeight(p *plot.Plot, height vg.Length) plot.Ticker {
	if _, ok := p.Y.Tick.Marker.(plot.DefaultTicks); !ok {
		return p.Y.Tick.Marker
	}
	return niceTicks{max(2, int(height/(2.6*smallSize)))}
}

// unlabelled are ticks without their labels: the grid of a shared axis.
type unlabelled struct{ plot.Ticker }

// Ticks are those of the axis shared. A label is needed for a tick to have its
// grid line; a blank one takes no room.
func (u unlabelled) Ticks(lo, hi float64) []plot.Tick {
	ticks := u.Ticker.Ticks(lo, hi)
	for i := range ticks {
		if !ticks[i].IsMinor() {
			ticks[i].Label = " "
		}
	}
	return ticks
}
