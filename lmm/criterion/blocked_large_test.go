package criterion_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Where one direction of Psi is huge and the others small or zero, f and G keep
// the digits that the condition of V leaves: they agree with the criterion of
// one factor, which works with a root of Psi.
func TestBlockedLargeVariance(t *testing.T) {
	for _, m := range models[1:] {
		_, one := build(t, m.data, m.formula)
		_, s := buildBlocked(t, m.data, m.formula)
		a, b := criterion.NewOneFactor(one, true), criterion.NewBlocked(s, true)
		for _, large := range []float64{1e2, 1e4} {
			for _, small := range []float64{0, 0.5} {
				p := cone.Identity(s.Blocks, small)
				for i, blk := range s.Blocks {
					p[i][0] = large
					if blk.K > 1 && blk.Shape == cone.Full {
						p[i][blk.K] = -large // a correlation near -1
					}
				}
				da, db := a.Derivs(p), b.Derivs(p)
				// What V^-1 leaves of X'X has a relative error of eps times the
				// condition of V, n Psi, in both.
				size := 1e-10 * (1 + math.Abs(da.F))
				if !(math.Abs(db.F-da.F) <= size+0x1p-52*float64(s.N)*large*large) {
					t.Errorf("%s, %g, %g: f is %.12g, want %.12g", m.name, large, small, db.F, da.F)
				}
				for i := range da.G {
					for j, g := range da.G[i] {
						if !(math.Abs(db.G[i][j]-g) <= 10*size+1e-12*large*large) {
							t.Errorf("%s, %g, %g: G[%d][%d] is %.10g, want %.10g", m.name, large, small, i, j, db.G[i][j], g)
						}
					}
				}
			}
		}
	}
}
