package criterion_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Inside the cone the value and the gradient are those in Lambda; outside of it
// the gradient is that of differences.
func TestUnboundedContinuesTheCriterion(t *testing.T) {
	for _, m := range models {
		_, s := build(t, m.data, m.formula)
		for _, reml := range []bool{true, false} {
			c := criterion.NewOneFactor(s, reml)
			u := c.Unbounded()
			for name, p := range points(c.Blocks(), rand.New(rand.NewPCG(3, 1))) {
				psi := make([][]float64, len(p))
				for b, blk := range c.Blocks() {
					psi[b] = make([]float64, blk.K*blk.K)
					cone.Cov(psi[b], p[b], blk.K)
				}
				d, got := c.Derivs(p), u.At(psi)
				if math.Abs(got.F-d.F) > 1e-9*(1+math.Abs(d.F)) {
					t.Errorf("%s, %s: %v, want %v", m.name, name, got.F, d.F)
				}
				for b := range psi {
					for i, g := range got.G[b] {
						if math.Abs(g-d.G[b][i]) > 1e-7*(1+math.Abs(d.G[b][i])) {
							t.Errorf("%s, %s: G %v, want %v", m.name, name, got.G[b], d.G[b])
							break
						}
					}
				}
			}
			checkOutside(t, m.name, c)
		}
	}
}

// checkOutside compares G with central differences at a small negative Psi.
func checkOutside(t *testing.T, name string, c *criterion.OneFactor) {
	t.Helper()
	u := c.Unbounded()
	psi := make([][]float64, len(c.Blocks()))
	for b, blk := range c.Blocks() {
		psi[b] = make([]float64, blk.K*blk.K)
		for r := range blk.K {
			psi[b][r*blk.K+r] = -0.02 * blk.Unit * blk.Unit
		}
	}
	at := u.At(psi)
	if math.IsInf(at.F, 1) {
		t.Fatalf("%s: no criterion outside of the cone", name)
	}
	for b, blk := range c.Blocks() {
		h := 1e-5 * blk.Unit * blk.Unit
		for r := range blk.K {
			i := r*blk.K + r
			psi[b][i] += h
			up := u.At(psi).F
			psi[b][i] -= 2 * h
			down := u.At(psi).F
			psi[b][i] += h
			// The error of differences: h^2 and rounding of f over h.
			if g := (up - down) / (2 * h); math.Abs(g-at.G[b][i]) > 1e-5*(1+math.Abs(g)) {
				t.Errorf("%s: G %v, differences %v", name, at.G[b][i], g)
			}
		}
	}
	psi[0][0] = -1e6
	if f := u.At(psi).F; !math.IsInf(f, 1) {
		t.Errorf("%s: %v where V is not positive definite", name, f)
	}
}
