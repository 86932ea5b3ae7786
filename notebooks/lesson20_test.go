package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// check20 holds lesson 20: a level whose effect has no finite estimate.
func check20(t *testing.T, p *page) {
	m := trial(t, "y ~ x + dose + (1 | g)", 3)
	p.shows(t, "verdict", "NO FINITE MAXIMUM", "D7 SEPARATION", "dosehigh", num(m.Criterion(), 3))
	p.says(t, "verdict-read", num(m.Criterion(), 3))
	for _, b := range m.FixedEffects() {
		infinite := b.Name == "dosehigh"
		if infinite != math.IsNaN(b.SE) {
			t.Errorf("%s: %g, SE %g", b.Name, b.Estimate, b.SE)
		}
		if !infinite {
			p.shows(t, "verdict", num(b.Estimate, 3), num(b.SE, 3))
		}
	}
	test, err := infer.LRT(trial(t, "y ~ x + (1 | g)", 3), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.shows(t, "remedies", num(test.Statistic, 3))
	for exceptions, place := range map[int]certify.Place{0: certify.NoFiniteMaximum, 3: certify.NoFiniteMaximum, 4: certify.Interior, 6: certify.Interior} {
		m := trial(t, "y ~ x + dose + (1 | g)", exceptions)
		if m.Verdict().Place != place {
			t.Errorf("%d exceptions: %v", exceptions, m.Verdict().Place)
		}
		if place == certify.Interior {
			high := fixed(t, m, "dosehigh")
			p.shows(t, "remedies-knob", num(high.Estimate, 3), num(high.SE, 3))
		}
	}
}

// trial is a fit to the data of lesson 20.
func trial(t *testing.T, formula string, exceptions int) *lmm.Model {
	t.Helper()
	tab, err := datasets.Simulate(datasets.Separation{Exceptions: exceptions, Slope: 0.5, InterceptSD: 0.5, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	codes := make([]int32, tab.Rows())
	for i := range codes {
		if tab.Column("treated").Float(i) == 1 {
			codes[i] = 1
			if tab.Column("g").Text(i) > "06" {
				codes[i] = 2
			}
		}
	}
	dose, err := table.NewFactor("dose", codes, []string{"none", "low", "high"})
	if err != nil {
		t.Fatal(err)
	}
	if tab, err = tab.With(dose); err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit(formula, tab, &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
