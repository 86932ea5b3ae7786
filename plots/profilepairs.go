package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/interp"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm/infer"
)

// ProfilePairs draws, for each pair of parameters of a profile, the region of both that the likelihood does not reject: the contours
// at which the criterion has risen by the 0.5, 0.8 and 0.95 (thick) quantiles of
// chi-square with 2 degrees of freedom, and the two traces, each the best value
// of one parameter given the other. Straight traces that cross at a right angle
// and elliptical contours are those of a quadratic log likelihood; traces that
// run together are of parameters that the data can hardly tell apart.
//
// A contour is interpolated, in zeta coordinates, through the four points where
// it meets the traces; where a profile ends before, at the edge of the parameter
// space, there is none. A page has 12 pairs, Options.Page turns it.
//
// Of a fit by REML the pairs of a fixed effect with another parameter are left
// out: their profiles are of different criteria. Options.Parameters chooses
// parameters, Options.Units name the axes. At most one Options may be given.
// Whatever prevents the figure is in its Err.
//
// Source: Bates and Watts (1988), Nonlinear Regression Analysis, sec. 6.1.3 and
// app. A.6.
func ProfilePairs(p *infer.ProfileResult, opts ...Options) *Figure {
	f := &Figure{title: "Profile pairs"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	curves, _, err := profiledAll(p, opt)
	if err != nil {
		f.err = err
		return f
	}
	var all [][2]int
	mixed := 0
	for _, at := range pairsOf(len(curves)) {
		if p.REML && (curves[at[0]].Kind == infer.FixedEffect) != (curves[at[1]].Kind == infer.FixedEffect) {
			mixed++
			continue
		}
		all = append(all, at)
	}
	switch {
	case len(all) == 0 && mixed > 0:
		f.err = &DataError{Reason: "of a fit by REML a fixed effect and another parameter have profiles of different criteria; fit by ML to see them together"}
		return f
	case len(all) == 0:
		f.err = &DataError{Reason: "a pair needs two different parameters with a profile"}
		return f
	}
	from, to, words, err := opt.pageOf(len(all), maxPanels)
	if err != nil {
		f.err = err
		return f
	}
	var pairs []*tracePair
	var panels []*plot.Plot
	for _, at := range all[from:to] {
		pair := newTracePair(p.Names, curves[at[0]], curves[at[1]])
		q := newPlot()
		q.X.Label.Text, q.Y.Label.Text = opt.parameterAxis(p.Formula, pair.curves[0].Name), opt.parameterAxis(p.Formula, pair.curves[1].Name)
		q.Add(lattice(), pair)
		pair.frame(q)
		pairs, panels = append(pairs, pair), append(panels, q)
	}
	describeTraces(f, p, pairs, mixed, words)
	f.layOutGrid(facets{plots: panels}, opt)
	return f
}

// pairLevels are the probabilities of the contours.
var pairLevels = [...]float64{0.5, 0.8, 0.95}

// tracePair is a plotter: two parameters of a profile.
type tracePair struct {
	curves   [2]infer.Curve
	traces   [2][][2]float64
	contours [len(pairLevels)][][2]float64 // nil where there is none
}

func newTracePair(names []string, a, b infer.Curve) *tracePair {
	t := &tracePair{curves: [2]infer.Curve{a, b}}
	ia, ib := slices.Index(names, a.Name), slices.Index(names, b.Name)
	if ia < 0 || ib < 0 {
		return t
	}
	pa, pb := finitePoints(a), finitePoints(b)
	for _, p := range pa {
		if ib < len(p.Params) && drawable(p.Params[ib]) {
			t.traces[0] = append(t.traces[0], [2]float64{p.Value, p.Params[ib]})
		}
	}
	for _, p := range pb {
		if ia < len(p.Params) && drawable(p.Params[ia]) {
			t.traces[1] = append(t.traces[1], [2]float64{p.Params[ia], p.Value})
		}
	}
	if len(pa) < 4 || len(pb) < 4 || len(t.traces[0]) != len(pa) || len(t.traces[1]) != len(pb) {
		return t
	}
	zetaA, valueA := bothWays(pa)
	zetaB, valueB := bothWays(pb)
	for k, level := range pairLevels {
		t.contours[k] = zetaContour(math.Sqrt(-2*math.Log(1-level)), pa, pb, t.traces, zetaA, zetaB, valueA, valueB)
	}
	return t
}

// curveMap is a function that is NaN outside of the points it goes through.
type curveMap func(float64) float64

// bothWays are zeta of the value and the value of zeta.
func bothWays(ps []infer.CurvePoint) (zeta, value curveMap) {
	xs, zs := make([]float64, len(ps)), make([]float64, len(ps))
	for i, p := range ps {
		xs[i], zs[i] = p.Value, p.Zeta
	}
	return throughPoints(xs, zs), throughPoints(zs, xs)
}

func throughPoints(x, y []float64) curveMap {
	for i := 1; i < len(x); i++ {
		if !(x[i] > x[i-1]) {
			return func(float64) float64 { return math.NaN() }
		}
	}
	var spline interp.FritschButland
	if len(x) < 2 || spline.Fit(x, y) != nil {
		return func(float64) float64 { return math.NaN() }
	}
	return func(v float64) float64 {
		slack := 1e-9 * (x[len(x)-1] - x[0])
		if !(v >= x[0]-slack && v <= x[len(x)-1]+slack) {
			return math.NaN()
		}
		return spline.Predict(min(max(v, x[0]), x[len(x)-1]))
	}
}

// zetaContour is the curve on which the criterion has risen by r^2: in zeta
// coordinates (r cos(a + d/2), r cos(a - d/2)), the phase d a periodic cubic in
// the angle a through the four points at which one zeta is r or -r and the other
// is on its trace (Bates and Watts 1988, app. A.6). nil where one is missing.
func zetaContour(r float64, pa, pb []infer.CurvePoint, traces [2][][2]float64, zetaA, zetaB, valueA, valueB curveMap) [][2]float64 {
	// The other zeta on the trace, as a function of the profiled one.
	other := func(ps []infer.CurvePoint, trace [][2]float64, coord int, zeta curveMap) curveMap {
		x, y := make([]float64, len(ps)), make([]float64, len(ps))
		for i, p := range ps {
			x[i], y[i] = p.Zeta, zeta(trace[i][coord])
			if math.IsNaN(y[i]) {
				return func(float64) float64 { return math.NaN() }
			}
		}
		return throughPoints(x, y)
	}
	onA, onB := other(pa, traces[0], 1, zetaB), other(pb, traces[1], 0, zetaA)
	angle := func(z float64) float64 { return math.Acos(min(max(z/r, -1), 1)) }
	type knot struct{ a, d float64 }
	var knots []knot
	for _, k := range [4][2]float64{
		{0, angle(onA(r))}, {angle(onB(r)), 0}, {math.Pi, angle(onA(-r))}, {angle(onB(-r)), math.Pi},
	} {
		a, d := (k[0]+k[1])/2, k[0]-k[1]
		if math.IsNaN(a) {
			return nil
		}
		if d < 0 { // the lower half: zeta_a = r cos(a + d/2) is even in its angle
			a, d = -a, -d
		}
		knots = append(knots, knot{math.Mod(a+2*math.Pi, 2*math.Pi), d})
	}
	slices.SortFunc(knots, func(p, q knot) int {
		if p.a < q.a {
			return -1
		}
		return 1
	})
	// Three turns of the knots make the middle one periodic.
	var as, ds []float64
	for turn := -1; turn <= 1; turn++ {
		for _, k := range knots {
			as, ds = append(as, k.a+2*math.Pi*float64(turn)), append(ds, k.d)
		}
	}
	for i := 1; i < len(as); i++ {
		if !(as[i] > as[i-1]+1e-9) {
			return nil
		}
	}
	var phase interp.NotAKnotCubic
	if phase.Fit(as, ds) != nil {
		return nil
	}
	const steps = 120
	var line [][2]float64
	for i := range steps + 1 {
		a := 2 * math.Pi * float64(i) / steps
		d := phase.Predict(a)
		x, y := valueA(r*math.Cos(a+d/2)), valueB(r*math.Cos(a-d/2))
		if math.IsNaN(x + y) {
			return nil
		}
		line = append(line, [2]float64{x, y})
	}
	return line
}

// frame sets the axes to the contours, or to the intervals where there is none.
func (t *tracePair) frame(p *plot.Plot) {
	for k, a := range [2]*plot.Axis{&p.X, &p.Y} {
		c := t.curves[k]
		vs := []float64{c.Estimate, c.Lower.Value, c.Upper.Value}
		for _, line := range t.contours {
			for _, v := range line {
				vs = append(vs, v[k])
			}
		}
		span(a, vs)
	}
}

// Plot draws traces, contours and the estimates.
func (t *tracePair) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	if svg := unwrapSVG(c.Canvas); svg != nil {
		svg.beginGroup(oneLine(t.curves[0].Name) + " and " + oneLine(t.curves[1].Name))
		defer svg.endGroup()
	}
	for k, trace := range t.traces {
		style := lineStyle(Muted, zeroWidth)
		if k == 1 {
			style.Dashes = []vg.Length{4, 2}
		}
		pts := make([]vg.Point, len(trace))
		for i, v := range trace {
			pts[i] = vg.Point{X: tx(v[0]), Y: ty(v[1])}
		}
		c.StrokeLines(style, c.ClipLinesXY(pts)...)
	}
	for k, line := range t.contours {
		width := dataWidth
		if k == len(t.contours)-1 {
			width = 2
		}
		if line != nil {
			contourLines{[][][2]float64{line}, lineStyle(Accent, width)}.Plot(c, p)
		}
	}
	plotCross(c, p, t.curves[0].Estimate, t.curves[1].Estimate)
}

// describeTraces writes the figure's words.
func describeTraces(f *Figure, p *infer.ProfileResult, pairs []*tracePair, mixed int, page string) {
	var s strings.Builder
	s.WriteString("Regions of pairs of parameters by the profile likelihood, 50, 80 and 95 % (thick), and profile traces: the best value of the upright parameter given the level one (line) and the reverse (dashed). Cross: the estimates.")
	var without []string
	cells := [][]string{{"x", "y", "trace slope", "95 % region"}}
	for _, t := range pairs {
		region := "drawn"
		if t.contours[len(pairLevels)-1] == nil {
			region = "-"
			without = append(without, oneLine(t.curves[0].Name)+" with "+oneLine(t.curves[1].Name))
		}
		cells = append(cells, []string{oneLine(t.curves[0].Name), oneLine(t.curves[1].Name), number(t.slope(), 3), region})
	}
	if len(without) > 0 {
		fmt.Fprintf(&s, " No 95 %% contour for %s: a profile ends before it.", and(without))
	}
	s.WriteString(page)
	if mixed > 0 {
		s.WriteString(" Fixed effects and the others are not paired: their profiles are by −2 log L and by REML.")
	}
	s.WriteString(profileSource(p))
	f.caption, f.desc = s.String(), s.String()
	f.twin = plainText(f.caption) + "\n\n" + align(cells)
}

// slope is that of the first trace at the estimate.
func (t *tracePair) slope() float64 {
	est := t.curves[0].Estimate
	for i := 1; i < len(t.traces[0]); i++ {
		a, b := t.traces[0][i-1], t.traces[0][i]
		if a[0] <= est && est <= b[0] {
			return (b[1] - a[1]) / (b[0] - a[0])
		}
	}
	return math.NaN()
}
