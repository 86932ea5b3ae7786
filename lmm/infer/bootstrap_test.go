package infer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// The parametric bootstrap of lme4's bootMer, 1000 replicates each: means within
// 4 standard errors, standard deviations within 4 of theirs, 1 / sqrt(2 B)
// relative, quantiles in the tails with about twice the error of a mean.
func TestBootstrapAgainstLme4(t *testing.T) {
	var f struct {
		Names     []string
		T0        []float64
		Mean      []float64 `json:"boot_mean"`
		SD        []float64 `json:"boot_sd"`
		Quantiles struct{ Q025, Q975 []float64 }
	}
	fixture(t, "bootMer_sleepstudy.json", &f)
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", data(t, "sleepstudy"), false)
	r, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 1000, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Failures) > 0 || r.Singular == 0 {
		t.Errorf("failures %v, %d singular", r.Failures, r.Singular)
	}
	intervals, err := r.Intervals(infer.Percentile, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range []int{4, 5, 0, 2, 1, 3} { // (Intercept), Days, sds, correlation, sigma
		b := intervals[at]
		se := math.Sqrt(2) * f.SD[i] / math.Sqrt(1000)
		if !near(b.Estimate, f.T0[i], 1e-5) {
			t.Errorf("%s is %v, lme4 %v", b.Name, b.Estimate, f.T0[i])
		}
		if math.Abs(b.Mean-f.Mean[i]) > 4*se {
			t.Errorf("%s: mean %v, lme4 %v", b.Name, b.Mean, f.Mean[i])
		}
		if math.Abs(b.SE/f.SD[i]-1) > 4*math.Sqrt(2.0/2000) {
			t.Errorf("%s: SE %v, lme4 %v", b.Name, b.SE, f.SD[i])
		}
		// The standard error of the 2.5 % quantile of a normal distribution is
		// 2.7 times that of the mean.
		if math.Abs(b.Lower.Value-f.Quantiles.Q025[i]) > 4*2.7*se || math.Abs(b.Upper.Value-f.Quantiles.Q975[i]) > 4*2.7*se {
			t.Errorf("%s: %v to %v, lme4 %v to %v", b.Name, b.Lower.Value, b.Upper.Value, f.Quantiles.Q025[i], f.Quantiles.Q975[i])
		}
	}
}

func sameBits(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i, v := range a {
		if math.Float64bits(v) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}

// The bits depend on the seed alone: not on workers, nor on whether a result was
// continued; and they are those of Model.Simulate.
func TestBootstrapIsDeterministic(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", data(t, "sleepstudy"), false)
	for _, kind := range []infer.BootstrapKind{infer.Parametric, infer.Residual, infer.Case} {
		opt := infer.BootstrapOptions{Replicates: 30, Kind: kind, Seed: 3}
		whole, err := infer.Bootstrap(m, &opt)
		if err != nil {
			t.Fatal(err)
		}
		opt.Workers, opt.Replicates = 1, 10
		calls := 0
		opt.Progress = func(done, total int) {
			calls++
			if done > total {
				t.Errorf("%d of %d done", done, total)
			}
		}
		part, err := infer.Bootstrap(m, &opt)
		if err != nil {
			t.Fatal(err)
		}
		opt.Replicates, opt.Continue = 30, part
		rest, err := infer.Bootstrap(m, &opt)
		if err != nil {
			t.Fatal(err)
		}
		if !sameBits(whole.Values, rest.Values) || whole.Singular != rest.Singular || calls != 30 {
			t.Errorf("%s: the values depend on how they were computed; %d calls", kind, calls)
		}
	}
	y := m.Simulate(2, 3)
	again, err := m.Refit(y[1])
	if err != nil {
		t.Fatal(err)
	}
	r, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 2, Seed: 3, Statistic: func(m *lmm.Model) []float64 { return []float64{m.Sigma()} }})
	if err != nil || math.Abs(r.Values[1]/again.Sigma()-1) > 1e-9 {
		t.Errorf("%v: sigma %v, of Simulate %v", err, r.Values, again.Sigma())
	}
}

// All kinds agree on data that the model describes: standard errors of the fixed
// effects within a factor of 1.5 for 18 subjects.
func TestBootstrapKinds(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (Days | Subject)", data(t, "sleepstudy"), false)
	effects := m.FixedEffects()
	for _, kind := range []infer.BootstrapKind{infer.Parametric, infer.Residual, infer.Case} {
		r, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 300, Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []infer.IntervalMethod{infer.Percentile, infer.Basic, infer.BCa} {
			all, err := r.Intervals(method, 0.9)
			if err != nil {
				t.Fatal(err)
			}
			for i, e := range effects {
				b := all[4+i]
				if q := b.SE / e.SE; q < 1/1.5 || q > 1.5 {
					t.Errorf("%s: SE of %s %v, of the model %v", kind, e.Name, b.SE, e.SE)
				}
				if !(b.Lower.Value < e.Estimate && e.Estimate < b.Upper.Value) {
					t.Errorf("%s %s: %s from %v to %v", kind, method, e.Name, b.Lower.Value, b.Upper.Value)
				}
			}
		}
	}
}

func TestBootstrapErrors(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (1 | Subject)", data(t, "sleepstudy"), false)
	crossed := fitted(t, "diameter ~ 1 + (1 | plate) + (1 | sample)", data(t, "Penicillin"), false)
	one := func(*lmm.Model) []float64 { return []float64{1} }
	done, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 2, Statistic: one})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, word string
		model      *lmm.Model
		opt        *infer.BootstrapOptions
	}{
		{"none", "needs replicates", m, nil},
		{"zero", "needs replicates", m, &infer.BootstrapOptions{}},
		{"negative", "needs replicates", m, &infer.BootstrapOptions{Replicates: -1}},
		{"kind", "no bootstrap", m, &infer.BootstrapOptions{Replicates: 1, Kind: "wild"}},
		{"crossed", "crossed", crossed, &infer.BootstrapOptions{Replicates: 1, Kind: infer.Case}},
		{"panic", "panicked", m, &infer.BootstrapOptions{Replicates: 1, Statistic: func(*lmm.Model) []float64 { panic("no") }}},
		{"empty", "no values", m, &infer.BootstrapOptions{Replicates: 1, Statistic: func(*lmm.Model) []float64 { return nil }}},
		{"names", "2 names", m, &infer.BootstrapOptions{Replicates: 1, Statistic: one, Names: []string{"a", "b"}}},
		{"other seed", "another bootstrap", m, &infer.BootstrapOptions{Replicates: 3, Statistic: one, Seed: 1, Continue: done}},
		{"other model", "another bootstrap", crossed, &infer.BootstrapOptions{Replicates: 3, Statistic: one, Continue: done}},
	} {
		if _, err := infer.Bootstrap(c.model, c.opt); err == nil || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := done.Intervals("t", 0.9); err == nil {
		t.Error("an unknown method")
	}
	if _, err := done.Intervals(infer.Percentile, 2); err == nil {
		t.Error("a level of 2")
	}
	if b, err := done.Intervals(infer.Percentile, 0.9); err != nil || !math.IsNaN(b[0].Lower.Value) || b[0].Lower.Reason == "" {
		t.Errorf("two replicates: %+v, %v", b, err)
	}
}

// A statistic that fails in some replicates: they are counted and left out.
func TestBootstrapFailures(t *testing.T) {
	m := fitted(t, "Reaction ~ Days + (1 | Subject)", data(t, "sleepstudy"), false)
	sigma := m.Sigma()
	r, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 40, Names: []string{"sigma", "defined for small sigma"}, Statistic: func(n *lmm.Model) []float64 {
		switch s := n.Sigma(); {
		case s > 1.05*sigma:
			panic("too large")
		case s < 0.95*sigma:
			return []float64{s}
		case s > sigma:
			return []float64{s, math.NaN()}
		default:
			return []float64{s, s}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Failures["the statistic panicked: too large"] == 0 || r.Failures["the statistic has 1 values instead of 2"] == 0 {
		t.Errorf("failures %v", r.Failures)
	}
	all, err := r.Intervals(infer.Percentile, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, n := range r.Failures {
		failed += n
	}
	if all[0].Used != 40-failed || all[1].Used >= all[0].Used || all[1].Used == 0 {
		t.Errorf("used %d and %d of 40, %d failed", all[0].Used, all[1].Used, failed)
	}
	text := r.Document().Text()
	for _, want := range []string{"failed and are left out", "not defined in"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func BenchmarkBootstrap(b *testing.B) {
	m := fitted(b, "Reaction ~ Days + (Days | Subject)", data(b, "sleepstudy"), false)
	for b.Loop() {
		if _, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: 1000}); err != nil {
			b.Fatal(err)
		}
	}
}
