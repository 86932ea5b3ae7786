package infer_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

type deletionTable struct {
	Levels []string
	Beta   [][]float64 `json:"fixef_deleted"`
	Cooks  []float64
	DFBETA [][]float64
	// lme4 lists the variances first, then the covariance.
	Components [][]float64 `json:"varcomp_deleted"`
}

func influence(t *testing.T, m *lmm.Model, group string, refit bool) *infer.InfluenceTable {
	t.Helper()
	f, err := infer.Influence(m, &infer.InfluenceOptions{Group: group, Refit: refit})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func checkDeletion(t *testing.T, name string, got *infer.InfluenceTable, want deletionTable, se []float64) {
	t.Helper()
	n, p := float64(len(want.Beta)), float64(len(want.Beta[0]))
	for i, u := range got.Units {
		if want.Levels != nil { // lme4 has the levels in order of appearance
			i = slices.Index(want.Levels, u.Label)
		}
		for j, b := range want.Beta[i] {
			// lme4 stops a refit with a gradient of up to 2e-3; 1e-3 of a
			// standard error is what that leaves.
			if !(math.Abs(u.Beta[j]-b) <= 1e-3*se[j]) {
				t.Errorf("%s: %s without %s is %.8g, want %.8g", name, got.Names[j], u.Label, u.Beta[j], b)
			}
			if !(math.Abs(u.DFBETA[j]+want.DFBETA[i][j]) <= 1e-3*se[j]) {
				t.Errorf("%s: DFBETA of %s, %s is %.8g, want %.8g", name, got.Names[j], u.Label, u.DFBETA[j], -want.DFBETA[i][j])
			}
		}
		// lme4 multiplies by (n - p) / n: with as many groups as coefficients
		// all its distances are 0.
		if want := want.Cooks[i] * n / (n - p); n > p && !(math.Abs(u.Cook-want) <= 5e-3*want+1e-6) {
			t.Errorf("%s: Cook's distance of %s is %.8g, want %.8g", name, u.Label, u.Cook, want)
		}
	}
}

func TestInfluenceAgainstLme4(t *testing.T) {
	for _, id := range ids(t, "influence_") {
		var want struct {
			Hat   []float64     `json:"hatvalues"`
			Cooks []float64     `json:"cooks_distance_model"`
			Obs   deletionTable `json:"influence_obs"`
		}
		m := from(t, id, &want)
		var raw map[string]any
		decode(t, id, &raw)
		var se []float64
		for _, c := range m.FixedEffects() {
			se = append(se, c.SE)
		}
		one := influence(t, m, "", false)
		for i, u := range one.Units {
			matches(t, id+", leverage", u.Leverage, want.Hat[i], 1e-5)
			if c := u.Conditional; !(math.Abs(c-want.Cooks[i]) <= 1e-4*want.Cooks[i]+1e-9) {
				t.Errorf("%s: conditional distance of row %s is %g, want %g", id, u.Label, c, want.Cooks[i])
			}
		}
		if len(want.Obs.Beta) > 0 {
			checkDeletion(t, id+", rows", influence(t, m, "", true), want.Obs, se)
		}
		for key := range raw {
			group, ok := strings.CutPrefix(key, "influence_group_")
			if !ok {
				continue
			}
			var one map[string]deletionTable
			decodeSome(t, id, key, &one)
			if len(one[key].Beta) > 0 {
				checkDeletion(t, id+", "+group, influence(t, m, group, true), one[key], se)
			}
		}
	}
}

// One step for a row by the update is what the criterion without that row
// gives at the same variances.
func TestOneStepIsTheCriterionWithoutTheRow(t *testing.T) {
	for _, id := range []string{"influence_sleepstudy_slope", "influence_Penicillin", "influence_Oats", "satterthwaite_sleepstudy_weights", "satterthwaite_Dyestuff2"} {
		m := from(t, id, nil)
		rows := influence(t, m, "", false)
		groups := rowGroups(t, m)
		for i, u := range rows.Units {
			want := groups.Units[i]
			if want.Reason != "" {
				continue
			}
			name := id + ", row " + u.Label
			for j := range u.DFBETA {
				if d := math.Abs(u.DFBETAS[j] - want.DFBETAS[j]); !(d <= 1e-7) {
					t.Errorf("%s: DFBETAS %d is %.10g, want %.10g", name, j, u.DFBETAS[j], want.DFBETAS[j])
				}
			}
			matches(t, name+", Cook", u.Cook+1, want.Cook+1, 1e-8)
			matches(t, name+", covariance ratio", u.CovRatio, want.CovRatio, 1e-7)
			matches(t, name+", sigma", u.Sigma, want.Sigma, 1e-8)
		}
	}
}

// rowGroups leaves out the rows as the levels of a factor with one row each.
func rowGroups(t *testing.T, m *lmm.Model) *infer.InfluenceTable {
	t.Helper()
	names := make([]string, m.Frame().TableRows)
	for i := range names {
		names[i] = fmt.Sprintf("row %05d", i)
	}
	tab, err := m.Frame().Table().With(table.NewTexts("row.of.the.table", names))
	if err != nil {
		t.Fatal(err)
	}
	opt := lmm.Options{ML: !m.REML()}
	if m.Frame().Weights != nil {
		opt.Weights = "w"
	}
	same, err := lmm.Fit(m.Formula(), tab, &opt)
	if err != nil {
		t.Fatal(err)
	}
	return influence(t, same, "row.of.the.table", false)
}

// In a balanced one-way layout Var(b^) is Sigma less the prediction error
// variance, the same for all levels: the distances are those of the means of
// the levels, and sum to levels - 1 at the REML estimates.
func TestOutlyingGroupsOfABalancedLayout(t *testing.T) {
	m := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff", nil)
	got, err := infer.OutlyingGroups(m)
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, g := range got {
		sum += g.Distance
	}
	// E(Distance) = 1 for each of 6 levels, where the variance of the means is
	// (5/6) of that with a known mean: the sum of squares over its expectation
	// is 5, over (5/6) of it 6.
	matches(t, "sum of the distances", sum, 6, 1e-9)
	none, err := infer.OutlyingGroups(fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2", nil))
	if err != nil || len(none) != 0 {
		t.Errorf("with a variance of 0: %v, %v", none, err)
	}
}

func TestInfluenceWhereCoefficientsAreLost(t *testing.T) {
	m := fit(t, "weight ~ Time * Diet + (Time | Rat)", "BodyWeight", nil)
	for _, refit := range []bool{false, true} {
		got := influence(t, m, "Diet", refit)
		for _, u := range got.Units {
			if u.Reason == "" || !math.IsNaN(u.Beta[0]) && u.Label == "1" {
				t.Errorf("refit %v: without %s beta is %v, %q", refit, u.Label, u.Beta, u.Reason)
			}
		}
		// Without diet 3 the first diets keep their coefficients.
		last := got.Units[2]
		if math.IsNaN(last.Beta[0]) || math.IsNaN(last.Beta[2]) || !math.IsNaN(last.Beta[3]) || !math.IsNaN(last.Cook) {
			t.Errorf("refit %v: without diet 3 beta is %v, Cook %v", refit, last.Beta, last.Cook)
		}
		if s := got.Document().Text(); strings.Contains(s, "NaN") {
			t.Error(s)
		}
	}
	if _, err := infer.Influence(m, &infer.InfluenceOptions{Group: "rat"}); err == nil || !strings.Contains(err.Error(), "Rat") {
		t.Errorf("an unknown group: %v", err)
	}
}

func BenchmarkInfluence(b *testing.B) {
	m := fit(b, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	for _, c := range []struct {
		name string
		opt  infer.InfluenceOptions
	}{{"rows", infer.InfluenceOptions{}}, {"Subject", infer.InfluenceOptions{Group: "Subject"}},
		{"Subject,refit", infer.InfluenceOptions{Group: "Subject", Refit: true}}, {"rows,refit", infer.InfluenceOptions{Refit: true}}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := infer.Influence(m, &c.opt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
