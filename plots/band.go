package plots

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// envelopes is the number of simulated data sets behind a band: the 2.5 % and
// 97.5 % quantiles are the fifth smallest and largest of each value.
const envelopes = 199

// maxEnvelope is the number of simulated residuals over which there is no band: it
// would take minutes and gigabytes.
const maxEnvelope = 20_000_000

// envelopeLimit is maxEnvelope, less for models whose fit takes a pass over the
// rows at every step.
func envelopeLimit(m *lmm.Model) int {
	if m.Residual() != nil || m.Family() != nil {
		return maxEnvelope / 20
	}
	return maxEnvelope
}

// slowRows is the number of rows over which a generalised model is slow.
const slowRows = 2000

// slow says that some hundred fits of a model take too long for a figure: that of a
// generalised model with many rows, or with several grouping factors, whose modes
// are not found level by level.
func slow(m *lmm.Model) bool {
	if m.Family() == nil {
		return false
	}
	terms := m.Frame().Terms
	several := slices.ContainsFunc(terms, func(t design.Term) bool { return t.Group != terms[0].Group })
	return several || m.NObs() > slowRows
}

// refittedBand is, for each value of a statistic, the range that holds 95 % of
// those of refits to n simulated responses, and the number of refits behind it;
// nil for fewer than 39, for too many rows, and for a slow model.
func refittedBand(m *lmm.Model, n int, seed uint64, statistic func(*lmm.Model) []float64) (lo, hi []float64, refits int) {
	if n < 1 || n*m.NObs() > envelopeLimit(m) || slow(m) {
		return nil, nil, 0
	}
	ys := m.Simulate(n, seed)
	return simulatedBand(n, func(i int) []float64 {
		re, err := m.Refit(ys[i])
		if err != nil {
			return nil
		}
		return statistic(re)
	})
}

// residualBand is the range that holds 95 % of the ordered Pearson residuals of
// each rank in n responses drawn around the fitted means of a generalised model,
// the model kept as it is. They have variance 1, as standardised ones have.
func residualBand(m *lmm.Model, n int, seed uint64) (lo, hi []float64, sets int) {
	f, shape, mean := m.Family(), 1.0, m.Fitted()
	if n < 1 || n*len(mean) > maxEnvelope {
		return nil, nil, 0
	}
	if f.HasShape() {
		shape = m.Shape()
	}
	return simulatedBand(n, func(i int) []float64 {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		r := make([]float64, len(mean))
		for k, mu := range mean {
			w := m.RowWeight(k)
			r[k] = (f.Simulate(rng, mu, w, shape) - mu) / math.Sqrt(f.Variance(mu, shape)/w)
		}
		return ofLength(ordered(r), len(mean))
	})
}

// ofLength is v if it has n values, else nil.
func ofLength(v []float64, n int) []float64 {
	if len(v) != n {
		return nil
	}
	return v
}

// simulatedBand is the range that holds 95 % of each value of n simulated
// statistics and the number of these, nil for fewer than 39. A statistic that is
// nil is left out; they are computed on all processors, and the band does not
// depend on their order.
func simulatedBand(n int, statistic func(i int) []float64) (lo, hi []float64, simulated int) {
	sets := make([][]float64, n)
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := range next {
				sets[i] = statistic(i)
			}
		})
	}
	for i := range sets {
		next <- i
	}
	close(next)
	wg.Wait()
	sets = slices.DeleteFunc(sets, func(s []float64) bool { return s == nil })
	tail := int(math.Round(0.025 * float64(len(sets)+1)))
	if tail < 1 {
		return nil, nil, len(sets)
	}
	at := make([]float64, len(sets))
	for i := range sets[0] {
		for k, s := range sets {
			at[k] = s[i]
		}
		slices.Sort(at)
		lo, hi = append(lo, at[tail-1]), append(hi, at[len(at)-tail])
	}
	return lo, hi, len(sets)
}
