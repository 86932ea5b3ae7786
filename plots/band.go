package plots

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// envelopes is the number of simulated data sets behind a band: the 2.5 % and
// 97.5 % quantiles are the fifth smallest and largest of each value. Of a slow
// model there are fewer: the quantiles are the smallest and the largest.
const (
	envelopes    = 199
	fewEnvelopes = 39
)

// simulationsOf is the number of simulated data sets behind a band if the options
// name none.
func simulationsOf(m *lmm.Model, opt Options) int {
	switch {
	case opt.Replicates > 0:
		return opt.Replicates
	case slow(m):
		return fewEnvelopes
	}
	return envelopes
}

// maxEnvelope is the number of simulated residuals over which there is no band: it
// would take minutes and gigabytes.
const maxEnvelope = 20_000_000

// envelopeLimit is maxEnvelope, less for models whose fit takes a pass over the
// rows at every step, or several.
func envelopeLimit(m *lmm.Model) int {
	switch {
	case m.Family() != nil:
		return maxEnvelope / 50
	case m.Residual() != nil:
		return maxEnvelope / 20
	}
	return maxEnvelope
}

// slowRows is the number of rows over which a generalised model is slow.
const slowRows = 1000

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
// nil for fewer than 39 and for too many rows. A statistic that is nil is left out.
func refittedBand(m *lmm.Model, n int, seed uint64, statistic func(*lmm.Model) []float64) (lo, hi []float64, refits int) {
	if n < 1 || n*m.NObs() > envelopeLimit(m) {
		return nil, nil, 0
	}
	ys := m.Simulate(n, seed)
	sets := make([][]float64, n)
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := range next {
				if re, err := m.Refit(ys[i]); err == nil {
					sets[i] = statistic(re) // in its place: the order of workers is no matter
				}
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
