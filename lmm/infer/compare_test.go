package infer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

func TestCompare(t *testing.T) {
	var f struct {
		Models []string
		ML     struct{ AIC, BIC []float64 } `json:"anova_ml"`
	}
	fixture(t, "lrt_cake.json", &f)
	tab := data(t, "cake")
	var models []*lmm.Model
	for _, formula := range f.Models {
		models = append([]*lmm.Model{fitted(t, formula, tab, false)}, models...) // backwards
	}
	c, err := infer.Compare(models, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.REML || !c.Refitted || c.NObs != 270 {
		t.Errorf("REML %v, refitted %v, n %d", c.REML, c.Refitted, c.NObs)
	}
	sum := 0.0
	for i, m := range c.Models {
		k, n := float64(m.NPar), 270.0
		if m.Formula != f.Models[i] || !near(m.AIC, f.ML.AIC[i], 1e-8) || !near(m.BIC, f.ML.BIC[i], 1e-8) ||
			!near(m.AICc, f.ML.AIC[i]+2*k*(k+1)/(n-k-1), 1e-8) {
			t.Errorf("line %d: %+v", i, m)
		}
		sum += m.Weight
		if (m.Test == nil) != (i == 0) {
			t.Errorf("line %d: test %v, %s", i, m.Test, m.Reason)
		}
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("weights sum to %v", sum)
	}
	text := c.Document().Text()
	if strings.Contains(text, "NaN") || !strings.Contains(text, "refitted by maximum likelihood") {
		t.Errorf("the document:\n%s", text)
	}
}

// A restricted likelihood depends on the units of X; the test of a variance does
// not.
func TestREMLOverCodings(t *testing.T) {
	tab := data(t, "sleepstudy")
	a := fitted(t, "Reaction ~ Days + (1 | Subject)", tab, false)
	b := fitted(t, "Reaction ~ Days + (Days | Subject)", tab, false)
	other := fitted(t, "Reaction ~ I(Days * 1000 - 7) + (1 | Subject)", tab, false)
	want, err := infer.LRT(a, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := infer.LRT(other, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !got.REML || !near(got.Statistic, want.Statistic, 1e-7) {
		t.Errorf("%v in other units, %v", got.Statistic, want.Statistic)
	}
	c, err := infer.Compare([]*lmm.Model{other, b}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := c.Models[0].Criterion - c.Models[1].Criterion; !near(d, want.Statistic, 1e-7) {
		t.Errorf("criteria differ by %v, want %v", d, want.Statistic)
	}
}

func TestComparisonErrors(t *testing.T) {
	tab := data(t, "sleepstudy")
	base := fitted(t, "Reaction ~ Days + (1 | Subject)", tab, true)
	for _, c := range []struct {
		name  string
		other *lmm.Model
		word  string
	}{
		{"response", fitted(t, "log(Reaction) ~ Days + (Days | Subject)", tab, true), "responses differ"},
		{"rows", fitted(t, "Reaction ~ log(Days - 0.5) + (Days | Subject)", dropZero(t, tab), true), "rows"},
		{"offset", fitted(t, "Reaction ~ Days + offset(2 * Days) + (Days | Subject)", tab, true), "offsets"},
		{"same size", fitted(t, "Reaction ~ I(Days^2) + (1 | Subject)", tab, true), "same number of parameters"},
		{"not nested", fitted(t, "Reaction ~ I(Days^2) + (Days | Subject)", tab, true), "not among those"},
		{"random not nested", fitted(t, "Reaction ~ Days + (0 + Days | Subject) + (0 + I(Days^2) | Subject)", tab, true), "not among those"},
	} {
		_, err := infer.LRT(base, c.other, nil)
		var refused *infer.ComparisonError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := infer.Compare([]*lmm.Model{base}, nil); err == nil {
		t.Error("a comparison of one model")
	}
}

// dropZero leaves out the rows with Days = 0.
func dropZero(t *testing.T, tab *table.Table) *table.Table {
	t.Helper()
	days := tab.Column("Days")
	var reaction, left []float64
	var subject []string
	for i := range tab.Rows() {
		if days.Float(i) > 0 {
			reaction, left = append(reaction, tab.Column("Reaction").Float(i)), append(left, days.Float(i))
			subject = append(subject, tab.Column("Subject").Text(i))
		}
	}
	out, err := table.New(table.NewFloats("Reaction", reaction), table.NewFloats("Days", left), table.NewTexts("Subject", subject))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A parametric bootstrap of a fixed effect agrees with chi-square where there
// are many groups, has the same bits on any number of workers, and draws from
// the linear model where the null has no random effects.
func TestBootstrapLRT(t *testing.T) {
	tab := data(t, "sleepstudy")
	a, b := fitted(t, "Reaction ~ Days + (Days || Subject)", tab, true), fitted(t, "Reaction ~ Days + (Days | Subject)", tab, true)
	opt := infer.LRTOptions{Bootstrap: 400, Seed: 5}
	got, err := infer.LRT(a, b, &opt)
	if err != nil {
		t.Fatal(err)
	}
	s := got.Simulated
	if s == nil || s.Draws != 400 || math.Abs(s.P-got.MixtureP) > 4*s.SE+0.02 {
		t.Errorf("bootstrap %+v, chi-square %v", s, got.MixtureP)
	}
	opt.Workers = 1
	if again, err := infer.LRT(a, b, &opt); err != nil || again.Simulated.P != s.P {
		t.Errorf("p %v on one worker, %v, %v", again.Simulated.P, s.P, err)
	}
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, "Dyestuff"), false)
	exact, err := infer.DropRandom(m, &infer.LRTOptions{Draws: 100000})
	if err != nil {
		t.Fatal(err)
	}
	boot, err := infer.DropRandom(m, &infer.LRTOptions{Bootstrap: 2000})
	if err != nil {
		t.Fatal(err)
	}
	if e, b := exact[0].Simulated, boot[0].Simulated; math.Abs(e.P-b.P) > 4*(e.SE+b.SE) {
		t.Errorf("exact p %v, bootstrap %v (%v)", e.P, b.P, b.SE)
	}
}

// Where the larger model is not identified there is no count of degrees of
// freedom: no p value by theory.
func TestLRTOfAnUnidentifiedModel(t *testing.T) {
	tab := data(t, "data/Orthodont_x.csv")
	got, err := infer.LRT(fitted(t, "distance ~ age * Sex + (age | Subject)", tab, true), fitted(t, "distance ~ age * Sex + (age + nsex | Subject)", tab, true), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(got.P) || !strings.Contains(got.MixtureReason, "cannot tell apart") {
		t.Errorf("p %v, %s", got.P, got.MixtureReason)
	}
	if text := got.Document().Text(); strings.Contains(text, "NaN") || !strings.Contains(text, "cannot tell apart") {
		t.Errorf("the document:\n%s", text)
	}
}
