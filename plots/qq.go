package plots

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/golmm/golmm/lmm"
)

// envelopes is the number of simulated data sets behind an envelope: the 2.5 %
// and 97.5 % quantiles are the fifth smallest and largest of each rank.
const envelopes = 199

// maxEnvelope is the number of simulated residuals over which there is no
// envelope: it would take minutes and gigabytes.
const maxEnvelope = 20_000_000

// envelopeLimit is maxEnvelope, less for models whose fit takes a pass over the
// rows at every step.
func envelopeLimit(m any) int {
	if s, ok := m.(interface{ Residual() *lmm.Residual }); ok && s.Residual() != nil || familyOf(m) != nil {
		return maxEnvelope / 20
	}
	return maxEnvelope
}

// ResidualsQQ draws the ordered standardised residuals of a model against the
// quantiles of the standard normal distribution, and the band in which 95 % of
// those of each rank lie when the model holds: 199 responses are simulated from
// the fit, the model is fitted to each, and the fifth smallest and largest
// residual of each rank are taken. The simulations follow from Options.Seed
// alone, on any number of processors.
//
// The band is for one rank at a time: of many residuals some are outside. A
// refit that does not give residuals is left out of the band, which the caption
// says; over 20 million simulated residuals there is no band. At most one
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
	lo, hi, refits := envelope(m, len(r), opt.Seed)
	px, py, thin := thinned(q, r)
	describeQQ(f, m, r, lo, hi, refits, opt.Seed, thin)

	p := newPlot()
	p.X.Label.Text, p.Y.Label.Text = "normal quantile", "standardised residual"
	p.Add(level())
	if lo != nil {
		p.Add(band{q, lo, hi})
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

// envelope is, for each rank of n residuals, the band of those of refits to
// simulated responses, and the number of refits behind it; nil where there are
// too many residuals or too few refits.
func envelope(m *lmm.Model, n int, seed uint64) (lo, hi []float64, refits int) {
	if n*envelopes > envelopeLimit(m) {
		return nil, nil, 0
	}
	ys := m.Simulate(envelopes, seed)
	sets := make([][]float64, len(ys)) // by replicate: the order of workers is no matter
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(ys)) {
		wg.Go(func() {
			for i := range next {
				if re, err := m.Refit(ys[i]); err == nil {
					sets[i] = ordered(re.Residuals(lmm.StandardisedResidual))
				}
			}
		})
	}
	for i := range ys {
		next <- i
	}
	close(next)
	wg.Wait()

	sets = slices.DeleteFunc(sets, func(s []float64) bool { return len(s) != n })
	tail := int(math.Round(0.025 * float64(len(sets)+1)))
	if tail < 1 {
		return nil, nil, len(sets)
	}
	at := make([]float64, len(sets))
	for i := range n {
		for k, s := range sets {
			at[k] = s[i]
		}
		slices.Sort(at)
		lo, hi = append(lo, at[tail-1]), append(hi, at[len(at)-tail])
	}
	return lo, hi, len(sets)
}

// describeQQ writes the figure's words.
func describeQQ(f *Figure, m *lmm.Model, r, lo, hi []float64, refits int, seed uint64, thin string) {
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
		if refits < envelopes {
			fmt.Fprintf(&s, " %d fits gave no residuals.", envelopes-refits)
		}
	case refits > 0 || len(r)*envelopes <= maxEnvelope:
		fmt.Fprintf(&s, " No band: only %d of %d simulated fits gave residuals.", refits, envelopes)
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
