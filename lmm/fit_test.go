package lmm_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// made is a table of n rows: y, x and a grouping factor of the given number of
// levels.
func made(t *testing.T, n, groups int, y, x func(i int) float64) *table.Table {
	t.Helper()
	ys, xs, gs := make([]float64, n), make([]float64, n), make([]string, n)
	for i := range n {
		ys[i], xs[i], gs[i] = y(i), x(i), fmt.Sprint("g", i%groups)
	}
	tab, err := table.New(table.NewFloats("y", ys), table.NewFloats("x", xs), table.NewTexts("g", gs))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// noise is a fixed sequence without structure.
func noise(i int) float64 { return math.Sin(float64(i*i+1)) * 3 }

func TestFitsThatAreOddButFine(t *testing.T) {
	for _, tt := range []struct {
		name, formula string
		tab           *table.Table
	}{
		{"no fixed effects", "y ~ 0 + (1 | g)", made(t, 40, 5, noise, noise)},
		{"tiny response", "y ~ x + (x | g)", made(t, 40, 5, func(i int) float64 { return 1e-300 * noise(i) }, func(i int) float64 { return float64(i % 7) })},
		{"huge response", "y ~ x + (x | g)", made(t, 40, 5, func(i int) float64 { return 1e300 * noise(i) }, func(i int) float64 { return float64(i % 7) })},
		{"huge predictor", "y ~ x + (x | g)", made(t, 40, 5, noise, func(i int) float64 { return 1e200 * float64(i%7) })},
		{"far from zero", "y ~ x + (x | g)", made(t, 40, 5, func(i int) float64 { return 1e8 + noise(i) }, func(i int) float64 { return 1e6 + float64(i%7) })},
		{"two rows a group", "y ~ 1 + (1 | g)", made(t, 10, 5, noise, noise)},
	} {
		m, err := lmm.Fit(tt.formula, tt.tab, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if v := m.Verdict(); v.Convergence != certify.Converged {
			t.Errorf("%s: %+v, %v", tt.name, v, m.Log())
		}
		if _, err := json.Marshal(m); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// A response that does not vary within groups leaves no residual variance: the
// likelihood has no maximum, and nothing is printed that would be one.
func TestResidualVarianceGoesToZero(t *testing.T) {
	tab := made(t, 40, 5, func(i int) float64 { return float64(i%5) * float64(i%5) }, noise)
	m, err := lmm.Fit("y ~ 1 + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := m.Verdict(); v.Convergence != certify.NotConverged || v.Place != certify.NoFiniteMaximum {
		t.Errorf("verdict %+v", v)
	}
	if se := m.FixedEffects()[0].SE; !math.IsNaN(se) || m.FixedEffects()[0].Reason == "" {
		t.Errorf("SE %g", se)
	}
	if !math.IsNaN(m.Sigma()) || !math.IsNaN(m.VarCorr()[0].SD[0]) {
		t.Errorf("sigma %g, sd %g", m.Sigma(), m.VarCorr()[0].SD[0])
	}
	b, err := json.Marshal(m)
	if err != nil || !strings.Contains(string(b), `"beta_se":[null]`) {
		t.Errorf("%v: %s", err, b)
	}
}

func TestSingletonsAreNotIdentifiable(t *testing.T) {
	tab, err := reference.Table("fm05_singletons")
	if err != nil {
		t.Fatal(err)
	}
	// 120 sites; those with several rows tell the two variances apart. One row
	// a site does not.
	first := map[string]bool{}
	ones, err := tab.Where(func(r table.Row) bool {
		seen := first[r.Text("site")]
		first[r.Text("site")] = true
		return !seen
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (1 | site)", ones, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := m.Verdict()
	want := []string{"variance of (Intercept) between levels of site", "residual variance"}
	if v.Place != certify.NotIdentifiable || !slices.Equal(v.NotIdentifiable, want) {
		t.Errorf("verdict %+v", v)
	}
	if !math.IsNaN(m.Theta()[0]) {
		t.Errorf("theta %g is printed", m.Theta()[0])
	}
	if !math.IsNaN(m.Sigma()) || !math.IsNaN(m.VarCorr()[0].SD[0]) {
		t.Errorf("sigma %g and sd %g are printed, but only their sum is known", m.Sigma(), m.VarCorr()[0].SD[0])
	}
	for _, c := range m.FixedEffects() {
		if math.IsNaN(c.SE) {
			t.Errorf("%s has no SE: the sum of the variances is known", c.Name)
		}
	}
}

// Where every cell has one row its effect and the error are one variance. The
// fit says so, wherever on the flat curve it stands: it does not wander along
// it.
func TestOneRowACellIsNotIdentifiable(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		k := 2 + int(seed%4)
		var g, f []string
		var x, y []float64
		for j := range 6 + int(seed%5) {
			b := r.NormFloat64()
			for i := range k {
				g, f, x = append(g, fmt.Sprint(j)), append(f, fmt.Sprint("l", i)), append(x, float64(i))
				y = append(y, 10+b+r.NormFloat64())
			}
		}
		tab, err := table.New(table.NewTexts("g", g), table.NewTexts("f", f), table.NewFloats("x", x), table.NewFloats("y", y))
		if err != nil {
			t.Fatal(err)
		}
		for _, src := range []string{"y ~ f + (f | g)", "y ~ 1 + (0 + f | g)", "y ~ f + (0 + f || g)", "y ~ x + (1 | g) + (1 | g:f)"} {
			m := fitTable(t, src, tab, nil)
			if v := m.Verdict(); v.Convergence != certify.Converged || v.Place != certify.NotIdentifiable {
				t.Errorf("seed %d, %s: %+v", seed, src, v)
			}
		}
	}
}

func TestAliasedColumn(t *testing.T) {
	tab := made(t, 40, 5, noise, func(i int) float64 { return float64(i % 7) })
	m, err := lmm.Fit("y ~ x + I(2 * x - 1) + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := m.FixedEffects()[2]
	if c.Name != "I(2 * x - 1)" || !math.IsNaN(c.Estimate) || !math.IsNaN(c.SE) || c.Reason == "" {
		t.Errorf("aliased column: %+v", c)
	}
}

func TestErrors(t *testing.T) {
	good := made(t, 40, 5, noise, func(i int) float64 { return float64(i % 7) })
	for _, tt := range []struct {
		formula string
		tab     *table.Table
		says    string
	}{
		{"y ~ x + (1 | g)", nil, "no table"},
		{"", good, "formula"},
		{"y ~ z + (1 | g)", good, "z"},
		{"y ~ x", good, "(1 | g)"},
		{"cbind(x, 7 - x) ~ 1 + (1 | g)", good, "pair of counts"},
		{"y ~ x + (1 | g)", made(t, 40, 5, func(i int) float64 { return 2 * float64(i%7) }, func(i int) float64 { return float64(i % 7) }), "without error"},
		{"y ~ x + (1 | g)", made(t, 40, 1, noise, noise), "level"},
		{"y ~ x + (1 | g)", made(t, 40, 5, func(int) float64 { return math.NaN() }, noise), "row"},
		{"y ~ x + (1 | g)", made(t, 40, 5, func(int) float64 { return math.Inf(1) }, noise), "infinite"},
	} {
		_, err := lmm.Fit(tt.formula, tt.tab, nil)
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: %v, want an error that says %q", tt.formula, err, tt.says)
		}
	}
}

// A model is safe for concurrent use.
func TestConcurrentUse(t *testing.T) {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if _, err := json.Marshal(m); err != nil || len(m.RandomEffects()[0].Mode) != 18 {
				t.Error(err)
			}
		})
	}
}

// What do subjects differ in, and by how much?
func ExampleFit() {
	sleep, err := datasets.Load("sleepstudy")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", sleep, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Verdict().Convergence, m.Verdict().Place)
	for _, c := range m.FixedEffects() {
		fmt.Printf("%-12s %8.3f  SE %.3f\n", c.Name, c.Estimate, c.SE)
	}
	for _, c := range m.VarCorr() {
		for i, name := range c.Names {
			fmt.Printf("sd of %s between levels of %s: %.2f\n", name, c.Group, c.SD[i])
		}
	}
	fmt.Printf("sd within: %.2f\n", m.Sigma())
	// Output:
	// converged interior
	// (Intercept)   251.405  SE 6.825
	// Days           10.467  SE 1.546
	// sd of (Intercept) between levels of Subject: 24.74
	// sd of Days between levels of Subject: 5.92
	// sd within: 25.59
}
