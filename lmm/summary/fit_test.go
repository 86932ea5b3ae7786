package summary

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
)

// TestFits compares the summaries of golmm's own fits with those of the same
// fits by lme4, from the formula to the last row of the random effects.
func TestFits(t *testing.T) {
	for _, c := range []struct {
		data, formula string
		want          *fake
	}{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", sleepstudy()},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)", dyestuff2()},
	} {
		tab, err := datasets.Load(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, want := results(Of(m).Text()), results(Of(c.want).Text())
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.data, got, want)
		}
	}
}

// A model of independent columns depends on their origin, and says so.
func TestIndependentColumnsAreSaid(t *testing.T) {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	for src, want := range map[string]bool{"Reaction ~ Days + (Days || Subject)": true, "Reaction ~ Days + (Days | Subject)": false} {
		m, err := lmm.Fit(src, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		if text := Of(m).Text(); strings.Contains(text, "Independent columns") != want {
			t.Errorf("%s: said %v, want %v:\n%s", src, !want, want, text)
		}
	}
}

// results cuts a summary after the random effects.
func results(text string) string {
	before, _, _ := strings.Cut(text, "\n\nHow it was obtained")
	if i := strings.Index(before, "\n  sd   "); i >= 0 {
		end := strings.IndexByte(before[i+1:], '\n')
		if end >= 0 {
			return before[:i+1+end]
		}
	}
	return before
}
