package infer_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

type meanTable struct {
	Mean, Trend []float64
	EMMean      []float64 `json:"emmean"`
	TimeTrend   []float64 `json:"Time.trend"`
	SE, DF      []float64
	Lower       []float64 `json:"lower.CL"`
	Upper       []float64 `json:"upper.CL"`
}

type pairTable struct {
	Contrast         []string
	Estimate, SE, DF []float64
	P                []float64 `json:"p.value"`
}

func means(t *testing.T, m *lmm.Model, opt *infer.MeansOptions) *infer.Means {
	t.Helper()
	e, err := infer.MarginalMeans(m, opt)
	if err != nil {
		t.Fatal(err)
	}
	if s := e.Document().Text(); strings.Contains(s, "NaN") {
		t.Error(s)
	}
	return e
}

func checkMeans(t *testing.T, id string, rows []infer.Mean, want meanTable, tol float64) {
	t.Helper()
	values := want.EMMean
	if values == nil {
		values = want.TimeTrend
	}
	if len(rows) != len(values) {
		t.Fatalf("%s: %d means, want %d", id, len(rows), len(values))
	}
	for i, r := range rows {
		name := id + ", " + r.Name
		matches(t, name, r.Value, values[i], 1e-6)
		matches(t, name+", SE", r.SE, want.SE[i], 1e-5)
		if want.DF != nil && i < len(want.DF) && want.DF[i] != 0 {
			matches(t, name+", df", r.DF, want.DF[i], tol)
			matches(t, name+", lower", r.Lower, want.Lower[i], 1e-5)
			matches(t, name+", upper", r.Upper, want.Upper[i], 1e-5)
		}
	}
}

func checkPairs(t *testing.T, id string, rows []infer.Pair, want pairTable, tol float64) {
	t.Helper()
	if len(rows) != len(want.Contrast) {
		t.Fatalf("%s: %d pairs, want %d", id, len(rows), len(want.Contrast))
	}
	for i, r := range rows {
		if r.Name != want.Contrast[i] {
			t.Errorf("%s: pair %s, want %s", id, r.Name, want.Contrast[i])
		}
		matches(t, id+", "+r.Name, r.Value, want.Estimate[i], 2e-5)
		// R's ptukey computes 1 - p: an absolute error of 1e-8.
		if !(math.Abs(r.PAdjusted-want.P[i]) <= tol*want.P[i]+2e-8) {
			t.Errorf("%s, %s: p is %.10g, want %.10g", id, r.Name, r.PAdjusted, want.P[i])
		}
	}
}

func TestMeansAgainstEmmeans(t *testing.T) {
	for id, spec := range map[string][2][]string{
		"emmeans_ergoStool":       {{"Type"}, nil},
		"emmeans_Machines_fslope": {{"Machine"}, nil},
		"emmeans_Oats_factor":     {{"nitro"}, {"Variety"}},
		"emmeans_cake":            {{"recipe"}, nil},
		"emmeans_BodyWeight":      {{"Diet"}, nil},
	} {
		var want struct {
			Results map[string]struct {
				EMMeans meanTable
				Tukey   pairTable `json:"pairs_tukey"`
				None    pairTable `json:"pairs_unadjusted"`
				Holm    pairTable `json:"pairs_holm"`
			}
		}
		m := from(t, id, &want)
		for name, w := range want.Results {
			df, tol := infer.Normal, 0.0
			if name != "asymptotic" {
				var err error
				if df, err = infer.ParseDF(name); err != nil {
					t.Fatal(err)
				}
				tol = 1e-4
			}
			got := means(t, m, &infer.MeansOptions{Of: spec[0], By: spec[1], DF: df})
			checkMeans(t, id+", "+name, got.Rows, w.EMMeans, tol)
			for adjust, pairs := range map[infer.Adjustment]pairTable{infer.Tukey: w.Tukey, infer.Holm: w.Holm, infer.NoAdjustment: w.None} {
				got := means(t, m, &infer.MeansOptions{Of: spec[0], By: spec[1], DF: df, Adjust: adjust})
				tol := 1e-4
				if adjust == infer.Tukey {
					// R's ptukey: 0.00065250 for a t of 9.03621, 3 means and 5 df,
					// where Simpson's rule with 600,000 points gives 0.00065275.
					tol = 5e-4
				}
				checkPairs(t, fmt.Sprint(id, ", ", name, ", ", adjust), got.Pairs, pairs, tol)
			}
		}
	}
}

func TestTrendsAgainstEmtrends(t *testing.T) {
	var want struct {
		Trends meanTable
		Pairs  pairTable
	}
	m := from(t, "emtrends_BodyWeight", &want)
	got, err := infer.Trends(m, "Time", &infer.MeansOptions{Of: []string{"Diet"}, DF: infer.Satterthwaite})
	if err != nil {
		t.Fatal(err)
	}
	checkMeans(t, "trends", got.Rows, want.Trends, 1e-4)
	checkPairs(t, "trends", got.Pairs, want.Pairs, 1e-4)
}

// The slope of a quadratic is its derivative, whatever the parametrisation.
func TestTrendsOfPolynomials(t *testing.T) {
	raw := fit(t, "pixel ~ day + I(day^2) + (day | Dog) + (1 | Dog:Side)", "Pixel", nil)
	poly := fit(t, "pixel ~ poly(day, 2) + (day | Dog) + (1 | Dog:Side)", "Pixel", nil)
	opt := &infer.MeansOptions{Of: []string{"day"}, At: map[string][]float64{"day": {2, 10, 50}}}
	a, b := means(t, raw, opt), means(t, poly, opt)
	for i := range a.Rows {
		matches(t, "mean", b.Rows[i].Value, a.Rows[i].Value, 1e-6)
		matches(t, "SE of a mean", b.Rows[i].SE, a.Rows[i].SE, 1e-5)
	}
	if len(b.Notes) != 1 || !strings.Contains(b.Notes[0], "day = 50 is outside the data") {
		t.Errorf("notes %q", b.Notes)
	}
	fixed := raw.FixedEffects()
	for _, day := range []float64{4, 11} {
		at := &infer.MeansOptions{At: map[string][]float64{"day": {day}}}
		for name, m := range map[string]*lmm.Model{"raw": raw, "poly": poly} {
			got, err := infer.Trends(m, "day", at)
			if err != nil {
				t.Fatal(err)
			}
			want := fixed[1].Estimate + 2*day*fixed[2].Estimate
			matches(t, name+", slope", got.Rows[0].Value, want, 1e-5)
		}
	}
}

// Proportional weights give the mean of the predictions over the rows, equal
// weights that over the cells.
func TestWeightsOfMeans(t *testing.T) {
	m := fit(t, "weight ~ Treatment * sex + (1 | Litter)", "RatPupWeight", nil)
	d := m.Frame()
	for _, level := range d.Table().Column("Treatment").Levels() {
		cells, rows := map[string]float64{}, 0.0
		var mean float64
		p, err := m.Predict(nil, &lmm.PredictOptions{Population: true, MeanOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		share := map[string]float64{}
		for i, r := range d.Rows {
			share[d.Table().Column("sex").Text(r)] += 1 / float64(len(d.Rows))
			if d.Table().Column("Treatment").Text(r) == level {
				cells[d.Table().Column("sex").Text(r)] = p.Mean[i]
				rows++
			}
		}
		var weighted float64
		for sex, v := range cells {
			mean += v / float64(len(cells))
			weighted += v * share[sex]
		}
		for w, want := range map[infer.Weights]float64{infer.EqualWeights: mean, infer.ProportionalWeights: weighted} {
			for _, r := range means(t, m, &infer.MeansOptions{Of: []string{"Treatment"}, Weights: w}).Rows {
				if r.Of[0] == level {
					matches(t, level, r.Value, want, 1e-12)
				}
			}
		}
	}
}

func TestMeansOfMissingCells(t *testing.T) {
	rat, err := reference.Table("RatPupWeight")
	if err != nil {
		t.Fatal(err)
	}
	holes, err := rat.Where(func(r table.Row) bool { return !(r.Text("Treatment") == "Low" && r.Text("sex") == "Female") })
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("weight ~ Treatment * sex + (1 | Litter)", holes, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := means(t, m, &infer.MeansOptions{Of: []string{"Treatment"}})
	for _, r := range got.Rows {
		if (r.Of[0] == "Low") != (r.Reason != "") || math.IsNaN(r.Value) != (r.Reason != "") {
			t.Errorf("%s: %v, %q", r.Of[0], r.Value, r.Reason)
		}
	}
	inside := means(t, m, &infer.MeansOptions{Of: []string{"Treatment"}, By: []string{"sex"}})
	missing := 0
	for _, r := range inside.Rows {
		if r.Reason != "" {
			missing++
		}
	}
	if missing != 1 {
		t.Errorf("%d cells cannot be estimated, want 1", missing)
	}
}

func TestMeansErrors(t *testing.T) {
	m := fit(t, "weight ~ Time * Diet + (Time | Rat)", "BodyWeight", nil)
	for _, c := range []struct {
		opt  infer.MeansOptions
		says string
	}{
		{infer.MeansOptions{Of: []string{"diet"}}, "did you mean Diet?"},
		{infer.MeansOptions{Of: []string{"Rat"}}, "Rat is no predictor"},
		{infer.MeansOptions{Of: []string{"Time"}}, "Time is a covariate: ask for its trend"},
		{infer.MeansOptions{Of: []string{"Diet"}, By: []string{"Diet"}}, "both in Of and in By"},
		{infer.MeansOptions{At: map[string][]float64{"Diet": {1}}}, "Diet is a factor"},
		{infer.MeansOptions{At: map[string][]float64{"Time": {math.NaN()}}}, "finite"},
		{infer.MeansOptions{At: map[string][]float64{"weight": {1}}}, "weight cannot be held"},
		{infer.MeansOptions{Adjust: 9}, "no adjustment"},
	} {
		if _, err := infer.MarginalMeans(m, &c.opt); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.opt, err, c.says)
		}
	}
	if _, err := infer.Trends(m, "Diet", nil); err == nil || !strings.Contains(err.Error(), "factor") {
		t.Errorf("the slope of a factor: %v", err)
	}
	if _, err := infer.Trends(m, "time", nil); err == nil || !strings.Contains(err.Error(), "did you mean Time") {
		t.Errorf("the slope of an unknown variable: %v", err)
	}
}

// Predictions of the rows in the model are x'beta with the standard error of
// lmm.Predict, and the df of the contrast x.
func TestPredictions(t *testing.T) {
	m := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	tab, err := table.New(table.NewFloats("Days", []float64{0, 4.5, 20, math.NaN()}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := infer.Predict(m, tab, &infer.Options{DF: infer.Satterthwaite})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range []float64{0, 4.5, 20} {
		want, err := infer.Contrasts(m, []infer.Row{{Weights: []float64{1, x}}}, &infer.Options{DF: infer.Satterthwaite})
		if err != nil {
			t.Fatal(err)
		}
		w := want.Rows[0]
		for name, v := range map[string][2]float64{"value": {got.Rows[i].Value, w.Value}, "SE": {got.Rows[i].SE, w.SE},
			"df": {got.Rows[i].DF, w.DF}, "lower": {got.Rows[i].Lower, w.Lower}} {
			matches(t, fmt.Sprint(name, " at ", x), v[0], v[1], 1e-12)
		}
	}
	if r := got.Rows[3]; !math.IsNaN(r.Value) || r.Reason == "" {
		t.Errorf("a missing predictor: %+v", r)
	}
	var unknown *infer.ContrastError
	if _, err := infer.Predict(m, nil, nil); err == nil || errors.As(err, &unknown) {
		t.Errorf("no table: %v", err)
	}
}

// A covariate with two values has them as its levels: the mean weighs them
// equally, however often they occur. Given a value, it is held there.
func TestCovariateOfTwoValues(t *testing.T) {
	m := fit(t, "distance ~ age + nsex + (1 | Subject)", "Orthodont_x", nil)
	b := m.FixedEffects()
	const age = 11 // the mean of 8, 10, 12, 14
	got := means(t, m, nil)
	matches(t, "mean", got.Rows[0].Value, b[0].Estimate+age*b[1].Estimate+b[2].Estimate/2, 1e-12)
	if len(got.Averaged) != 1 || got.Averaged[0] != "nsex" || len(got.Held) != 1 || got.Held[0] != (infer.Held{Name: "age", Value: age, Mean: true}) {
		t.Errorf("averaged over %v, held at %v", got.Averaged, got.Held)
	}
	at := means(t, m, &infer.MeansOptions{At: map[string][]float64{"nsex": {1}, "age": {8}}})
	matches(t, "mean at values", at.Rows[0].Value, b[0].Estimate+8*b[1].Estimate+b[2].Estimate, 1e-12)
	by := means(t, m, &infer.MeansOptions{Of: []string{"nsex"}, Adjust: infer.Bonferroni})
	matches(t, "difference", by.Pairs[0].Value, -b[2].Estimate, 1e-12)
	matches(t, "p of one pair", by.Pairs[0].PAdjusted, by.Pairs[0].P, 0)
}
