package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/golmm/golmm/lmm"
)

// Limits of a matrix of correlations: pairs below which a correlation of the data
// is not shown, and occasions up to which a cell has a tooltip.
const (
	leastPairs     = 3
	tippedCells    = 20
	heatmapHeight2 = 54 * vg.Millimeter
	heatmapHeight3 = 44 * vg.Millimeter
)

// Correlations draws how the rows of a subject are correlated over occasions, by
// the model and in the data: as heat maps, with the standard deviations in the
// diagonal. The first panel is the fitted correlation of the residuals, where
// they have a structure; the next that of the responses, V = Z Sigma Z' + R, where
// there are random effects too; the last what the data have: for each pair of
// occasions
//
//	r_ab = sum (z_a z_b + c_ab) / root(sum (z_a^2 + c_aa) sum (z_b^2 + c_bb))
//
// over the subjects seen at both, z the marginal residuals over their fitted sds
// and c what these lack because the fixed effects are estimated. It wants to be
// like the panel before it. A pair that fewer than 3 subjects have shows "-".
//
// Subjects and occasions are those of the structure; without one the levels of
// Options.Group, the first grouping factor by default, and the waves of Options.X.
// With more than 40 different times the occasions are the first, second ... row of
// the subject. At most one Options may be given. Whatever prevents the figure is
// in its Err.
//
// Source: Diggle, Heagerty, Liang and Zeger (2002), Analysis of Longitudinal Data,
// sec. 3.4; Verbeke and Molenberghs (2000), sec. 10.2.
func Correlations(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Correlations over time"}
	opt, err := only(opts)
	var q *repeated
	if err == nil {
		q, err = newRepeated(m, opt)
	}
	var parts []occasionMatrix
	if err == nil {
		parts, err = q.matrices()
	}
	if err != nil {
		f.err = err
		return f
	}
	describeCorrelations(f, q, parts, opt)
	labels := make([]string, len(q.labels))
	for i, l := range q.labels {
		labels[i] = opt.label(l)
	}
	g := facets{columns: len(parts), sharedY: true, xLabel: q.axis(opt), yLabel: q.axis(opt), height: heatmapHeight2}
	if len(parts) == 3 {
		g.height = heatmapHeight3
	}
	var maps []heatmap
	for _, x := range parts {
		p := newPlot()
		p.Title.Text = x.name
		h := heatmap{corr: x.corr, cells: x.written(labels)}
		h.frame(p, labels, g.height)
		p.Add(h)
		g.plots, maps = append(g.plots, p), append(maps, h)
	}
	bare := *f
	f.layOutGrid(g, opt)
	for i, h := range maps {
		if !h.numbered(f.panels[i].area) { // shades alone need a key
			*f = bare
			g.legend = h.key(hasNegative(parts))
			f.layOutGrid(g, opt)
			break
		}
	}
	return f
}

// occasionMatrix is a panel: correlations, sds, and the pairs behind them.
type occasionMatrix struct {
	name  string
	short string // in the text twin
	corr  [][]float64
	sd    []float64
	pairs [][]int
	data  bool
}

// matrices are the panels. Fitted correlations are means over the subjects that
// have both occasions.
func (q *repeated) matrices() ([]occasionMatrix, error) {
	k := len(q.labels)
	if k < 2 || k > maxWaves {
		return nil, &DataError{Reason: fmt.Sprintf("a subject has up to %d rows; correlations are drawn over 2 to %d occasions. Variogram takes any number", k, maxWaves)}
	}
	var parts []occasionMatrix
	add := func(name, short string, product func(i, j int) float64, variance func(i int) float64, data bool) {
		parts = append(parts, q.matrix(name, short, product, variance, data))
	}
	structured := q.m.Residual() != nil
	random := len(q.m.Frame().Terms) > 0
	if structured {
		add("residuals, fitted", "residuals", func(i, j int) float64 { return q.fitted(i, j, true) },
			func(i int) float64 { return q.cov.Residual(i, i) }, false)
	}
	if random || !structured {
		add("responses, fitted", "responses", func(i, j int) float64 { return q.fitted(i, j, false) },
			func(i int) float64 { return q.sd[i] * q.sd[i] }, false)
	}
	add("data", "data", func(i, j int) float64 { return q.scaled(i)*q.scaled(j) + q.lost(i, j) },
		func(i int) float64 { return q.sd[i] * q.sd[i] * (q.scaled(i)*q.scaled(i) + q.lost(i, i)) }, true)
	for _, row := range parts[0].pairs {
		for _, n := range row {
			if n >= leastPairs {
				return parts, nil
			}
		}
	}
	return nil, &DataError{Reason: fmt.Sprintf("no two occasions of %s have rows of %d subjects, so that there is no correlation to draw", q.axis(Options{}), leastPairs)}
}

// matrix sums products over the pairs of rows of each subject.
func (q *repeated) matrix(name, short string, product func(i, j int) float64, variance func(i int) float64, data bool) occasionMatrix {
	k := len(q.labels)
	x := occasionMatrix{name: name, short: short, sd: make([]float64, k), data: data}
	var a2 [][]float64 // the squares of the first of a pair
	for range k {
		x.corr, x.pairs, a2 = append(x.corr, make([]float64, k)), append(x.pairs, make([]int, k)), append(a2, make([]float64, k))
	}
	count := make([]float64, k)
	for _, rows := range q.rows {
		for n, i := range rows {
			a := q.at[i]
			x.sd[a] += variance(i)
			count[a]++
			for _, j := range rows[:n] {
				b := q.at[j]
				if a == b {
					continue
				}
				v, vi, vj := product(i, j), product(i, i), product(j, j)
				x.corr[a][b] += v
				x.corr[b][a] += v
				a2[a][b] += vi
				a2[b][a] += vj
				x.pairs[a][b]++
				x.pairs[b][a]++
			}
		}
	}
	for a := range k {
		x.sd[a] = math.Sqrt(x.sd[a] / count[a])
		for b := range k {
			if x.corr[a][b] /= math.Sqrt(a2[a][b] * a2[b][a]); x.pairs[a][b] == 0 || data && x.pairs[a][b] < leastPairs {
				x.corr[a][b] = math.NaN()
			}
		}
		for b := range a { // division does not commute to the last bit
			x.corr[b][a] = x.corr[a][b]
		}
		x.corr[a][a] = 1
	}
	return x
}

// hasNegative says that one of the correlations is negative.
func hasNegative(parts []occasionMatrix) bool {
	return slices.ContainsFunc(parts, func(x occasionMatrix) bool {
		return slices.ContainsFunc(x.corr, func(row []float64) bool {
			return slices.ContainsFunc(row, func(r float64) bool { return r < 0 })
		})
	})
}

// written is what stands in the cells.
func (x *occasionMatrix) written(labels []string) [][]cell {
	k := len(labels)
	d := decimalsOfSD(x.sd)
	out := make([][]cell, k)
	for a := range k {
		out[a] = make([]cell, k)
		for b := range k {
			c := &out[a][b]
			value := typeset(number(x.corr[a][b], 2))
			if a == b {
				value = typeset(number(x.sd[a], d))
				if x.sd[a] >= 1e5 {
					value = typeset(fmt.Sprintf("%.2g", x.sd[a]))
				}
			}
			c.number = value
			if x.data && a != b {
				c.below = fmt.Sprint(x.pairs[a][b])
			}
			switch {
			case k > tippedCells:
			case a == b:
				c.tip = fmt.Sprintf("%s, sd at %s: %s", x.name, labels[a], value)
			default:
				c.tip = fmt.Sprintf("%s, %s and %s: %s, %d pairs", x.name, labels[a], labels[b], value, x.pairs[a][b])
			}
		}
	}
	return out
}

// decimalsOfSD shows the smallest sd with three digits.
func decimalsOfSD(sd []float64) int {
	bars := make([]bar, len(sd))
	for i, v := range sd {
		bars[i] = bar{v, z95 * v}
	}
	return decimals(bars)
}

// describeCorrelations writes the figure's words.
func describeCorrelations(f *Figure, q *repeated, parts []occasionMatrix, opt Options) {
	var s strings.Builder
	least, most := math.MaxInt, 0
	unseen := false
	for a, row := range parts[0].pairs {
		for b, n := range row {
			if a != b {
				least, most = min(least, n), max(most, n)
				unseen = unseen || n < leastPairs
			}
		}
	}
	fmt.Fprintf(&s, "Correlations of %s; diagonal: standard deviations", q.where())
	if u := opt.Units[q.m.ResponseName()]; u != "" {
		fmt.Fprintf(&s, " in %s", oneLine(u))
	}
	s.WriteString(". ")
	switch {
	case len(parts) == 3:
		s.WriteString("Left: errors of the model, middle: errors and random effects together, right: ")
	case parts[0].short == "residuals":
		s.WriteString("Left: the structure of the residuals, right: ")
	default:
		s.WriteString("Left: random effects and errors of the model, right: ")
	}
	fmt.Fprintf(&s, "the data around the fitted mean, %s each.", pairCount(least, most))
	if unseen {
		fmt.Fprintf(&s, " A pair of occasions of fewer than %d subjects has no correlation in the data.", leastPairs)
	}
	if !q.all {
		fmt.Fprintf(&s, " Of more than %d pairs of rows those of some levels are used.", maxLagPairs)
	}
	if hasNegative(parts) {
		s.WriteString(" Negative ones are brown, with a stroke where there is no number.")
	}
	fmt.Fprintf(&s, " Model: %s.", described(q.m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"pair", "pairs"}}
	for _, x := range parts {
		cells[0] = append(cells[0], x.short)
	}
	sds := [][]string{{"sd at", "rows"}}
	sds[0] = append(sds[0], cells[0][2:]...)
	rows := make([]int, len(q.labels))
	for _, subject := range q.rows {
		for _, i := range subject {
			rows[q.at[i]]++
		}
	}
	const most10 = 10 // occasions that the twin lists
	k := min(len(q.labels), most10)
	for a := range k {
		sd := []string{oneLine(q.labels[a]), fmt.Sprint(rows[a])}
		for _, x := range parts {
			sd = append(sd, significant(x.sd[a]))
		}
		sds = append(sds, sd)
		for b := range a {
			row := []string{oneLine(q.labels[b]) + ", " + oneLine(q.labels[a]), fmt.Sprint(parts[0].pairs[a][b])}
			for _, x := range parts {
				row = append(row, number(x.corr[a][b], 3))
			}
			cells = append(cells, row)
		}
	}
	f.twin = f.caption + "\n\n" + align(sds) + "\n" + align(cells)
	if n := len(q.labels); n > k {
		f.twin += fmt.Sprintf("The first %d of %d occasions.\n", k, n)
	}
}
