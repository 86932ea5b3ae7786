package gee

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// columns makes a table of columns of numbers.
func columns(t testing.TB, names string, cols ...[]float64) *table.Table {
	t.Helper()
	var list []*table.Column
	for i, name := range strings.Fields(names) {
		list = append(list, table.NewFloats(name, cols[i]))
	}
	tab, err := table.New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func fit(t testing.TB, src string, tab *table.Table, opt Options) *Result {
	t.Helper()
	r, err := Fit(src, tab, &opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func data4(t testing.TB, name string) *table.Table {
	t.Helper()
	tab, err := reference.Table(name)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// same compares coefficients in standard errors, and the standard errors.
func same(t *testing.T, what string, a, b *Result, factor []float64) {
	t.Helper()
	for i := range a.Coefficients {
		x, y := a.Coefficients[i], b.Coefficients[i]
		f := 1.0
		if factor != nil {
			f = factor[i]
		}
		// Two solutions to 1e-9 standard errors each, and rounding of the columns.
		if math.Abs(x.Estimate-f*y.Estimate) > 1e-7*x.SE || math.Abs(x.SE/(f*y.SE)-1) > 1e-7 {
			t.Errorf("%s: %+v and %+v", what, x, y)
		}
	}
}

// Order of rows, units and origin of predictors must not matter.
func TestInvariance(t *testing.T) {
	tab := data4(t, "grouseticks")
	opt := Options{Subject: "LOCATION", Family: "poisson", Correlation: "exchangeable"}
	r := fit(t, "TICKS ~ YEAR + cHEIGHT", tab, opt)
	rng := rand.New(rand.NewPCG(1, 2))
	same(t, "shuffled rows", fit(t, "TICKS ~ YEAR + cHEIGHT", tab.Take(rng.Perm(tab.Rows())), opt), r, nil)
	shift, scaled := make([]float64, tab.Rows()), make([]float64, tab.Rows())
	for i, h := range tab.Column("cHEIGHT").Floats() {
		shift[i], scaled[i] = h+1e5, h*1e6
	}
	for _, c := range [][]float64{shift, scaled} {
		with, err := tab.With(table.NewFloats("h", c))
		if err != nil {
			t.Fatal(err)
		}
		got := fit(t, "TICKS ~ YEAR + h", with, opt)
		f := 1.0
		if c[0] == scaled[0] {
			f = 1e-6
		}
		// The slope; the intercept moves with the origin. 1e-6: h + 1e5 has lost five digits.
		if x, y := got.Coefficients[3], r.Coefficients[3]; math.Abs(x.Estimate/(f*y.Estimate)-1) > 1e-6 || math.Abs(x.SE/(f*y.SE)-1) > 1e-6 {
			t.Errorf("%+v and %+v", x, y)
		}
	}
}

// Counts are the same as their single trials: the sums of a subject agree.
func TestCountsAreTrials(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var id, x, yes, no, id1, x1, y1 []float64
	for s := range 40 {
		for range 3 {
			v, n := rng.NormFloat64(), 1+rng.IntN(8)
			k := 0
			for range n {
				y := 0.0
				if rng.Float64() < 1/(1+math.Exp(-0.5*v)) {
					y, k = 1, k+1
				}
				id1, x1, y1 = append(id1, float64(s)), append(x1, v), append(y1, y)
			}
			id, x, yes, no = append(id, float64(s)), append(x, v), append(yes, float64(k)), append(no, float64(n-k))
		}
	}
	opt := Options{Subject: "id", Family: "binomial", SE: Robust}
	a := fit(t, "cbind(yes, no) ~ x", columns(t, "id x yes no", id, x, yes, no), opt)
	b := fit(t, "y ~ x", columns(t, "id x y", id1, x1, y1), opt)
	same(t, "counts and trials", a, b, nil)
	if math.Abs(a.QuasiLik-b.QuasiLik) > 1e-8 {
		t.Errorf("Q %g and %g", a.QuasiLik, b.QuasiLik)
	}
}

func has(r *Result, code string) bool {
	for _, f := range r.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestDocumentAndJSON(t *testing.T) {
	r := fit(t, "distance ~ age * Sex", data4(t, "Orthodont"), Options{Subject: "Subject", Time: "age", Correlation: "exchangeable"})
	text := r.Document().Text()
	for _, want := range []string{"EQUATIONS SOLVED", "exchangeable 0.618", "27", "age:Sex", "Kauermann and Carroll", "Mancl-DeRouen", "Working correlation"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, out := range []string{r.Document().HTML(), r.Document().Markdown(), r.Document().LaTeX()} {
		if out == "" {
			t.Error("an empty document")
		}
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back struct {
		Beta, SE  []float64
		SERobust  []float64 `json:"se_robust"`
		Kind      string    `json:"se_kind"`
		Converged bool
		QIC       float64
	}
	if err := json.Unmarshal(b, &back); err != nil || len(back.Beta) != 4 || back.Kind != "kauermann-carroll" || !back.Converged || back.SERobust[0] >= back.SE[0] {
		t.Errorf("%v, %+v", err, back)
	}
}
