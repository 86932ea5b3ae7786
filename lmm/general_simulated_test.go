package lmm_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/table"
)

// groupedBits is a binary response in 20 groups, and a predictor.
func groupedBits(t *testing.T) *table.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 5))
	var x, y []float64
	var g []string
	for i := range 300 {
		x, y, g = append(x, rng.NormFloat64()), append(y, float64(rng.IntN(2))), append(g, fmt.Sprint("g", i%20))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// A response drawn from a model with a slope in each group is one that the model
// can be fitted to: from the starts of a fit, from the estimates of the model, and
// with the same end.
func TestSimulatedResponsesConverge(t *testing.T) {
	const ticks = "TICKS ~ cHEIGHT + (cHEIGHT | BROOD)"
	bits, err := lmm.Fit("y ~ x + (x | g)", groupedBits(t), &lmm.Options{Family: "binomial"})
	if err != nil {
		t.Fatal(err)
	}
	// The bits know no groups: draw from groups that differ.
	if bits, err = bits.At([]float64{1.2, 0.3, 0.9}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		m      *lmm.Model
		draws  int
		refits int
	}{
		{"poisson", fitOf(t, "grouseticks", ticks, &lmm.Options{Family: "poisson"}), 50, 5},
		{"negbinomial", fitOf(t, "grouseticks", ticks, &lmm.Options{Family: "negbinomial"}), 8, 2},
		{"binomial", bits, 20, 5},
	} {
		opt := tt.m.Options()
		for i, y := range tt.m.Simulate(tt.draws, 1) {
			d := *tt.m.Frame()
			d.Y = y
			fresh, err := lmm.FitDesign(&d, &opt)
			if err != nil {
				t.Fatal(err)
			}
			if c := fresh.Verdict().Convergence; c != certify.Converged || math.IsInf(fresh.Criterion(), 0) {
				t.Errorf("%s, draw %d: %v, criterion %g, %s", tt.name, i, c, fresh.Criterion(), fresh.Log().Status)
			}
			if i >= tt.refits {
				continue
			}
			again, err := tt.m.Refit(y)
			if err != nil {
				t.Fatal(err)
			}
			// Both end with a polishing step: they differ by the rounding of the criterion.
			if diff := math.Abs(again.Criterion() - fresh.Criterion()); !(diff <= 1e-7) {
				t.Errorf("%s, draw %d: refitted the criterion is %.10g, afresh %.10g", tt.name, i, again.Criterion(), fresh.Criterion())
			}
		}
	}
}

// Where the criterion has no value anywhere a finding says why.
func TestNoCriterionHasAReason(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var x, y []float64
	var g []string
	for i := range 100 {
		v := rng.NormFloat64()
		x, y, g = append(x, v), append(y, math.Round(1+20*math.Exp(v-3))), append(g, fmt.Sprint("g", i%10))
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	// Where x is above 0 and where it is below, no slope gives means above 0.
	m, err := lmm.Fit("y ~ 0 + x + (0 + x | g)", tab, &lmm.Options{Family: "poisson", Link: "identity"})
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsInf(m.Criterion(), 1) {
		t.Fatalf("the criterion is %g: these data are no test", m.Criterion())
	}
	for _, c := range m.VarCorr() {
		for i, v := range c.SD {
			if !math.IsNaN(v) || c.Reason == "" {
				t.Errorf("standard deviation %d is %g, reason %q", i, v, c.Reason)
			}
		}
	}
	for _, c := range m.FixedEffects() {
		if !math.IsNaN(c.Estimate) || c.Reason == "" {
			t.Errorf("%s is %g, reason %q", c.Name, c.Estimate, c.Reason)
		}
	}
	for _, f := range m.Findings() {
		if f.Code == "A5" {
			if !strings.Contains(f.Meaning, "search: the link gives a mean that the distribution cannot have.") || !strings.Contains(f.Remedies[0], "link log") {
				t.Errorf("%s %v", f.Meaning, f.Remedies)
			}
			return
		}
	}
	t.Errorf("no reason among %v", m.Findings())
}
