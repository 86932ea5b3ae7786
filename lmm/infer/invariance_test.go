package infer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

func anova(t *testing.T, m *lmm.Model, typ infer.AnovaType, df infer.DF) *infer.AnovaTable {
	t.Helper()
	a, err := infer.Anova(m, &infer.AnovaOptions{Type: typ, DF: df})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The last term of a formula has the same hypothesis in all three types.
func TestLastTermIsTheSameInAllTypes(t *testing.T) {
	for _, id := range []string{"satterthwaite_RatPup", "satterthwaite_Oats_factor", "satterthwaite_cake", "satterthwaite_Exam"} {
		m := from(t, id, nil)
		dfs := []infer.DF{infer.Satterthwaite, infer.KenwardRoger, infer.Normal}
		for _, df := range dfs {
			want := anova(t, m, infer.TypeI, df)
			for _, typ := range []infer.AnovaType{infer.TypeII, infer.TypeIII} {
				got := anova(t, m, typ, df)
				last := len(got.Rows) - 1
				// The rows of the hypothesis are other ones: rounding.
				matches(t, id+" F", got.Rows[last].F, want.Rows[last].F, 1e-8)
				if df != infer.Normal {
					matches(t, id+" df", got.Rows[last].DenDF, want.Rows[last].DenDF, 1e-7)
				}
			}
		}
	}
}

// Neither type depends on the coding or on the order of the levels; type III
// of an unbalanced table with an empty cell included.
func TestAnovaDoesNotDependOnCoding(t *testing.T) {
	rat, err := reference.Table("RatPupWeight")
	if err != nil {
		t.Fatal(err)
	}
	holes, err := rat.Where(func(r table.Row) bool { return !(r.Text("Treatment") == "Low" && r.Text("sex") == "Female") })
	if err != nil {
		t.Fatal(err)
	}
	const formula = "weight ~ Treatment * sex + sex * Lsize + (1 | Litter)"
	for name, tab := range map[string]*table.Table{"all cells": rat, "an empty cell": holes} {
		levels := tab.Column("Treatment").Levels()
		turned, err := tab.Column("Treatment").WithLevels([]string{levels[2], levels[0], levels[1]})
		if err != nil {
			t.Fatal(err)
		}
		other, err := tab.With(turned)
		if err != nil {
			t.Fatal(err)
		}
		unit := tab.Column("Lsize").Floats()
		for i := range unit {
			unit[i] *= 1000
		}
		if other, err = other.With(table.NewFloats("Lsize", unit)); err != nil {
			t.Fatal(err)
		}
		a, err := lmm.Fit(formula, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		b, err := lmm.Fit(formula, other, &lmm.Options{Contrasts: map[string]string{"Treatment": "sum", "sex": "helmert"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range []infer.AnovaType{infer.TypeI, infer.TypeII, infer.TypeIII} {
			for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger} {
				want, got := anova(t, a, typ, df), anova(t, b, typ, df)
				for i, r := range got.Rows {
					w := want.Rows[i]
					if r.NumDF != w.NumDF {
						t.Errorf("%s, type %v, %s: %d df, want %d", name, typ, r.Name, r.NumDF, w.NumDF)
					}
					// Two searches for the estimates.
					matches(t, name+", type "+typ.String()+", "+r.Name+", F", r.F, w.F, 1e-6)
					matches(t, name+", type "+typ.String()+", "+r.Name+", df", r.DenDF, w.DenDF, 1e-6)
				}
			}
		}
	}
}

// In complete data type III is the test of the sum-to-zero coefficients.
func TestTypeIIIIsTheTestOfSumContrasts(t *testing.T) {
	tab, err := reference.Table("RatPupWeight")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("weight ~ Treatment * sex + (1 | Litter)", tab, &lmm.Options{Contrasts: map[string]string{"Treatment": "sum", "sex": "sum"}})
	if err != nil {
		t.Fatal(err)
	}
	a := anova(t, m, infer.TypeIII, infer.KenwardRoger)
	for i, columns := range [][]int{{1, 2}, {3}, {4, 5}} {
		var rows []infer.Row
		for _, j := range columns {
			w := make([]float64, 6)
			w[j] = 1
			rows = append(rows, infer.Row{Weights: w})
		}
		got, err := infer.Joint(m, "", rows, &infer.Options{DF: infer.KenwardRoger})
		if err != nil {
			t.Fatal(err)
		}
		matches(t, a.Rows[i].Name+", F", got.F, a.Rows[i].F, 1e-9)
		matches(t, a.Rows[i].Name+", df", got.DenDF, a.Rows[i].DenDF, 1e-9)
	}
}

// Balanced data have exact degrees of freedom.
func TestBalancedDesignsHaveExactDF(t *testing.T) {
	for _, c := range []struct {
		id   string
		want []float64
	}{
		{"satterthwaite_ergoStool", []float64{24}},
		{"satterthwaite_cake", []float64{42, 210, 210}},
		{"satterthwaite_Oats_factor", []float64{45, 10, 45}},
		{"satterthwaite_Machines_nested", []float64{10}},
	} {
		m := from(t, c.id, nil)
		for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger} {
			for i, r := range anova(t, m, infer.TypeIII, df).Rows {
				// The Hessian of a crossed fit is one of differences: 1e-7.
				matches(t, c.id+", "+r.Name+", "+df.String(), r.DenDF, c.want[i], 1e-6)
			}
		}
	}
}

func TestBoundary(t *testing.T) {
	m := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2", nil)
	e, err := infer.Coefficients(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.DF != infer.KenwardRoger || len(e.Findings) != 1 {
		t.Fatalf("%v with %d findings, want Kenward-Roger with 1", e.DF, len(e.Findings))
	}
	matches(t, "Kenward-Roger df", e.Rows[0].DF, 5, 1e-9)
	ev := e.Findings[0].Evidence
	matches(t, "Satterthwaite df", ev[0].Found, 29, 1e-9)
	matches(t, "Kenward-Roger df", ev[1].Found, 5, 1e-9)
}

func TestContrastErrors(t *testing.T) {
	rat, err := reference.Table("RatPupWeight")
	if err != nil {
		t.Fatal(err)
	}
	twice := table.NewFloats("twice", rat.Column("Lsize").Floats())
	rat, err = rat.With(twice)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("weight ~ Lsize + twice + (1 | Litter)", rat, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		weights []float64
		says    string
	}{
		{[]float64{1, 2}, "has 2 numbers; the model has 3 fixed effects: (Intercept), Lsize, twice"},
		{[]float64{0, 1, 0}, "not estimable: the column twice"},
		{[]float64{0, 0, 1}, "not estimable"},
		{[]float64{0, math.NaN(), 1}, "not finite"},
	} {
		_, err := infer.Contrasts(m, []infer.Row{{Name: "c", Weights: c.weights}}, nil)
		var ce *infer.ContrastError
		if !errors.As(err, &ce) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want %q", c.weights, err, c.says)
		}
	}
	e, err := infer.Contrasts(m, []infer.Row{{Name: "both", Weights: []float64{0, 1, 1}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	named, err := infer.Combination(m, "both", map[string]float64{"Lsize": 1, "twice": 1})
	if err != nil || named.Weights[0] != 0 || named.Weights[1] != 1 || named.Weights[2] != 1 {
		t.Errorf("%v, %v", named, err)
	}
	if _, err := infer.Combination(m, "c", map[string]float64{"lsize": 1}); err == nil || !strings.Contains(err.Error(), `did you mean "Lsize"`) {
		t.Errorf("an unknown name: %v", err)
	}
	all, err := infer.Coefficients(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	matches(t, "Lsize + twice", e.Rows[0].Value, all.Rows[1].Value, 1e-12)
	if r := all.Rows[2]; !math.IsNaN(r.Value) || r.Reason == "" {
		t.Errorf("an aliased column has the estimate %v and the reason %q", r.Value, r.Reason)
	}
	if s := all.Document().Text(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
		t.Error(s)
	}
	ml, err := lmm.Fit("weight ~ Lsize + (1 | Litter)", rat, &lmm.Options{ML: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := infer.Coefficients(ml, &infer.Options{DF: infer.KenwardRoger}); err == nil || !strings.Contains(err.Error(), "REML") {
		t.Errorf("Kenward-Roger of a fit by ML: %v", err)
	}
	if _, err := infer.Coefficients(ml, &infer.Options{Level: 95}); err == nil {
		t.Error("a level of 95 is accepted")
	}
}

// Quantiles that tables print, and the tails beyond them.
func TestIntervalsUseTheQuantileOfT(t *testing.T) {
	for _, id := range []string{"satterthwaite_sleepstudy_slope", "satterthwaite_Dyestuff"} {
		m := from(t, id, nil)
		for _, df := range []infer.DF{infer.Satterthwaite, infer.Normal} {
			e, err := infer.Coefficients(m, &infer.Options{DF: df, Level: 0.95})
			if err != nil {
				t.Fatal(err)
			}
			want := map[float64]float64{17: 2.109815577833181, 5: 2.570581835636314}[math.Round(e.Rows[0].DF)]
			if df == infer.Normal {
				want = 1.959963984540054
			}
			// The df are 17 and 5 to 1e-9.
			matches(t, id, (e.Rows[0].Upper-e.Rows[0].Value)/e.Rows[0].SE, want, 1e-7)
		}
	}
}
