package lmm_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

// coded is the finding of a code, nil without it.
func coded(m *lmm.Model, code string) *finding.Finding {
	fs := m.Findings()
	if i := slices.IndexFunc(fs, func(f finding.Finding) bool { return f.Code == code }); i >= 0 {
		return &fs[i]
	}
	return nil
}

// Pens of animals that compete for food vary less than chance lets them; the score says so
// where the estimate is 0. Dyestuff2 was made with little variance between
// batches: nothing is said there.
func TestAVarianceOf0ThatWantsToBeNegative(t *testing.T) {
	for _, c := range []struct {
		data, formula string
		negative      bool
	}{
		{"pens", "gain ~ 1 + (1 | pen)", true},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)", false},
	} {
		tab, err := datasets.Load(c.data)
		if err != nil {
			t.Fatal(err)
		}
		for _, ml := range []bool{false, true} {
			m, err := lmm.Fit(c.formula, tab, &lmm.Options{ML: ml})
			if err != nil {
				t.Fatal(err)
			}
			free, err := lmm.Fit(c.formula, tab, &lmm.Options{ML: ml, Unbounded: true})
			if err != nil {
				t.Fatal(err)
			}
			f := coded(m, "B1")
			if f == nil {
				t.Fatalf("%s: no B1", c.data)
			}
			last := f.Evidence[len(f.Evidence)-1]
			told := strings.HasPrefix(last.Check, "score test")
			if told != c.negative || strings.Contains(strings.Join(f.Remedies, " "), "B4") != c.negative {
				t.Errorf("%s: %+v", c.data, f)
			}
			// The likelihood ratio is the other test of the same: both pass 3.84, or neither.
			if lr := m.Criterion() - free.Criterion(); (lr > 3.84) != c.negative {
				t.Errorf("%s: likelihood ratio %.3g", c.data, lr)
			}
		}
	}
}

// A response that is the same in all rows of a group leaves no residual variance: D8 is the
// cause, and its symptom C2 is not told.
func TestNoFiniteMaximumIsD8(t *testing.T) {
	var y []float64
	var g []string
	for i := range 12 {
		y, g = append(y, float64(i/3*i/3%5)), append(g, string(rune('a'+i/3)))
	}
	for i := range y {
		y[i] = y[i/3*3]
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewTexts("g", g))
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ 1 + (1 | g)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := coded(m, "D8")
	if f == nil || coded(m, "C2") != nil || !strings.Contains(f.Remedies[0], "the same in all rows") {
		t.Errorf("%+v", m.Findings())
	}
}
