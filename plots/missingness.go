package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

// Missingness draws what is missing at each wave of a longitudinal study: a row
// for each column of the table, a cell for each wave with the share of the
// levels of the grouping factor that have no value there, in per cent. The
// first row has the levels without any row in the table at the wave; these are
// missing in the other rows too.
//
// t is the table with all rows, group a column or an interaction a:b, wave a
// column with at most 40 values, columns the rows of the figure, nil for all
// other columns. Kinds takes them from a model. At most one Options may be
// given. Whatever prevents the figure is in its Err.
//
// Source: Little and Rubin (2002), Statistical Analysis with Missing Data, ch. 1.
func Missingness(t *table.Table, group, wave string, columns []string, opts ...Options) *Figure {
	f := &Figure{title: "Missing values"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	w, err := newWaves(t, group, wave)
	if err != nil {
		f.err = err
		return f
	}
	if columns == nil {
		columns = slices.DeleteFunc(t.Names(), func(n string) bool { return n == wave || n == group })
	}
	labels, shares, err := w.missing(t, columns)
	if err != nil {
		f.err = err
		return f
	}
	for i := range labels {
		labels[i] = opt.label(labels[i])
	}
	total := 0.0
	cells := [][]string{append([]string{"missing, %"}, w.labels...)}
	for i, row := range shares {
		line := []string{labels[i]}
		for _, v := range row {
			line = append(line, number(v, 0))
			total += v
		}
		cells = append(cells, line)
	}
	f.title = "Missing values by " + opt.label(wave)
	var s strings.Builder
	fmt.Fprintf(&s, "Share of the %d levels of %s without a value at each %s, in per cent; first row: without a row in the table.", len(w.levels), opt.label(group), opt.label(wave))
	if total == 0 {
		s.WriteString(" Nothing is missing.")
	}
	f.caption, f.desc = s.String(), s.String()
	f.twin = f.caption + "\n\n" + align(cells)

	p := newPlot()
	p.Add(tiles{shares, len(w.labels)})
	p.X.Label.Text = opt.withUnit(wave)
	p.X.Min, p.X.Max = -0.5, float64(len(w.labels))-0.5
	p.Y.Min, p.Y.Max = -0.5, float64(len(labels))-0.5
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}}
	rows := sheet{head: "column", labels: labels, plots: []*plot.Plot{p}}
	page := opt.Width
	if page == 0 {
		page = pageWidth(1)
	}
	p.X.Tick.Marker = waveTicks(w, page-margin-gutterWidth([]sheet{rows})-labelGap-rightMargin, p.X.Tick.Label, opt)
	f.layOut([]sheet{rows}, opt)
	return f
}

// waveTicks name the waves, as many as have room in a width.
func waveTicks(w *waves, width vg.Length, sty text.Style, opt Options) plot.ConstantTicks {
	var widest vg.Length
	for _, l := range w.labels {
		widest = max(widest, sty.Width(opt.label(l)))
	}
	most := max(2, min(14, int(width/(widest+smallSize/2))))
	step := (len(w.labels) + most - 1) / most
	var ticks plot.ConstantTicks
	for i := 0; i < len(w.labels); i += step {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: opt.label(w.labels[i])})
	}
	return ticks
}

// missing are the shares in per cent, a row for absence and one for each column.
func (w *waves) missing(t *table.Table, columns []string) (labels []string, shares [][]float64, err error) {
	labels = []string{"(no row)"}
	cols := []*table.Column{nil}
	for _, name := range columns {
		c, err := t.Lookup(name)
		if err != nil {
			return nil, nil, err
		}
		labels, cols = append(labels, name), append(cols, c)
	}
	for _, c := range cols {
		row := make([]float64, len(w.labels))
		for j := range w.levels {
			for i := range row {
				if c == nil && len(w.rows[j][i]) == 0 || c != nil && !w.observed(c, j, i) {
					row[i]++
				}
			}
		}
		for i := range row {
			row[i] *= 100 / float64(len(w.levels))
		}
		shares = append(shares, row)
	}
	return labels, shares, nil
}

// modelMissingness is Missingness of the columns that a model uses.
func modelMissingness(m *lmm.Model, opt Options) *Figure {
	t, err := groupOf(m, opt)
	if err != nil {
		return failed("Missing values", err)
	}
	wave, err := waveOf(m, t, opt)
	if err != nil {
		return failed("Missing values", err)
	}
	frame := m.Frame()
	columns, _ := design.Columns(frame.Formula.Response)
	for _, term := range frame.Formula.Fixed {
		for _, v := range term.Vars {
			used, _ := design.Columns(v)
			columns = append(columns, used...)
		}
	}
	var unique []string
	for _, c := range columns {
		if c != wave && c != t.Group && !slices.Contains(unique, c) {
			unique = append(unique, c)
		}
	}
	return Missingness(frame.Table(), t.Group, wave, unique, opt)
}

// tiles is a plotter: a rectangle for each share, darker for more, and its
// number where there is room.
type tiles struct {
	shares  [][]float64 // rows x columns, per cent
	columns int
}

// Plot draws the rectangles.
func (s tiles) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	sty := textStyle(Text, smallSize, 0, text.XCenter, text.YCenter)
	w, h := tx(1)-tx(0), ty(0)-ty(1)
	const gap = 0.6
	for i, row := range s.shares {
		for j, v := range row {
			at := vg.Point{X: tx(float64(j)), Y: ty(float64(i))}
			half := vg.Point{X: w/2 - gap, Y: h/2 - gap}
			lo, hi := at.Sub(half), at.Add(half)
			// The darkest keeps the contrast of the number above 4.5.
			c.FillPolygon(Accent.Fade(0.04+0.4*v/100), []vg.Point{lo, {X: hi.X, Y: lo.Y}, hi, {X: lo.X, Y: hi.Y}})
			words := number(v, 0)
			if v > 0 && v < 0.5 {
				words = "<1"
			}
			if w > sty.Width("100")*fontSlack && h > sty.Font.Size {
				c.FillText(sty, vg.Point{X: at.X, Y: at.Y + sty.FontExtents().Descent/2}, words)
			}
		}
	}
}
