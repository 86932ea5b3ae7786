package notebooks_test

import (
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
)

// check21 holds lesson 21: counts that vary more than a Poisson model says.
func check21(t *testing.T, p *page) {
	poisson := fit(t, "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)", "grouseticks", &lmm.Options{Family: "poisson"})
	chicks := fit(t, "TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | INDEX)", "grouseticks", &lmm.Options{Family: "poisson"})
	nb2 := fit(t, "TICKS ~ YEAR + cHEIGHT + (1 | BROOD)", "grouseticks", &lmm.Options{Family: "negbinomial"})
	for _, m := range []*lmm.Model{poisson, chicks, nb2} {
		height := fixed(t, m, "cHEIGHT")
		p.shows(t, "remedies", num(m.Criterion(), 3), num(height.Estimate, 4), num(height.SE, 4))
		for _, c := range m.VarCorr() {
			if c.Group == "BROOD" {
				p.shows(t, "remedies", num(c.SD[0], 3))
			}
		}
	}
	p.shows(t, "verdict", "V1 DISPERSION", num(poisson.Criterion(), 3), num(chicks.Criterion(), 3), num(nb2.Criterion(), 3))
	p.says(t, "report", num(poisson.Criterion()-nb2.Criterion(), 1))
	if move := fixed(t, nb2, "cHEIGHT").SE / fixed(t, poisson, "cHEIGHT").SE; move > 1.05 {
		t.Errorf("the standard error of height grows by a factor of %g", move)
	}
	if r, err := diagnose.Run(nb2, nil); err != nil {
		t.Fatal(err)
	} else {
		for _, f := range r.Findings {
			if f.Code == "V1" {
				t.Errorf("the negative binomial model is overdispersed: %s", f.Meaning)
			}
		}
	}
}
