package lmm_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// A model rebuilt from what its search found is the same model, through an
// encoding too; what does not belong to the data is not believed.
func TestSavedSearch(t *testing.T) {
	for _, m := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)"},
		{"Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"},
		{"Machines", "score ~ Machine + (Machine | Worker)"},
	} {
		tab, err := reference.Table(m.data)
		if err != nil {
			t.Fatal(err)
		}
		first, err := lmm.Fit(m.formula, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(first.Save())
		if err != nil {
			t.Fatal(err)
		}
		saved := new(lmm.Saved)
		if err := json.Unmarshal(text, saved); err != nil {
			t.Fatal(err)
		}
		again, err := lmm.Fit(m.formula, tab, &lmm.Options{Saved: saved})
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(first)
		b, _ := json.Marshal(again)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: rebuilt model differs:\n%s\n%s", m.data, a, b)
		}
		saved.Criterion += 1e-6
		searched, err := lmm.Fit(m.formula, tab, &lmm.Options{Saved: saved})
		if err != nil {
			t.Fatal(err)
		}
		if c, _ := json.Marshal(searched); !bytes.Equal(a, c) {
			t.Errorf("%s: a search that does not fit the data changed the model", m.data)
		}
		saved.Point, saved.Hessian = nil, saved.Hessian[1:]
		if _, err := lmm.Fit(m.formula, tab, &lmm.Options{Saved: saved}); err != nil {
			t.Errorf("%s: a damaged search: %v", m.data, err)
		}
	}
}
