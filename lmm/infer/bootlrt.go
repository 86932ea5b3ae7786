package infer

import (
	"math"
	"math/rand/v2"

	"github.com/golmm/golmm/lmm"
)

// bootstrapStatistics draws responses from the null model, fits both models to
// each and returns the likelihood ratios, NaN where a fit failed. Replicate r
// uses PCG(seed, r).
func bootstrapStatistics(null side, alt *lmm.Model, opt LRTOptions) ([]float64, error) {
	var sim *simulator
	if null.model == nil {
		sim = newLinearSimulator(alt, null.design)
	} else {
		var err error
		if sim, err = newSimulator(null.model); err != nil {
			return nil, err
		}
	}
	out := make([]float64, opt.Bootstrap)
	each(opt.Workers, 0, len(out), func(_, r int) {
		y := make([]float64, alt.NObs())
		sim.draw(y, rand.New(rand.NewPCG(opt.Seed, uint64(r))))
		out[r] = ratio(null, alt, y)
	})
	return out, nil
}

// ratio is the likelihood ratio of the models for another response.
func ratio(null side, alt *lmm.Model, y []float64) float64 {
	big, err := alt.Refit(y)
	if err != nil || settled(big) != "" {
		return math.NaN()
	}
	small := withoutRandom(big)
	if null.model != nil {
		m, err := null.model.Refit(y)
		if err != nil || settled(m) != "" {
			return math.NaN()
		}
		small = newSide(m)
	}
	return math.Max(0, small.value-invariant(big))
}

// bootstrapStructures is bootstrapStatistics for models of which at least one has a
// structure of the residuals.
func bootstrapStructures(a, b *lmm.Model, opt LRTOptions) ([]float64, error) {
	sim, err := newSimulator(a)
	if err != nil {
		return nil, err
	}
	out := make([]float64, opt.Bootstrap)
	each(opt.Workers, 0, len(out), func(_, r int) {
		y := make([]float64, a.NObs())
		sim.draw(y, rand.New(rand.NewPCG(opt.Seed, uint64(r))))
		out[r] = math.NaN()
		small, err := a.Refit(y)
		if err != nil || settled(small) != "" {
			return
		}
		if big, err := b.Refit(y); err == nil && settled(big) == "" {
			out[r] = math.Max(0, invariant(small)-invariant(big))
		}
	})
	return out, nil
}
