package lmm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// ordinary is a table of 120 rows with nothing odd about it, but for what is put in
// place of a column.
func ordinary(t *testing.T, odd string, value func(i int, v float64) float64) *table.Table {
	t.Helper()
	const n = 120
	rng := rand.New(rand.NewPCG(5, 5))
	names := []string{"y", "count", "positive", "x", "z1", "z2", "z3", "z4", "w", "offset", "size"}
	columns := make([][]float64, len(names))
	var g, h, one, row []string
	for i := range n {
		x := rng.NormFloat64()
		y := 0.0
		if rng.Float64()*(1+math.Exp(-x)) < 1 {
			y = 1
		}
		for j, v := range []float64{y, float64(rng.IntN(5)), rng.ExpFloat64(), x, rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64(), 1, 0, 10} {
			columns[j] = append(columns[j], v)
		}
		g, h, one, row = append(g, fmt.Sprint("g", i%12)), append(h, fmt.Sprint("h", i%7)), append(one, "a"), append(row, fmt.Sprint("r", i))
	}
	cols := []*table.Column{table.NewTexts("g", g), table.NewTexts("h", h), table.NewTexts("one", one), table.NewTexts("row", row)}
	for j, name := range names {
		if name == odd {
			for i, v := range columns[j] {
				columns[j][i] = value(i, v)
			}
		}
		cols = append(cols, table.NewFloats(name, columns[j]))
	}
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func all(v float64) func(int, float64) float64 { return func(int, float64) float64 { return v } }

func times(c float64) func(int, float64) float64 {
	return func(_ int, v float64) float64 { return c * v }
}

// oneRow puts a value into the sixth row.
func oneRow(v float64) func(int, float64) float64 {
	return func(i int, old float64) float64 {
		if i == 5 {
			return v
		}
		return old
	}
}

// What no likelihood can be made of is an error, or a finding; nothing panics, runs
// on, or leaves a number that is none.
func TestGeneralisedHostile(t *testing.T) {
	const bernoulli, counts, positive = "y ~ x + (1 | g)", "count ~ x + (1 | g)", "positive ~ x + (1 | g)"
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		odd     string
		value   func(int, float64) float64
		formula string
		opt     lmm.Options
		says    string // of the error
		finds   string // the code of a finding
	}{
		{"y", all(0), bernoulli, lmm.Options{Family: "binomial"}, "nothing to explain", ""},
		{"y", all(1), bernoulli, lmm.Options{Family: "binomial"}, "nothing to explain", ""},
		{"y", all(nan), bernoulli, lmm.Options{Family: "binomial"}, "y is missing in 120", ""},
		{"x", all(nan), bernoulli, lmm.Options{Family: "binomial"}, "x is missing in 120", ""},
		{"x", oneRow(inf), bernoulli, lmm.Options{Family: "binomial"}, "x is infinite in row 6", ""},
		{"x", oneRow(1e308), bernoulli, lmm.Options{Family: "binomial"}, "", "A5"},
		{"x", times(1e200), bernoulli, lmm.Options{Family: "binomial"}, "", "D2"},
		{"", nil, "y ~ x + (1 | one)", lmm.Options{Family: "binomial"}, "only the level a", ""},
		{"", nil, "y ~ x + (1 | row)", lmm.Options{Family: "binomial"}, "a single trial", ""},
		{"", nil, "y ~ x + (1 | g) + (1 | row)", lmm.Options{Family: "binomial"}, "Drop the term (1 | row)", ""},
		{"", nil, "count ~ x + (1 | row)", lmm.Options{Family: "poisson"}, "", ""},
		{"", nil, "count ~ x + (1 | row)", lmm.Options{Family: "negbinomial"}, "", ""},
		{"", nil, "positive ~ x + (1 | row)", lmm.Options{Family: "gamma"}, "", ""},
		{"", nil, "y ~ x + g + (1 | g)", lmm.Options{Family: "binomial"}, "", "I1"},
		{"", nil, "y ~ row + (1 | g)", lmm.Options{Family: "binomial"}, "cannot estimate 120 fixed effects", ""},
		{"", nil, "y ~ x", lmm.Options{Family: "binomial"}, "at least one random term", ""},
		{"", nil, "g ~ x + (1 | h)", lmm.Options{Family: "poisson"}, "g is text", ""},

		{"count", all(0), counts, lmm.Options{Family: "poisson"}, "nothing to explain", ""},
		{"count", all(0), counts, lmm.Options{Family: "negbinomial"}, "nothing to explain", ""},
		{"count", oneRow(-1), counts, lmm.Options{Family: "poisson"}, "is -1 in row 6", ""},
		{"count", oneRow(inf), counts, lmm.Options{Family: "poisson"}, "infinite in row 6", ""},
		{"count", oneRow(1e300), counts, lmm.Options{Family: "poisson"}, "", "A5"},
		{"count", oneRow(1e300), counts, lmm.Options{Family: "negbinomial"}, "", "A5"},
		{"count", times(1e15), counts, lmm.Options{Family: "poisson"}, "", "C7"},
		{"count", times(1e15), counts, lmm.Options{Family: "negbinomial"}, "", "C7"},
		{"positive", oneRow(0), positive, lmm.Options{Family: "gamma"}, "needs responses above 0", ""},
		{"positive", oneRow(1e300), positive, lmm.Options{Family: "gamma"}, "", "A5"},
		{"positive", oneRow(1e-300), positive, lmm.Options{Family: "gamma"}, "", ""},

		{"w", oneRow(0), bernoulli, lmm.Options{Family: "binomial", Weights: "w"}, "", "D10"},
		{"w", oneRow(nan), bernoulli, lmm.Options{Family: "binomial", Weights: "w"}, "", "D10"},
		{"w", all(0), bernoulli, lmm.Options{Family: "binomial", Weights: "w"}, "the weight is 0 in 120", ""},
		{"w", oneRow(-1), bernoulli, lmm.Options{Family: "binomial", Weights: "w"}, "weight in row 6 is -1", ""},
		{"w", oneRow(inf), bernoulli, lmm.Options{Family: "binomial", Weights: "w"}, "weight in row 6 is +Inf", ""},
		{"w", oneRow(1e308), bernoulli, lmm.Options{Family: "binomial", Weights: "w"}, "", "A5"},
		{"w", all(1e308), counts, lmm.Options{Family: "poisson", Weights: "w"}, "", "A5"},
		{"w", all(1e-308), "y ~ x + (1 | g)", lmm.Options{Family: "poisson", Weights: "w"}, "", "A5"},
		{"y", oneRow(1.2), bernoulli, lmm.Options{Family: "binomial", Weights: "size"}, "is 1.2 in row 6", ""},
		{"y", func(i int, _ float64) float64 { return float64(i%10) / 10 }, bernoulli, lmm.Options{Family: "binomial"}, "", "D11"},

		{"offset", oneRow(inf), bernoulli, lmm.Options{Family: "binomial", Offset: "offset"}, "offset is infinite in row 6", ""},
		{"offset", all(1e308), bernoulli, lmm.Options{Family: "binomial", Offset: "offset"}, "", "A5"},
		{"offset", oneRow(800), counts, lmm.Options{Family: "poisson", Offset: "offset"}, "", "A5"},
		{"offset", all(-800), counts, lmm.Options{Family: "poisson", Offset: "offset"}, "", ""},

		{"", nil, "cbind(count, y - count) ~ x + (1 | g)", lmm.Options{Family: "binomial"}, "a count is not negative", ""},
		{"", nil, "cbind(count, y, size) ~ x + (1 | g)", lmm.Options{Family: "binomial"}, "too many arguments", ""},
		{"", nil, "cbind(count) ~ x + (1 | g)", lmm.Options{Family: "binomial"}, `an argument "failures"`, ""},
		{"", nil, "cbind(count, y) ~ x + (1 | g)", lmm.Options{Family: "gamma"}, "belongs to the binomial family", ""},
		{"", nil, "cbind(g, count) ~ x + (1 | g)", lmm.Options{Family: "binomial"}, "takes counts; g is text", ""},
		{"", nil, "cbind(count / 3, size / 7) ~ x + (1 | g)", lmm.Options{Family: "binomial"}, "", "D11"},

		{"", nil, bernoulli, lmm.Options{Family: "binomial", Quadrature: 1000}, "", ""},
		{"", nil, bernoulli, lmm.Options{Family: "binomial", Quadrature: math.MaxInt}, "are more than 20000", ""},
		{"", nil, "y ~ x + (x + z1 + z2 + z3 + z4 | g)", lmm.Options{Family: "binomial", Quadrature: 9}, "9 nodes in each of 6 dimensions", ""},
		{"", nil, "y ~ x + (1 | g) + (1 | h)", lmm.Options{Family: "binomial", Quadrature: 9}, "one grouping factor", ""},
		{"", nil, "y ~ x + (1 | g) + (1 | h)", lmm.Options{Family: "binomial", Quadrature: lmm.AutoQuadrature}, "one grouping factor", ""},
	} {
		name := fmt.Sprintf("%s of %s, %+v", c.odd, c.formula, c.opt)
		m, err := lmm.Fit(c.formula, ordinary(t, c.odd, c.value), &c.opt)
		if c.says != "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v, want it to say %q", name, err, c.says)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var codes []string
		for _, f := range m.Findings() {
			codes = append(codes, f.Code)
		}
		if c.finds != "" && !slices.Contains(codes, c.finds) {
			t.Errorf("%s: findings %v, want %s", name, codes, c.finds)
		}
		if math.IsInf(m.Criterion(), 0) && !slices.Contains(codes, "A5") {
			t.Errorf("%s: the criterion is %g, and nothing says why", name, m.Criterion())
		}
		for _, f := range m.FixedEffects() {
			if (math.IsNaN(f.Estimate) || math.IsInf(f.Estimate, 0)) && f.Reason == "" {
				t.Errorf("%s: %s is %g without a reason", name, f.Name, f.Estimate)
			}
		}
		for _, v := range m.VarCorr() {
			if slices.ContainsFunc(v.SD, math.IsNaN) && v.Reason == "" {
				t.Errorf("%s: a standard deviation of %s is %v without a reason", name, v.Group, v.SD)
			}
		}
	}
}
