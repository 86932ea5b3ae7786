package diagnose_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/table"
)

// What can be said before a fit is what is said of the data after it, for any
// response: here another one, drawn without regard to the model.
func TestBeforeIsWhatTheDataSay(t *testing.T) {
	for _, e := range failureModes(t) {
		if strings.Contains(e.formula, "I(cc") {
			continue // its response is computed
		}
		tab := e.table(t)
		name, _, _ := strings.Cut(e.formula, " ")
		y := make([]float64, tab.Rows())
		for i := range y {
			y[i] = float64(i * i % 101)
		}
		other, err := tab.With(table.NewFloats(name, y))
		if err != nil {
			t.Fatal(err)
		}
		r, err := diagnose.Before(e.formula, other, &lmm.Options{ML: e.by == "ML"})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, code := range strings.Fields(e.codes) {
			if code[0] == 'D' || code[0] == 'I' {
				want = append(want, code)
			}
		}
		if got := codes(r); got != strings.Join(want, " ") || !r.Unfitted || (e.place == "not identifiable") != (len(r.Verdict.NotIdentifiable) > 0) {
			t.Errorf("%s, %s: %q, %q; want %q, %s", e.data, e.formula, got, r.Verdict.NotIdentifiable, want, e.place)
		}
		text := r.Document().Text()
		if !strings.HasPrefix(text, "BEFORE THE FIT") || strings.Contains(text, "NaN") {
			t.Errorf("%s", text)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	}
}

// Data that no model can be fitted to are findings, what cannot be read is an error.
func TestBeforeRefuses(t *testing.T) {
	tab, err := table.New(table.NewFloats("y", []float64{1, 2, 4, 3}), table.NewFloats("k", []float64{2, 2, 2, 2}),
		table.NewFloats("x", []float64{1, 2, 3, 5}), table.NewFloats("z", []float64{1, 4, 2, 2}),
		table.NewTexts("g", []string{"a", "a", "b", "b"}).AsFactor(), table.NewTexts("one", []string{"a", "a", "a", "a"}).AsFactor())
	if err != nil {
		t.Fatal(err)
	}
	for formula, code := range map[string]string{
		"y ~ x + (1 | one)":              "D3",
		"k ~ x + (1 | g)":                "D9",
		"y ~ x + z + I(x^2) + (1 | g)":   "D8",
		"y ~ x + z + I(x * z) + (1 | g)": "D8",
	} {
		r, err := diagnose.Before(formula, tab, nil)
		if err != nil {
			t.Errorf("%s: %v", formula, err)
			continue
		}
		if len(r.Findings) != 1 || r.Findings[0].Code != code || r.Worst() != finding.Serious || len(r.Findings[0].Remedies) == 0 {
			t.Errorf("%s: %+v", formula, r.Findings)
		}
		if text := r.Document().Text(); strings.Contains(text, "NaN") {
			t.Error(text)
		}
	}
	for _, formula := range []string{"y ~ (x", "y ~ nothing + (1 | g)"} {
		if _, err := diagnose.Before(formula, tab, nil); err == nil {
			t.Errorf("%s: no error", formula)
		}
	}
	if _, err := diagnose.Before("y ~ x + (1 | g)", nil, nil); err == nil {
		t.Error("no error for a nil table")
	}
}
