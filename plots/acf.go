package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// Limits of the autocorrelation: distances between rows, and pairs of rows
// looked at.
const (
	maxLags     = 24
	maxLagPairs = 2_000_000
)

// ResidualACF draws how alike the standardised residuals of one level of a
// grouping factor are, by their distance in time: left the correlation, the sum of
// products over the root of the sums of both squares, right the semivariogram, half the mean squared
// difference. The band holds 95 % of what data simulated from the model give when
// the model is fitted to them; residuals are correlated even if the model is
// right, so that the band need not lie around 0. Points outside say that rows
// close in time are more alike, or less, than the random effects make them.
//
// Options.X is the column of time, by default as in Spaghetti. Distances are
// those between rows if there are no more than 24, else 12 classes with equally
// many pairs. Options.Group chooses the factor, Options.Replicates the number of
// simulations, 199 by default, 39 of a large generalised model, Options.Seed their seed. At most one Options may
// be given. Whatever prevents the figure is in its Err.
//
// Source: Diggle, Heagerty, Liang and Zeger (2002), Analysis of Longitudinal
// Data, sec. 3.4; Pinheiro and Bates (2000), sec. 5.3.
func ResidualACF(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Residuals and time"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	term, err := groupOf(m, opt)
	if err != nil {
		f.err = err
		return f
	}
	x, err := covariateOf(m, term, opt)
	if err != nil {
		f.err = err
		return f
	}
	times, err := columnValues(m, x)
	if err != nil {
		f.err = err
		return f
	}
	classes, all := lagClasses(times, term)
	if len(classes) == 0 {
		f.err = &DataError{Reason: fmt.Sprintf("no level of %s has two rows at different %s, and so residuals have no distance", term.Group, x)}
		return f
	}
	found := correlogram(m.Residuals(lmm.StandardisedResidual), classes)
	if found == nil {
		f.err = &DataError{Reason: "the model has no standardised residuals: sigma is not identified, or their standard errors cannot be computed"}
		return f
	}
	n := simulationsOf(m, opt)
	lo, hi, refits := refittedBand(m, n, opt.Seed, func(m *lmm.Model) []float64 {
		return correlogram(m.Residuals(lmm.StandardisedResidual), classes)
	})
	describeACF(f, m, x, term, classes, found, lo, hi, refits, n, opt.Seed, all)
	k := len(classes)
	var panels []*plot.Plot
	for i, name := range [2]string{"correlation", "semivariogram"} {
		p := newPlot()
		p.Title.Text = name
		p.X.Label.Text = "distance in " + opt.withUnit(x)
		lags := make([]float64, k)
		for c := range classes {
			lags[c] = classes[c].distance
		}
		part := func(v []float64) []float64 {
			if v == nil {
				return nil
			}
			return v[i*k : (i+1)*k]
		}
		s := lagMarks{name: name, x: lags, y: part(found), pairs: classes}
		p.Add(level())
		if lo != nil {
			p.Add(bands(lags, part(lo), part(hi))...)
		}
		if i == 0 {
			p.Add(across{y: 0, line: lineStyle(Muted, zeroWidth)})
		} else {
			p.Add(across{y: 1, line: dotted()})
		}
		p.Add(s)
		span(&p.X, lags, []float64{0})
		span(&p.Y, s.y, part(lo), part(hi), []float64{float64(i)})
		panels = append(panels, p)
	}
	f.layOutGrid(facets{plots: panels}, opt)
	return f
}

// lagClass is a class of pairs of rows of a level by their distance in time.
type lagClass struct {
	distance float64 // their mean
	pairs    [][2]int
}

// lagClasses are the pairs of rows of each level, by distance; all is false
// where there were more than can be looked at, of which every so-manieth level
// is taken.
func lagClasses(times []float64, term *design.Term) (classes []lagClass, all bool) {
	rows := make([][]int, len(term.Levels))
	total := 0
	for i, l := range term.Level {
		if drawable(times[i]) {
			total += len(rows[l])
			rows[l] = append(rows[l], i)
		}
	}
	every := 1 + total/maxLagPairs
	var kept [][]int
	for l := 0; l < len(rows); l += every {
		kept = append(kept, rows[l])
	}
	return distanceClasses(times, kept), every == 1
}

// distanceClasses are the pairs of rows of the same level, by distance.
func distanceClasses(times []float64, rows [][]int) (classes []lagClass) {
	type pair struct {
		at [2]int
		d  float64
	}
	var pairs []pair
	for _, level := range rows {
		for a, i := range level {
			for _, j := range level[:a] {
				if d := math.Abs(times[i] - times[j]); d > 0 {
					pairs = append(pairs, pair{[2]int{j, i}, d})
				}
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		switch {
		case a.d < b.d:
			return -1
		case a.d > b.d:
			return 1
		}
		return 0
	})
	if len(pairs) == 0 {
		return nil
	}
	// A distance is new where it differs by more than rounding.
	close := 1e-9 * pairs[len(pairs)-1].d
	first := []int{0}
	for i := 1; i < len(pairs); i++ {
		if pairs[i].d-pairs[i-1].d > close {
			first = append(first, i)
		}
	}
	if len(first) > maxLags {
		const most = 12
		starts := first
		first = nil
		for c := range most { // classes begin at a new distance
			at := c * len(pairs) / most
			k, _ := slices.BinarySearch(starts, at)
			if k < len(starts) && (len(first) == 0 || starts[k] > first[len(first)-1]) {
				first = append(first, starts[k])
			}
		}
	}
	for c, from := range first {
		to := len(pairs)
		if c+1 < len(first) {
			to = first[c+1]
		}
		k := lagClass{distance: pairs[from].d}
		for _, p := range pairs[from:to] {
			k.distance += max(0, p.d-pairs[from].d-close) / float64(to-from)
			k.pairs = append(k.pairs, p.at)
		}
		classes = append(classes, k)
	}
	return classes
}

// correlogram is the correlation in each class, then half the mean squared
// difference; nil for residuals without values.
func correlogram(r []float64, classes []lagClass) []float64 {
	if !slices.ContainsFunc(r, drawable) {
		return nil
	}
	out := make([]float64, 2*len(classes))
	for c, k := range classes {
		var products, squareA, squareB, differences, n float64
		for _, p := range k.pairs {
			if a, b := r[p[0]], r[p[1]]; drawable(a) && drawable(b) {
				products += a * b
				squareA += a * a
				squareB += b * b
				differences += (a - b) * (a - b) / 2
				n++
			}
		}
		out[c], out[len(classes)+c] = products/math.Sqrt(squareA*squareB), differences/n
	}
	return out
}

// lagMarks is a plotter: a point for each class, joined.
type lagMarks struct {
	name  string
	x, y  []float64
	pairs []lagClass
}

// Plot draws line and points.
func (s lagMarks) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var pts []vg.Point
	for i := range s.x {
		if drawable(s.y[i]) {
			pts = append(pts, vg.Point{X: tx(s.x[i]), Y: ty(s.y[i])})
		}
	}
	c.StrokeLines(lineStyle(Accent, dataWidth), pts)
	svg := unwrapSVG(c.Canvas)
	for i := range s.x {
		if !drawable(s.y[i]) {
			continue
		}
		if svg != nil {
			svg.beginGroup(fmt.Sprintf("%s at %.4g: %s, %d pairs", s.name, s.x[i], typeset(number(s.y[i], 3)), len(s.pairs[i].pairs)))
		}
		c.DrawGlyph(draw.GlyphStyle{Color: Accent, Radius: pointRadius, Shape: draw.CircleGlyph{}}, vg.Point{X: tx(s.x[i]), Y: ty(s.y[i])})
		if svg != nil {
			svg.endGroup()
		}
	}
}

// dotted is the line of a reference.
func dotted() draw.LineStyle {
	l := lineStyle(Muted, zeroWidth)
	l.Dashes = []vg.Length{1, 2}
	return l
}

// describeACF writes the figure's words.
func describeACF(f *Figure, m *lmm.Model, x string, term *design.Term, classes []lagClass, found, lo, hi []float64, refits, asked int, seed uint64, all bool) {
	var s strings.Builder
	fmt.Fprintf(&s, "%s of the same %s by their distance in %s: correlation and semivariogram.", capital(standardised(m)), oneLine(term.Group), oneLine(x))
	if lo != nil {
		fmt.Fprintf(&s, " Band: 95 %% of those in %d fits to data simulated from the model (seed %d).", refits, seed)
		if refits < asked {
			fmt.Fprintf(&s, " %d fits gave no residuals.", asked-refits)
		}
	} else {
		s.WriteString(" No band: too few fits to simulated data, or they take too long.")
	}
	if !all {
		fmt.Fprintf(&s, " Of more than %d pairs of rows those of some levels are used.", maxLagPairs)
	}
	fmt.Fprintf(&s, " Model: %s.", described(m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"distance", "pairs", "correlation", "2.5 %", "97.5 %", "semivariogram", "2.5 %", "97.5 %"}}
	k := len(classes)
	at := func(v []float64, i int) string {
		if v == nil {
			return "-"
		}
		return number(v[i], 3)
	}
	for i, c := range classes {
		cells = append(cells, []string{fmt.Sprintf("%.4g", c.distance), fmt.Sprint(len(c.pairs)),
			at(found, i), at(lo, i), at(hi, i), at(found, k+i), at(lo, k+i), at(hi, k+i)})
	}
	f.twin = f.caption + "\n\n" + align(cells)
}
