package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// SimulatedResiduals draws the simulated residuals of a model, for each row the
// share of simulated responses below the response: on the left, in order,
// against the quantiles of the uniform distribution that they have if the model
// holds, with the band of the Kolmogorov-Smirnov test at 5 %; on the right over
// the ranks of the predictions for the population, with their running quartiles,
// which should lie on the dotted lines:
//
//	s, err := infer.ScaledResiduals(m, nil)
//	fig := plots.SimulatedResiduals(m, s)
//
// A running quartile is that of the fifth of the rows around it. Over 5000
// points those that share a cell of a fine lattice are drawn once. At most one
// Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Dunn and Smyth (1996), J. Comp. Graph. Stat. 5, 236-244; Hartig
// (2022), DHARMa.
func SimulatedResiduals(m *lmm.Model, s *infer.Scaled, opts ...Options) *Figure {
	f := &Figure{title: "Simulated residuals"}
	opt, err := only(opts)
	switch {
	case err != nil:
	case s == nil:
		err = &DataError{Reason: "there are no simulated residuals to draw: they are nil; was the error of infer.ScaledResiduals looked at?"}
	case len(s.Residuals) != m.NObs():
		err = &DataError{Reason: fmt.Sprintf("the model has %d rows and there are %d simulated residuals", m.NObs(), len(s.Residuals))}
	case len(s.Residuals) < 2:
		err = &DataError{Reason: "there are fewer than two simulated residuals"}
	}
	if err != nil {
		f.err = err
		return f
	}
	mean, err := m.Predict(nil, &lmm.PredictOptions{Population: true, MeanOnly: true})
	if err != nil {
		f.err = err
		return f
	}
	r := ordered(s.Residuals)
	n := len(r)
	q := make([]float64, n)
	for i := range q {
		q[i] = (float64(i) + 0.5) / float64(n)
	}
	band95 := kolmogorov95 / math.Sqrt(float64(n))
	qx, qy, thin := thinned(q, r)

	left := newPlot()
	left.Title.Text = "uniform quantiles"
	left.X.Label.Text, left.Y.Label.Text = "expected", "simulated residual"
	low, high := make([]float64, 2), make([]float64, 2)
	for i, v := range []float64{0, 1} {
		low[i], high[i] = v-band95, v+band95
	}
	diagonal := dotted()
	left.Add(level(), band{[]float64{0, 1}, low, high}, line2([]float64{0, 1}, []float64{0, 1}, diagonal), scatter{qx, qy, Accent})
	left.X.Min, left.X.Max, left.Y.Min, left.Y.Max = -0.02, 1.02, -0.02, 1.02

	right := newPlot()
	right.Title.Text = "by prediction"
	right.X.Label.Text, right.Y.Label.Text = "rank of the prediction, share", "simulated residual"
	ranks := sharesOfRanks(mean.Mean)
	px, py, _ := thinned(ranks, s.Residuals)
	right.Add(level(), backdrop{px, py})
	cx, quartiles := runningQuartiles(ranks, s.Residuals)
	for k, v := range []float64{0.25, 0.5, 0.75} {
		right.Add(across{y: v, line: dotted()}, line2(cx, quartiles[k], lineStyle(Series2, 2)))
	}
	right.X.Min, right.X.Max, right.Y.Min, right.Y.Max = -0.02, 1.02, -0.02, 1.02

	var w strings.Builder
	fmt.Fprintf(&w, "Share of %d simulated responses below each response (seed %d). Left: in order against uniform quantiles, with the 95 %% band of the Kolmogorov-Smirnov distance for independent rows. Right: by rank of the prediction for the population, with running quartiles. p by simulation: uniform %s, dispersion %s, outliers %s.%s Model: %s.",
		s.Simulations, s.Seed, pValue(s.Uniformity.P), pValue(s.Dispersion.P), pValue(s.Outliers.P), thin, described(m))
	f.caption, f.desc = w.String(), w.String()
	cells := [][]string{{"test", "statistic", "p"}}
	for _, t := range []struct {
		name string
		infer.SimulationTest
	}{{"uniform (distance)", s.Uniformity}, {"dispersion (ratio)", s.Dispersion}, {"outliers (rows)", s.Outliers}} {
		cells = append(cells, []string{t.name, number(t.Statistic, 3), pValue(t.P)})
	}
	f.twin = f.caption + "\n\n" + align(cells)
	f.layOutGrid(facets{plots: []*plot.Plot{left, right}, sharedY: true}, opt)
	return f
}

// kolmogorov95 is the 0.95 quantile of the Kolmogorov distribution.
const kolmogorov95 = 1.3580986393225505

// sharesOfRanks are the ranks of values over their number; equal values share
// their mean rank.
func sharesOfRanks(v []float64) []float64 {
	at := make([]int, len(v))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int {
		switch {
		case v[a] < v[b]:
			return -1
		case v[a] > v[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(v))
	for i := 0; i < len(at); {
		j := i
		for j < len(at) && v[at[j]] == v[at[i]] {
			j++
		}
		for _, k := range at[i:j] {
			out[k] = (float64(i+j) / 2) / float64(len(v))
		}
		i = j
	}
	return out
}

// runningQuartiles are the quartiles of y among the fifth of the points that are
// nearest in x, no fewer than 20, at up to 60 places; nil for fewer points.
func runningQuartiles(x, y []float64) (at []float64, quartiles [3][]float64) {
	const least, places = 20, 60
	type point struct{ x, y float64 }
	var ps []point
	for i := range x {
		if drawable(x[i]) && drawable(y[i]) {
			ps = append(ps, point{x[i], y[i]})
		}
	}
	slices.SortStableFunc(ps, func(a, b point) int {
		switch {
		case a.x < b.x:
			return -1
		case a.x > b.x:
			return 1
		}
		return 0
	})
	k := max(least, len(ps)/5)
	if len(ps) < k {
		return nil, quartiles
	}
	steps := min(places, len(ps)-k+1)
	for s := range steps {
		first := 0
		if steps > 1 {
			first = s * (len(ps) - k) / (steps - 1)
		}
		values := make([]float64, 0, k)
		mean := 0.0
		for _, p := range ps[first : first+k] {
			values = append(values, p.y)
			mean += p.x / float64(k)
		}
		slices.Sort(values)
		at = append(at, mean)
		for q, share := range [3]float64{0.25, 0.5, 0.75} {
			quartiles[q] = append(quartiles[q], quantile(values, share))
		}
	}
	return at, quartiles
}
