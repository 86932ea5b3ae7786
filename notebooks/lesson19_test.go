package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
)

// check19 holds lesson 19: one likelihood, whatever the unit of age.
func check19(t *testing.T, p *page) {
	of := func(age string) *lmm.Model {
		return fit(t, "use ~ "+age+" + I(("+age+")^2) + urban + livch + (1 | district)", "contraception", &lmm.Options{Family: "binomial"})
	}
	m := of("age")
	p.shows(t, "verdict", "CONVERGED, INTERIOR", "N2 GRADIENT_UNITS", num(m.Criterion(), 3))
	for _, age := range []string{"age", "I(age/10)", "I(age*12)"} {
		other := of(age)
		p.shows(t, "remedies", num(other.Criterion(), 6), num(other.VarCorr()[0].SD[0], 4))
		if d := math.Abs(other.Criterion() - m.Criterion()); d > 1e-6 || other.Verdict().Convergence != certify.Converged {
			t.Errorf("%s: %v, criterion off by %g", age, other.Verdict().Convergence, d)
		}
	}
	p.says(t, "remedies-read", num(m.Criterion(), 6))

	// The exercises: where glmer stopped, and the model without the square.
	at, err := diagnose.At(m, []float64{0.4752208607}, nil)
	if err != nil || at.Verdict.Convergence != certify.Converged || at.Verdict.Decrement > 2e-6 {
		t.Errorf("glmer's theta: %v, %v", at.Verdict, err)
	}
	line := fit(t, "use ~ age + urban + livch + (1 | district)", "contraception", &lmm.Options{Family: "binomial"})
	test, err := infer.LRT(line, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.says(t, "exercises", "about "+num(test.Statistic, 0))
}
