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
	"github.com/golmm/golmm/lmm/table"
)

// clinics draws 0/1 responses of 200 patients in 20 clinics; the third arm has no event.
func clinics(t *testing.T, arm func(i int) string) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(31, 7))
	var y, x []float64
	var f, g []string
	effect := make([]float64, 20)
	for j := range effect {
		effect[j] = rng.NormFloat64()
	}
	for i := range 200 {
		v, a := rng.NormFloat64(), arm(i)
		outcome := 0.0
		if rng.Float64() < 1/(1+math.Exp(-0.3-0.8*v-effect[i%20])) && a != "none" {
			outcome = 1
		}
		y, x, f, g = append(y, outcome), append(x, v), append(f, a), append(g, fmt.Sprint("c", i%20))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("arm", f), table.NewTexts("clinic", g))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// In the limit of separated responses the likelihood is that of the other rows:
// criterion, variances, finite coefficients and their standard errors are those
// of a fit to them, whichever level is the one without events.
func TestSeparatedIsTheRest(t *testing.T) {
	for _, c := range []struct {
		none     int // which level has no event
		infinite []string
		same     map[string]string // a coefficient, and what it is in the fit to the rest
	}{
		{2, []string{"armnone"}, map[string]string{"(Intercept)": "(Intercept)", "x": "x", "armb": "armb"}},
		{0, []string{"(Intercept)", "armb", "armc"}, map[string]string{"x": "x"}},
	} {
		names := []string{"a", "b"}
		if c.none == 0 {
			names = []string{"b", "c"}
		}
		tab := clinics(t, func(i int) string {
			if i/20%3 == 2 {
				return "none"
			}
			return names[i/20%3]
		})
		column := tab.Column("arm").AsFactor()
		levels := slices.Insert(slices.Clone(names), c.none, "none")
		if ordered, err := column.WithLevels(levels); err != nil {
			t.Fatal(err)
		} else if tab, err = tab.With(ordered); err != nil {
			t.Fatal(err)
		}
		opt := &lmm.Options{Family: "binomial"}
		m, err := lmm.Fit("y ~ x + arm + (1 | clinic)", tab, opt)
		if err != nil {
			t.Fatal(err)
		}
		part, err := tab.Where(func(r table.Row) bool { return r.Text("arm") != "none" })
		if err != nil {
			t.Fatal(err)
		}
		rest, err := lmm.Fit("y ~ x + arm + (1 | clinic)", part, opt)
		if err != nil {
			t.Fatal(err)
		}
		if m.Separation() == nil || m.Verdict().Place != certify.NoFiniteMaximum || rest.Separation() != nil {
			t.Fatalf("separated %v, the rest %v", m.Separation(), rest.Separation())
		}
		// The search ends where a likelihood of 1 is within 1e-9 of its limit.
		if d := m.Criterion() - rest.Criterion(); math.Abs(d) > 1e-6 {
			t.Errorf("criterion %g above that of the rest", d)
		}
		if d := m.Theta()[0] - rest.Theta()[0]; math.Abs(d) > 1e-5 {
			t.Errorf("theta %g, of the rest %g", m.Theta()[0], rest.Theta()[0])
		}
		other := map[string]lmm.Coefficient{}
		for _, e := range rest.FixedEffects() {
			other[e.Name] = e
		}
		for _, e := range m.FixedEffects() {
			if slices.Contains(c.infinite, e.Name) {
				if !math.IsInf(e.Estimate, 0) || !math.IsNaN(e.SE) || e.Reason == "" {
					t.Errorf("%+v runs to infinity", e)
				}
				continue
			}
			want := other[c.same[e.Name]]
			if math.Abs(e.Estimate-want.Estimate) > 1e-5 || math.Abs(e.SE-want.SE) > 1e-5*want.SE {
				t.Errorf("%s: %g (%g), of the rest %g (%g)", e.Name, e.Estimate, e.SE, want.Estimate, want.SE)
			}
		}
		text, err := json.Marshal(m)
		if err != nil || strings.Contains(string(text), "Inf") {
			t.Errorf("%v", err)
		}
		p, err := m.Predict(tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		if last := tab.Rows() - 1; tab.Column("arm").Text(40) != "none" || !math.IsNaN(p.SE[40]) || p.SE[0] <= 0 || math.IsNaN(p.SE[0]) {
			t.Errorf("SE of a separated row %g, of another %g (%d rows)", p.SE[40], p.SE[0], last+1)
		}
	}
}

// Complete separation leaves nothing: every coefficient is infinite, with the sign of
// the direction that separates, whatever the unit.
func TestSeparatedCompletely(t *testing.T) {
	for _, unit := range []float64{1, 1e200, 1e-200} {
		rng := rand.New(rand.NewPCG(3, 3))
		var y, x []float64
		var g []string
		for i := range 60 {
			v := rng.NormFloat64()
			x, g = append(x, unit*v), append(g, fmt.Sprint(i%6))
			y = append(y, float64(int(math.Ceil(math.Max(0, math.Min(1, v-0.3))))))
		}
		tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (1 | g)", tab, &lmm.Options{Family: "binomial"})
		if err != nil {
			t.Fatal(err)
		}
		if s := m.Separation(); s == nil || !s.Complete {
			t.Fatalf("unit %g: %+v", unit, s)
		}
		if c := m.FixedEffects(); !math.IsInf(c[0].Estimate, -1) || !math.IsInf(c[1].Estimate, 1) {
			t.Errorf("unit %g: %+v", unit, c)
		}
	}
}
