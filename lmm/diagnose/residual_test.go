package diagnose_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/table"
)

// Other structures are tried in place of one, each the fit that lmm.Fit makes of it,
// ranked by AIC.
func TestStructuresAreTried(t *testing.T) {
	tab := data(t, "sleepstudy")
	m, r := run(t, "Reaction ~ Days", tab, &lmm.Options{Residual: "ar1(Days | Subject)"}, &diagnose.Options{Try: true})
	best := -1
	for i, x := range r.Remedies {
		if x.Failed != "" {
			t.Errorf("%s: %s", x.What, x.Failed)
			continue
		}
		want, err := lmm.Fit(x.Formula, tab, &lmm.Options{Residual: x.Residual})
		if err != nil {
			t.Fatal(err)
		}
		// both are converged: their decrement is below 1e-8
		if math.Abs(x.Criterion-want.Criterion()) > 1e-7 || x.Params != want.NPar() || math.Abs(x.AIC-want.AIC()) > 1e-7 {
			t.Errorf("%s: criterion %.8f, AIC %.8f with %d parameters; a fit has %.8f, %.8f, %d", x.What, x.Criterion, x.AIC, x.Params, want.Criterion(), want.AIC(), want.NPar())
		}
		for _, f := range x.Fixed {
			for _, c := range want.FixedEffects() {
				if c.Name == f.Name && (math.Abs(f.After-c.Estimate) > 1e-5*c.SE || math.Abs(f.AfterSE-c.SE) > 1e-5*c.SE || !(f.AfterDF > 0)) {
					t.Errorf("%s: %+v, a fit has %+v", x.What, f, c)
				}
			}
		}
		if best < 0 || x.AIC < r.Remedies[best].AIC {
			best = i
		}
	}
	for _, want := range []string{"a random intercept", "compound symmetry", "independent residuals", "an autoregression and errors"} {
		remedy(t, r, want)
	}
	if !(r.Remedies[best].AIC < m.AIC()-2) || r.Advice.Remedy != best {
		t.Errorf("%+v advised, the lowest AIC is that of %s", r.Advice, r.Remedies[best].What)
	}
	text := r.Document().Text()
	if !strings.Contains(text, "AIC") || !strings.Contains(text, "residuals ar1(Days | Subject)") || strings.Contains(text, "NaN") {
		t.Error(text)
	}
}

// drawn are subjects with rows of a given covariance.
func drawn(t *testing.T, subjects, rows int, draw func(rng *rand.Rand, y []float64)) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(11, 8))
	var s, half []string
	var y, x, time []float64
	for range subjects {
		v := make([]float64, rows)
		draw(rng, v)
		for i := range v {
			s, y, x, time = append(s, string(rune('A'+len(s)/rows))), append(y, v[i]), append(x, rng.NormFloat64()), append(time, float64(i))
			half = append(half, []string{"first", "second"}[2*i/rows])
		}
	}
	tab, err := table.New(table.NewTexts("s", s), table.NewTexts("half", half), table.NewFloats("y", y), table.NewFloats("x", x), table.NewFloats("t", time))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// Parameters at the limit of their range are named with their value, and a structure
// in which all parameters are inside is advised where AIC prefers it.
func TestStructureAtItsLimit(t *testing.T) {
	white := func(rng *rand.Rand, y []float64) {
		for i := range y {
			y[i] = rng.NormFloat64()
		}
	}
	alternating := func(rng *rand.Rand, y []float64) { // neighbours are correlated by -1/2
		last := rng.NormFloat64()
		for i := range y {
			e := rng.NormFloat64()
			y[i], last = e-last, e
		}
	}
	intercept := func(rng *rand.Rand, y []float64) {
		alternating(rng, y)
		b := 3 * rng.NormFloat64()
		for i := range y {
			y[i] += b
		}
	}
	shared := func(rng *rand.Rand, y []float64) {
		white(rng, y)
		var sum float64
		for _, v := range y {
			sum += v / float64(len(y))
		}
		for i := range y {
			y[i] += 0.01*rng.NormFloat64() - sum
		}
	}
	smooth := func(rng *rand.Rand, y []float64) {
		y[0] = rng.NormFloat64()
		for i := 1; i < len(y); i++ {
			y[i] = 0.8*y[i-1] + 0.6*rng.NormFloat64()
		}
	}
	steep := func(rng *rand.Rand, y []float64) {
		for i := range y {
			y[i] = rng.NormFloat64()
			if 2*i/len(y) == 0 {
				y[i] *= 1e-5
			}
		}
	}
	for _, c := range []struct {
		name, residual, code, param string
		draw                        func(*rand.Rand, []float64)
	}{
		{"shared", "cs(1 | s)", "B6", "correlation of cs(1 | s)", shared},
		{"no correlation", "exp(t | s)", "B6", "range of exp(t | s)", alternating},
		{"equally alike", "exp(t | s, nugget)", "B6", "range of exp(t | s, nugget)", intercept},
		{"no nugget", "exp(t | s, nugget)", "B6", "nugget of exp(t | s, nugget)", smooth},
		{"steep", "varident(half)", "B7", "sd of half second over first of varident(half)", steep},
		{"few subjects", "un(t | s)", "I3", "un(t | s)", intercept},
	} {
		subjects := 24
		rows := 6
		if c.code == "I3" {
			subjects = 20
		}
		if c.name == "no nugget" {
			rows = 8
		}
		_, r := run(t, "y ~ x", drawn(t, subjects, rows, c.draw), &lmm.Options{Residual: c.residual}, &diagnose.Options{Try: true})
		found := false
		for _, f := range r.Findings {
			if f.Code == c.code && len(f.Params) == 1 && f.Params[0] == c.param {
				found = true
				if len(f.Evidence) == 0 || f.Meaning == "" || len(f.Remedies) == 0 {
					t.Errorf("%s: %+v", c.name, f)
				}
			}
		}
		if !found {
			t.Errorf("%s: no %s of %s in %+v; verdict %v", c.name, c.code, c.param, r.Findings, r.Verdict)
		}
		if text := r.Document().Text(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Error(text)
		}
	}
}

// A healthy structure has none of these findings.
func TestHealthyStructures(t *testing.T) {
	for _, c := range []struct{ data, formula, residual string }{
		{"Orthodont", "distance ~ age * Sex", "un(age | Subject)"},
		{"Orthodont", "distance ~ age * Sex", "cs(age | Subject) * varident(Sex)"},
		{"BodyWeight", "weight ~ Time * Diet", "exp(Time | Rat, nugget)"},
	} {
		_, r := run(t, c.formula, data(t, c.data), &lmm.Options{Residual: c.residual}, nil)
		for _, f := range r.Findings {
			if strings.HasPrefix(f.Code, "B") || f.Code == "I3" {
				t.Errorf("%s: %+v", c.residual, f)
			}
		}
	}
}

// A variance that wants to be negative gets a certified fit without its bound, two
// traits whose correlation wants to be beyond 1 the covariance of the rows of an
// individual beside it.
func TestRemediesAreStructures(t *testing.T) {
	_, r := run(t, "y ~ t + (1 | pair)", data(t, "fm02_negative_icc"), nil, &diagnose.Options{Try: true})
	x := remedy(t, r, "marginal model")
	if x.Verdict == nil || x.Verdict.Convergence != certify.Converged || x.Verdict.Place != certify.Interior || x.Method != "" {
		t.Errorf("%+v", x)
	}
	for _, f := range x.Fixed {
		if !(f.AfterDF > 1 && f.AfterDF < 160) {
			t.Errorf("%+v", f)
		}
	}
	// The criterion is that of lme4 with both terms, which nlme stops above:
	// 1178.75067548946 and 1178.82510612639.
	_, r = run(t, "y ~ trait - 1 + (trait - 1 | family)", data(t, "fm15_genetic"), nil, &diagnose.Options{Try: true})
	x = remedy(t, r, "any covariance matrix of the rows of ind")
	if x.Residual != "un(trait | ind)" || math.Abs(x.Criterion-1178.75067548946) > 1e-5 || !strings.Contains(x.What, "beside (0 + trait | family)") {
		t.Errorf("%+v", x)
	}
	// One row for each child and age: the random effects of a factor and the residuals
	// cannot be told apart; their sum can, at the same criterion, and is advised.
	m, r := run(t, "distance ~ age + (factor(age) | Subject)", data(t, "Orthodont"), nil, &diagnose.Options{Try: true})
	x = remedy(t, r, "any covariance matrix of the rows of Subject in place of")
	if x.Residual != "un(age | Subject)" || math.Abs(x.Criterion-m.Criterion()) > 1e-6 || x.Verdict.Place != certify.Interior || &r.Remedies[r.Advice.Remedy] != x {
		t.Errorf("%+v, advice %+v", x, r.Advice)
	}
}
