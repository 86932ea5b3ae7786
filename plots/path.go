package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
)

// OptimiserPath draws how a fit got where it is, iteration by iteration of the
// start that won, on logarithmic scales: how far the criterion was above its
// last value, and the Newton decrement, the drop that the next step promised,
// with the thresholds below which a fit counts as converged (1e-4) and as
// polishable (1e-2). Ring: a step that the trust region cut short; diamond: one
// that leaves or meets the boundary. What is below 1e-16, as the last distance
// is, stands on the lowest line.
//
// At most one Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Conn, Gould and Toint (2000), Trust-Region Methods, ch. 6.
func OptimiserPath(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Path of the optimiser"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	log := m.Log()
	if len(log.Iterations) == 0 {
		f.err = &DataError{Reason: "the fit has no iterations to draw: " + log.Status}
		return f
	}
	var above, decrement []float64
	last := log.Iterations[len(log.Iterations)-1].Criterion
	for _, it := range log.Iterations {
		above = append(above, it.Criterion-last)
		decrement = append(decrement, it.Decrement)
	}
	describePath(f, m, log, above)
	panels := []*plot.Plot{
		pathPanel("above the last criterion", above, log.Iterations, nil),
		pathPanel("decrement", decrement, log.Iterations, []float64{certify.ConvergedBelow, certify.PolishBelow}),
	}
	f.layOutGrid(facets{plots: panels}, opt)
	return f
}

// leastStep is what is drawn as 0: less than rounding makes of the criterion.
const leastStep = 1e-16

// pathSteps is a plotter: a quantity by iteration, on a logarithmic scale.
type pathSteps struct {
	name   string
	values []float64
	steps  []lmm.Iteration
	limits []float64
	floor  float64 // the exponent on which stands what is not positive
}

// pathPanel draws one quantity.
func pathPanel(name string, values []float64, steps []lmm.Iteration, limits []float64) *plot.Plot {
	p := newPlot()
	p.Title.Text = name
	p.X.Label.Text = "iteration"
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range slices.Concat(values, limits) {
		if v > leastStep && drawable(v) {
			lo, hi = min(lo, math.Log10(v)), max(hi, math.Log10(v))
		}
	}
	if lo > hi {
		lo, hi = -1, 0
	}
	lo, hi = math.Floor(lo)-1, math.Ceil(hi)
	p.Add(level(), &pathSteps{name, values, steps, limits, lo})
	p.Y.Min, p.Y.Max = lo-0.3, hi+0.3
	p.X.Min, p.X.Max = 0.5, float64(len(values))+0.5
	p.Y.Tick.Marker = powerTicks{lo}
	p.X.Tick.Marker = countTicks{len(values)}
	return p
}

// Plot draws line, marks and limits.
func (s *pathSteps) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	words := textStyle(Muted, smallSize, 0, text.XRight, text.YBottom)
	for i, l := range s.limits {
		y := ty(math.Log10(l))
		if i > 0 && len(s.limits) > 1 && y < ty(math.Log10(s.limits[i-1])) {
			continue
		}
		plotLimit(c, y)
		name := "converged below"
		if l > certify.ConvergedBelow {
			name = "polishable below"
		}
		c.FillText(words, vg.Point{X: c.Max.X, Y: y + 1}, name)
	}
	at := make([]vg.Point, len(s.values))
	for i, v := range s.values {
		at[i] = vg.Point{X: tx(float64(i + 1)), Y: ty(s.height(v))}
	}
	c.StrokeLines(lineStyle(Accent, dataWidth), at)
	svg := unwrapSVG(c.Canvas)
	for i := range at {
		if svg != nil && len(at) <= denseRows {
			svg.beginGroup(fmt.Sprintf("%s %d: %s, %s", s.name, i+1, typeset(fmt.Sprintf("%.3g", s.values[i])), oneLine(s.steps[i].Step)))
		}
		s.plotStep(c, at[i], s.steps[i].Step)
		if svg != nil && len(at) <= denseRows {
			svg.endGroup()
		}
	}
}

// height is the exponent of a value.
func (s *pathSteps) height(v float64) float64 {
	if !(v > leastStep) || !drawable(v) {
		return s.floor
	}
	return math.Log10(v)
}

// plotStep marks a step by its kind.
func (s *pathSteps) plotStep(c draw.Canvas, at vg.Point, step string) {
	switch {
	case strings.Contains(step, "edge"):
		r := 1.3 * pointRadius
		c.FillPolygon(Caution, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}})
	case step == "trust":
		c.DrawGlyph(draw.GlyphStyle{Color: Surface, Radius: pointRadius, Shape: draw.CircleGlyph{}}, at)
		c.SetLineStyle(lineStyle(Accent, dataWidth))
		var ring vg.Path
		r := pointRadius - dataWidth/2
		ring.Move(vg.Point{X: at.X + r, Y: at.Y})
		ring.Arc(at, r, 0, 2*math.Pi)
		ring.Close()
		c.Stroke(ring)
	default:
		c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}}, at)
	}
}

// powerTicks are powers of ten by their exponent; the lowest line is 0.
type powerTicks struct{ floor float64 }

// Ticks are those between lo and hi.
func (t powerTicks) Ticks(lo, hi float64) []plot.Tick {
	ticks := []plot.Tick{{Value: t.floor, Label: "0"}}
	step := math.Ceil((hi - lo) / 7)
	for e := math.Floor(hi); e > t.floor+0.5; e -= step {
		label := fmt.Sprintf("1e%g", e)
		if e == 0 {
			label = "1"
		}
		ticks = append(ticks, plot.Tick{Value: e, Label: typeset(label)})
	}
	return ticks
}

// countTicks are whole numbers from 1 to n.
type countTicks struct{ n int }

// Ticks are those between lo and hi.
func (t countTicks) Ticks(lo, hi float64) []plot.Tick {
	var ticks []plot.Tick
	step := max(1, int(math.Ceil(float64(t.n)/8)))
	for i := 1; i <= t.n; i += step {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: fmt.Sprint(i)})
	}
	return ticks
}

// describePath writes the figure's words.
func describePath(f *Figure, m *lmm.Model, log lmm.FitLog, above []float64) {
	var s strings.Builder
	fmt.Fprintf(&s, "Path of the optimiser (%s), iteration by iteration, from the best of %d starts, %d evaluations of the criterion in all; it ended: %s. Ring: cut short by the trust region; diamond: leaves or meets the boundary; the lowest line is 0. Model: %s.",
		oneLine(log.Optimizer), log.Starts, log.Evaluations, strings.TrimSuffix(oneLine(log.Status), "."), described(m))
	if len(log.Iterations) == 1 {
		s.WriteString(" The start was the minimum: of balanced data the moments are the estimates.")
	}
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"iteration", "criterion", "above the last", "decrement", "step"}}
	for i, it := range log.Iterations {
		if n := len(log.Iterations); n > 2*twinRows && i >= twinRows && i < n-twinRows {
			if i == twinRows {
				cells = append(cells, []string{fmt.Sprintf("... %d more", n-2*twinRows)})
			}
			continue
		}
		cells = append(cells, []string{fmt.Sprint(i + 1), number(it.Criterion, 4), fmt.Sprintf("%.2g", above[i]), fmt.Sprintf("%.2g", it.Decrement), oneLine(it.Step)})
	}
	f.twin = f.caption + "\n\n" + align(cells)
}
