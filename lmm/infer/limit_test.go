package infer_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// arms draws 0/1 responses of 300 patients in 20 clinics; no patient of the arm
// "none", the first level, has the event. The age is in days.
func arms(t *testing.T) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(31, 7))
	var y, x []float64
	var f, g []string
	effect := make([]float64, 20)
	for j := range effect {
		effect[j] = rng.NormFloat64()
	}
	for i := range 300 {
		v, arm := rng.NormFloat64(), []string{"b", "c", "none"}[i/20%3]
		outcome := 0.0
		if rng.Float64() < 1/(1+math.Exp(-0.3-0.8*v-effect[i%20])) && arm != "none" {
			outcome = 1
		}
		y, x, f, g = append(y, outcome), append(x, 20000+3000*v), append(f, arm), append(g, fmt.Sprint("c", i%20))
	}
	arm, err := table.NewTexts("arm", f).AsFactor().WithLevels([]string{"none", "b", "c"})
	if err != nil {
		t.Fatal(err)
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("age", x), arm, table.NewTexts("clinic", g))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// Of separated responses, what does not run to infinity is estimated as from the
// other rows, and what does has no number. The separated arm is the reference:
// all coefficients but the slope run away, their difference c - b does not.
func TestSeparatedTests(t *testing.T) {
	tab := arms(t)
	part, err := tab.Where(func(r table.Row) bool { return r.Text("arm") != "none" })
	if err != nil {
		t.Fatal(err)
	}
	opt := &lmm.Options{Family: "binomial"}
	fit := func(tab *table.Table) *lmm.Model {
		m, err := lmm.Fit("y ~ age + arm + (1 | clinic)", tab, opt)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m, rest := fit(tab), fit(part)
	coefficients := func(m *lmm.Model) map[string]infer.Estimate {
		e, err := infer.Coefficients(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]infer.Estimate{}
		for _, r := range e.Rows {
			out[r.Name] = r
		}
		return out
	}
	// The search ends where a likelihood of 1 is within 1e-9 of its limit.
	same := func(what string, got, want infer.Estimate) {
		t.Helper()
		for i, pair := range [][2]float64{{got.Value, want.Value}, {got.SE, want.SE}, {got.Lower, want.Lower}, {got.Upper, want.Upper}} {
			if !(math.Abs(pair[0]-pair[1]) <= 1e-4*want.SE) {
				t.Errorf("%s: number %d is %g, of the rest %g", what, i, pair[0], pair[1])
			}
		}
		if got.Reason != "" {
			t.Errorf("%s: %s", what, got.Reason)
		}
	}
	none := func(e infer.Estimate) {
		t.Helper()
		if !math.IsNaN(e.Value) || !math.IsNaN(e.SE) || !math.IsNaN(e.P) || !math.IsNaN(e.Lower) || e.Reason == "" {
			t.Errorf("%+v runs to infinity", e)
		}
	}
	got, want := coefficients(m), coefficients(rest)
	same("age", got["age"], want["age"])
	for _, name := range []string{"(Intercept)", "armb", "armc"} {
		none(got[name])
	}

	row, err := infer.Combination(m, "c - b", map[string]float64{"armb": -1, "armc": 1})
	if err != nil {
		t.Fatal(err)
	}
	away, err := infer.Combination(m, "b", map[string]float64{"armb": 1})
	if err != nil {
		t.Fatal(err)
	}
	e, err := infer.Contrasts(m, []infer.Row{row, away}, nil)
	if err != nil {
		t.Fatal(err)
	}
	same("c - b", e.Rows[0], want["armc"])
	none(e.Rows[1])

	a, err := infer.Anova(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if z := want["age"].T; a.Rows[0].Name != "age" || math.Abs(a.Rows[0].F-z*z) > 1e-3*z*z {
		t.Errorf("test of age: %+v, want F %g", a.Rows[0], z*z)
	}
	if r := a.Rows[1]; !math.IsNaN(r.F) || !math.IsNaN(r.P) || r.Reason == "" {
		t.Errorf("the test of the arm touches what is infinite: %+v", r)
	}

	means := func(m *lmm.Model) *infer.Means {
		s, err := infer.MarginalMeans(m, &infer.MeansOptions{Of: []string{"arm"}, At: map[string][]float64{"age": {21000}}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s, r := means(m), means(rest)
	none(s.Rows[0].Estimate)
	same("mean of b", s.Rows[1].Estimate, r.Rows[0].Estimate)
	same("mean of c", s.Rows[2].Estimate, r.Rows[1].Estimate)
	none(s.Pairs[0].Estimate)
	same("b - c", s.Pairs[2].Estimate, r.Pairs[0].Estimate)

	if v := infer.VIF(m); v != nil {
		t.Errorf("variance inflation of infinite coefficients: %v", v)
	}
	if _, err := infer.Influence(m, &infer.InfluenceOptions{Group: "clinic", Refit: true}); err == nil {
		t.Error("influence on infinite coefficients")
	}
}

// What separated responses send to infinity has no profile and no share of the
// variance, with the reason; what stays finite has.
func TestSeparatedProfileAndShares(t *testing.T) {
	m, err := lmm.Fit("y ~ age + arm + (1 | clinic)", arms(t), &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := infer.Profile(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Curves {
		finite := c.Name == "age" || c.Name == "sd_(Intercept)|clinic"
		if finite != (c.Reason == "") || finite == math.IsNaN(c.Lower.Value) || !finite && !strings.Contains(c.Reason, "separated") {
			t.Errorf("%s: %g to %g, %q", c.Name, c.Lower.Value, c.Upper.Value, c.Reason)
		}
	}
	s := infer.VarianceShares(m)
	if !math.IsNaN(s.Fixed) || !math.IsNaN(s.R2Marginal) || !(s.ICC > 0 && s.ICC < 1) || !strings.Contains(s.Reason, "separated") || !(s.Observed.R2Marginal > 0) {
		t.Errorf("%+v", s)
	}
}

// Where the data cannot tell variances apart, none of them has a profile, and leaving
// one out has no p value.
func TestNotIdentifiedHasNoNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var y []float64
	var x, g []string
	for j := range 20 {
		b, s := rng.NormFloat64(), 0.5*rng.NormFloat64()
		for k, level := range []string{"a", "b"} {
			y = append(y, 1+b+float64(k)*(s+0.2)+0.3*rng.NormFloat64())
			x, g = append(x, level), append(g, fmt.Sprint(j))
		}
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewTexts("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (x || g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := infer.Profile(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Curves {
		if fixed := c.Kind == infer.FixedEffect; fixed != (c.Reason == "") || fixed != (len(c.Points) > 0) {
			t.Errorf("%s: %d points, %q", c.Name, len(c.Points), c.Reason)
		}
	}
	tests, err := infer.DropRandom(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		if !math.IsNaN(test.P) || !math.IsNaN(test.Naive) || test.Simulated != nil || test.MixtureReason == "" {
			t.Errorf("%s: %+v", test.Null, test)
		}
	}
}

// A contrast whose estimate moves with variances that the data do not determine has
// no number, one that does not has all of them. The gardens take up the variance of
// their intercepts, and with it the covariance with their slopes.
func TestContrastsBesideUnknownVariances(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 16))
	var y, x []float64
	var garden []string
	slope := make([]float64, 6)
	for j := range slope {
		slope[j] = 1.5 * rng.NormFloat64()
	}
	for i := range 72 {
		v := 1 + rng.NormFloat64()
		y = append(y, 3+(0.5+slope[i/12])*v+float64(i/12)+rng.NormFloat64())
		x, garden = append(x, v), append(garden, fmt.Sprint("g", i/12))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("garden", garden))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ garden + x + (1 + x | garden)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := infer.Coefficients(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	row, err := infer.Combination(m, "a garden", map[string]float64{"gardeng3": 1})
	if err != nil {
		t.Fatal(err)
	}
	same, err := infer.Combination(m, "slope", map[string]float64{"x": 1})
	if err != nil {
		t.Fatal(err)
	}
	c, err := infer.Contrasts(m, []infer.Row{row, same}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Estimable(row.Weights) || !m.Estimable(same.Weights) {
		t.Fatalf("the garden is known: %v, the slope: %v; %+v", m.Estimable(row.Weights), m.Estimable(same.Weights), m.Verdict())
	}
	for _, r := range []infer.Estimate{c.Rows[0], e.Rows[3]} {
		if !math.IsNaN(r.Value) || !math.IsNaN(r.SE) || !math.IsNaN(r.P) || !strings.Contains(r.Reason, "variances that the data do not determine") {
			t.Errorf("%+v is not determined", r)
		}
	}
	if r := c.Rows[1]; r.Value != e.Rows[len(e.Rows)-1].Value || !(r.SE > 0) || r.Reason != "" {
		t.Errorf("%+v", r)
	}
}
