package diagnose_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

// withRow numbers the rows.
func withRow(t *testing.T, tab *table.Table) *table.Table {
	t.Helper()
	codes := make([]int64, tab.Rows())
	for i := range codes {
		codes[i] = int64(i)
	}
	out, err := tab.With(table.NewInts("row", codes).AsFactor())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A random intercept of rows is the dispersion of counts, and nothing of single
// trials.
func TestInterceptsOfRows(t *testing.T) {
	counts := withRow(t, drawnFrom(t, 1, func(rng *rand.Rand, eta float64) float64 {
		return poisson(rng, eta+0.5*rng.NormFloat64())
	}))
	_, r := run(t, "y ~ x + (1 | g) + (1 | row)", counts, &lmm.Options{Family: "poisson"}, nil)
	if f := find(t, r, "D4"); f.Severity != finding.Note || !strings.Contains(f.Meaning, "Poisson") || strings.Contains(f.Remedies[0], "Drop") {
		t.Errorf("counts: %+v", f)
	}
	trials := withRow(t, drawnFrom(t, 1, func(rng *rand.Rand, eta float64) float64 {
		if rng.Float64() < 1/(1+math.Exp(-eta)) {
			return 1
		}
		return 0
	}))
	opt := &lmm.Options{Family: "binomial"}
	if _, err := lmm.Fit("y ~ x + (1 | g) + (1 | row)", trials, opt); err == nil {
		t.Error("trials: a fit")
	}
	r, err := diagnose.Before("y ~ x + (1 | g) + (1 | row)", trials, opt)
	if err != nil {
		t.Fatal(err)
	}
	if f := find(t, r, "D4"); f.Severity != finding.Serious || f.Name != "SINGLETON" {
		t.Errorf("trials: %+v", f)
	}
}

// A negative binomial without more variance than a Poisson model is told so by
// the diagnosis too.
func TestShapeAtItsLimit(t *testing.T) {
	tab := drawnFrom(t, 3, poisson)
	m, r := run(t, "y ~ x + (1 | g)", tab, &lmm.Options{Family: "negbinomial"}, nil)
	if !math.IsInf(m.Shape(), 1) {
		t.Fatalf("size %g: another seed is needed", m.Shape())
	}
	find(t, r, "A2")
	if !strings.Contains(r.Advice.Text, "Poisson") {
		t.Errorf("advice %+v", r.Advice)
	}
}
