package plots

import (
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of a page of rows.
const (
	margin        = 3 * vg.Millimeter
	rightMargin   = 4 * vg.Millimeter // room for half a tick label
	panelGap      = 7 * vg.Millimeter
	labelGap      = 3.5 * vg.Millimeter // between labels and the first panel
	lineGap       = 4 * vg.Millimeter   // between two lines of panels
	rowPitch      = 4.5 * vg.Millimeter
	maxPitch      = 8 * vg.Millimeter
	labelPitch    = 3.4 * vg.Millimeter // labels closer than this thin out
	minEdge       = 1.6 * vg.Millimeter // from the data area's edge to a row
	minPage       = 60 * vg.Millimeter
	maxPage       = 240 * vg.Millimeter
	minLine       = 20 * vg.Millimeter
	maxLabelWidth = 45 * vg.Millimeter
	captionLead   = 11 // points from one line of the caption to the next
)

// sheet is a group of panels that share their rows.
type sheet struct {
	head   string    // stands over the labels
	labels []string  // one a row
	most   vg.Length // width of the labels; 0: maxLabelWidth
	plots  []*plot.Plot
}

// labelWidth is the room that labels may take.
func (s sheet) labelWidth() vg.Length {
	if s.most > 0 {
		return s.most
	}
	return maxLabelWidth
}

// line is one line of panels on the page.
type line struct {
	sheet
	above, below, height vg.Length // of the strip, the x axis, the data
}

// layOut gives every panel its place and sets the size of the page: lines of
// at most four panels below each other, columns in line.
func (f *Figure) layOut(sheets []sheet, opt Options) {
	columns := 1
	for _, s := range sheets {
		columns = max(columns, min(len(s.plots), maxColumns))
	}
	f.full = make(map[string]string)
	f.w = opt.Width
	if f.w == 0 {
		f.w = pageWidth(columns)
	}
	gutter := gutterWidth(sheets)
	left := margin + gutter + labelGap
	f.w = max(f.w, leastPage, left+rightMargin+vg.Length(columns)*(leastHeight+panelGap))
	width := (f.w - left - rightMargin - vg.Length(columns-1)*panelGap) / vg.Length(columns)

	lines := f.breakLines(sheets, columns, width)
	captionStyle := textStyle(Muted, smallSize, xfont.WeightNormal, text.XLeft, text.YTop)
	chrome := margin + vg.Length(len(lines)-1)*lineGap
	if !opt.NoCaption {
		caption := wrap(f.caption, captionStyle, (f.w-margin-rightMargin)/fontSlack)
		chrome += lineGap/2 + vg.Length(len(caption))*captionLead
	}
	y := f.begin(opt)
	shareHeight(lines, chrome-y, opt.Height)

	head := textStyle(Text, smallSize, xfont.WeightBold, text.XRight, text.YBottom)
	for _, l := range lines {
		y -= l.above
		f.note(vg.Point{X: left - labelGap, Y: y + l.plots[0].Title.Padding}, head, l.head, l.labelWidth())
		frameRows(l)
		f.labelRows(l, head)
		for i, p := range l.plots {
			x := left + vg.Length(i)*(width+panelGap)
			f.panels = append(f.panels, panel{p, vg.Rectangle{
				Min: vg.Point{X: x, Y: y - l.height},
				Max: vg.Point{X: x + width, Y: y},
			}})
		}
		y -= l.height + l.below + lineGap
	}
	f.finish(y+lineGap/2, opt)
}

func pageWidth(columns int) vg.Length {
	switch columns {
	case 1:
		return onePanelWidth
	case 2:
		return twoPanelsWidth
	}
	return fullWidth
}

// gutterWidth is the width of the column of labels.
func gutterWidth(sheets []sheet) vg.Length {
	head := textStyle(Text, smallSize, xfont.WeightBold, text.XRight, text.YBottom)
	sty := textStyle(Muted, smallSize, xfont.WeightNormal, text.XRight, text.YCenter)
	var widest vg.Length
	for _, s := range sheets {
		w := head.Width(s.head)
		for _, l := range s.labels {
			if w*fontSlack >= s.labelWidth() {
				break
			}
			// No letter is wider than an em, so most labels need no measuring.
			if vg.Length(len(l))*sty.Font.Size > w {
				w = max(w, sty.Width(oneLine(l)))
			}
		}
		widest = max(widest, min(w*fontSlack, s.labelWidth()))
	}
	return widest
}

// breakLines splits sheets into lines and measures what stands above and
// below the data.
func (f *Figure) breakLines(sheets []sheet, columns int, width vg.Length) []line {
	var lines []line
	for _, s := range sheets {
		for first := 0; first < len(s.plots); first += columns {
			l := line{sheet: s}
			l.plots = s.plots[first:min(first+columns, len(s.plots))]
			for _, p := range l.plots {
				p.Title.Text = f.shorten(p.Title.Text, p.Title.TextStyle, width+panelGap/2)
				p.X.Label.Text = f.shorten(p.X.Label.Text, p.X.Label.TextStyle, width+panelGap/2)
				p.X.Tick.Marker = fitTicks(p, width)
				p.Y.Tick.Marker = plot.ConstantTicks(nil)
				l.above = max(l.above, p.Title.TextStyle.Height(p.Title.Text)+p.Title.Padding)
				l.below = max(l.below, heightBelow(p, width))
			}
			lines = append(lines, l)
		}
	}
	return lines
}

// heightBelow is what p needs for its x axis.
func heightBelow(p *plot.Plot, width vg.Length) vg.Length {
	q := *p
	q.Title.Text = ""
	box := draw.Canvas{Rectangle: vg.Rectangle{Max: vg.Point{X: width, Y: minPage}}}
	return q.DataCanvas(box).Min.Y
}

// shareHeight gives each line its rows' height, all together no more than the
// page holds: lines that need little keep it, the others share the rest. Where
// the height of the page was asked for, all grow or shrink to it.
func shareHeight(lines []line, chrome, page vg.Length) {
	wish := vg.Length(0)
	for i := range lines {
		l := &lines[i]
		chrome += l.above + l.below
		l.height = vg.Length(len(l.labels)) * rowPitch
		wish += l.height
	}
	if room := minPage - chrome; wish < room && len(lines) == 1 {
		l := &lines[0]
		l.height = min(room, vg.Length(len(l.labels))*maxPitch)
		wish = l.height
	}
	room := max(maxPage-chrome, vg.Length(len(lines))*minLine)
	if page > 0 {
		room = max(page-chrome, vg.Length(len(lines))*minLine)
		for i := range lines {
			lines[i].height *= room / wish
		}
		return
	}
	if wish <= room {
		return
	}
	left, open := room, len(lines)
	done := make([]bool, len(lines))
	for changed := true; changed && open > 0; {
		changed = false
		share := left / vg.Length(open)
		for i := range lines {
			if !done[i] && lines[i].height <= share {
				done[i], changed = true, true
				left -= lines[i].height
				open--
			}
		}
	}
	for i := range lines {
		if !done[i] {
			lines[i].height = left / vg.Length(open)
		}
	}
}

// frameRows keeps the first and the last row off the edges of the data area,
// where rows are so close that half a row is not enough.
func frameRows(l line) {
	n := float64(len(l.labels))
	if edge := float64(minEdge / l.height); edge*n > 0.5 {
		for _, p := range l.plots {
			extra := (n - 1) * edge / (1 - 2*edge)
			p.Y.Min, p.Y.Max = -extra, n-1+extra
		}
	}
}

// labelRows names the rows on the y axis of the first panel, all of them or,
// where they would touch, every second, third and so on, and the last.
func (f *Figure) labelRows(l line, sty text.Style) {
	sty.Font.Weight = xfont.WeightNormal
	n := len(l.labels)
	fit := max(2, int(l.height/labelPitch))
	step := max(1, (n+fit-3)/(fit-1))
	names := f.shortenApart(oneLines(l.labels), sty, l.labelWidth())
	var ticks plot.ConstantTicks
	for row := 0; row < n; row += step {
		if row+step >= n {
			row = n - 1
		}
		ticks = append(ticks, plot.Tick{Value: float64(row), Label: names[row]})
	}
	y := &l.plots[0].Y
	y.Tick.Marker = ticks
	y.Padding = labelGap - y.Label.TextStyle.Width(" ")
}

// setScale sets the ranges of a panel of rows: x with a margin, y with row 0
// on top.
func setScale(p *plot.Plot, x [2]float64) {
	pad := 0.04 * (x[1] - x[0])
	p.X.Min, p.X.Max = x[0]-pad, x[1]+pad
	if !(p.X.Max > p.X.Min) {
		p.X.Min, p.X.Max = -1, 1
		p.X.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: "0"}}
	}
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
}

// fitTicks is the x axis with as many ticks as their labels leave room for. A
// marker that was set already stays.
func fitTicks(p *plot.Plot, width vg.Length) plot.Ticker {
	return chosen(p.X.Tick.Marker, func() plot.Ticker {
		for n := 9; n > 2; n-- {
			ticks := niceTicks{n}.Ticks(p.X.Min, p.X.Max)
			var widest vg.Length
			for _, t := range ticks {
				widest = max(widest, p.X.Tick.Label.Width(t.Label))
			}
			if vg.Length(len(ticks))*(widest+smallSize) <= width {
				return autoTicks{niceTicks{n}}
			}
		}
		return autoTicks{niceTicks{2}}
	})
}

// grid has lines in the direction of reading only.
func grid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical = lineStyle(Rule, gridWidth)
	g.Horizontal.Color = nil
	return g
}
