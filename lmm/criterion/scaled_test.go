package criterion_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/suffstat"
)

// With sigma^2 at its best the parts make the criterion and its derivatives,
// whose second differ by the part that profiling sigma^2 takes out.
func TestScaledMakesTheCriterion(t *testing.T) {
	for _, m := range models {
		_, s := build(t, m.data, m.formula)
		for _, reml := range []bool{true, false} {
			c := criterion.NewOneFactor(s, reml)
			for name, p := range points(c.Blocks(), rand.New(rand.NewPCG(4, 0))) {
				compareScaled(t, m.name+", "+name, c.Derivs(p), c.Scaled(p, true), c.Blocks())
			}
		}
	}
}

// For several grouping factors too, but for the second derivatives, which are
// the average information.
func TestBlockedScaledMakesTheCriterion(t *testing.T) {
	_, s := buildBlocked(t, "Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
	for _, reml := range []bool{true, false} {
		c := criterion.NewBlocked(s, reml)
		p := cone.Identity(c.Blocks(), 0.7)
		compareScaled(t, "crossed", c.Derivs(p), c.Scaled(p, true), c.Blocks())
	}
}

func compareScaled(t *testing.T, name string, d *criterion.Derivs, s *criterion.Scaled, blocks []cone.Block) {
	t.Helper()
	s2 := s.R2 / s.Nu
	if f := s.Value(s2); math.Abs(f-d.F) > 1e-9*(1+math.Abs(d.F)) {
		t.Errorf("%s: f %v, of its parts %v", name, d.F, f)
	}
	var g, parts []float64
	for b := range d.G {
		for i, v := range d.G[b] {
			g, parts = append(g, v), append(parts, s.Trace[b][i]-s.Quad[b][i]/s2)
		}
	}
	same(t, name+": G", parts, g, 1e-9)
	n := len(d.Pairs)
	x, y := make([]float64, n), make([]float64, n)
	var h, sum []float64
	quad := func(a int) float64 {
		p := d.Pairs[a]
		q := s.Quad[p.Block][p.Row*blocks[p.Block].K+p.Col]
		if p.Row != p.Col {
			q *= 2
		}
		return q
	}
	for a := range n {
		for b := range n {
			clear(x)
			clear(y)
			x[a], y[b] = 1, 1
			h = append(h, d.H[a*n+b])
			sum = append(sum, s.Curvature(s2, x, y)-quad(a)*quad(b)/(s.Nu*s2*s2))
		}
	}
	same(t, name+": H", sum, h, 1e-9)
}

// At Psi = 0 the expected information is what the Gram matrix holds.
func TestInformationIsTheGramMatrix(t *testing.T) {
	for _, m := range models {
		_, s := build(t, m.data, m.formula)
		c := criterion.NewOneFactor(s, true)
		g := c.Gram()
		at := c.Scaled(cone.Identity(c.Blocks(), 0), true)
		compareInformation(t, m.name, at, g, s)
	}
}

func compareInformation(t *testing.T, name string, at *criterion.Scaled, g *criterion.Gram, s *suffstat.OneFactor) {
	t.Helper()
	m := len(g.Pairs)
	n := m + 1
	x, y := make([]float64, m), make([]float64, m)
	var got, want []float64
	for a := range m {
		for b := range m {
			clear(x)
			clear(y)
			x[a], y[b] = 1, 1
			got = append(got, at.Information(x, y))
			want = append(want, g.Inner[a*n+b]-g.Inner[a*n+m]*g.Inner[b*n+m]/float64(s.N-s.P))
		}
	}
	same(t, name, got, want, 1e-9)
}
