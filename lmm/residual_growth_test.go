package lmm_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// Growth with dropout, where lmer stops away from the maximum for age in years and
// at a correlation of 1 for centred age: with correlated residuals in place of the
// slope the fit is in the interior, and neither the origin nor the unit of age moves
// it.
func TestGrowthWithCorrelatedResiduals(t *testing.T) {
	tab, err := reference.Table("fm13_growth_dropout")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ random, residual string }{
		{"", "car1(AGE | id)"},
		{" + (1 | id)", "exp(AGE | id)"},
		{"", "cs(wave | id)"},
		{"", "un(wave | id)"},
		{"", "ar1(wave | id) * varexp(wave)"},
	} {
		var first *lmm.Model
		for _, age := range []string{"age", "agec", "aged"} {
			residual := strings.Replace(c.residual, "AGE", age, 1)
			m, err := lmm.Fit("score ~ "+age+c.random, tab, &lmm.Options{Residual: residual, ML: true})
			if err != nil {
				t.Fatal(err)
			}
			if v := m.Verdict(); v.Convergence != certify.Converged || v.Place != certify.Interior && c.random == "" {
				t.Errorf("%s %s: %v", age, residual, v)
			}
			if first == nil {
				first = m
				continue
			}
			// decrements are below 1e-8
			if math.Abs(m.Criterion()-first.Criterion()) > 1e-7 || math.Abs(m.Sigma()-first.Sigma()) > 1e-4*m.Sigma() {
				t.Errorf("%s %s: criterion %.8f and sigma %.6f, with age in years %.8f and %.6f", age, residual, m.Criterion(), m.Sigma(), first.Criterion(), first.Sigma())
			}
		}
	}
}
