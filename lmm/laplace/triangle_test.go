package laplace

import (
	"math"
	"math/rand/v2"
	"testing"
)

// C C' = A, and the inverse times A is I, with sizes about those of a block.
func TestTriangle(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, q := range []int{1, 5, 95, 96, 97, 205} {
		b, a := make([]float64, q*q), make([]float64, q*q)
		for i := range b {
			b[i] = rng.NormFloat64()
		}
		for i := range q {
			for j := range q {
				for k := range q {
					a[i*q+j] += b[i*q+k] * b[j*q+k] / float64(q)
				}
			}
			a[i*q+i]++
		}
		tr := triangle{q: q}
		c, inv := append([]float64(nil), a...), make([]float64, q*q)
		if !tr.cholesky(c) {
			t.Fatalf("%d: not positive definite", q)
		}
		tr.inverse(inv, c)
		for i := range q {
			for j := range i + 1 {
				var v, one float64
				for k := range j + 1 {
					v += c[i*q+k] * c[j*q+k]
				}
				for k := range q {
					x := inv[max(i, k)*q+min(i, k)]
					one += x * a[k*q+j]
				}
				if i == j {
					one--
				}
				if math.Abs(v-a[i*q+j]) > 1e-12 || math.Abs(one) > 1e-12 {
					t.Fatalf("%d (%d, %d): off by %g, %g", q, i, j, v-a[i*q+j], one)
				}
			}
		}
		c[0] = -1
		if tr.cholesky(c) {
			t.Errorf("%d: a negative pivot was not seen", q)
		}
	}
}
