package notebooks_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/diagnose"
)

// check05 holds what two visits let be known, and an error of 0.
func check05(t *testing.T, p *page) {
	m := fit(t, "score ~ visit + (visit | person)", "visits")
	visit := fixed(t, m, "visit")
	p.shows(t, "verdict", "CONVERGED, NOT IDENTIFIABLE", num(m.Criterion(), 3), "I1", num(visit.Estimate, 4), num(visit.SE, 4))
	p.says(t, "verdict-read", num(visit.Estimate, 3), num(visit.SE, 3))
	p.shows(t, "before", "ALL PARAMETERS CAN BE TOLD APART", "30 random effects for 30 rows")

	one := fixed(t, fit(t, "score ~ visit + (1 | person)", "visits"), "visit")
	p.says(t, "remedies-read", fmt.Sprintf("%.3f, SE %.3f", one.Estimate, one.SE))
	p.says(t, "report", num(one.Estimate, 2), num(one.SE, 2))
	report, err := diagnose.Run(m, &diagnose.Options{Try: true, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Remedies {
		if r.What == "drop (visit | person)" {
			se := r.Fixed[1].AfterSE
			p.shows(t, "remedies", num(se, 4))
			p.says(t, "remedies-read", num(se, 3))
		}
	}
	p.shows(t, "zero", "NO FINITE MAXIMUM", "Code D8", "same in all rows of a group")

	_, err = lmm.Fit("score ~ person + (1 | person)", load(t, "once"), nil)
	if err == nil || !strings.Contains(err.Error(), "20 rows cannot estimate 20 fixed effects and a variance beside them") {
		t.Errorf("a fixed effect for each row: %v", err)
	}
	p.says(t, "zero-read", "20 rows cannot estimate 20 fixed effects and a variance beside them")
	checkVisits(t, p)
}

// checkVisits holds the exercises: what the outputs of the other programs imply,
// and three visits.
func checkVisits(t *testing.T, p *page) {
	out, err := os.ReadFile("testdata/05.out")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range [][4]float64{ // variances of intercept, slope and residual, correlation
		{0.62099 * 0.62099, 0.33021 * 0.33021, 0.34499 * 0.34499, -0.182},
		{0.43912198, 0.21603218, 0.06552498, -0.295},
	} {
		for _, x := range []float64{math.Sqrt(v[0]), math.Sqrt(v[1])} {
			if !strings.Contains(string(out), num(x, 5)) {
				t.Errorf("%.5f is not in the output", x)
			}
		}
		cov := v[3] * math.Sqrt(v[0]*v[1])
		p.says(t, "exercises", fmt.Sprintf("= %.3f", v[0]+v[2]), fmt.Sprintf("covariance: %.3f in both", v[0]+2*cov+v[1]+v[2]), fmt.Sprintf("slope: %.3f in both", v[0]+cov))
	}
	c := datasets.Growth{People: 15, Waves: 3, Interval: 1, From: 10, To: 10, Origin: 10, InterceptSD: 1, SlopeSD: 0.5, Sigma: 0.3, Seed: 1}
	tab, err := datasets.Simulate(c)
	if err != nil {
		t.Fatal(err)
	}
	three, err := lmm.Fit(c.Truth().Formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	sigma, cor := sdOf(t, three, 3), sdOf(t, three, 1)
	p.says(t, "exercises", fmt.Sprintf("is %.2f, with an interval from %.2f to %.2f", sigma[0], sigma[1], sigma[2]), fmt.Sprintf("from %.0f to %.0f", cor[1], cor[2]))
}
