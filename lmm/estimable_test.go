package lmm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/table"
)

// gardens are 72 plots of 6 gardens; soil is the garden under another name, half
// halves each garden.
func gardens(t *testing.T) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 16))
	var y, x, w []float64
	var garden, soil, half []string
	for i := range 72 {
		g := i / 12
		v := rng.NormFloat64()
		y = append(y, 3+0.5*v+math.Sin(float64(g))+rng.NormFloat64())
		x, w = append(x, v), append(w, 1+rng.Float64())
		garden, soil, half = append(garden, fmt.Sprint("g", g)), append(soil, fmt.Sprint("s", g)), append(half, fmt.Sprint("h", g, i%2))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("w", w),
		table.NewTexts("garden", garden), table.NewTexts("soil", soil), table.NewTexts("half", half))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// What is said to be known is the same at two points that the data cannot tell
// apart, and what is said not to be known differs there.
func TestKnownIsWhatStaysTheSame(t *testing.T) {
	tab := gardens(t)
	for _, c := range []struct {
		formula string
		weights string
		a, b    []float64 // of equal criterion
		moves   bool      // some estimates are not known
		errors  []string  // whose standard error is not known
	}{
		{formula: "y ~ garden + x + (1 | garden)", a: []float64{0.2}, b: []float64{1.5}, errors: []string{"(Intercept)", "garden"}},
		{formula: "y ~ garden + x + (1 | garden)", weights: "w", a: []float64{0.2}, b: []float64{1.5}, errors: []string{"(Intercept)", "garden"}},
		{formula: "y ~ 0 + garden + x + (1 | soil)", a: []float64{0}, b: []float64{1.5}, errors: []string{"garden"}},
		{formula: "y ~ x + (1 | garden) + (1 | soil)", a: []float64{0.6, 0.8}, b: []float64{1, 0}},
		{formula: "y ~ garden + x + (1 | half) + (1 | soil)", a: []float64{0.5, 0.1}, b: []float64{0.5, 2}, errors: []string{"(Intercept)", "garden"}},
		{formula: "y ~ garden + x + (1 + x | garden)", a: []float64{0.3, 0, 0.5}, b: []float64{0.9, 0.4, 0.3}, moves: true, errors: []string{"(Intercept)", "garden"}},
		{formula: "y ~ garden + x + (1 + x || garden)", a: []float64{0.3, 0.5}, b: []float64{0.9, 0.5}, errors: []string{"(Intercept)", "garden"}},
		{formula: "y ~ garden * x + (1 + x | garden)", a: []float64{0.3, 0.1, 0.5}, b: []float64{0.9, 0.4, 0.1}, errors: []string{"(Intercept)", "garden", "x"}},
	} {
		for _, ml := range []bool{false, true} {
			fit, err := lmm.Fit(c.formula, tab, &lmm.Options{Weights: c.weights, ML: ml})
			if err != nil {
				t.Fatal(err)
			}
			if fit.Verdict().Place != certify.NotIdentifiable {
				t.Fatalf("%s: %v", c.formula, fit.Verdict())
			}
			a, err := fit.At(c.a)
			if err != nil {
				t.Fatal(err)
			}
			b, err := fit.At(c.b)
			if err != nil {
				t.Fatal(err)
			}
			if !ml && math.Abs(a.Criterion()-b.Criterion()) > 1e-9 {
				t.Fatalf("%s: %.10f and %.10f are not one maximum", c.formula, a.Criterion(), b.Criterion())
			}
			for i, coef := range a.FixedEffects() {
				unknown := false
				for _, name := range c.errors {
					unknown = unknown || strings.HasPrefix(coef.Name, name)
				}
				other := b.FixedEffects()[i]
				sameBeta := math.Abs(a.Beta()[i]-b.Beta()[i]) < 1e-9
				switch {
				case unknown && c.moves && (sameBeta || !math.IsNaN(coef.Estimate) || coef.Reason == ""):
					t.Errorf("%s: %s is %g and %g, said %g (%s)", c.formula, coef.Name, a.Beta()[i], b.Beta()[i], coef.Estimate, coef.Reason)
				case unknown && (!math.IsNaN(coef.SE) || coef.Reason == ""):
					t.Errorf("%s: %s has the standard error %g (%s)", c.formula, coef.Name, coef.SE, coef.Reason)
				case unknown && !c.moves && (!sameBeta || math.IsNaN(coef.Estimate)):
					t.Errorf("%s: %s is %g and %g, said %g", c.formula, coef.Name, a.Beta()[i], b.Beta()[i], coef.Estimate)
				case !unknown && (!sameBeta || !(math.Abs(coef.SE-other.SE) < 1e-9)):
					t.Errorf("%s: %s is %g (%g) and %g (%g)", c.formula, coef.Name, coef.Estimate, coef.SE, other.Estimate, other.SE)
				}
				if v := fit.Vcov()[i][i]; math.IsNaN(v) != unknown {
					t.Errorf("%s: the variance of %s is %g", c.formula, coef.Name, v)
				}
			}
		}
	}
}

// The covariance with a slope is as unknown as the variance it stands beside, and
// estimates depend on it; where the slope does not vary it is 0, and they do not.
func TestCovarianceWithNoSlope(t *testing.T) {
	fit, err := lmm.Fit("y ~ 0 + garden + x + (1 + x | garden)", gardens(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := len(fit.Beta())
	garden, slope := make([]float64, p), make([]float64, p)
	garden[0], slope[p-1] = 1, 1
	for _, c := range []struct {
		theta []float64 // nil where it was fitted
		known bool
		names []string
	}{
		{nil, true, []string{"variance of (Intercept) between levels of garden"}},
		{[]float64{0.3, 0.2, 0.5}, false, []string{"variance of (Intercept) between levels of garden", "covariance of (Intercept) and x between levels of garden"}},
	} {
		m := fit
		if c.theta != nil {
			if m, err = fit.At(c.theta); err != nil {
				t.Fatal(err)
			}
		}
		if got := m.Verdict().NotIdentifiable; !slices.Equal(got, c.names) {
			t.Errorf("not identifiable: %q, want %q", got, c.names)
		}
		if m.Estimable(garden) != c.known || m.CovarianceEstimable(garden, garden) || !m.CovarianceEstimable(slope, slope) || m.CovarianceEstimable(garden, slope) != c.known {
			t.Errorf("slope sd 0: %v: garden %v, its variance %v, that of the slope %v, their covariance %v", c.known,
				m.Estimable(garden), m.CovarianceEstimable(garden, garden), m.CovarianceEstimable(slope, slope), m.CovarianceEstimable(garden, slope))
		}
	}
	if sd := fit.VarCorr()[0].SD; sd[1] != 0 {
		t.Fatalf("the slope varies: %v", sd)
	}
}

// A structure of the residuals can say what a random effect says.
func TestKnownBesideAStructure(t *testing.T) {
	tab := gardens(t)
	for formula, unknown := range map[string]bool{"y ~ x + (1 | garden)": false, "y ~ garden + x": true} {
		fit, err := lmm.Fit(formula, tab, &lmm.Options{Residual: "cs(1 | garden)"})
		if err != nil {
			t.Fatal(err)
		}
		if fit.Verdict().Place != certify.NotIdentifiable {
			t.Fatalf("%s: %v", formula, fit.Verdict())
		}
		for _, c := range fit.FixedEffects() {
			if math.IsNaN(c.Estimate) || math.IsNaN(c.SE) != (unknown && c.Name != "x") {
				t.Errorf("%s: %s is %g (%g): %s", formula, c.Name, c.Estimate, c.SE, c.Reason)
			}
		}
	}
}
