package infer_test

import (
	"encoding/json"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// A model rebuilt from its saved search has the degrees of freedom of the
// first.
func TestSavedModel(t *testing.T) {
	tab, err := reference.Table("Machines")
	if err != nil {
		t.Fatal(err)
	}
	const formula = "score ~ Machine + (Machine | Worker)"
	first, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := lmm.Fit(formula, tab, &lmm.Options{Saved: first.Save()})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range []*lmm.Model{first, again} {
		e, err := infer.Coefficients(m, &infer.Options{DF: infer.Satterthwaite})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Errorf("the rebuilt model has other coefficients:\n%s\n%s", texts[0], texts[1])
	}
}
