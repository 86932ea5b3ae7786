package family

import (
	"math/rand/v2"
	"testing"
)

// The log-likelihood of 1000 rows and its derivatives, by the link.
func BenchmarkKernels(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	const n = 1000
	y, eta := make([]float64, n), make([]float64, n)
	for i := range y {
		y[i], eta[i] = float64(rng.IntN(2)), 2*rng.NormFloat64()
	}
	l, d1, d2, d3 := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for _, name := range [][2]string{{"binomial", "logit"}, {"binomial", "probit"}, {"binomial", "cloglog"}, {"poisson", "log"}} {
		fam, err := New(name[0], name[1])
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name[0]+" "+name[1], func(b *testing.B) {
			for b.Loop() {
				fam.Kernels(y, eta, 1, l, d1, d2, d3)
			}
		})
	}
}
