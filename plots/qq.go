package plots

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
)

// ResidualsQQ draws the ordered standardised residuals of a model against the
// quantiles of the standard normal distribution, and the band in which 95 % of
// those of each rank lie when the model holds: 199 responses are simulated from
// the fit, the model is fitted to each, and the fifth smallest and largest
// residual of each rank are taken; of a generalised model with more than 1000 rows
// or several grouping factors 39 responses, and the smallest and largest. The
// simulations follow from Options.Seed alone, on any number of processors.
//
// The band is for one rank at a time: of many residuals some are outside. That of a
// generalised model is wide, since its residuals depend on the variances, which each
// fit estimates anew. A
// refit that does not give residuals is left out of the band, which the caption
// says; over 20 million simulated residuals, one million of a model with structured
// residuals, 400,000 of a generalised one, there is no band. At most one
// Options may be given. Whatever prevents the figure is in its Err.
//
// Source: Atkinson (1985), Plots, Transformations and Regression, sec. 4.2.
func ResidualsQQ(m *lmm.Model, opts ...Options) *Figure {
	f := &Figure{title: "Normal quantiles of the residuals"}
	opt, err := only(opts)
	if err != nil {
		f.err = err
		return f
	}
	r := ordered(m.Residuals(lmm.StandardisedResidual))
	if len(r) < 2 {
		f.err = &DataError{Reason: "the model has no standardised residuals: sigma is not identified, or their standard errors cannot be computed"}
		return f
	}
	q := normalScores(len(r))
	n := simulationsOf(m, Options{})
	lo, hi, refits := envelope(m, len(r), n, opt.Seed)
	px, py, thin := thinned(q, r)
	describeQQ(f, m, r, lo, hi, refits, n, opt.Seed, thin)

	p := newPlot()
	p.X.Label.Text, p.Y.Label.Text = "normal quantile", "standardised residual"
	p.Add(level())
	if lo != nil {
		p.Add(ranked(q, lo, hi))
	}
	dashed := lineStyle(Muted, zeroWidth)
	dashed.Dashes = []vg.Length{4, 2}
	p.Add(line2([]float64{q[0], q[len(q)-1]}, []float64{q[0], q[len(q)-1]}, dashed), scatter{px, py, Accent})
	span(&p.X, q)
	span(&p.Y, r, lo, hi, q)
	f.layOutGrid(facets{plots: []*plot.Plot{p}}, opt)
	return f
}

// ordered are the drawable values, smallest first.
func ordered(v []float64) []float64 {
	out := make([]float64, 0, len(v))
	for _, x := range v {
		if drawable(x) {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return out
}

// normalScores are the normal quantiles of (i - 1/2) / n.
func normalScores(n int) []float64 {
	q := make([]float64, n)
	for i := range q {
		q[i] = distuv.UnitNormal.Quantile((float64(i) + 0.5) / float64(n))
	}
	return q
}

// envelope is, for each rank of n residuals, the band of those of refits to so many
// simulated responses, and the number of refits behind it; nil where there are too
// many residuals or too few refits.
func envelope(m *lmm.Model, n, simulations int, seed uint64) (lo, hi []float64, refits int) {
	return refittedBand(m, simulations, seed, func(re *lmm.Model) []float64 {
		if r := ordered(re.Residuals(lmm.StandardisedResidual)); len(r) == n {
			return r
		}
		return nil
	})
}

// describeQQ writes the figure's words.
func describeQQ(f *Figure, m *lmm.Model, r, lo, hi []float64, refits, asked int, seed uint64, thin string) {
	var s strings.Builder
	fmt.Fprintf(&s, "%d ordered %s against normal quantiles.", len(r), standardised(m))
	switch {
	case lo != nil:
		outside := 0
		for i, v := range r {
			if v < lo[i] || v > hi[i] {
				outside++
			}
		}
		fmt.Fprintf(&s, " Band: 95 %% of those of each rank in %d fits to data simulated from the model (seed %d); %d are outside.", refits, seed, outside)
		if refits < asked {
			fmt.Fprintf(&s, " %d fits gave no residuals.", asked-refits)
		}
	case refits > 0:
		fmt.Fprintf(&s, " No band: only %d of %d simulated fits gave residuals.", refits, asked)
	default:
		s.WriteString(" No band: there are too many residuals to simulate.")
	}
	fmt.Fprintf(&s, "%s Model: %s.", thin, described(m))
	f.caption, f.desc = s.String(), s.String()
	cells := [][]string{{"rank", "residual", "2.5 %", "97.5 %"}}
	for _, i := range ends(len(r)) {
		low, high := "-", "-"
		if lo != nil {
			low, high = number(lo[i], 2), number(hi[i], 2)
		}
		cells = append(cells, []string{fmt.Sprint(i + 1), number(r[i], 2), low, high})
	}
	f.twin = f.caption + "\n\n" + align(cells)
}

// ends are the first three, the middle and the last three of n indices.
func ends(n int) []int {
	if n <= 7 {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	return []int{0, 1, 2, n / 2, n - 3, n - 2, n - 1}
}

// ranked is a band over ranks, of many of them those that are apart on the page.
func ranked(q, lo, hi []float64) band {
	const steps = 300
	n := len(q)
	if n <= steps {
		return band{q, lo, hi}
	}
	var b band
	for i, x := range q {
		if i == 0 || i == n-1 || x-b.x[len(b.x)-1] >= (q[n-1]-q[0])/steps {
			b.x, b.lo, b.hi = append(b.x, x), append(b.lo, lo[i]), append(b.hi, hi[i])
		}
	}
	return b
}

// band is a plotter: the area between two curves.
type band struct{ x, lo, hi []float64 }

// Plot fills the area.
func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	tx, ty := p.Transforms(&c)
	var outline []vg.Point
	for i := range b.x {
		outline = append(outline, vg.Point{X: tx(b.x[i]), Y: ty(b.hi[i])})
	}
	for i := len(b.x) - 1; i >= 0; i-- {
		outline = append(outline, vg.Point{X: tx(b.x[i]), Y: ty(b.lo[i])})
	}
	c.FillPolygon(Accent.Fade(0.15), c.ClipPolygonXY(outline))
}
