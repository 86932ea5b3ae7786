package solve

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// bowl is a criterion of one block: a function of the lower triangle of Lambda.
type bowl struct {
	k int
	f func(x []float64) float64
}

func (b bowl) Blocks() []cone.Block { return []cone.Block{{K: b.k, Unit: 1}} }
func (b bowl) Value(p cone.Point) float64 {
	var x []float64
	for c := range b.k {
		for r := c; r < b.k; r++ {
			x = append(x, p[0][r*b.k+c])
		}
	}
	return b.f(x)
}
func (b bowl) Derivs(cone.Point) *criterion.Derivs   { return nil }
func (b bowl) Gradient(cone.Point) *criterion.Derivs { return nil }
func (b bowl) Average(cone.Point) *criterion.Derivs  { return nil }

// The model takes the value of the criterion at every point, also after points
// were replaced, and its Lagrange functions are 1 at their own point and 0 at the
// others.
func TestInterpolation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	f := func(x []float64) float64 {
		s := 0.0
		for i, v := range x {
			s += math.Exp(v/3) + float64(i+1)*v*v - v*x[0]
		}
		return s
	}
	s, x := newSearch(bowl{3, f}, cone.Identity([]cone.Block{{K: 3, Unit: 1}}, 2), nil)
	q := s.newInterpolant(x, 0.5)
	if !q.fit() {
		t.Fatal("singular")
	}
	for range 20 {
		p := append([]float64(nil), q.points[q.best].x...)
		for i := range p {
			p[i] += 0.3 * rng.NormFloat64()
		}
		step := difference(p, q.points[q.best].x)
		if !q.replace(q.leaving(step, 0.5, s.value(p) < q.points[q.best].f), corner{p, f(p)}) {
			t.Fatal("singular")
		}
		for i, c := range q.points {
			d := difference(c.x, q.points[q.best].x)
			if got := q.points[q.best].f + q.at(d); math.Abs(got-c.f) > 1e-9*(1+math.Abs(c.f)) {
				t.Fatalf("point %d: the model is %g, the criterion %g", i, got, c.f)
			}
			for j, v := range q.functions(d) {
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(v-want) > 1e-9 {
					t.Fatalf("Lagrange function %d is %g at point %d", j, v, i)
				}
			}
		}
	}
}

// Rosenbrock's valley, its minimum inside and outside of a bound.
func TestBOBYQAOnRosenbrock(t *testing.T) {
	for _, c := range []struct{ at, x, want float64 }{{1, 1, 0}, {-1, 0, 1}} {
		// Its minimum is at (at, at^2), its first coordinate not below 0.
		f := func(x []float64) float64 {
			a := x[0] - c.at
			b := x[1] - x[0]*x[0]
			return a*a + 10*b*b + x[2]*x[2]
		}
		s, x := newSearch(bowl{2, f}, cone.Point{{3, 0, 2, 1}}, nil)
		q := s.newInterpolant(x, 0.5)
		if _, done := s.bobyqa(q, 0.5, 1e-7); !done || math.Abs(s.f-c.want) > 1e-10 || math.Abs(s.best[0]-c.x) > 1e-5 {
			t.Errorf("minimum %v at %v, want %v at %v", s.f, s.best, c.want, c.x)
		}
	}
}

// A step stays in the ball and the box, and lowers the model by no less than a
// tenth of what the best step along the gradient of the free variables does: a
// part of that is all that convergence asks for (Conn, Gould and Toint 2000,
// ch. 6).
func TestBoxStep(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	for trial := range 2000 {
		n := 1 + trial%5
		q := &quadratic{make([]float64, n), make([]float64, n*n)}
		lower := make([]float64, n)
		for i := range n {
			q.g[i] = rng.NormFloat64()
			lower[i] = -rng.ExpFloat64()
			if rng.IntN(3) == 0 {
				lower[i] = 0
			}
			for j := range i + 1 {
				q.h[i*n+j] = 3 * rng.NormFloat64()
				q.h[j*n+i] = q.h[i*n+j]
			}
		}
		d := boxStep(q, lower, 1)
		if length(d) > 1+1e-9 {
			t.Fatalf("trial %d: |d| = %g", trial, length(d))
		}
		for i, v := range d {
			if v < lower[i]-1e-12 {
				t.Fatalf("trial %d: d = %v, lower %v", trial, d, lower)
			}
		}
		best := 0.0
		for a := range 400 {
			p := make([]float64, n)
			inside := true
			for i, v := range q.g {
				if !(lower[i] == 0 && v >= 0) {
					p[i] = -v * float64(a) / 100
				}
				inside = inside && p[i] >= lower[i]
			}
			if inside && length(p) <= 1 {
				best = math.Min(best, q.at(p))
			}
		}
		if got := q.at(d); got > 0.1*best+1e-12 {
			t.Errorf("trial %d: the model falls by %g, along the gradient by %g", trial, -got, -best)
		}
	}
}
