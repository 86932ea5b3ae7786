package lmm_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// Without its bound a random intercept is compound symmetry, in unbalanced data
// too: the same criterion, fixed effects, and correlation. The drops below the
// bounded fit are those of nlme's gls for fm02 (662.4533522 against 696.8171702)
// and of the estimates beyond the boundary that diagnose finds.
func TestUnboundedIntercepts(t *testing.T) {
	for _, c := range []struct {
		data, fixed, group string
		drop               float64
	}{
		{"fm02_negative_icc", "y ~ t", "pair", 34.3638},
		{"fm01_classroom", "y ~ x", "class", 0.27},
		{"Dyestuff2", "Yield ~ 1", "Batch", 0.62},
		{"sleepstudy", "Reaction ~ Days", "Subject", 0},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		formula := c.fixed + " + (1 | " + c.group + ")"
		bounded, err := lmm.Fit(formula, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(formula, tab, &lmm.Options{Unbounded: true})
		if err != nil {
			t.Fatal(err)
		}
		cs, err := lmm.Fit(c.fixed, tab, &lmm.Options{Residual: "cs(1 | " + c.group + ")"})
		if err != nil {
			t.Fatal(err)
		}
		if v := m.Verdict(); v.Convergence != certify.Converged || v.Place != certify.Interior {
			t.Errorf("%s: %v", c.data, v)
		}
		if d := bounded.Criterion() - m.Criterion(); math.Abs(d-c.drop) > 0.005 {
			t.Errorf("%s: the criterion is lower by %.4f, want %.4f", c.data, d, c.drop)
		}
		if math.Abs(m.Criterion()-cs.Criterion()) > 1e-7 || m.NPar() != cs.NPar() {
			t.Errorf("%s: criterion %.9f, with compound symmetry %.9f", c.data, m.Criterion(), cs.Criterion())
		}
		free := m.Residual().Free[0]
		if rho := cs.Residual().Params[0].Value; math.Abs(free.Correlation-rho) > 1e-6 {
			t.Errorf("%s: correlation %.8f, with compound symmetry %.8f", c.data, free.Correlation, rho)
		}
		for i, e := range m.FixedEffects() {
			if f := cs.FixedEffects()[i]; math.Abs(e.Estimate-f.Estimate) > 1e-6*f.SE || math.Abs(e.SE-f.SE) > 1e-6*f.SE {
				t.Errorf("%s: %v and %v", c.data, e, f)
			}
		}
		told := strings.Contains(fmt.Sprint(m.Findings()), "less alike")
		if told != (free.Variance < 0) {
			t.Errorf("%s: variance %.4g, findings %v", c.data, free.Variance, m.Findings())
		}
	}
}

// In the interior the bounds do nothing: nested and crossed intercepts, and weights,
// give the bounded fit.
func TestUnboundedInTheInterior(t *testing.T) {
	for _, c := range []struct{ data, formula, weights string }{
		{"Pastes", "strength ~ 1 + (1 | batch/cask)", ""},
		{"Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", ""},
		{"sleepstudy", "Reaction ~ Days + (1 | Subject)", "w"},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		if c.weights != "" {
			w := make([]float64, tab.Rows())
			for i := range w {
				w[i] = 1 + float64(i%3)
			}
			if tab, err = tab.With(table.NewFloats(c.weights, w)); err != nil {
				t.Fatal(err)
			}
		}
		a, err := lmm.Fit(c.formula, tab, &lmm.Options{Weights: c.weights})
		if err != nil {
			t.Fatal(err)
		}
		b, err := lmm.Fit(c.formula, tab, &lmm.Options{Weights: c.weights, Unbounded: true})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(a.Criterion()-b.Criterion()) > 1e-7 || math.Abs(a.Sigma()-b.Sigma()) > 1e-5*a.Sigma() {
			t.Errorf("%s: criterion %.9f, sigma %.7f, bounded %.9f, %.7f", c.formula, b.Criterion(), b.Sigma(), a.Criterion(), a.Sigma())
		}
		for i, v := range b.Residual().Free {
			if want := a.VarCorr()[i].Cov[0][0]; math.Abs(v.Variance-want) > 1e-4*want {
				t.Errorf("%s: variance %.7f, bounded %.7f", v.Group, v.Variance, want)
			}
		}
	}
}

// What cannot be had is refused: slopes, no random intercept. Where levels share
// out a fixed sum the likelihood has no maximum, and the verdict says so.
func TestUnboundedRefused(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"Reaction ~ Days + (Days | Subject)", "Reaction ~ Days"} {
		var refused *lmm.UnboundedError
		if _, err := lmm.Fit(f, tab, &lmm.Options{Unbounded: true, Residual: "id"}); !errors.As(err, &refused) {
			t.Errorf("%s: %v", f, err)
		}
	}
	rng := rand.New(rand.NewPCG(4, 1))
	var group []string
	var y, x []float64
	for g := range 20 {
		var sum float64
		for i := range 4 {
			v := rng.NormFloat64()
			if sum += v; i == 3 {
				v -= sum
			}
			group, y, x = append(group, fmt.Sprint("g", g)), append(y, v), append(x, float64(i))
		}
	}
	shared, err := table.New(table.NewTexts("g", group), table.NewFloats("y", y), table.NewFloats("x", x))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (1 | g)", shared, &lmm.Options{Unbounded: true})
	if err != nil {
		t.Fatal(err)
	}
	if v := m.Verdict(); v.Convergence == certify.Converged && v.Place == certify.Interior {
		t.Errorf("sums that are 0 in every level: %v, %+v", v, m.Residual())
	}
}

// Responses drawn from a fit with a negative variance have it: REML is unbiased in
// balanced data, so that the mean over refits is within four Monte Carlo errors.
func TestUnboundedIsRecovered(t *testing.T) {
	tab, err := reference.Table("fm02_negative_icc")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ t + (1 | pair)", tab, &lmm.Options{Unbounded: true})
	if err != nil {
		t.Fatal(err)
	}
	const n = 300
	var sum, squares float64
	for _, y := range m.Simulate(n, 9) {
		again, err := m.Refit(y)
		if err != nil {
			t.Fatal(err)
		}
		v := again.Residual().Free[0].Variance
		sum += v / n
		squares += v * v / n
	}
	se := math.Sqrt((squares - sum*sum) / n)
	if want := m.Residual().Free[0].Variance; math.Abs(sum-want) > 4*se {
		t.Errorf("%.4f in the mean of refits (error %.4f), %.4f in the model", sum, se, want)
	}
}
