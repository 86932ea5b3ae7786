package infer_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// layout is a balanced design: groups x rows, with a predictor that runs from 0
// to 1 within each group.
type layout struct{ groups, rows int }

func (l layout) table(t testing.TB, y []float64) *table.Table {
	t.Helper()
	var x []float64
	var g []string
	for j := range l.groups {
		for i := range l.rows {
			x = append(x, float64(i)/float64(l.rows-1))
			g = append(g, fmt.Sprint("g", j))
		}
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// draw is a response with standard deviations of intercepts and slopes, and
// errors of standard deviation 1. Set r uses PCG(seed, r).
func (l layout) draw(seed uint64, r int, intercept, slope float64) []float64 {
	rng := rand.New(rand.NewPCG(seed, uint64(r)))
	var y []float64
	for range l.groups {
		a, b := intercept*rng.NormFloat64(), slope*rng.NormFloat64()
		for i := range l.rows {
			x := float64(i) / float64(l.rows-1)
			y = append(y, 3+x+a+b*x+rng.NormFloat64())
		}
	}
	return y
}

const simulatedSets = 2000

// long leaves a simulation out of short runs, such as that of the race detector:
// what it computes is computed by other tests too.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("a simulation of thousands of data sets")
	}
}

// count runs f on every set and returns the share in which each of its answers
// is true.
func count(f func(r int) []bool) []float64 {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var share []float64
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for r := w; r < simulatedSets; r += workers {
				got := f(r)
				mu.Lock()
				if share == nil {
					share = make([]float64, len(got))
				}
				for i, v := range got {
					if v {
						share[i] += 1.0 / simulatedSets
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return share
}

func refitted(t testing.TB, m *lmm.Model, y []float64) *lmm.Model {
	t.Helper()
	n, err := m.Refit(y)
	if err != nil {
		t.Error(err)
		return m
	}
	return n
}

// within4 says that a share is as expected, up to 4 standard errors and the error
// of the asymptotic theory that is allowed.
func within4(share, want, theory float64) bool {
	return math.Abs(share-want) <= 4*math.Sqrt(want*(1-want)/simulatedSets)+theory
}

// covers says that the 95 % interval holds a value: where a curve is monotone,
// that zeta there is at most the normal quantile.
func covers(t testing.TB, m *lmm.Model, name string, value float64) bool {
	t.Helper()
	at, err := infer.ProfileAt(m, name, []float64{value})
	if err != nil {
		t.Error(err)
		return false
	}
	return math.Abs(at[0].Zeta) <= 1.959963984540054
}

// Profile intervals of 95 %, by REML: inside of the parameter space they cover
// with 93 to 97 %. A standard deviation of 0 is covered with 97.5 %: only large
// estimates exclude it (Self and Liang 1987). testdata/simulations.md has the
// table.
func TestCoverageOfProfiles(t *testing.T) {
	long(t)
	for _, c := range []struct {
		layout
		sd         float64
		low, high  float64
		lowS, topS float64
	}{
		{layout{20, 5}, 1, 0.93, 0.97, 0.93, 0.97},
		{layout{10, 5}, 0.7, 0.93, 0.97, 0.93, 0.97},
		{layout{20, 5}, 0, 0.965, 0.985, 0.93, 0.97},
	} {
		base := fitted(t, "y ~ x + (1 | g)", c.table(t, c.draw(1, 0, 1, 0)), false)
		share := count(func(r int) []bool {
			m := refitted(t, base, c.draw(11, r, c.sd, 0))
			in := []bool{covers(t, m, "sd_(Intercept)|g", c.sd), covers(t, m, "sigma", 1)}
			if r < 50 { // the intervals themselves say the same
				p, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{"sd_(Intercept)|g", "sigma"}, Workers: 1})
				if err != nil {
					t.Error(err)
					return in
				}
				for i, v := range []float64{c.sd, 1} {
					if (p.Curves[i].Lower.Value <= v && v <= p.Curves[i].Upper.Value) != in[i] {
						t.Errorf("set %d: %v is on one side of the interval and on the other of the curve", r, v)
					}
				}
			}
			return in
		})
		t.Logf("| %d x %d | %.1f | %.4f | %.4f |", c.groups, c.rows, c.sd, share[0], share[1])
		if share[0] < c.low || share[0] > c.high || share[1] < c.lowS || share[1] > c.topS {
			t.Errorf("%d x %d, sd %v: the sd is covered with %v, sigma with %v", c.groups, c.rows, c.sd, share[0], share[1])
		}
	}
}

// The size of tests of one variance at 5 %: the exact test has it for any number
// of groups; half a chi-square on 1 degree of freedom has it for many, and less
// for few (Crainiceanu and Ruppert 2004); the naive chi-square has half of that.
func TestSizeOfVarianceTests(t *testing.T) {
	long(t)
	for _, c := range []struct {
		layout
		theory float64 // what the mixture may miss by
	}{{layout{6, 5}, 0.03}, {layout{40, 4}, 0.01}} {
		base := fitted(t, "y ~ x + (1 | g)", c.table(t, c.draw(1, 0, 1, 0)), false)
		share := count(func(r int) []bool {
			m := refitted(t, base, c.draw(12, r, 0, 0))
			tests, err := infer.DropRandom(m, &infer.LRTOptions{Draws: 999, Seed: uint64(r), Workers: 1})
			if err != nil {
				t.Error(err)
				return make([]bool, 3)
			}
			return []bool{tests[0].P <= 0.05, tests[0].MixtureP <= 0.05, tests[0].Naive <= 0.05}
		})
		t.Logf("| %d x %d | intercept | %.4f | %.4f | %.4f |", c.groups, c.rows, share[0], share[1], share[2])
		if !within4(share[0], 0.05, 0) {
			t.Errorf("%d x %d: the exact test rejects %v of true hypotheses", c.groups, c.rows, share[0])
		}
		if share[1] > 0.05+4*math.Sqrt(0.05*0.95/simulatedSets) || !within4(share[1], 0.05, c.theory) {
			t.Errorf("%d x %d: the mixture rejects %v", c.groups, c.rows, share[1])
		}
		if !within4(share[2], 0.025, c.theory) || share[2] >= share[1] {
			t.Errorf("%d x %d: the naive test rejects %v", c.groups, c.rows, share[2])
		}
	}
}

// A slope and its covariance beside an intercept: half chi-square on 1, half on 2
// degrees of freedom (Stram and Lee 1994, case 3).
func TestSizeOfSlopeTest(t *testing.T) {
	long(t)
	l := layout{40, 6}
	tab := l.table(t, l.draw(1, 0, 1, 0.5))
	small, big := fitted(t, "y ~ x + (1 | g)", tab, false), fitted(t, "y ~ x + (x | g)", tab, false)
	share := count(func(r int) []bool {
		y := l.draw(13, r, 1, 0)
		got, err := infer.LRT(refitted(t, small, y), refitted(t, big, y), &infer.LRTOptions{Draws: -1})
		if err != nil {
			t.Error(err)
			return make([]bool, 2)
		}
		return []bool{got.MixtureP <= 0.05, got.Naive <= 0.05}
	})
	t.Logf("| %d x %d | slope | - | %.4f | %.4f |", l.groups, l.rows, share[0], share[1])
	if !within4(share[0], 0.05, 0.01) {
		t.Errorf("the mixture rejects %v of true hypotheses", share[0])
	}
	// P(mixture > 5.99), the 5 % point of chi-square on 2.
	if want := 0.0322; !within4(share[1], want, 0.01) || share[1] >= share[0] {
		t.Errorf("the naive test rejects %v, want about %v", share[1], want)
	}
}
