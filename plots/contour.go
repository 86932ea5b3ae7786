package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
)

// contourLevels are the rises of the criterion at which a contour is drawn: the
// quantiles of chi-square with 2 degrees of freedom, -2 log(1 - p).
var contourLevels = [...]struct{ p, rise float64 }{
	{0.2, 0.4462871026284195}, {0.5, 1.3862943611198906}, {0.8, 3.2188758248682006}, {0.95, 5.991464547107979}, {0.99, 9.210340371976182},
}

// CriterionContours draws the criterion over two variance parameters, beta and
// sigma at their best: contours where it is above its minimum by the 0.2, 0.5,
// 0.8, 0.95 (thick) and 0.99 quantiles of chi-square with 2 degrees of freedom.
// The end of the parameter space is a solid line, the forbidden side shaded. All
// minima found from many starts are marked: a disc the lowest, a ring any other,
// with its rise.
//
// The parameters are standard deviations over sigma, "theta_Days|Subject", and
// correlations, "cor_Days.(Intercept)|Subject", the first two of the model or
// those of Options.Parameters; the others are kept at their estimates, and a
// minimum elsewhere is marked at its shadow on the plane. A generalised model with
// more than 1000 rows or several grouping factors has a coarser grid and fewer
// starts. At most one Options may be given. Whatever prevents the figure is in its
// Err.
//
// Source: Bates, Maechler, Bolker and Walker (2015), J. Stat. Software 67(1),
// sec. 3, for theta; Bates and Watts (1988), sec. 6.1.
func CriterionContours(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Contours of the criterion"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	s, err := newRelative(m)
	if err != nil {
		f.err = err
		return f
	}
	at, err := planeOf(s, opt)
	if err != nil {
		f.err = err
		return f
	}
	k := newContours(s, at, workOf(m))
	describeContours(f, m, k)
	p := newPlot()
	p.X.Label.Text, p.Y.Label.Text = opt.label(s.names[at[0]]), opt.label(s.names[at[1]])
	p.Add(lattice(), k)
	k.frame(p)
	f.layOutGrid(facets{plots: []*plot.Plot{p}, height: 80 * vg.Millimeter}, opt)
	return f
}

// planeOf are the two parameters to draw.
func planeOf(s *relative, opt Options) ([2]int, error) {
	if opt.Parameters != nil {
		at, err := opt.choose(s.names)
		if err != nil {
			return [2]int{}, err
		}
		if len(at) != 2 || at[0] == at[1] {
			return [2]int{}, &OptionError{Option: "Parameters", Value: strings.Join(opt.Parameters, ", "), Known: append([]string{"two of"}, s.names...)}
		}
		return [2]int{at[0], at[1]}, nil
	}
	var sds []int
	for n, e := range s.places {
		if e.i == e.j {
			sds = append(sds, n)
		}
	}
	switch {
	case len(sds) >= 2:
		return [2]int{sds[0], sds[1]}, nil
	case len(s.names) == 2:
		return [2]int{0, 1}, nil
	}
	return [2]int{}, &DataError{Reason: "the model has one variance parameter only; CriterionSlices draws the criterion over it"}
}

// contours is a plotter: the criterion over two parameters and its minima.
type contours struct {
	names  [2]string
	places [2]entryOf
	others int // parameters kept at their estimates
	grid   surface
	lines  [len(contourLevels)][][][2]float64
	minima []minimum // lowest first
	ridge  bool      // the lowest is one of many
}

// minimum is a local minimum of the criterion.
type minimum struct {
	at   [2]float64
	rise float64
}

func newContours(s *relative, at [2]int, work contourWork) *contours {
	k := &contours{names: [2]string{s.names[at[0]], s.names[at[1]]}, places: [2]entryOf{s.places[at[0]], s.places[at[1]]}, others: len(s.names) - 2}
	points, ridge := minimaOf(s, work.starts)
	k.ridge = ridge
	best := s.obj.Value(points[0])
	for _, q := range points {
		all := s.values(q)
		k.minima = append(k.minima, minimum{[2]float64{all[at[0]], all[at[1]]}, s.obj.Value(q) - best})
	}
	value := func(x, y float64) float64 {
		q, ok := s.move(s.obj.Point, at[:], []float64{x, y})
		if !ok {
			return math.NaN()
		}
		return s.obj.Value(q) - best
	}
	var span [2][2]float64
	here := s.values(s.obj.Point)
	for c := range 2 {
		span[c] = k.span(c, func(v float64) float64 {
			xy := [2]float64{here[at[0]], here[at[1]]}
			for i := range xy {
				if math.IsNaN(xy[i]) {
					xy[i] = 0
				}
			}
			xy[c] = v
			return value(xy[0], xy[1])
		}, here[at[c]])
	}
	k.grid = surface{x: evenly(span[0][0], span[0][1], work.grid), y: evenly(span[1][0], span[1][1], work.grid)}
	for _, y := range k.grid.y {
		row := make([]float64, work.grid)
		for i, x := range k.grid.x {
			row[i] = value(x, y)
		}
		k.grid.z = append(k.grid.z, row)
	}
	for i, l := range contourLevels {
		k.lines[i] = isolines(k.grid, l.rise)
	}
	return k
}

// isCorrelation says that coordinate c is a correlation.
func (k *contours) isCorrelation(c int) bool { return k.places[c].i != k.places[c].j }

// span is the range of a coordinate that is drawn: as far as the criterion stays
// below the highest contour, and half as far again, within the parameter space,
// and all minima.
func (k *contours) span(c int, f func(float64) float64, estimate float64) [2]float64 {
	if k.isCorrelation(c) {
		return [2]float64{-1, 1}
	}
	top := contourLevels[len(contourLevels)-1].rise
	unit := max(estimate, 0.05)
	hi := unit
	for range 40 {
		if v := f(hi); hi > estimate && !(v < top) {
			break
		}
		hi += max(0.1*hi, 0.1*unit)
	}
	lo := max(0, estimate-1.5*(hi-estimate))
	if f(lo) < top {
		lo = 0
	}
	hi += 0.5 * (hi - estimate)
	for _, m := range k.minima {
		if drawable(m.at[c]) {
			lo, hi = min(lo, m.at[c]), max(hi, 1.1*m.at[c])
		}
	}
	if lo < 0.15*hi {
		lo = 0
	}
	return [2]float64{lo, hi}
}

// frame sets the axes: a little beyond the ends of the parameter space.
func (k *contours) frame(p *plot.Plot) {
	for c, a := range [2]*plot.Axis{&p.X, &p.Y} {
		v := [2][]float64{k.grid.x, k.grid.y}[c]
		lo, hi := v[0], v[len(v)-1]
		pad := 0.05 * (hi - lo)
		a.Min, a.Max = lo, hi
		if lo == 0 || k.isCorrelation(c) {
			a.Min -= pad
		}
		if k.isCorrelation(c) {
			a.Max += pad
		}
	}
}

// Plot draws the ends of the space, the contours and the minima.
func (k *contours) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	for i := range 2 {
		ends := []float64{0}
		if k.isCorrelation(i) {
			ends = []float64{-1, 1}
		}
		for side, v := range ends {
			k.plotEnd(c, tx, ty, i, side, v)
		}
	}
	for i, lines := range k.lines {
		style := lineStyle(Accent, dataWidth)
		if contourLevels[i].p == 0.95 {
			style = lineStyle(Accent, 2)
		}
		contourLines{lines, style}.Plot(c, p)
	}
	svg := unwrapSVG(c.Canvas)
	words := textStyle(Muted, smallSize, 0, text.XLeft, text.YCenter)
	for i, m := range k.minima {
		at := vg.Point{X: tx(m.at[0]), Y: ty(m.at[1])}
		if !drawable(m.at[0]) {
			at.X = tx(0)
		}
		if !drawable(m.at[1]) {
			at.Y = ty(0)
		}
		if !c.Contains(at) {
			continue
		}
		if svg != nil {
			svg.beginGroup(m.words(k.names))
		}
		if i == 0 {
			c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius + 0.5, Shape: draw.CircleGlyph{}}, at)
		} else {
			c.DrawGlyph(draw.GlyphStyle{Color: Caution, Radius: pointRadius + 0.5, Shape: draw.RingGlyph{}}, at)
			c.FillText(words, vg.Point{X: at.X + 2*pointRadius, Y: at.Y + words.FontExtents().Height*3/4}, "rise "+typeset(fmt.Sprintf("%.3g", m.rise)))
		}
		if svg != nil {
			svg.endGroup()
		}
	}
}

// plotEnd draws an end of the parameter space, the side beyond it shaded.
func (k *contours) plotEnd(c draw.Canvas, tx, ty func(float64) vg.Length, coord, side int, v float64) {
	out := c.Rectangle
	if coord == 0 {
		x := tx(v)
		if !c.ContainsX(x) {
			return
		}
		if side == 0 {
			out.Max.X = x
		} else {
			out.Min.X = x
		}
		defer c.StrokeLine2(lineStyle(Text, dataWidth), x, c.Min.Y, x, c.Max.Y)
	} else {
		y := ty(v)
		if !c.ContainsY(y) {
			return
		}
		if side == 0 {
			out.Max.Y = y
		} else {
			out.Min.Y = y
		}
		defer c.StrokeLine2(lineStyle(Text, dataWidth), c.Min.X, y, c.Max.X, y)
	}
	c.FillPolygon(Muted.Fade(bandOpacity), []vg.Point{out.Min, {X: out.Max.X, Y: out.Min.Y}, out.Max, {X: out.Min.X, Y: out.Max.Y}})
}

// words are the tooltip of a minimum.
func (m minimum) words(names [2]string) string {
	return fmt.Sprintf("minimum: %s %s, %s %s, rise %s", oneLine(names[0]), typeset(number(m.at[0], 4)), oneLine(names[1]), typeset(number(m.at[1], 4)), typeset(fmt.Sprintf("%.3g", m.rise)))
}

// describeContours writes the figure's words.
func describeContours(f *Figure, m *lmm.Model, k *contours) {
	criterion := "−2 log L"
	if m.REML() {
		criterion = "the REML criterion"
	}
	var s strings.Builder
	fmt.Fprintf(&s, "Contours of %s, where it is above its minimum by the 20, 50, 80, 95 (thick) and 99 %% quantiles of chi-square with 2 degrees of freedom; %s.", criterion, thetaIs(m))
	if k.others == 1 {
		s.WriteString(" The other variance parameter is at its estimate.")
	} else if k.others > 1 {
		fmt.Fprintf(&s, " The other %d variance parameters are at their estimates.", k.others)
	}
	s.WriteString(" Disc: the minimum")
	if k.ridge {
		s.WriteString(", or one point of it: the criterion is as low elsewhere, since the parameters are not identified")
	}
	switch n := len(k.minima); n {
	case 1:
	case 2:
		s.WriteString("; ring: the other minimum found")
	default:
		fmt.Fprintf(&s, "; rings: %d other minima found", n-1)
	}
	fmt.Fprintf(&s, ". Model: %s.", described(m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"minimum", oneLine(k.names[0]), oneLine(k.names[1]), "rise"}}
	for i, q := range k.minima {
		cells = append(cells, []string{fmt.Sprint(i + 1), number(q.at[0], 4), number(q.at[1], 4), number(q.rise, 4)})
	}
	f.twin = plainText(f.caption) + "\n\n" + align(cells)
}
