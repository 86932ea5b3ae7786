package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
)

// FlatDirections draws the criterion along the principal directions of its
// Hessian at the estimates of the variance parameters, the flattest first, all on
// one scale: the rise over the distance (line) and the parabola of the curvature
// (dashed), beta and sigma at their best everywhere. A direction that stays low
// is a combination of parameters that the data hardly see; which one is written
// below its panel and listed in Text.
//
// Distance is that of the chart of package cone, in which a step of 1 changes
// the model noticeably. A direction that leaves the boundary moves the
// covariance with the square of the distance. A page has 12 directions,
// Options.Page turns it. At most one Options may be given. Whatever prevents the
// figure is in its Err.
//
// Source: Gill and Murray (1974), Mathematical Programming 7, 311-350, for
// directions of low curvature.
func FlatDirections(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Directions of the criterion"}
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
	all := directionsOf(s)
	if len(all) == 0 {
		f.err = &DataError{Reason: "the criterion has no direction to move in: no variance parameter is free"}
		return f
	}
	from, to, words, err := opt.pageOf(len(all), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	far := reachOf(all)
	var panels []*plot.Plot
	for i := range all[from:to] {
		d := &all[from+i]
		d.sample(s, far)
		p := newPlot()
		p.Title.Text = "curvature " + tickLabel3(d.curvature)
		p.X.Label.Text = d.movement(2, "\n", 42*vg.Millimeter)
		if i%gridColumns(to-from) == 0 {
			p.Y.Label.Text = "rise"
		}
		p.Add(level(), d)
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -far, far, -0.4, sliceTop
		panels = append(panels, p)
	}
	describeDirections(f, m, all, words)
	f.layOutGrid(facets{plots: panels, sharedY: true}, opt)
	return f
}

// direction is a plotter: the criterion along an eigenvector of its Hessian.
type direction struct {
	curvature float64
	vector    []float64 // in the chart
	off       bool      // it leaves the boundary
	changes   []change  // of the parameters, largest first
	t, rise   []float64
}

// change is how a parameter moves along a direction: relative to itself for a
// standard deviation that is not 0.
type change struct {
	name string
	by   float64
}

// directionsOf are the eigenvectors of the Hessian, flattest first.
func directionsOf(s *relative) []direction {
	l := s.obj.Local
	n := len(l.Values)
	here := s.values(s.obj.Point)
	var out []direction
	for j := range n {
		d := direction{curvature: l.Values[j]}
		for i := range n {
			v := l.Vectors[i*n+j]
			d.vector = append(d.vector, v)
			d.off = d.off || l.Chart.Dirs[i].Off && math.Abs(v) > 0.5
		}
		const step = 1e-3
		moved := s.values(l.Chart.Move(times(d.vector, step)))
		for k, name := range s.names {
			by := (moved[k] - here[k]) / step
			if e := s.places[k]; e.i == e.j && here[k] > 1e-9 {
				by /= here[k]
			}
			if drawable(by) && math.Abs(by) > 1e-6 {
				d.changes = append(d.changes, change{name, by})
			}
		}
		slices.SortStableFunc(d.changes, func(a, b change) int { return cmp.Compare(math.Abs(b.by), math.Abs(a.by)) })
		if len(d.changes) > 0 && d.changes[0].by < 0 { // the sign of an eigenvector is free
			d.vector = times(d.vector, -1)
			for k := range d.changes {
				d.changes[k].by *= -1
			}
		}
		out = append(out, d)
	}
	return out
}

func times(v []float64, by float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = v[i] * by
	}
	return out
}

// reachOf is the distance at which the flattest direction reaches the top, but
// no more than 8 times that of the steepest.
func reachOf(all []direction) float64 {
	least, most := math.Inf(1), 0.0
	for _, d := range all {
		if d.curvature > 0 {
			r := math.Sqrt(2 * sliceTop / d.curvature)
			least, most = min(least, r), max(most, r)
		} else {
			most = math.Inf(1)
		}
	}
	if math.IsInf(least, 1) {
		return 1
	}
	return min(most, 8*least)
}

// sample evaluates the criterion along the direction.
func (d *direction) sample(s *relative, far float64) {
	const points = 81
	best := s.obj.Value(s.obj.Local.Chart.Centre)
	if v := s.obj.Value(s.obj.Point); v < best {
		best = v
	}
	d.t = evenly(-far, far, points)
	d.rise = make([]float64, points)
	for i, t := range d.t {
		d.rise[i] = s.obj.Value(s.obj.Local.Chart.Move(times(d.vector, t))) - best
	}
}

// Plot draws the panel's marks.
func (d *direction) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if svg := unwrapSVG(c.Canvas); svg != nil {
		svg.beginGroup("curvature " + tickLabel3(d.curvature) + ": " + d.movement(4, ", ", math.MaxFloat32))
		defer svg.endGroup()
	}
	c.StrokeLine2(lineStyle(Muted, zeroWidth), c.Min.X, ty(0), c.Max.X, ty(0))
	plotLimit(c, ty(chi95))
	dashed := lineStyle(Muted, dataWidth)
	dashed.Dashes = []vg.Length{4, 2}
	var parabola, curve []vg.Point
	for i, t := range d.t {
		parabola = append(parabola, vg.Point{X: tx(t), Y: ty(d.curvature * t * t / 2)})
		if drawable(d.rise[i]) {
			curve = append(curve, vg.Point{X: tx(t), Y: ty(d.rise[i])})
		}
	}
	c.StrokeLines(dashed, c.ClipLinesXY(parabola)...)
	c.StrokeLines(lineStyle(Accent, dataWidth), c.ClipLinesXY(curve)...)
	c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}}, vg.Point{X: tx(0), Y: ty(0)})
}

// movement names the parameters that move most, with their direction, each no
// wider than width.
func (d *direction) movement(most int, between string, width vg.Length) string {
	sty := newPlot().X.Label.TextStyle
	var parts []string
	for i, c := range d.changes {
		if i == most || math.Abs(c.by) < 0.1*math.Abs(d.changes[0].by) {
			break
		}
		sign := "+ "
		if c.by < 0 {
			sign = minus + " "
		}
		parts = append(parts, elide(sign+oneLine(c.name), sty, width/fontSlack))
	}
	if d.off {
		parts = append([]string{"off the boundary"}, parts...)
	}
	return strings.Join(parts, between)
}

// tickLabel3 prints a number to three digits.
func tickLabel3(v float64) string { return typeset(fmt.Sprintf("%.3g", v)) }

// describeDirections writes the figure's words.
func describeDirections(f *Figure, m *lmm.Model, all []direction, page string) {
	criterion := "−2 log L"
	if m.REML() {
		criterion = "the REML criterion"
	}
	f.caption = fmt.Sprintf("Rise of %s along the principal directions of its Hessian in the variance parameters, flattest first (line), and the parabola of the curvature (dashed). Dotted: 3.84. Below: what moves most.%s Model: %s.",
		criterion, page, described(m))
	f.desc = f.caption
	cells := [][]string{{"curvature", "what moves"}}
	for _, d := range all {
		cells = append(cells, []string{plainText(tickLabel3(d.curvature)), plainText(d.movement(4, ", ", math.MaxFloat32))})
	}
	f.twin = plainText(f.caption) + "\n\n" + align(cells)
}
