package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm/infer"
)

// BootstrapPairs draws the replicates of a bootstrap for each pair of its values,
// with the regions of highest density that hold 50 % and 95 % of them, by a kernel
// density estimate, and a cross at the estimates. A page has 12 pairs,
// Options.Page turns it. Over 5000 replicates those that share a cell of a fine
// lattice are drawn once.
//
// Options.Parameters chooses values, Options.Units name the axes. At most one Options may be given.
// Whatever prevents the figure is in its Err.
//
// Source: Hyndman (1996), The American Statistician 50, 120-126.
func BootstrapPairs(r *infer.BootstrapResult, opts ...Options) *Figure {
	f := &Figure{title: "Bootstrap pairs"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	list, err := replicated(r, opt)
	if err != nil {
		f.err = err
		return f
	}
	all := pairsOf(len(list))
	if len(all) == 0 {
		f.err = &DataError{Reason: "a pair needs two different values of the bootstrap"}
		return f
	}
	from, to, words, err := opt.pageOf(len(all), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	var pairs []*replicaPair
	var panels []*plot.Plot
	for _, at := range all[from:to] {
		a, b := list[at[0]], list[at[1]]
		pair := newReplicaPair(r, a, b)
		p := newPlot()
		p.X.Label.Text, p.Y.Label.Text = opt.parameterAxis(r.Formula, a.name), opt.parameterAxis(r.Formula, b.name)
		px, py, _ := thinned(pair.x, pair.y)
		p.Add(lattice(), backdrop{px, py}, pair)
		span(&p.X, pair.x, []float64{a.estimate})
		span(&p.Y, pair.y, []float64{b.estimate})
		pairs, panels = append(pairs, pair), append(panels, p)
	}
	describePairs(f, r, pairs, words)
	f.layOutGrid(facets{plots: panels}, opt)
	return f
}

// replicaPair is a plotter: two values of a bootstrap.
type replicaPair struct {
	names    [2]string
	x, y     []float64 // replicates that have both
	estimate [2]float64
	regions  [2][][][2]float64 // isolines around 50 % and 95 %
}

func newReplicaPair(r *infer.BootstrapResult, a, b replicas) *replicaPair {
	pair := &replicaPair{names: [2]string{a.name, b.name}, estimate: [2]float64{a.estimate, b.estimate}}
	k := len(r.Names)
	for i := 0; i+k <= len(r.Values); i += k {
		if x, y := r.Values[i+a.at], r.Values[i+b.at]; drawable(x) && drawable(y) {
			pair.x, pair.y = append(pair.x, x), append(pair.y, y)
		}
	}
	s, ok := density2(pair.x, pair.y, [2]float64{a.floor, a.ceiling}, [2]float64{b.floor, b.ceiling})
	if !ok {
		return pair
	}
	heights := make([]float64, len(pair.x))
	for i := range heights {
		heights[i] = s.value(pair.x[i], pair.y[i])
	}
	slices.Sort(heights)
	for i, outside := range [2]float64{0.5, 0.05} {
		pair.regions[i] = isolines(s, heights[int(outside*float64(len(heights)))])
	}
	return pair
}

// Plot draws the regions and the cross.
func (d *replicaPair) Plot(c draw.Canvas, p *plot.Plot) {
	thick := lineStyle(Accent, 2)
	contourLines{d.regions[0], thick}.Plot(c, p)
	contourLines{d.regions[1], lineStyle(Accent, dataWidth)}.Plot(c, p)
	plotCross(c, p, d.estimate[0], d.estimate[1])
}

// lattice has grid lines in both directions.
func lattice() *plotter.Grid {
	g := grid()
	g.Horizontal = lineStyle(Rule, gridWidth)
	return g
}

// plotCross marks a point, where it is on the canvas.
func plotCross(c draw.Canvas, p *plot.Plot, x, y float64) {
	tx, ty := p.Transforms(&c)
	at := vg.Point{X: tx(x), Y: ty(y)}
	if !drawable(x) || !drawable(y) || !c.Contains(at) {
		return
	}
	line := lineStyle(Text, 1.5)
	c.StrokeLine2(line, at.X-crossArm, at.Y, at.X+crossArm, at.Y)
	c.StrokeLine2(line, at.X, at.Y-crossArm, at.X, at.Y+crossArm)
}

// describePairs writes the figure's words.
func describePairs(f *Figure, r *infer.BootstrapResult, pairs []*replicaPair, page string) {
	var s strings.Builder
	fmt.Fprintf(&s, "Pairs of values of %d replicates of a %s bootstrap (seed %d), with the regions of highest density that hold 50 %% (thick) and 95 %% of them; cross: the estimates.%s",
		r.Replicates, r.Kind, r.Seed, bootstrapLosses(r))
	if _, _, words := thinned(pairs[0].x, pairs[0].y); words != "" {
		s.WriteString(words)
	}
	fmt.Fprintf(&s, "%s Model: %s.", page, withFamily(r.Formula, r.Family, r.Link))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"x", "y", "correlation"}}
	for _, d := range pairs {
		cells = append(cells, []string{oneLine(d.names[0]), oneLine(d.names[1]), number(correlation(d.x, d.y), 3)})
	}
	f.twin = strings.ReplaceAll(f.caption, minus, "-") + "\n\n" + align(cells)
}
