package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
)

// check09 holds lesson 09: lmer's points, judged where they are.
func check09(t *testing.T, p *page) {
	units := fit(t, "Reaction ~ Days + (I(Days*1e5) | Subject)", "sleepstudy", &lmm.Options{ML: true})
	groups := edgeFit(t, 407)
	for _, c := range []struct {
		name        string
		m           *lmm.Model
		theta       []float64
		convergence certify.Convergence
	}{
		{"curve", fit(t, "Reaction ~ Days + I(Days^2) + (Days + I(Days^2) | Subject)", "sleepstudy"),
			[]float64{1.22339330563, -0.25935895585, 0.028785407666, 0.585153754379, -0.0508288666025, 0.0258839775005}, certify.Polishable},
		{"middle", fit(t, "Reaction ~ I(Days-4.5) + I((Days-4.5)^2) + (I(Days-4.5) + I((Days-4.5)^2) | Subject)", "sleepstudy"),
			[]float64{1.8085076864, 0.180684001495, -0.0269813291179, 0.195638244973, 0.022779473638, 0.0535541862412}, certify.Converged},
		{"units", units, []float64{0.546715977275, 1.68249562574e-06, 0}, certify.NotConverged},
		{"groups", groups, []float64{0, -0.110071137041, 0.122171507246}, certify.NotConverged},
	} {
		r, err := diagnose.At(c.m, c.theta, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict.Convergence != c.convergence {
			t.Errorf("%s: %v", c.name, r.Verdict.Convergence)
		}
		p.shows(t, "data", fmt.Sprintf("%.3f", c.m.Criterion()))
		p.shows(t, "numbers", fmt.Sprintf("%-14s %-13v %11.1e %19.1e %19.1e",
			c.name, r.Verdict.Convergence, r.Verdict.Decrement, r.Verdict.EscapeDrop, r.Criterion-c.m.Criterion()))
		there, err := c.m.At(c.theta)
		if err != nil {
			t.Fatal(err)
		}
		for j, b := range c.m.FixedEffects() {
			p.shows(t, "remedies", fmt.Sprintf("%7.3f %7.2f", b.SE, b.Estimate/b.SE),
				fmt.Sprintf("%7.3f", there.FixedEffects()[j].SE))
		}
	}
	p.shows(t, "verdict", "ALMOST CONVERGED", "C1 POLISH", "NOT CONVERGED", "C4 FALSE_EDGE")
	p.shows(t, "remedies-optimizers", "All 30 runs end at one point")

	// The two sides of a false edge have one criterion and opposite slopes.
	at := func(theta ...float64) float64 {
		m, err := groups.At(theta)
		if err != nil {
			t.Fatal(err)
		}
		return m.Criterion()
	}
	edge := at(0, -0.110071137041, 0.122171507246)
	left, right := at(0.01, -0.110071137041, 0.122171507246), at(0.01, 0.110071137041, 0.122171507246)
	if !(left > edge && right < edge) {
		t.Errorf("criterion %g at the edge, %g on the left, %g on the right", edge, left, right)
	}
	p.shows(t, "edge", fmt.Sprintf("%7.2f %29.3f %29.3f", 0.01, left, right))

	// What lmer stopped at in the other data sets that the lesson names.
	for seed, lmer := range map[uint64]float64{106: 226.11, 321: 235.13, 513: 244.72} {
		if above := lmer - edgeFit(t, seed).Criterion(); above < 2 || above > 4 {
			t.Errorf("seed %d: lmer stopped %g above", seed, above)
		}
	}

	// The solutions of the exercises.
	near, err := diagnose.At(edgeFit(t, 636), []float64{0.578700865091, 0.471331590298, 0.302150795272}, nil)
	if err != nil || near.Verdict.Convergence != certify.Converged {
		t.Errorf("seed 636: %v, %v", near.Verdict, err)
	}
	dyes := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	zero, err := diagnose.At(dyes, []float64{0}, nil)
	if err != nil || zero.Verdict.Convergence != certify.NotConverged || math.Abs(zero.Criterion-dyes.Criterion()-6.4) > 0.05 {
		t.Errorf("theta 0: %v, %g above the maximum, %v", zero.Verdict, zero.Criterion-dyes.Criterion(), err)
	}
}

// edgeFit is the fit to a data set of lesson 09.
func edgeFit(t *testing.T, seed uint64) *lmm.Model {
	t.Helper()
	tab, err := diagnose.Draw(diagnose.Layout(15, 5), diagnose.SlopeTruth(math.Sqrt(0.5), 0.9), seed)
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (x | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
