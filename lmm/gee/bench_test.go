package gee

import (
	"math"
	"math/rand/v2"
	"testing"
)

func BenchmarkGEE(b *testing.B) {
	for _, c := range []struct {
		family, correlation string
		subjects            int
	}{{"binomial", "exchangeable", 1000}, {"binomial", "exchangeable", 20000}, {"gaussian", "ar1", 1000}, {"poisson", "unstructured", 10000}} {
		const n = 100_000
		rng := rand.New(rand.NewPCG(1, 1))
		var id, x, z, y []float64
		m := n / c.subjects
		for s := range c.subjects {
			u := 0.3 * rng.NormFloat64()
			for range m {
				v, w := rng.NormFloat64(), rng.NormFloat64()
				eta := 0.3*v - 0.2*w + u
				id, x, z = append(id, float64(s)), append(x, v), append(z, w)
				switch c.family {
				case "binomial":
					k := 0.0
					if rng.Float64() < 1/(1+math.Exp(-eta)) {
						k = 1
					}
					y = append(y, k)
				case "poisson":
					y = append(y, math.Floor(rng.ExpFloat64()*math.Exp(eta)))
				default:
					y = append(y, eta+rng.NormFloat64())
				}
			}
		}
		tab := columns(b, "id x z y", id, x, z, y)
		b.Run(c.family+"/"+c.correlation, func(b *testing.B) {
			for b.Loop() {
				if r := fit(b, "y ~ x + z", tab, Options{Subject: "id", Family: c.family, Correlation: c.correlation}); !r.Converged {
					b.Fatal("not converged")
				}
			}
		})
	}
}
