package lmm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

// smallSet simulates 8 groups with the columns of z in each and random effects
// of a rank between 0 and all: data sets with optima in the interior, on every
// face, and with several optima.
func smallSet(seed uint64, z [][]float64, x func(row int) *table.Column) (*table.Table, error) {
	r := rand.New(rand.NewPCG(seed, 8))
	const groups = 8
	k, rows := len(z[0]), len(z)
	rank := r.IntN(k + 1)
	lambda := make([]float64, k*rank)
	for i := range lambda {
		lambda[i] = r.NormFloat64()
	}
	var y []float64
	var g []string
	for j := range groups {
		b := make([]float64, k)
		for c := range rank {
			u := r.NormFloat64()
			for i := range b {
				b[i] += lambda[i*rank+c] * u
			}
		}
		for i := range rows {
			v := r.NormFloat64()
			for c := range b {
				v += z[i][c] * b[c]
			}
			y, g = append(y, v), append(g, fmt.Sprint("g", j))
		}
	}
	return table.New(table.NewFloats("y", y), table.NewTexts("g", g), x(groups))
}

// slopeSet has x = 0 ... 4 in each group.
func slopeSet(seed uint64) (*table.Table, error) {
	var z [][]float64
	for i := range 5 {
		z = append(z, []float64{1, float64(i)})
	}
	return smallSet(seed, z, func(groups int) *table.Column {
		x := make([]float64, 5*groups)
		for i := range x {
			x[i] = float64(i % 5)
		}
		return table.NewFloats("x", x)
	})
}

// factorSet has two rows at each of three levels of f in each group.
func factorSet(seed uint64) (*table.Table, error) {
	var z [][]float64
	for i := range 6 {
		row := make([]float64, 3)
		row[i%3] = 1
		z = append(z, row)
	}
	return smallSet(seed, z, func(groups int) *table.Column {
		f := make([]string, 6*groups)
		for i := range f {
			f[i] = string(rune('a' + i%3))
		}
		return table.NewTexts("f", f)
	})
}

// bestOfStarts minimises from random starts between 1/100 and 100 units of
// Lambda, and returns the lowest criterion that any of them met.
func bestOfStarts(src string, tab *table.Table, seed uint64, starts int) (float64, error) {
	f, err := formula.Parse(src)
	if err != nil {
		return 0, err
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		return 0, err
	}
	s, err := suffstat.New(d)
	if err != nil {
		return 0, err
	}
	obj := criterion.NewOneFactor(s, true)
	r := rand.New(rand.NewPCG(seed, 20))
	best := math.Inf(1)
	for range starts {
		p := cone.Identity(obj.Blocks(), 0)
		for b, blk := range obj.Blocks() {
			size := obj.Blocks()[0].Unit * math.Pow(10, 4*r.Float64()-2)
			for i := range p[b] {
				if blk.Shape != cone.Diagonal || i%(blk.K+1) == 0 {
					p[b][i] = size * r.NormFloat64()
				}
			}
		}
		best = math.Min(best, solve.Minimize(obj, p, nil).Derivs.F)
	}
	return best + obj.Shift(), nil
}

// A fit is never worse than the best of 20 random starts while it says that it
// converged, and never says at that best that it did not.
func TestFitIsTheBestOfManyStarts(t *testing.T) {
	sets := 500
	if testing.Short() {
		sets = 60
	}
	for _, tt := range []struct {
		src string
		set func(uint64) (*table.Table, error)
	}{
		{"y ~ x + (x | g)", slopeSet},
		{"y ~ f + (f | g)", factorSet},
		{"y ~ f + rr(0 + f | g, 1)", factorSet},
		{"y ~ f + rr(0 + f | g, 2)", factorSet},
		{"y ~ f + cs(0 + f | g)", factorSet},
		{"y ~ x + rr(x | g, 1)", slopeSet},
		{"y ~ x + (x || g)", slopeSet},
	} {
		t.Run(tt.src, func(t *testing.T) {
			t.Parallel()
			const workers = 2
			var wg sync.WaitGroup
			for w := range workers {
				wg.Go(func() {
					for seed := w; seed < sets; seed += workers {
						if err := checkBest(tt.src, tt.set, uint64(seed)); err != nil {
							t.Errorf("seed %d: %v", seed, err)
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

func checkBest(src string, set func(uint64) (*table.Table, error), seed uint64) error {
	tab, err := set(seed)
	if err != nil {
		return err
	}
	m, err := lmm.Fit(src, tab, nil)
	if err != nil {
		return err
	}
	best, err := bestOfStarts(src, tab, seed, 20)
	if err != nil {
		return err
	}
	v, worse := m.Verdict(), m.Criterion()-best
	switch {
	case worse > 1e-6:
		return fmt.Errorf("criterion %.9f is %.3g above the best of 20 starts, %.9f; verdict %+v; theta %v", m.Criterion(), worse, best, v, m.Theta())
	case v.Convergence != certify.Converged:
		return fmt.Errorf("%v at the best, %.9f: verdict %+v; theta %v", v.Convergence, m.Criterion(), v, m.Theta())
	}
	return nil
}

// Few levels have to tell a covariance matrix, or it has a reduced rank: there are
// several maxima, and the first starts all lead to a lesser one in seeds 31, 43,
// 183, 425, 661 and 960 of the reduced rank.
func TestFitSearchesWhereThereAreSeveralMaxima(t *testing.T) {
	for _, src := range []string{"y ~ x + z + rr(x + z | g, 1)", "y ~ x + z + (x + z | g)", "y ~ x + (x || g)"} {
		for _, seed := range []uint64{31, 43, 183, 425, 661, 960, 1, 2, 3, 4, 5, 6} {
			if err := checkBest(src, fewSet, seed); err != nil {
				t.Errorf("%s, seed %d: %v", src, seed, err)
			}
		}
	}
}

// fewSet has 3 to 7 groups of 4 to 24 rows, two covariates and random effects of a
// rank between 0 and 3, of which 1 in 30 lies far out.
func fewSet(seed uint64) (*table.Table, error) {
	r := rand.New(rand.NewPCG(seed, 30))
	groups, rank, size := 3+r.IntN(5), r.IntN(4), math.Pow(10, 2*r.Float64()-1)
	var lambda [3][3]float64
	for i := range lambda {
		for j := range rank {
			lambda[i][j] = size * r.NormFloat64()
		}
	}
	var y, x, z []float64
	var g []string
	for j := range groups {
		var b [3]float64
		for c := range rank {
			u := r.NormFloat64()
			if r.IntN(30) == 0 {
				u *= 8
			}
			for i := range b {
				b[i] += lambda[i][c] * u
			}
		}
		for range 4 + r.IntN(21) {
			v, w := r.NormFloat64(), r.NormFloat64()
			y = append(y, 1+0.5*v+b[0]+b[1]*v+b[2]*w+r.NormFloat64())
			x, z, g = append(x, v), append(z, w), append(g, fmt.Sprint("g", j))
		}
	}
	return table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("z", z), table.NewTexts("g", g))
}
