package notebooks_test

import (
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/gee"
	"github.com/golmm/golmm/lmm/infer"
)

// check15 holds what the lesson says of growth curves against the library.
func check15(t *testing.T, p *page) {
	raw := fit(t, "score ~ age + (age | person)", "memory")
	centred := fit(t, "score ~ I(age - 70) + (I(age - 70) | person)", "memory")
	p.shows(t, "verdict", "age "+num(raw.Criterion(), 3), "age - 70 "+num(centred.Criterion(), 3), "NOT CONVERGED", "C2 NOT_CONV")
	r, err := diagnose.At(raw, []float64{1.49984, -0.0128876, 0.0218067}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Verdict.Convergence != certify.NotConverged || num(r.Criterion, 3) != "3949.707" {
		t.Errorf("lme4's point: %v at %.3f", r.Verdict.Convergence, r.Criterion)
	}
	p.says(t, "verdict-read", num(r.Criterion-raw.Criterion(), 2)+" above", num(raw.Criterion(), 3))

	one := fit(t, "score ~ I(age - 70) + (1 | person)", "memory")
	test, err := infer.LRT(one, centred, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.shows(t, "remedies", "B2 CORR_1", num(one.Criterion(), 3), num(test.P, 3))
	p.says(t, "remedies-read", "(p = "+num(test.P, 2)+")")
	p.says(t, "report", "ratio "+num(test.Statistic, 2)+", p = "+num(test.P, 2), "by "+num(-fixed(t, centred, "I(age - 70)").Estimate, 2))
	for _, origin := range []string{"0", "58", "82"} {
		x := "I(age - " + origin + ")"
		line := fit(t, "score ~ "+x+" + ("+x+" | person)", "memory")
		free := fit(t, "score ~ "+x+" + ("+x+" || person)", "memory")
		p.shows(t, "centre", num(line.Criterion(), 3), num(line.VarCorr()[0].SD[0], 2), num(free.Criterion(), 3))
	}
	for _, unit := range []string{"1", "10"} {
		x := "I((age - 70) / " + unit + ")"
		ml := fit(t, "score ~ "+x+" + ("+x+" | person)", "memory", &lmm.Options{ML: true})
		if num(ml.Criterion(), 3) != "3943.932" {
			t.Errorf("ML in units of %s years: %.3f", unit, ml.Criterion())
		}
	}

	wave := fit(t, "score ~ wave + (1 | person)", "memory", &lmm.Options{ML: true})
	p.shows(t, "wave", num(wave.Criterion(), 3))
	car1 := fit(t, "score ~ I(age - 70)", "memory", &lmm.Options{Residual: "car1(age | person)"})
	p.shows(t, "times", num(car1.Criterion(), 3), num(one.Criterion(), 3))

	for _, why := range []datasets.Dropout{datasets.Completely, datasets.OnSeen, datasets.OnUnseen} {
		study, err := datasets.Simulate(datasets.Growth{People: 3000, Waves: 4, Interval: 2, From: 70, To: 70.5, Origin: 70,
			Intercept: 100, Slope: -0.55, InterceptSD: 5, SlopeSD: 0.14, Sigma: 3, Leave: 0.3, Why: why, Seed: 15})
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("score ~ I(age - 70) + (I(age - 70) | person)", study, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, working := range []string{"independence", "exchangeable"} {
			g, err := gee.Fit("score ~ I(age - 70)", study, &gee.Options{Subject: "person", Correlation: working})
			if err != nil {
				t.Fatal(err)
			}
			slope := num(g.Coefficients[1].Estimate, 2)
			if working == "exchangeable" {
				p.says(t, "exercises", slope)
				continue
			}
			p.shows(t, "leave", num(m.FixedEffects()[1].Estimate, 2), slope)
		}
	}
}
