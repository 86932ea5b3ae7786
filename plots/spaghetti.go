package plots

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm"
)

// Spaghetti draws the responses of each level of a grouping factor over a
// covariate, joined to a line, and beside it, on the same scale, the fitted
// values of the model: what varies between the levels, and how much of it the
// model keeps. The thick line of the right panel is the population, the mean at
// each value of the covariate of the predictions without random effects.
//
// x is a column of numbers of the table; "" is the first covariate that varies
// within the levels. Options.Group chooses the grouping
// factor, the first by default; Options.Units the units of the covariate and
// the response, by name. Of over 400 levels some are drawn, of long lines some
// points; the caption says so. At most one Options may be given. Whatever prevents
// the figure is in its Err.
//
// Source: Fitzmaurice, Laird and Ware (2011), Applied Longitudinal Analysis,
// sec. 3.2.
func Spaghetti(m *lmm.Model, x string, opts ...Options) *Figure {
	f := &Figure{title: "Responses and fits"}
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
	opt.X = x
	if x, err = covariateOf(m, term, opt); err != nil {
		f.err = err
		return f
	}
	xs, err := columnValues(m, x)
	if err != nil {
		f.err = err
		return f
	}
	pop, err := m.Predict(nil, &lmm.PredictOptions{Population: true, MeanOnly: true})
	if err != nil {
		f.err = err
		return f
	}
	d := m.Frame()
	f.title = "Responses and fits by " + oneLine(term.Group)
	n := len(term.Levels)
	words := sampled(maxLines, n, "levels", "mean response")
	if most := pointsOf(min(n, maxLines)); len(d.Y) > n*most {
		words += fmt.Sprintf(" A line has at most %d points.", most)
	}
	f.caption = fmt.Sprintf("%s over %s: one line for each of %d levels of %s. Left: responses; right: fitted values, thick: the population.%s Model: %s.",
		oneLine(m.ResponseName()), oneLine(x), n, oneLine(term.Group), words, described(m))
	f.desc = f.caption
	px, py := meansOver(xs, pop.Mean)
	f.twin = f.caption + "\n\n" + curveTable(oneLine(x), "population", px, py, py)

	fits := m.Fitted()
	lines := linesOf(rowsByLevel(term.Level, len(term.Levels), xs), d.Y)
	panels := make([]*plot.Plot, 2)
	for i, v := range [][]float64{d.Y, fits} {
		p := newPlot()
		p.Title.Text = [2]string{"data", "fits"}[i]
		p.X.Label.Text, p.Y.Label.Text = opt.withUnit(x), opt.withUnit(m.ResponseName())
		p.Add(level())
		opacity := 0.6
		switch n := len(lines); {
		case n > 200:
			opacity = 0.12
		case n > 40:
			opacity = 0.25
		}
		thin := lineStyle(Muted, 0.6)
		thin.Color = Muted.Fade(opacity)
		for _, rows := range lines {
			lx, ly := make([]float64, len(rows)), make([]float64, len(rows))
			for k, r := range rows {
				lx[k], ly[k] = xs[r], v[r]
			}
			p.Add(line2(lx, ly, thin))
		}
		if i == 1 {
			p.Add(line2(px, py, lineStyle(Accent, 2)))
		}
		span(&p.X, xs)
		span(&p.Y, d.Y, fits)
		panels[i] = p
	}
	f.layOutGrid(facets{plots: panels, sharedY: true}, opt)
	return f
}

// linesOf are the lines that are drawn: of many levels some, evenly spaced by
// their mean response, of long ones some points.
func linesOf(rows [][]int, y []float64) [][]int {
	if len(rows) > maxLines {
		mean := make([]float64, len(rows))
		for j, r := range rows {
			for _, i := range r {
				mean[j] += y[i] / float64(len(r))
			}
		}
		order := make([]int, len(rows))
		for j := range order {
			order[j] = j
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(mean[a], mean[b]) })
		rows = permuted(permuted(rows, order), spaced(len(rows), maxLines))
	}
	most := pointsOf(len(rows))
	out := make([][]int, len(rows))
	for j, r := range rows {
		out[j] = permuted(r, spaced(len(r), most))
	}
	return out
}

// pointsOf is the number of points of a line among n.
func pointsOf(n int) int { return max(2, maxVertex/max(1, n)) }

// rowsByLevel are the rows of each level by increasing x.
func rowsByLevel(level []int32, levels int, x []float64) [][]int {
	rows := make([][]int, levels)
	for i, l := range level {
		rows[l] = append(rows[l], i)
	}
	for _, r := range rows {
		slices.SortStableFunc(r, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	}
	return rows
}

// meansOver is the mean of y at each distinct x, by increasing x.
func meansOver(x, y []float64) (mx, my []float64) {
	sum, n := make(map[float64]float64), make(map[float64]float64)
	for i, v := range x {
		if !drawable(v) || !drawable(y[i]) {
			continue
		}
		if n[v] == 0 {
			mx = append(mx, v)
		}
		sum[v] += y[i]
		n[v]++
	}
	slices.Sort(mx)
	for _, v := range mx {
		my = append(my, sum[v]/n[v])
	}
	return mx, my
}
