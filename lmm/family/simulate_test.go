package family_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/family"
)

// The mean and the variance of simulated responses, within 5 standard errors, of
// the variance by its own fourth moment; and the same numbers from the same seed.
func TestSimulatedMoments(t *testing.T) {
	each(t, func(t *testing.T, f *family.Family) {
		for _, shape := range []float64{0.7, 8} {
			for _, mu := range []float64{0.3, 0.9} {
				for _, w := range []float64{1, 12, 90} {
					draw := func() []float64 {
						rng := rand.New(rand.NewPCG(7, 1))
						out := make([]float64, 5000)
						for i := range out {
							out[i] = f.Simulate(rng, mu, w, shape)
						}
						return out
					}
					ys := draw()
					if fmt.Sprint(ys) != fmt.Sprint(draw()) {
						t.Fatal("the same seed gives other numbers")
					}
					if err := f.Check(ys, nil); err != nil && f.Name() != "gamma" {
						t.Fatal(err)
					}
					n := float64(len(ys))
					var m, s2, s4 float64
					for _, y := range ys {
						m += y / n
						s2 += (y - mu) * (y - mu) / n
						s4 += math.Pow(y-mu, 4) / n
					}
					v := f.Variance(mu, shape)
					if f.Name() == "binomial" {
						v /= w
					}
					at := fmt.Sprintf("mu %g, w %g, shape %g", mu, w, shape)
					if math.Abs(m-mu) > 5*math.Sqrt(v/n) {
						t.Errorf("%s: mean %g", at, m)
					}
					if math.Abs(s2-v) > 5*math.Sqrt((s4-s2*s2)/n) {
						t.Errorf("%s: variance %g, want %g", at, s2, v)
					}
				}
			}
		}
	})
}

func TestSimulationOfAnImpossibleMean(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, mu := range map[string]float64{"binomial": 1.2, "poisson": -1, "negbinomial": math.NaN(), "gamma": 0} {
		f, _ := family.New(name, "")
		if y := f.Simulate(rng, mu, 1, 1); !math.IsNaN(y) {
			t.Errorf("%s of mean %g: %g", name, mu, y)
		}
		if p := f.CDF(1, -1, 1, 1); !math.IsNaN(p) {
			t.Errorf("%s: CDF %g", name, p)
		}
	}
	p, _ := family.New("poisson", "")
	if y := p.Simulate(rng, 1e200, 1, 0); y != 1e200 {
		t.Errorf("a mean of 1e200: %g", y)
	}
}
