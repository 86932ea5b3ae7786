package notebooks_test

import (
	"fmt"
	"testing"

	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
)

// check06 holds lesson 06: covariances below 0 in a fit that is
// fine, and a variance of 0 without one.
func check06(t *testing.T, p *page) {
	curve := fit(t, "Reaction ~ Days + I(Days^2) + (Days + I(Days^2) | Subject)", "sleepstudy")
	dyes := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff2")

	for _, row := range curve.VarCorr()[0].Cov {
		p.expect(t, "data", "text/plain", fmt.Sprintf("%9.2f", row))
	}
	p.expect(t, "verdict", "text/plain", "CONVERGED, INTERIOR", "N1 NEG_COV", "Every check has passed", "nlme")
	for _, origin := range []string{"0", "4.5", "9"} {
		d := fmt.Sprintf("I(Days - %s)", origin)
		sq := fmt.Sprintf("I((Days - %s)^2)", origin)
		m := fit(t, fmt.Sprintf("Reaction ~ %s + %s + (%s + %s | Subject)", d, sq, d, sq), "sleepstudy")
		p.expect(t, "origin", "text/plain", fmt.Sprintf("%23.2f", m.VarCorr()[0].Cov[1][2]), fmt.Sprintf("%16.3f", curve.Criterion()))
		if least := infer.RandomPCA(m)[0].SD[2]; least <= 0 {
			t.Errorf("origin %s: a combination has sd %g", origin, least)
		}
	}

	p.expect(t, "flat", "text/plain", "CONVERGED, ON THE BOUNDARY", "B1 ZERO_VAR", fmt.Sprintf("%.3f", dyes.Criterion()))
	at, err := infer.ProfileAt(dyes, "sd_(Intercept)|Batch", []float64{1, 0.0001})
	if err != nil {
		t.Fatal(err)
	}
	for _, point := range at {
		p.expect(t, "flat", "text/plain", fmt.Sprintf("%26.1e", point.Criterion-dyes.Criterion()))
	}
	intervals, err := infer.VarianceIntervals(dyes, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.expect(t, "remedies", "text/plain", fmt.Sprintf("%.3f", intervals.Rows[0].Upper.Value), "the data do not exclude 0")
	p.expect(t, "remedies-card", "text/plain", "marginal model", "drop (1 | Batch)")

	// The solution of exercise 2: a mean curve that is too stiff makes a variance
	// negative.
	stiff := codes(t, "conc ~ Time + I(Time^2) + Meal + (1 | Subject/Meal)", "Glucose")
	free := codes(t, "conc ~ factor(Time) + Meal + (1 | Subject/Meal)", "Glucose")
	if !stiff["B4"] || free["B4"] {
		t.Errorf("B4 with a parabola %v, with a mean for each time %v", stiff["B4"], free["B4"])
	}
}

// codes is what diagnose says of a fit to embedded data.
func codes(t *testing.T, formula, data string) map[string]bool {
	t.Helper()
	r, err := diagnose.Run(fit(t, formula, data), nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, f := range r.Findings {
		seen[f.Code] = true
	}
	return seen
}
