package summary

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
)

// The rows of the residuals say which row the sd is that of, and count rows where
// no subject has two.
func TestStructureRows(t *testing.T) {
	tab, err := datasets.Load("RatPupWeight")
	if err != nil {
		t.Fatal(err)
	}
	for structure, want := range map[string][]string{
		"varident(sex)":                   {"Residual (varident(sex), 322 rows)", "The reference is the first level of sex."},
		"varpower(fitted)*varident(sex)":  {"The reference is fitted value = 1, the first level of sex."},
		"varexp(Lsize)":                   {"The reference is Lsize = 0."},
		"cs(1 | Litter) * varexp(Lsize)":  {"27 subjects)", "The reference is Lsize = 0."},
		"cs(1 | Litter) * varident(sex) ": {"27 subjects)", "The reference is the first level of sex."},
	} {
		m, err := lmm.Fit("weight ~ Treatment + Lsize", tab, &lmm.Options{Residual: structure})
		if err != nil {
			t.Fatal(err)
		}
		text := Of(m).Text()
		for _, s := range want {
			if !strings.Contains(text, s) {
				t.Errorf("%s: %q is not in\n%s", structure, s, text)
			}
		}
	}
}
