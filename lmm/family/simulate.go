package family

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Simulate draws a response of a mean: for binomial the proportion of successes
// in w trials, rounded to a whole number of them; the weights of other families
// are case weights and have no part in it. NaN where the distribution cannot
// have the mean.
func (f *Family) Simulate(rng *rand.Rand, mu, w, shape float64) float64 {
	if mu == 0 && f.dist != gamma {
		return 0
	}
	if !f.possible(mu) {
		return math.NaN()
	}
	switch f.dist {
	case binomial:
		return simulateBinomial(rng, mu, math.Round(w))
	case gamma:
		return mu * simulateGamma(rng, shape)
	case negbinomial:
		if !math.IsInf(shape, 1) {
			mu *= simulateGamma(rng, shape)
		}
	}
	return simulatePoisson(rng, mu)
}

// simulateGamma draws from the gamma distribution of mean 1.
func simulateGamma(rng *rand.Rand, shape float64) float64 {
	return distuv.Gamma{Alpha: shape, Beta: shape, Src: rng}.Rand()
}

// simulatePoisson leaves out what is less than the spacing of doubles.
func simulatePoisson(rng *rand.Rand, mu float64) float64 {
	switch {
	case mu == 0:
		return 0
	case mu > 0x1p53:
		return mu
	}
	return distuv.Poisson{Lambda: mu, Src: rng}.Rand()
}

func simulateBinomial(rng *rand.Rand, mu, n float64) float64 {
	if n < 1 {
		n = 1
	}
	if n > 40 {
		return distuv.Binomial{N: n, P: mu, Src: rng}.Rand() / n
	}
	var s float64
	for range int(n) {
		if rng.Float64() < mu {
			s++
		}
	}
	return s / n
}
