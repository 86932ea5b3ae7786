package plots

import (
	"fmt"
	"math"

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
	fourHeight      = 48 * vg.Millimeter
	smallHeight     = 38 * vg.Millimeter
	leastHeight     = 14 * vg.Millimeter
	leastPage       = 50 * vg.Millimeter
	axisLead        = 1.6 * nameSize // of a label of all panels
)

// bandOpacity is that of an area under a curve or between two.
const bandOpacity = 0.15

// facets are panels that have a y axis each, row by row; their titles are the
// strips.
type facets struct {
	plots   []*plot.Plot
	columns int // 0: by the number of panels
	// sharedY leaves the labels of the y axis to the first panel of each row,
	// sharedX those of the x axis to the lowest of each column.
	sharedX, sharedY bool
	xLabel, yLabel   string    // of the axes of all panels, written once
	height           vg.Length // of the data area; 0: by the number of panels
	legend           legend    // outside, right
}

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

// gridHeight is the height of the data area of a panel among n.
func gridHeight(n, columns int) vg.Length {
	switch {
	case n == 1:
		return onePanelHeight
	case n == 2:
		return twoPanelsHeight
	case columns == 2:
		return fourHeight
	}
	return smallHeight
}

// shareScales gives panels one range of x, of y or of both: what all cover.
func shareScales(plots []*plot.Plot, x, y bool) {
	for i, p := range plots {
		first := plots[0]
		if i > 0 && x {
			first.X.Min, first.X.Max = min(first.X.Min, p.X.Min), max(first.X.Max, p.X.Max)
		}
		if i > 0 && y {
			first.Y.Min, first.Y.Max = min(first.Y.Min, p.Y.Min), max(first.Y.Max, p.Y.Max)
		}
	}
	for _, p := range plots[min(1, len(plots)):] {
		if x {
			p.X.Min, p.X.Max = plots[0].X.Min, plots[0].X.Max
		}
		if y {
			p.Y.Min, p.Y.Max = plots[0].Y.Min, plots[0].Y.Max
		}
	}
}

// pageOf is the part of n panels that stands on the page asked for, most on a
// page, and what the caption says about the others.
func (o Options) pageOf(n, most int) (from, to int, words string, err error) {
	pages := max(1, (n+most-1)/most)
	page := max(o.Page, 1)
	if page > pages {
		known := []string{"1"}
		if pages > 1 {
			known = []string{fmt.Sprintf("1 to %d", pages)}
		}
		return 0, 0, "", &OptionError{Option: "Page", Value: fmt.Sprint(o.Page), Known: known}
	}
	from, to = (page-1)*most, min(page*most, n)
	if pages > 1 {
		words = fmt.Sprintf(" Page %d of %d: panels %d to %d of %d.", page, pages, from+1, to, n)
	}
	return from, to, words, nil
}

// layOutGrid gives the panels their places, row by row, and sets the size of
// the page.
func (f *Figure) layOutGrid(g facets, opt Options) {
	n := len(g.plots)
	columns := g.columns
	if columns == 0 {
		columns = gridColumns(n)
	}
	columns = min(columns, max(n, 1))
	f.w = opt.Width
	if f.w == 0 {
		f.w = pageWidth(columns)
		if columns < 3 {
			f.w += g.legend.width()
		}
	}
	f.w = max(f.w, leastPage)
	height := g.height
	if height == 0 {
		height = gridHeight(n, columns)
	}
	f.full = make(map[string]string)
	g.dropAxes(columns)
	rows := g.rows(columns)
	if opt.Height > 0 {
		// What is not data is measured once, with the height by default.
		trial := *f
		trial.panels, trial.notes, trial.keys = nil, nil, nil
		trial.placeRows(rows, g, height, columns, opt)
		height = max(leastHeight, height+(opt.Height-trial.h)/vg.Length(len(rows)))
	}
	f.placeRows(rows, g, height, columns, opt)
}

// rows breaks the panels into rows.
func (g facets) rows(columns int) [][]*plot.Plot {
	var rows [][]*plot.Plot
	for first := 0; first < len(g.plots); first += columns {
		rows = append(rows, g.plots[first:min(first+columns, len(g.plots))])
	}
	return rows
}

// dropAxes takes the labels off axes that another panel shows.
func (g facets) dropAxes(columns int) {
	for i, p := range g.plots {
		if g.sharedY && i%columns > 0 {
			p.Y.Label.Text = ""
			if _, ok := p.Y.Tick.Marker.(unlabelled); !ok {
				p.Y.Tick.Marker = unlabelled{p.Y.Tick.Marker}
			}
		}
		if g.sharedX && i+columns < len(g.plots) {
			p.X.Label.Text = ""
			if _, ok := p.X.Tick.Marker.(unlabelled); !ok {
				p.X.Tick.Marker = unlabelled{p.X.Tick.Marker}
			}
		}
	}
}

// placeRows gives every panel its place and the page its height.
func (f *Figure) placeRows(rows [][]*plot.Plot, g facets, height vg.Length, columns int, opt Options) {
	for _, p := range g.plots {
		p.Y.Tick.Marker = fitHeight(p, height)
		p.Y.Label.Text = f.shorten(p.Y.Label.Text, p.Y.Label.TextStyle, height+lineGap)
	}
	var axis vg.Length // room for the widest y axis
	for _, p := range g.plots {
		axis = max(axis, widthBeside(p, height)*fontSlack)
	}
	gap := panelGap
	switch {
	case !g.sharedY:
		gap = axis + panelGap/2
	case columns > 3:
		gap = panelGap / 2
	}
	left := margin + axis
	if g.yLabel != "" {
		left += axisLead
	}
	right := max(rightMargin, g.legend.width())
	width := (f.w - left - right - vg.Length(columns-1)*gap) / vg.Length(columns)
	if least := leastHeight; width < least { // the page asked for is too narrow
		f.w += vg.Length(columns) * (least - width)
		width = least
	}

	y := f.begin(opt)
	top := y
	for i, row := range rows {
		var above, below vg.Length
		for _, p := range row {
			p.Title.Text = f.shorten(p.Title.Text, p.Title.TextStyle, width)
			p.X.Label.Text = f.shorten(p.X.Label.Text, p.X.Label.TextStyle, width+gap)
			p.X.Tick.Marker = fitTicks(p, width)
			if p.Title.Text != "" {
				above = max(above, p.Title.TextStyle.Height(p.Title.Text)+p.Title.Padding)
			}
			if _, blank := p.X.Tick.Marker.(unlabelled); !blank {
				below = max(below, heightBelow(p, width))
			}
		}
		above = max(above, smallSize/2) // half a tick label
		y -= above
		if i == 0 {
			top = y
		}
		for i, p := range row {
			x := left + vg.Length(i)*(width+gap)
			f.panels = append(f.panels, panel{p, vg.Rectangle{
				Min: vg.Point{X: x, Y: y - height},
				Max: vg.Point{X: x + width, Y: y},
			}})
		}
		y -= height + below + lineGap
		if g.sharedX && i+1 < len(rows) {
			y += lineGap / 2
		}
	}
	f.labelAxes(g, vg.Rectangle{Min: vg.Point{X: left, Y: y + lineGap}, Max: vg.Point{X: f.w - right, Y: top}})
	if g.xLabel != "" {
		y -= axisLead
	}
	if len(g.legend.entries) > 0 {
		f.place(g.legend, vg.Point{X: f.w - g.legend.width() + legendGap, Y: top})
		y = min(y, top-vg.Length(len(g.legend.entries)+1)*keyPitch)
	}
	y += lineGap / 2
	f.finish(y, opt)
}

// labelAxes writes the labels that all panels share: below what stands in the
// rectangle, and to the left of it.
func (f *Figure) labelAxes(g facets, r vg.Rectangle) {
	mid := r.Min.Add(r.Max).Scale(0.5)
	if g.xLabel != "" {
		sty := textStyle(Muted, nameSize, xfont.WeightNormal, text.XCenter, text.YTop)
		f.note(vg.Point{X: mid.X, Y: r.Min.Y - 1}, sty, g.xLabel, r.Size().X)
	}
	if g.yLabel != "" {
		sty := textStyle(Muted, nameSize, xfont.WeightNormal, text.XCenter, text.YTop)
		sty.Rotation = math.Pi / 2
		f.note(vg.Point{X: margin, Y: mid.Y}, sty, g.yLabel, r.Size().Y)
	}
}

// begin takes over what all figures read of the options, puts the title on top
// and returns where the first strip may start; heights are measured down from
// 0 until finish.
func (f *Figure) begin(opt Options) vg.Length {
	f.theme = opt.Theme
	if opt.Title == "" {
		return -margin
	}
	f.title = oneLine(opt.Title)
	sty := textStyle(Text, nameSize, xfont.WeightBold, text.XLeft, text.YTop)
	f.note(vg.Point{X: margin, Y: -margin}, sty, f.title, f.w-2*margin)
	return -margin - 1.8*nameSize
}

// finish puts the caption below what ends at y, a height measured down from 0,
// and moves the page up so that it starts there.
func (f *Figure) finish(y vg.Length, opt Options) {
	if !opt.NoCaption {
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
	for i := range f.keys {
		f.keys[i].at.Y += f.h
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
	return chosen(p.Y.Tick.Marker, func() plot.Ticker {
		return autoTicks{niceTicks{max(2, int(height/(2.6*smallSize)), min(4, int(height/(1.8*smallSize))))}}
	})
}

// autoTicks are those that the layout chose and may choose again.
type autoTicks struct{ niceTicks }

// chosen replaces a marker that nobody set, below an unlabelled one too.
func chosen(m plot.Ticker, fit func() plot.Ticker) plot.Ticker {
	switch m := m.(type) {
	case plot.DefaultTicks, autoTicks:
		return fit()
	case unlabelled:
		return unlabelled{chosen(m.Ticker, fit)}
	}
	return m
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
