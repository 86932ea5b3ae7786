package diagnose

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Counts from their own model have a ratio near 1 and p values that are uniform;
// those of a mixture do not.
func TestDispersionOfCounts(t *testing.T) {
	fam := newFamily(t, "poisson", "")
	const n, sets = 200, 200
	low := 0
	for seed := range uint64(sets) {
		rng := rand.New(rand.NewPCG(seed, 1))
		mu, y := make([]float64, n), make([]float64, n)
		for i := range mu {
			mu[i] = math.Exp(0.5*rng.NormFloat64() + 1)
			y[i] = fam.Simulate(rng, mu[i], 1, 0)
		}
		s := scatter{fam: fam, y: y, mu: mu}
		if _, p := s.dispersion(199, seed); p < 0.025 {
			low++
		}
		for i := range y {
			y[i] = fam.Simulate(rng, mu[i]*math.Exp(0.8*rng.NormFloat64()-0.32), 1, 0)
		}
		if seed < 10 {
			if ratio, p := s.dispersion(199, seed); ratio < 1.1 && p > 0.05 {
				t.Errorf("seed %d: a mixture has ratio %g, p %g", seed, ratio, p)
			}
		}
	}
	// Either side has 2.5 %: 10 of 200 expected, with a standard deviation of 3.1.
	if low > 20 {
		t.Errorf("%d of %d sets of the model itself have p < 0.025", low, sets)
	}
}

func TestZerosCounted(t *testing.T) {
	draws := [][]float64{{0, 1, 2}, {1, 1, 2}, {0, 0, 2}}
	found, mean, low, high, p := zeros([]float64{0, 0, 0}, draws)
	if found != 3 || mean != 1 || low != 0 || high != 2 || p != 0.25 {
		t.Errorf("%g %g %g %g %g", found, mean, low, high, p)
	}
	// Single trials have no dispersion of their own.
	s := scatter{fam: newFamily(t, "binomial", ""), y: []float64{0, 1}, mu: []float64{0.5, 0.5}}
	if s.known() {
		t.Error("0/1 responses show no dispersion")
	}
}
