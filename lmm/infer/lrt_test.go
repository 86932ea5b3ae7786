package infer_test

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

type lrtFixture struct {
	Models []string
	Data   string
	ML     struct {
		Chisq []*float64
		Df    []*float64
		P     []*float64 `json:"Pr(>Chisq)"`
	} `json:"anova_ml"`
	Ranova *struct {
		Rows []string
		LRT  []*float64
		Df   []*float64
		P    []*float64 `json:"Pr(>Chisq)"`
	} `json:"ranova_last_model_reml"`
}

// The likelihood ratios and the naive p values of lme4's anova. Its optimiser
// stops within 1e-6 of the maximum.
func TestLRTAgainstLme4(t *testing.T) {
	files, err := filepath.Glob("testdata/lrt_*.json")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, file := range files {
		var f lrtFixture
		fixture(t, filepath.Base(file), &f)
		tab := data(t, f.Data)
		var models []*lmm.Model
		for _, formula := range f.Models {
			models = append(models, fitted(t, formula, tab, false))
		}
		for i := 1; i < len(models); i++ {
			small, err := lmm.FitDesign(models[i-1].Frame(), &lmm.Options{ML: true})
			if err != nil {
				t.Fatal(err)
			}
			big, err := lmm.FitDesign(models[i].Frame(), &lmm.Options{ML: true})
			if err != nil {
				t.Fatal(err)
			}
			got, err := infer.LRT(small, big, &infer.LRTOptions{Draws: -1})
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			if !near(got.Statistic, *f.ML.Chisq[i], 3e-6) || got.DF != int(*f.ML.Df[i]) || !near(got.Naive, *f.ML.P[i], 1e-6) {
				t.Errorf("%s, %q in %q: %v on %d, p %v; want %v on %v, %v", file, got.Null, got.Alternative, got.Statistic, got.DF, got.Naive, *f.ML.Chisq[i], *f.ML.Df[i], *f.ML.P[i])
			}
			// The same test from fits by REML, refitted where X differs.
			again, err := infer.LRT(models[i], models[i-1], &infer.LRTOptions{Draws: -1})
			if err != nil {
				t.Fatal(err)
			}
			differ := models[i].Frame().X.Cols != models[i-1].Frame().X.Cols
			if again.Refitted != differ || again.REML == differ {
				t.Errorf("%s: refitted %v, REML %v, but the fixed effects differ: %v", file, again.Refitted, again.REML, differ)
			}
			if differ && !near(again.Statistic, got.Statistic, 1e-7) {
				t.Errorf("%s: %v after a refit by ML, %v", file, again.Statistic, got.Statistic)
			}
		}
	}
}

// The mixtures of Stram and Lee (1994), cases 1 to 4, and what they give at the
// reference data: half the naive p value for one variance.
func TestMixtures(t *testing.T) {
	for _, c := range []struct {
		data, small, big string
		want             []float64
	}{
		{"sleepstudy", "Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days || Subject)", []float64{.5, .5}},
		{"sleepstudy", "Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)", []float64{0, .5, .5}},
		{"sleepstudy", "Reaction ~ Days + (Days || Subject)", "Reaction ~ Days + (Days | Subject)", []float64{0, 1}},
		{"sleepstudy", "Reaction ~ 1 + (Days | Subject)", "Reaction ~ Days + (Days | Subject)", []float64{0, 1}},
		{"sleepstudy", "Reaction ~ 1 + (1 | Subject)", "Reaction ~ Days + (Days | Subject)", []float64{0, 0, .5, .5}},
		{"Machines", "score ~ Machine + (1 | Worker)", "score ~ Machine + (1 | Worker/Machine)", []float64{.5, .5}},
		{"Machines", "score ~ Machine + (1 | Worker/Machine)", "score ~ Machine + (Machine | Worker)", []float64{0, 0, 0, 0, 1}},
		{"Machines", "score ~ Machine + (1 | Worker)", "score ~ Machine + cs(Machine | Worker)", []float64{.5, .5}},
		{"Machines", "score ~ Machine + cs(Machine | Worker)", "score ~ Machine + (Machine | Worker)", []float64{0, 0, 0, 0, 1}},
		{"Pastes", "strength ~ 1 + (1 | sample)", "strength ~ 1 + (1 | batch/cask)", []float64{.5, .5}},
	} {
		tab := data(t, c.data)
		got, err := infer.LRT(fitted(t, c.small, tab, true), fitted(t, c.big, tab, true), &infer.LRTOptions{Draws: -1})
		if err != nil {
			t.Errorf("%q in %q: %v", c.small, c.big, err)
			continue
		}
		if len(got.Mixture.Weights) != len(c.want) {
			t.Errorf("%q in %q: weights %v (%s), want %v", c.small, c.big, got.Mixture.Weights, got.MixtureReason, c.want)
			continue
		}
		for i, w := range c.want {
			if math.Abs(w-got.Mixture.Weights[i]) > 1e-12 {
				t.Errorf("%q in %q: weights %v, want %v", c.small, c.big, got.Mixture.Weights, c.want)
			}
		}
		if c.want[0] == .5 && !near(got.MixtureP, got.Naive/2, 1e-12) {
			t.Errorf("%q in %q: p %v, naive %v", c.small, c.big, got.MixtureP, got.Naive)
		}
	}
}

// The exact tests of RLRsim, both Monte Carlo: 4 standard errors of each.
func TestExactAgainstRLRsim(t *testing.T) {
	var f struct {
		Tests map[string]struct {
			Statistic float64
			P         float64 `json:"p_value"`
			SE        float64 `json:"mc_se"`
		}
	}
	fixture(t, "rlrsim.json", &f)
	slopes := "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"
	for _, c := range []struct {
		id, data, big, null string
		ml                  bool
	}{
		{"Dyestuff_1way", "Dyestuff", "Yield ~ 1 + (1 | Batch)", "without (1 | Batch)", false},
		{"Dyestuff2_1way", "Dyestuff2", "Yield ~ 1 + (1 | Batch)", "without (1 | Batch)", false},
		{"Rail", "Rail", "travel ~ 1 + (1 | Rail)", "without (1 | Rail)", false},
		{"ergoStool", "ergoStool", "effort ~ Type + (1 | Subject)", "without (1 | Subject)", false},
		{"sleepstudy_slope_given_intercept", "sleepstudy", slopes, "without (0 + Days | Subject)", false},
		{"sleepstudy_intercept_given_slope", "sleepstudy", slopes, "without (1 | Subject)", false},
		{"Pastes_batch_given_sample", "Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)", "without (1 | batch)", false},
		{"sleepstudy_exactLRT", "sleepstudy", "Reaction ~ 1 + (1 | Subject)", "without (1 | Subject)", true},
	} {
		want, ok := f.Tests[c.id]
		if !ok {
			t.Fatalf("no fixture %s", c.id)
		}
		tests, err := infer.DropRandom(fitted(t, c.big, data(t, c.data), c.ml), &infer.LRTOptions{Draws: 100000, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, got := range tests {
			if got.Null != c.null {
				continue
			}
			found = true
			if !near(got.Statistic, want.Statistic, 1e-6) {
				t.Errorf("%s: statistic %v, want %v", c.id, got.Statistic, want.Statistic)
			}
			if got.Simulated == nil {
				t.Errorf("%s: no draws: %v", c.id, got.Notes)
				continue
			}
			// Of a zero statistic RLRsim counts draws above 0 alone.
			p, counted := got.Simulated.P, want.P
			if want.Statistic < 1e-9 {
				continue
			}
			if math.Abs(p-counted) > 4*(want.SE+got.Simulated.SE)+1e-5 {
				t.Errorf("%s: p %v (%v), want %v (%v)", c.id, p, got.Simulated.SE, counted, want.SE)
			}
		}
		if !found {
			t.Errorf("%s: no test %q", c.id, c.null)
		}
	}
}

// 100000 draws, for 18 equal groups and for 65 groups of 2 to 198 rows.
func BenchmarkExactRLRT(b *testing.B) {
	for _, c := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (1 | Subject)"},
		{"Exam", "normexam ~ standLRT + (1 | school)"},
	} {
		m := fitted(b, c.formula, data(b, c.data), false)
		b.Run(c.data, func(b *testing.B) {
			for b.Loop() {
				if _, err := infer.DropRandom(m, &infer.LRTOptions{Draws: 100000}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The weights of a whole term, an intercept, a slope and their covariance, against
// a parametric bootstrap of data that have none of them.
func TestMixtureOfATermAgainstBootstrap(t *testing.T) {
	l := layout{30, 6}
	base := fitted(t, "y ~ x + (x | g)", l.table(t, l.draw(1, 0, 1, 0.5)), false)
	for r := range 200 {
		m := refitted(t, base, l.draw(14, r, 0, 0))
		tests, err := infer.DropRandom(m, &infer.LRTOptions{Draws: -1})
		if err != nil {
			t.Fatal(err)
		}
		if s := tests[0].Statistic; s < 2 || s > 4 {
			continue
		}
		boot, err := infer.DropRandom(m, &infer.LRTOptions{Bootstrap: 500})
		if err != nil {
			t.Fatal(err)
		}
		got, want := tests[0].MixtureP, boot[0].Simulated
		// The theory is asymptotic in the number of groups.
		if len(tests[0].Mixture.Weights) != 4 || math.Abs(got-want.P) > 4*want.SE+0.02 {
			t.Errorf("p %v with the weights %v, bootstrap %v (%v)", got, tests[0].Mixture.Weights, want.P, want.SE)
		}
		return
	}
	t.Fatal("no set has a statistic between 2 and 4")
}
