package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/golmm/golmm/lmm"
)

// CorrelationsByLag draws the correlation of two rows of a subject by their
// distance in time as several models of the same rows have it, a line for each,
// over that of the data (discs): sums of products of the residuals of the first
// model over their sds, corrected as in Correlations. A model whose correlations
// depend on more than the distance, as those of random slopes and of unstructured
// matrices do, has their mean at each. The legend has AIC, which compares the
// structures where the fixed effects are the same.
//
// Subjects, times and distances are those of the first model, as in Variogram.
// Options.Labels names models by their structure or random terms. At most one
// Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Diggle, Heagerty, Liang and Zeger (2002), sec. 4.2 and 5.2.
func CorrelationsByLag(models []*lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Correlation by distance in time"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	return correlationsByLag(f, models, "", opt)
}

// byLag is a model in the figure.
type byLag struct {
	name string
	m    *lmm.Model
	corr []float64 // a class
}

// maxByLag is the number of models that inks tell apart; over the other limits
// structures does not fit a correlation for each lag, or each pair of occasions.
const (
	maxByLag        = 8
	maxOwnLags      = 40
	maxOwnOccasions = 12
)

func correlationsByLag(f *Figure, models []*lmm.Model, words string, opt Options) *Figure {
	switch {
	case len(models) == 0:
		f.err = &DataError{Reason: "there are no models whose correlations could be drawn"}
	case len(models) > maxByLag:
		f.err = &DataError{Reason: fmt.Sprintf("%d models are more than the %d that a figure tells apart", len(models), maxByLag)}
	}
	if f.err != nil {
		return f
	}
	first, err := newRepeated(models[0], opt)
	var classes []lagClass
	if err == nil {
		classes, err = first.classes()
	}
	if err != nil {
		f.err = err
		return f
	}
	var list []byLag
	for _, m := range models {
		if fam := m.Family(); fam != nil {
			f.err = generalised(fam)
			return f
		}
		if m.NObs() != models[0].NObs() {
			f.err = &DataError{Reason: fmt.Sprintf("the models are of %d and of %d rows; correlations are compared over the same rows", models[0].NObs(), m.NObs())}
			return f
		}
		l := byLag{name: structureName(m), m: m}
		cov := m.RowCovariance()
		for _, c := range classes {
			var sum float64
			for _, p := range c.pairs {
				sum += cov.Marginal(p[0], p[1]) / math.Sqrt(cov.Marginal(p[0], p[0])*cov.Marginal(p[1], p[1]))
			}
			l.corr = append(l.corr, sum/float64(len(c.pairs)))
		}
		list = append(list, l)
	}
	data := first.byClass(classes)
	describeByLag(f, first, classes, data, list, words, opt)
	x := make([]float64, len(classes))
	for c := range classes {
		x[c] = classes[c].distance
	}
	p := newPlot()
	p.X.Label.Text, p.Y.Label.Text = first.distance(opt), "correlation"
	p.Add(level(), across{y: 0, line: lineStyle(Muted, zeroWidth)})
	key := legend{head: "structure, AIC"}
	span(&p.X, x, []float64{0})
	all := [][]float64{data}
	for i, l := range list {
		sty := lineStyle(Series1+Ink(i), dataWidth)
		sty.Dashes = [...][]vg.Length{nil, {4, 2}, {1, 2}, {6, 2, 1, 2}}[i%4]
		p.Add(line2(x, l.corr, sty))
		key.entries = append(key.entries, entry{name: fmt.Sprintf("%s, %s", opt.label(l.name), number(l.m.AIC(), 1)), line: sty})
		all = append(all, l.corr)
	}
	p.Add(pointsOver{name: "data", x: x, y: data, pairs: classes})
	if lo, _ := leastMost(slices.Concat(all...)); lo < 0.5 { // high ones would be crowded under an empty half
		all = append(all, []float64{0})
	}
	span(&p.Y, all...)
	g := facets{legend: key}
	g.plots = append(g.plots, p)
	f.layOutGrid(g, opt)
	return f
}

// byClass is the correlation of scaled residuals in each class.
func (q *repeated) byClass(classes []lagClass) []float64 {
	var out []float64
	for _, c := range classes {
		var sum, a2, b2 float64
		for _, p := range c.pairs {
			i, j := p[0], p[1]
			sum += q.scaled(i)*q.scaled(j) + q.lost(i, j)
			a2 += q.scaled(i)*q.scaled(i) + q.lost(i, i)
			b2 += q.scaled(j)*q.scaled(j) + q.lost(j, j)
		}
		r := sum / math.Sqrt(a2*b2)
		if len(c.pairs) < leastPairs {
			r = math.NaN()
		}
		out = append(out, r)
	}
	return out
}

// structureName is what makes the rows of a model correlated.
func structureName(m *lmm.Model) string {
	var parts []string
	for _, t := range m.Frame().Terms {
		parts = append(parts, t.Src)
	}
	if r := m.Residual(); r != nil {
		parts = append(parts, r.Structure)
	}
	if len(parts) == 0 {
		return "independent"
	}
	return strings.Join(parts, " + ")
}

// describeByLag writes the figure's words.
func describeByLag(f *Figure, q *repeated, classes []lagClass, data []float64, list []byLag, words string, opt Options) {
	var s strings.Builder
	fmt.Fprintf(&s, "Correlation of two rows of the same %s by %s. Discs: data, residuals of %s; lines: by the models.", oneLine(q.subject), q.distance(Options{}), described(q.m))
	s.WriteString(words)
	best := slices.MinFunc(list, func(a, b byLag) int { return cmp.Compare(a.m.AIC(), b.m.AIC()) })
	if len(list) > 1 && drawable(best.m.AIC()) && sameMean(list) {
		fmt.Fprintf(&s, " The lowest AIC is that of %s.", opt.label(best.name))
	} else if len(list) > 1 {
		s.WriteString(" The fixed effects or the criteria differ, so that AIC does not compare the structures.")
	}
	if !q.all {
		fmt.Fprintf(&s, " Of more than %d pairs of rows those of some levels are used.", maxLagPairs)
	}
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"distance", "pairs", "data"}}
	fits := [][]string{{"structure", "parameters", "AIC"}}
	for i, l := range list {
		cells[0] = append(cells[0], fmt.Sprintf("(%d)", i+1))
		fits = append(fits, []string{fmt.Sprintf("(%d) %s", i+1, opt.label(l.name)), fmt.Sprint(l.m.NPar()), number(l.m.AIC(), 1)})
	}
	for c, class := range classes {
		row := []string{fmt.Sprintf("%.4g", class.distance), fmt.Sprint(len(class.pairs)), number(data[c], 3)}
		for _, l := range list {
			row = append(row, number(l.corr[c], 3))
		}
		cells = append(cells, row)
	}
	f.twin = f.caption + "\n\n" + align(fits) + "\n" + align(cells)
}

// sameMean says that AIC compares the models: the same fixed effects and
// criterion.
func sameMean(list []byLag) bool {
	names := func(m *lmm.Model) []string { return m.Frame().XNames }
	for _, l := range list {
		if l.m.REML() != list[0].m.REML() || !slices.Equal(names(l.m), names(list[0].m)) {
			return false
		}
	}
	return true
}

// structures draws a model beside compound symmetry, an autoregression, a
// correlation for each lag and an unstructured one, with its fixed effects.
func structures(m *lmm.Model, opt Options) *Figure {
	f := &Figure{title: "Structures of the correlation"}
	q, err := newRepeated(m, opt)
	if err != nil {
		f.err = err
		return f
	}
	fixed := *m.Frame().Formula
	fixed.Random = nil
	src := fixed.Expanded()
	time := q.time
	if time == "" || q.byOrder {
		time = "1"
	}
	named := map[string]string{structureName(m): "as fitted"}
	for name, label := range opt.Labels {
		named[name] = label
	}
	opt.Labels = named
	title := func(re *lmm.Model, short string) { // the caption names subject and time
		if name := structureName(re); named[name] == "" {
			named[name] = short
		}
	}
	models := []*lmm.Model{m}
	var refused []string
	fit := func(kind string) bool {
		base := m.Options()
		base.Residual = fmt.Sprintf("%s(%s | %s)", kind, time, q.subject)
		if r := m.Residual(); r != nil && len(m.Frame().Terms) == 0 && strings.HasPrefix(r.Structure, kind+"(") {
			return true
		}
		re, err := lmm.Fit(src, m.Frame().Table(), &base)
		if err != nil || re.NObs() != m.NObs() {
			return false
		}
		title(re, kind)
		models = append(models, re)
		return true
	}
	classes, err := q.classes()
	if err != nil {
		f.err = err
		return f
	}
	lags := classes[len(classes)-1].distance / classes[0].distance
	for _, kinds := range [][]string{{"cs"}, {"ar1", "car1"}, {"toep"}, {"un"}} {
		many := kinds[0] == "toep" && lags > maxOwnLags || kinds[0] == "un" && (len(q.labels) > maxOwnOccasions || q.byOrder)
		if many || !slices.ContainsFunc(kinds, fit) {
			refused = append(refused, kinds[0])
		}
	}
	words := ""
	if len(refused) > 0 {
		words = fmt.Sprintf(" Not fitted, with more parameters than the times and the number of %s allow: %s.", oneLine(q.subject), and(refused))
	}
	if len(models) == 1 {
		f.err = &DataError{Reason: fmt.Sprintf("no structure of the residuals over %s within %s could be fitted; name others with Options.X and Options.Group", time, q.subject)}
		return f
	}
	return correlationsByLag(f, models, words, opt)
}
