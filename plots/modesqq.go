package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ModesQQ draws the conditional modes of each coefficient, in increasing order,
// against the quantiles of the standard normal distribution, with 95 %
// intervals, mode +- 1.96 conditional standard deviations. Levels that leave
// the dashed line, a normal distribution with the spread of the modes, stand
// out from the others; the intervals say whether by more than their own data
// allow. Modes are shrunk towards zero and look more normal than the levels
// are (Verbeke and Lesaffre 1996).
//
// Options.Group chooses a grouping factor, otherwise all are drawn, at most 12
// coefficients. At most one Options may be given. Whatever prevents the figure
// is in its Err.
//
// Source: Pinheiro and Bates (2000), Mixed-Effects Models in S and S-PLUS,
// sec. 4.3.2; Verbeke and Lesaffre (1996), J. Am. Stat. Assoc. 91, 217-221.
func ModesQQ(r Source, opts ...Options) *Figure {
	f := &Figure{title: "Normal quantiles of the conditional modes"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	opt.OrderBy = ""
	blocks, err := collect(r.RandomEffects(), opt)
	if err != nil {
		f.err = err
		return f
	}
	var panels []*plot.Plot
	var heads []string
	cells := [][]string{{"term", "lowest", "mode", "highest", "mode"}}
	total, bare, words := 0, 0, ""
	var groups []string
	for _, b := range blocks {
		groups = append(groups, opt.label(b.group))
		total += len(b.names) + b.omitted
		for j, name := range b.names {
			if len(panels) == maxPanels {
				break
			}
			q := newModesQuantiles(b, j)
			q.thin(rowLimit(panelCount(blocks)))
			p := newPlot()
			p.Title.Text = opt.label(name)
			if len(blocks) > 1 {
				p.Title.Text += ", " + opt.label(b.group)
			}
			heads = append(heads, p.Title.Text)
			p.X.Label.Text = axisName(r, opt, name)
			p.Y.Label.Text = "normal quantile"
			p.Add(grid(), upright{x: 0, line: lineStyle(Muted, zeroWidth)}, q)
			q.scale(p)
			panels = append(panels, p)
			if n := len(q.labels); n > 0 {
				d := decimals(q.bars)
				cells = append(cells, []string{p.Title.Text, q.labels[0], number(q.bars[0].value, d), q.labels[n-1], number(q.bars[n-1].value, d)})
			}
			words = sampled(len(q.bars), len(b.labels), "levels", "mode")
			for _, x := range q.bars {
				if !x.hasInterval() {
					bare++
				}
			}
		}
	}
	var s strings.Builder
	f.title = "Normal quantiles of the conditional modes of " + and(groups)
	fmt.Fprintf(&s, "Ordered conditional modes of %s with 95 %% intervals (mode ± 1.96 conditional standard deviations) against normal quantiles: %s. "+
		"Dashed: a normal distribution with the spread of the modes.", and(groups), and(heads))
	if bare > 0 {
		fmt.Fprintf(&s, " %d points have no interval.", bare)
	}
	s.WriteString(words)
	if total > len(panels) {
		fmt.Fprintf(&s, " The first %d of %d coefficients are drawn.", len(panels), total)
	}
	s.WriteString(modelNote(r))
	f.caption, f.desc = s.String(), s.String()
	f.twin = plainText(f.caption) + "\n\n" + align(cells)
	f.layOutGrid(facets{plots: panels}, opt)
	return f
}

// modelNote names the model of a source that knows its formula.
func modelNote(r any) string {
	if m, ok := r.(interface{ Formula() string }); ok && m.Formula() != "" {
		return " Model: " + described(m) + "."
	}
	return ""
}

// modesQuantiles is a plotter: modes by increasing value at their normal
// quantiles.
type modesQuantiles struct {
	bars   []bar
	q      []float64
	labels []string
	tips   []string
	sd     float64 // root mean square of the modes
}

// newModesQuantiles orders a coefficient of a block; levels without a value are
// left out.
func newModesQuantiles(b block, j int) *modesQuantiles {
	one := block{group: b.group, labels: b.labels, names: b.names[j : j+1], bars: [][]bar{b.bars[j]}}
	one.sort(Options{})
	m := &modesQuantiles{}
	tips := one.tips(0)
	for i, x := range one.bars[0] {
		if !x.hasValue() {
			continue
		}
		m.bars, m.labels = append(m.bars, x), append(m.labels, oneLine(one.labels[i]))
		m.sd += x.value * x.value
		if tips != nil {
			m.tips = append(m.tips, tips[i])
		}
	}
	m.sd = math.Sqrt(m.sd / float64(max(1, len(m.bars))))
	m.q = normalScores(len(m.bars))
	return m
}

// thin keeps at most most levels.
func (m *modesQuantiles) thin(most int) {
	if len(m.bars) <= most {
		return
	}
	at := spaced(len(m.bars), most)
	m.bars, m.q, m.labels, m.tips = permuted(m.bars, at), permuted(m.q, at), permuted(m.labels, at), nil
}

// scale sets the ranges of a panel.
func (m *modesQuantiles) scale(p *plot.Plot) {
	var xs []float64
	for _, b := range m.bars {
		xs = append(xs, b.value)
		if b.hasInterval() {
			xs = append(xs, b.value-b.half, b.value+b.half)
		}
	}
	span(&p.X, xs, []float64{0})
	span(&p.Y, m.q, []float64{-1, 1})
}

// Plot draws the line, the intervals and the points.
func (m *modesQuantiles) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if m.sd > 0 && drawable(m.sd) && len(m.q) > 1 {
		dashed := lineStyle(Muted, zeroWidth)
		dashed.Dashes = []vg.Length{4, 2}
		ends := []vg.Point{{X: tx(p.Y.Min * m.sd), Y: c.Min.Y}, {X: tx(p.Y.Max * m.sd), Y: c.Max.Y}}
		c.StrokeLines(dashed, c.ClipLinesXY(ends)...)
	}
	svg := unwrapSVG(c.Canvas)
	r := newRows(m.bars, m.tips) // its style by the number of levels
	if len(m.bars) > denseRows {
		m.plotDense(c, r, tx, ty)
		return
	}
	for i, b := range m.bars {
		if svg != nil && i < len(m.tips) {
			svg.beginGroup(m.tips[i])
		}
		x, y := tx(b.value), ty(m.q[i])
		if b.hasInterval() {
			r.strokeBar(c, tx(b.value-b.half), tx(b.value+b.half), y)
		}
		if at := (vg.Point{X: x, Y: y}); c.Contains(at) {
			c.DrawGlyph(r.glyph, at)
		}
		if svg != nil && i < len(m.tips) {
			svg.endGroup()
		}
	}
}

// plotDense draws all intervals in one path and all points in another.
func (m *modesQuantiles) plotDense(c draw.Canvas, r *rows, tx, ty func(float64) vg.Length) {
	var band, dots vg.Path
	for i, b := range m.bars {
		at := vg.Point{X: tx(b.value), Y: ty(m.q[i])}
		if b.hasInterval() {
			x0, x1 := max(tx(b.value-b.half), c.Min.X), min(tx(b.value+b.half), c.Max.X)
			if x0 < x1 && c.ContainsY(at.Y) {
				band.Move(vg.Point{X: x0, Y: at.Y})
				band.Line(vg.Point{X: x1, Y: at.Y})
			}
		}
		if c.Contains(at) {
			dots.Move(vg.Point{X: at.X + r.glyph.Radius, Y: at.Y})
			dots.Arc(at, r.glyph.Radius, 0, 2*math.Pi)
			dots.Close()
		}
	}
	line := r.line
	line.Width = 0.3
	c.SetLineStyle(line)
	c.Stroke(band)
	c.SetColor(r.glyph.Color)
	c.Fill(dots)
}
