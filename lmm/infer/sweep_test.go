package infer_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/report"
)

// Every verb on every reference fit and on data on which fits fail: no error
// but those announced, no number missing without a reason, and none printed as
// NaN or Inf.
func TestEveryVerbOnEveryFit(t *testing.T) {
	fits, err := reference.Fits()
	if err != nil {
		t.Fatal(err)
	}
	type job struct {
		name, formula, data string
		opt                 lmm.Options
	}
	var jobs []job
	for _, f := range fits {
		if f.Family != "gaussian" || f.NObs > 5000 {
			continue
		}
		jobs = append(jobs, job{f.ID, f.Formula, f.Data, lmm.Options{ML: !f.REML, Weights: f.Weights, Offset: f.Offset, Contrasts: f.Contrasts}})
	}
	for _, f := range [][2]string{
		{"fm01_classroom", "y ~ x + (1 | class)"}, {"fm02_negative_icc", "y ~ t + (1 | pair)"},
		{"Dyestuff2", "Yield ~ 0 + (1 | Batch)"}, {"Dyestuff", "Yield ~ 0 + (1 | Batch)"},
		{"sleepstudy", "Reaction ~ Subject + (1 | Subject)"}, {"sleepstudy", "Reaction ~ Days + (Days | Subject) + (1 | Subject)"},
		{"sleepstudy", "Reaction ~ poly(Days, 3) + (poly(Days, 3) | Subject)"}, {"sleepstudy", "Reaction ~ Days + rr(Days | Subject, 1)"},
		{"Machines", "score ~ Machine + cs(Machine | Worker)"}, {"Machines", "score ~ Machine + (Machine || Worker)"},
		{"Pastes", "strength ~ 1 + (1 | sample) + (1 | cask:batch)"},
	} {
		jobs = append(jobs, job{f[1] + ", " + f[0], f[1], f[0], lmm.Options{}})
	}
	for _, j := range jobs {
		tab, err := reference.Table(j.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(j.formula, tab, &j.opt)
		if err != nil {
			t.Logf("%s: %v", j.name, err)
			continue
		}
		everyVerb(t, j.name, m)
	}
}

func everyVerb(t *testing.T, name string, m *lmm.Model) {
	t.Helper()
	show := func(what string, v any, doc *report.Doc) {
		t.Helper()
		text := doc.Text()
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf ") || strings.Contains(text, "Inf\n") {
			t.Errorf("%s, %s:\n%s", name, what, text)
		}
		if _, err := json.Marshal(v); err != nil {
			t.Errorf("%s, %s: %v", name, what, err)
		}
	}
	for df := infer.Auto; df <= infer.Normal; df++ {
		e, err := infer.Coefficients(m, &infer.Options{DF: df})
		if df == infer.KenwardRoger && !m.REML() {
			if err == nil {
				t.Errorf("%s: Kenward-Roger for ML", name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		show(df.String(), e, e.Document())
		for _, r := range e.Rows {
			if r.Reason == "" && (math.IsNaN(r.SE) || math.IsNaN(r.DF) || math.IsNaN(r.P) || !(r.DF > 0)) {
				t.Errorf("%s, %v, %s: %+v", name, df, r.Name, r)
			}
		}
		for typ := infer.TypeIII; typ <= infer.TypeII; typ++ {
			a, err := infer.Anova(m, &infer.AnovaOptions{Type: typ, DF: df})
			if err != nil {
				t.Errorf("%s, type %v: %v", name, typ, err)
				continue
			}
			show("type "+typ.String(), a, a.Document())
			for _, r := range a.Rows {
				if r.Reason == "" && (math.IsNaN(r.F) || math.IsNaN(r.DenDF) || math.IsNaN(r.P)) {
					t.Errorf("%s, %v, type %v, %s: %+v", name, df, typ, r.Name, r)
				}
			}
		}
	}
	s := infer.VarianceShares(m)
	show("shares", s, s.Document())
	if s.Reason == "" && (math.IsNaN(s.ICC) || math.IsNaN(s.R2Conditional)) {
		t.Errorf("%s: %+v", name, s)
	}
	if v, err := infer.ShareIntervals(m, &infer.VarianceOptions{Method: infer.ByProfile}); err != nil {
		t.Logf("%s, intervals of shares: %v", name, err)
	} else {
		show("intervals of shares", v, v.Document())
	}
	theta := "theta_" + strings.TrimPrefix(infer.ProfileParameters(m)[0], "sd_")
	if p, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{theta}}); err != nil {
		t.Logf("%s, %s: %v", name, theta, err)
	} else {
		show(theta, p, p.Document())
		if c := p.Curves[0]; c.Reason == "" && (c.Lower.Value > c.Estimate || c.Upper.Value < c.Estimate || !(c.Estimate >= 0)) {
			t.Errorf("%s: %s is %v, from %v to %v", name, theta, c.Estimate, c.Lower.Value, c.Upper.Value)
		}
	}
	show("inflation", infer.VIF(m), infer.InflationDocument(infer.VIF(m)))
	show("components", 0, infer.PCADocument(infer.RandomPCA(m)))
	if g, err := infer.MarginalMeans(m, &infer.MeansOptions{DF: infer.Normal}); err != nil {
		t.Errorf("%s, grand mean: %v", name, err)
	} else {
		show("grand mean", g, g.Document())
	}
	verdict := m.Verdict()
	if inf, err := infer.Influence(m, nil); err != nil {
		t.Logf("%s, influence: %v (%v, %v)", name, err, verdict.Convergence, verdict.Place)
	} else {
		show("influence", inf, inf.Document())
		for _, u := range inf.Units {
			if u.Reason == "" && math.IsNaN(u.Cook) {
				t.Errorf("%s, row %s: %+v", name, u.Label, u)
			}
		}
	}
	if g, err := infer.OutlyingGroups(m); err != nil {
		t.Logf("%s, outlying groups: %v", name, err)
	} else {
		show("outlying groups", g, infer.OutlierDocument(g))
	}
	if r, err := infer.ScaledResiduals(m, &infer.ScaledOptions{Simulations: 20}); err != nil {
		t.Logf("%s, simulated residuals: %v", name, err)
	} else {
		show("simulated residuals", r, r.Document())
	}
}
