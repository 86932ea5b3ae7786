package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// check11 holds lesson 11: the references of one statistic.
func check11(t *testing.T, p *page) {
	both := fit(t, "strength ~ 1 + (1 | batch) + (1 | sample)", "Pastes")
	casks := fit(t, "strength ~ 1 + (1 | sample)", "Pastes")
	dyes := fit(t, "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	p.shows(t, "data", num(both.Criterion(), 3))

	draws := &infer.LRTOptions{Seed: 1, Draws: 100000}
	pastes := lrt(t, casks, both, draws)
	p.shows(t, "verdict", "CONVERGED, INTERIOR", num(pastes.P, 3), num(pastes.MixtureP, 3), num(pastes.Naive, 3))
	p.says(t, "verdict-read", "naive, "+num(pastes.Naive, 2), "mixture, "+num(pastes.MixtureP, 2), "p, "+num(pastes.P, 2))
	if d := math.Abs(pastes.P - 0.1783); d > 4*math.Hypot(0.0012, 0.0012) {
		t.Errorf("p %g, RLRsim 0.1783", pastes.P)
	}

	zero, naive, mixture := 0, 0, 0
	for _, y := range casks.Simulate(1000, 1) {
		switch s := refit(t, casks, y).Criterion() - refit(t, both, y).Criterion(); {
		case s > 3.841:
			naive++
			mixture++
		case s > 2.706:
			mixture++
		case s < 1e-6:
			zero++
		}
	}
	p.shows(t, "simulate", fmt.Sprintf("%4d have a statistic of 0", zero), fmt.Sprintf("%4d are rejected at 5 %% by chi-square", naive),
		fmt.Sprintf("%4d are rejected at 5 %% by the mixture", mixture))

	tests, err := infer.DropRandom(dyes, draws)
	if err != nil {
		t.Fatal(err)
	}
	one := tests[0]
	p.shows(t, "remedies", fmt.Sprintf("%7.3f %3d %8.2g %9.2g %9.4f", one.Statistic, one.DF, one.Naive, one.MixtureP, one.P))
	booted := lrt(t, casks, both, &infer.LRTOptions{Seed: 1, Bootstrap: 500})
	p.shows(t, "remedies", fmt.Sprintf("%9.2g %9.4f", booted.MixtureP, booted.P))

	// In a balanced one-way layout the statistic is a function of F:
	// 29 log((24 + 5 F) / 29) - 5 log F for 6 batches of 5.
	const f = 4.598
	if s := 29*math.Log((24+5*f)/29) - 5*math.Log(f); math.Abs(s-one.Statistic) > 0.002 {
		t.Errorf("F %g gives %g, the statistic is %g", f, s, one.Statistic)
	}
	exact := distuv.F{D1: 5, D2: 24}
	p.says(t, "remedies-read", "F = "+num(f, 2), "p = "+num(exact.Survival(f), 4))
	if math.Abs(one.P-exact.Survival(f)) > 4*0.0002 {
		t.Errorf("p by draws %g, exact %g", one.P, exact.Survival(f))
	}
	limit := exact.Quantile(0.95)
	p.says(t, "power-read", num(29*math.Log((24+5*limit)/29)-5*math.Log(limit), 3), num(limit, 2))

	at, err := dyes.At([]float64{1. / 3})
	if err != nil {
		t.Fatal(err)
	}
	found, none := 0, 0
	for _, y := range at.Simulate(1000, 1) {
		m := refit(t, dyes, y)
		without, err := m.At([]float64{0})
		if err != nil {
			t.Fatal(err)
		}
		if s := without.Criterion() - m.Criterion(); s > 2.329 {
			found++
		} else if s <= 1e-6 {
			none++
		}
	}
	p.shows(t, "power", fmt.Sprintf("%24.2f %15.3f", 1./3, float64(none)/1000), num(float64(found)/1000, 3))

	bars := fit(t, "Reaction ~ Days + (Days || Subject)", "sleepstudy")
	full := fit(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy")
	p.says(t, "exercises", "p = "+num(lrt(t, bars, full, nil).P, 2))
}

func lrt(t *testing.T, a, b *lmm.Model, opt *infer.LRTOptions) *infer.LRTest {
	t.Helper()
	r, err := infer.LRT(a, b, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func refit(t *testing.T, m *lmm.Model, y []float64) *lmm.Model {
	t.Helper()
	r, err := m.Refit(y)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
