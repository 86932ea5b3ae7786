package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
)

// maxWhitening bounds the work of a band: n^3 of every subject in every refit.
const maxWhitening = 20e9

// Variogram draws whether the model has the right memory. Left the semivariogram
// of the marginal residuals over their fitted sds: half the mean squared
// difference of two rows of a subject by their distance in time (discs), and the
// same after Cressie and Hawkins, which outliers move less (rings); the line is
// what the model expects of residuals, the correlation at a distance being 1 less
// the line, up to what the estimated mean takes. Right the correlation of the
// normalised residuals, which the model expects to be independent: L^-1 r of each
// subject, V = LL' in order of time. Bands hold 95 % of what data simulated from
// the model give when the model is fitted to them.
//
// Subjects and times are as in Correlations, Options.Group and Options.X choose
// others; distances are those between rows if there are no more than 24, else 12
// classes with equally many pairs. Options.Replicates is the number of
// simulations, 199 by default, Options.Seed their seed. At most one Options may be
// given. Whatever prevents the figure is in its Err.
//
// Source: Diggle, Heagerty, Liang and Zeger (2002), sec. 3.4; Cressie and Hawkins
// (1980), Mathematical Geology 12, 115-125; Pinheiro and Bates (2000), sec. 5.3.
func Variogram(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Semivariogram"}
	opt, err := only(opts)
	var q *repeated
	if err == nil {
		q, err = newRepeated(m, opt)
	}
	var classes []lagClass
	if err == nil {
		classes, err = q.classes()
	}
	if err != nil {
		f.err = err
		return f
	}
	v := &variogram{q: q, classes: classes}
	v.found = v.statistics(q)
	n := simulationsOf(m, opt)
	v.asked, v.seed = n, opt.Seed
	if v.work()*float64(n) < maxWhitening {
		v.lo, v.hi, v.refits = refittedBand(m, n, opt.Seed, func(re *lmm.Model) []float64 {
			other, err := newRepeated(re, opt)
			if err != nil {
				return nil
			}
			return v.statistics(other)
		})
	}
	v.describe(f, opt)
	f.layOutGrid(facets{plots: v.panels(opt)}, opt)
	return f
}

// classes are the pairs of rows by distance in time.
func (q *repeated) classes() ([]lagClass, error) {
	classes := distanceClasses(q.times, q.rows)
	switch len(classes) {
	case 0:
		return nil, &DataError{Reason: fmt.Sprintf("no %s has two rows at different times, and so its residuals have no distance", oneLine(q.subject))}
	case 1:
		return nil, &DataError{Reason: fmt.Sprintf("the rows of each %s have one %s only, so that nothing changes with it; the correlation itself is in the kind correlations", oneLine(q.subject), q.distance(Options{}))}
	}
	return classes, nil
}

// distance names the axis of distances.
func (q *repeated) distance(opt Options) string {
	switch {
	case q.time == "":
		return "distance in rows"
	case q.places:
		return "distance in levels of " + opt.label(q.time)
	}
	return "distance in " + opt.withUnit(q.time)
}

// variogram is the figure's numbers: of each class the classical semivariogram,
// the robust one, the correlation of normalised residuals.
type variogram struct {
	q             *repeated
	classes       []lagClass
	found, lo, hi []float64
	refits, asked int
	seed          uint64
}

// part is one of the three statistics, nil of nothing.
func (v *variogram) part(x []float64, which int) []float64 {
	if x == nil {
		return nil
	}
	k := len(v.classes)
	return x[which*k : (which+1)*k]
}

// statistics are the three of a model of the same rows.
func (v *variogram) statistics(q *repeated) []float64 {
	k := len(v.classes)
	out := make([]float64, 3*k)
	white := q.normalised()
	for c, class := range v.classes {
		var squares, roots, products, a2, b2, n float64
		for _, p := range class.pairs {
			d := q.scaled(p[0]) - q.scaled(p[1])
			squares += d * d
			roots += math.Sqrt(math.Abs(d))
			n++
			if a, b := white[p[0]], white[p[1]]; drawable(a) && drawable(b) {
				products, a2, b2 = products+a*b, a2+a*a, b2+b*b
			}
		}
		out[c] = squares / n / 2
		out[k+c] = math.Pow(roots/n, 4) / (0.457 + 0.494/n) / 2
		out[2*k+c] = products / math.Sqrt(a2*b2)
	}
	return out
}

// expected is the semivariogram of residuals under the model.
func (v *variogram) expected() []float64 {
	out := make([]float64, len(v.classes))
	for c, class := range v.classes {
		for _, p := range class.pairs {
			i, j := p[0], p[1]
			lost := (v.q.lost(i, i)+v.q.lost(j, j))/2 - v.q.lost(i, j)
			out[c] += (1 - v.q.fitted(i, j, false) - lost) / float64(len(class.pairs))
		}
	}
	return out
}

// work is the cost of one normalisation.
func (v *variogram) work() float64 {
	var sum float64
	for _, rows := range v.q.rows {
		sum += math.Pow(float64(len(rows)), 3)
	}
	return sum
}

// normalised is L^-1 r of every subject, NaN where V of its rows is not positive
// definite or has more than 1000 rows.
func (q *repeated) normalised() []float64 {
	const most = 2000
	out := make([]float64, len(q.residuals))
	for i := range out {
		out[i] = math.NaN()
	}
	for _, rows := range q.rows {
		n := len(rows)
		if n == 0 || n > most {
			continue
		}
		v, r := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
		for a, i := range rows {
			r.SetVec(a, q.scaled(i))
			for b, j := range rows[:a+1] {
				v.SetSym(a, b, q.cov.Marginal(i, j)/(q.sd[i]*q.sd[j]))
			}
		}
		var chol mat.Cholesky
		if !chol.Factorize(v) {
			continue
		}
		var l mat.TriDense
		chol.LTo(&l)
		if r.SolveVec(&l, r) != nil {
			continue
		}
		for a, i := range rows {
			out[i] = r.AtVec(a)
		}
	}
	return out
}

// panels draws the two panels.
func (v *variogram) panels(opt Options) []*plot.Plot {
	x := make([]float64, len(v.classes))
	for c := range v.classes {
		x[c] = v.classes[c].distance
	}
	left, right := newPlot(), newPlot()
	left.Title.Text, right.Title.Text = "semivariogram", "correlation, normalised residuals"
	expected := v.expected()
	left.Add(level(), across{y: 1, line: dotted()})
	right.Add(level())
	if v.lo != nil {
		left.Add(bands(x, v.part(v.lo, 0), v.part(v.hi, 0))...)
		right.Add(bands(x, v.part(v.lo, 2), v.part(v.hi, 2))...)
	}
	left.Add(line2(x, expected, lineStyle(Accent, dataWidth)),
		pointsOver{name: "robust semivariogram", x: x, y: v.part(v.found, 1), pairs: v.classes, ring: true},
		pointsOver{name: "semivariogram", x: x, y: v.part(v.found, 0), pairs: v.classes})
	right.Add(across{y: 0, line: lineStyle(Muted, zeroWidth)},
		pointsOver{name: "correlation", x: x, y: v.part(v.found, 2), pairs: v.classes})
	span(&left.Y, v.part(v.found, 0), v.part(v.found, 1), v.part(v.lo, 0), v.part(v.hi, 0), expected, []float64{0, 1})
	span(&right.Y, v.part(v.found, 2), v.part(v.lo, 2), v.part(v.hi, 2), []float64{-0.1, 0.1})
	for _, p := range []*plot.Plot{left, right} {
		p.X.Label.Text = v.q.distance(opt)
		span(&p.X, x, []float64{0})
	}
	return []*plot.Plot{left, right}
}

// pointsOver is a plotter: a disc or a ring for each class of pairs.
type pointsOver struct {
	name  string
	x, y  []float64
	pairs []lagClass
	ring  bool
}

// Plot draws the points.
func (s pointsOver) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	svg := unwrapSVG(c.Canvas)
	glyph := draw.GlyphStyle{Color: Text, Radius: pointRadius, Shape: draw.CircleGlyph{}}
	if s.ring {
		glyph = draw.GlyphStyle{Color: Muted, Radius: pointRadius, Shape: draw.RingGlyph{}}
	}
	for i := range s.x {
		if !drawable(s.y[i]) {
			continue
		}
		if svg != nil {
			svg.beginGroup(fmt.Sprintf("%s at %.4g: %s, %d pairs", s.name, s.x[i], typeset(number(s.y[i], 3)), len(s.pairs[i].pairs)))
		}
		c.DrawGlyph(glyph, vg.Point{X: tx(s.x[i]), Y: ty(s.y[i])})
		if svg != nil {
			svg.endGroup()
		}
	}
}

// pairCount is a number of pairs, or from the least to the most.
func pairCount(least, most int) string {
	if least == most {
		return fmt.Sprintf("%d pairs", most)
	}
	return fmt.Sprintf("%d to %d pairs", least, most)
}

// describe writes the figure's words.
func (v *variogram) describe(f *Figure, opt Options) {
	q := v.q
	least, most := len(v.classes[0].pairs), len(v.classes[0].pairs)
	for _, c := range v.classes {
		least, most = min(least, len(c.pairs)), max(most, len(c.pairs))
	}
	var s strings.Builder
	fmt.Fprintf(&s, "Rows of the same %s by %s, %s each. Left: half the mean squared difference of the marginal residuals over their fitted sds (discs), after Cressie and Hawkins (rings), expected (line). Right: correlation of the normalised residuals, expected near 0.",
		oneLine(q.subject), q.distance(Options{}), pairCount(least, most))
	if v.lo != nil {
		fmt.Fprintf(&s, " Bands: 95 %% of those in %d fits to data simulated from the model (seed %d).", v.refits, v.seed)
		if v.refits < v.asked {
			fmt.Fprintf(&s, " %d fits gave no residuals.", v.asked-v.refits)
		}
	} else {
		s.WriteString(" No band: too few fits to simulated data, or they take too long.")
	}
	if !q.all {
		fmt.Fprintf(&s, " Of more than %d pairs of rows those of some levels are used.", maxLagPairs)
	}
	fmt.Fprintf(&s, " Model: %s.", described(q.m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"distance", "pairs", "semivariogram", "2.5 %", "97.5 %", "robust", "expected", "correlation", "2.5 %", "97.5 %"}}
	at := func(x []float64, which, c int) string {
		if x == nil {
			return "-"
		}
		return number(v.part(x, which)[c], 3)
	}
	expected := v.expected()
	for c, class := range v.classes {
		cells = append(cells, []string{fmt.Sprintf("%.4g", class.distance), fmt.Sprint(len(class.pairs)),
			at(v.found, 0, c), at(v.lo, 0, c), at(v.hi, 0, c), at(v.found, 1, c), number(expected[c], 3),
			at(v.found, 2, c), at(v.lo, 2, c), at(v.hi, 2, c)})
	}
	f.twin = f.caption + "\n\n" + align(cells)
}
