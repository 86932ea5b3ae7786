package lmm_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/table"
)

// farFromZero holds two tables of simulated data, y with mean 1e6 and y - 1e6:
// residuals have sd 1e-3, levels of g (20) and h (12) more. Deviations are
// multiples of 2^-32, so that both responses are the same numbers exactly.
func farFromZero(t *testing.T) (far, control *table.Table) {
	t.Helper()
	const gs, hs, reps, unit = 20, 12, 3, 1.0 / (1 << 32)
	rng := rand.New(rand.NewPCG(6, 3))
	draw := func(n int, sd float64) []float64 {
		z := make([]float64, n)
		for i := range z {
			z[i] = sd * rng.NormFloat64()
		}
		return z
	}
	bg, bh := draw(gs, 2e-3), draw(hs, 1e-3)
	var y, shifted, x []float64
	var g, h []string
	for i := range gs * hs * reps {
		gi, hi := i%gs, i/gs%hs
		xi := float64(i % 7)
		dev := 5e-4*xi + bg[gi] + bh[hi] + 1e-3*rng.NormFloat64()
		dev = math.Round(dev/unit) * unit
		if (1e6+dev)-1e6 != dev {
			t.Fatalf("1e6 + %g is not exact", dev)
		}
		y, shifted, x = append(y, 1e6+dev), append(shifted, dev), append(x, xi)
		g, h = append(g, fmt.Sprint("g", gi)), append(h, fmt.Sprint("h", hi))
	}
	w := make([]float64, len(y))
	for i := range w {
		w[i] = 1 + float64(i%5)/3
	}
	build := func(y []float64) *table.Table {
		tab, err := table.New(table.NewFloats("w", w), table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g), table.NewTexts("h", h))
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
	return build(y), build(shifted)
}

// A mean of 1e9 residual standard deviations is in the span of X and changes
// nothing: y less a constant near its mean is exact. Rounding y once more before
// the subtraction costs eps 1e9, 1e-7 of a residual; raw cross-products, eps
// 1e18, would have no digit left.
func TestMeanFarFromZero(t *testing.T) {
	far, control := farFromZero(t)
	for _, src := range []string{
		"y ~ 1 + (1 | g)", "y ~ x + (x | g)", "y ~ 1 + (1 | g) + (1 | h)", "y ~ x + (x | g) + (1 | h)", "y ~ x + (1 | g/h)",
	} {
		for _, opt := range []*lmm.Options{{}, {ML: true}, {Weights: "w"}} {
			t.Run(fmt.Sprintf("%s, %+v", src, *opt), func(t *testing.T) {
				got, want := fitTable(t, src, far, opt), fitTable(t, src, control, opt)
				if v := got.Verdict(); v.Convergence != certify.Converged || v.Place != want.Verdict().Place {
					t.Errorf("verdict %+v, want %+v", v, want.Verdict())
				}
				// n log r2, n = 720, with r2 good to 1e-10.
				if d := math.Abs(got.Criterion() - want.Criterion()); !(d < 1e-7) {
					t.Errorf("criterion %.12g, want %.12g, %.2g apart", got.Criterion(), want.Criterion(), d)
				}
				if d := relative(got.Sigma(), want.Sigma()); !(d < 1e-12) { // some 100 eps times the root of n
					t.Errorf("sigma %.15g, want %.15g, relative error %.2g", got.Sigma(), want.Sigma(), d)
				}
			})
		}
	}
}

// balanced is a one-way layout of tenths above a large constant, as the NIST
// data sets SmLs are made: the response of replicate j in group i is
// base + (effect_i + pattern_j)/10.
func balanced(base float64, groups, reps int) [][]float64 {
	y := make([][]float64, groups)
	for i := range y {
		y[i] = make([]float64, reps)
		for j := range y[i] {
			tenths := 3 + i*i%7 // group means unequal
			if j > 0 {
				tenths += 2*(j%2) - 1 // pattern 0, +1, -1, +1, ...
			}
			y[i][j] = base + float64(tenths)/10
		}
	}
	return y
}

// anova returns (MSB - MSW) / reps and MSW of a balanced one-way layout, exact
// for the doubles in y until the last rounding.
func anova(y [][]float64) (between, within float64) {
	groups, reps := int64(len(y)), int64(len(y[0]))
	means := make([]*big.Rat, groups)
	grand := new(big.Rat)
	for i, row := range y {
		sum := new(big.Rat)
		for _, v := range row {
			sum.Add(sum, new(big.Rat).SetFloat64(v))
		}
		means[i] = sum.Mul(sum, big.NewRat(1, reps))
		grand.Add(grand, means[i])
	}
	grand.Mul(grand, big.NewRat(1, groups))
	square := func(a, b *big.Rat) *big.Rat {
		d := new(big.Rat).Sub(a, b)
		return d.Mul(d, d)
	}
	msb, msw := new(big.Rat), new(big.Rat)
	for i, row := range y {
		msb.Add(msb, square(means[i], grand))
		for _, v := range row {
			msw.Add(msw, square(new(big.Rat).SetFloat64(v), means[i]))
		}
	}
	msb.Mul(msb, big.NewRat(reps, groups-1))
	msw.Mul(msw, big.NewRat(1, groups*(reps-1)))
	within, _ = msw.Float64()
	diff := msb.Sub(msb, msw)
	between, _ = diff.Mul(diff, big.NewRat(1, reps)).Float64()
	return between, within
}

// In a balanced one-way layout REML is the analysis of variance wherever that
// is not negative (Searle, Casella and McCulloch 1992, section 4.2).
func TestBalancedOneWayIsTheAnalysisOfVariance(t *testing.T) {
	for _, base := range []float64{0, 1e6, 1e12} {
		for _, reps := range []int{21, 201} {
			t.Run(fmt.Sprintf("%g, %d", base, reps), func(t *testing.T) {
				const groups = 9
				layout := balanced(base, groups, reps)
				between, within := anova(layout)
				var y []float64
				var g []string
				for i, row := range layout {
					for _, v := range row {
						y, g = append(y, v), append(g, fmt.Sprint("g", i))
					}
				}
				tab, err := table.New(table.NewFloats("y", y), table.NewTexts("g", g))
				if err != nil {
					t.Fatal(err)
				}
				m := fitTable(t, "y ~ 1 + (1 | g)", tab, nil)
				if v := m.Verdict(); v.Convergence != certify.Converged || v.Place != certify.Interior {
					t.Errorf("verdict %+v", v)
				}
				check := func(what string, got, want float64) {
					// Sums of 189 or 1809 squares, and Newton's last step: 4e-14 was seen.
					if d := relative(got, want); !(d < 1e-12) {
						t.Errorf("%s is %.17g, want %.17g, relative error %.2g", what, got, want, d)
					}
				}
				check("between", m.VarCorr()[0].Cov[0][0], between)
				check("within", m.Sigma()*m.Sigma(), within)
			})
		}
	}
}

// The variance of a coefficient of a column in huge units is below the least
// number, its standard error is not; one of 0 would say that it is known exactly.
func TestNoStandardErrorOfZero(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var y, x []float64
	var g []string
	for i := range 60 {
		v := rng.NormFloat64()
		x, g = append(x, v*1e200), append(g, fmt.Sprint("g", i%10))
		y = append(y, math.Max(0, math.Round(3+v+rng.NormFloat64())))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range []string{"", "poisson"} {
		m, err := lmm.Fit("y ~ x + (1 | g)", tab, &lmm.Options{Family: family})
		if err != nil {
			t.Fatal(err)
		}
		c := m.FixedEffects()
		if c[0].Reason != "" || !(c[0].SE > 0) || !(c[1].SE > 0) || c[1].Reason != "" || !(math.Abs(c[1].Estimate) > 0) || !math.IsNaN(m.Vcov()[1][1]) {
			t.Errorf("family %q: %+v", family, c)
		}
	}
}
