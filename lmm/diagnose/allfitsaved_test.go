package diagnose

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
)

// A saved result says what it said, and draws what it drew once it has its model.
func TestAllFitSaved(t *testing.T) {
	tab, err := datasets.Load("Penicillin")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("diameter ~ 1 + (1 | plate) + (1 | sample)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := AllFit(m, &AllFitOptions{Optimizers: []string{"newton", "bobyqa"}, Starts: 2})
	if err != nil {
		t.Fatal(err)
	}
	saved := r.Saved()
	again, err := saved.Of(m)
	if err != nil {
		t.Fatal(err)
	}
	text := func(v any) string {
		t.Helper()
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if text(saved) != text(r) || saved.Document().Text() != r.Document().Text() {
		t.Error("the saved result differs")
	}
	names := ContourParameters(m)
	want, err := r.Grid(names[0], names[1], 5)
	if err != nil {
		t.Fatal(err)
	}
	got, err := again.Grid(names[0], names[1], 5)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want.Criterion {
		for j, w := range want.Criterion[i] { // theta in the user's units and back: a few units in the last place
			if g := got.Criterion[i][j]; !(math.Abs(g-w) <= 1e-10*math.Abs(w)) {
				t.Errorf("the contour at %d, %d is %v, want %v", i, j, g, w)
			}
		}
	}
	other, err := lmm.Fit("diameter ~ 1 + (1 | plate)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := saved.Of(other); err == nil {
		t.Error("another model is taken")
	}
}
