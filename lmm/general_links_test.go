package lmm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/table"
)

// Links under which a linear predictor can give an impossible mean find a start,
// and the slope that the data were drawn with: least squares alone begin outside in
// many of the gamma samples.
func TestLinksWithALimit(t *testing.T) {
	for _, c := range []struct {
		family, link         string
		intercept, slope, sd float64
		formula              string
	}{
		{"poisson", "identity", 5, 1, 0.5, "y ~ x + (1 | g)"},
		{"poisson", "sqrt", 1, 0.9, 0.3, "y ~ x + (1 | g)"},
		{"gamma", "identity", 5, 4.5, 0.2, "y ~ x + z + (1 | g)"},
		{"gamma", "identity", 5, 4.5, 0.5, "y ~ x + z + (1 | g)"},
		{"gamma", "inverse", 1, 0.9, 0.1, "y ~ x + (1 | g)"},
		{"gamma", "inverse", 1, 0.9, 0.1, "y ~ x + z + (1 | g) + (1 | h)"},
	} {
		fam, err := family.New(c.family, c.link)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(6) {
			rng := rand.New(rand.NewPCG(seed, 77))
			effect := make([]float64, 12)
			for j := range effect {
				effect[j] = c.sd * rng.NormFloat64()
			}
			var y, x, z []float64
			var g, h []string
			for i := range 144 {
				v := 2*rng.Float64() - 1
				mu := fam.Mean(math.Max(0.01, c.intercept+c.slope*v+effect[i%12]))
				y, x, z = append(y, fam.Simulate(rng, mu, 1, 3)), append(x, v), append(z, rng.NormFloat64())
				g, h = append(g, fmt.Sprint("g", i%12)), append(h, fmt.Sprint("h", i/12))
			}
			tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("g", g), table.NewTexts("h", h))
			if err != nil {
				t.Fatal(err)
			}
			m, err := lmm.Fit(c.formula, tab, &lmm.Options{Family: c.family, Link: c.link})
			if err != nil {
				t.Fatal(err)
			}
			slope := m.FixedEffects()[1]
			if m.Verdict().Convergence != certify.Converged || !(math.Abs(slope.Estimate-c.slope) < 4*slope.SE) {
				t.Errorf("%s %s %s, sample %d: %v, slope %.3g with the error %.2g, drawn with %g", c.family, c.link, c.formula, seed, m.Verdict().Convergence, slope.Estimate, slope.SE, c.slope)
			}
		}
	}
}
