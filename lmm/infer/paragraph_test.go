package infer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

func TestReport(t *testing.T) {
	saturated, err := table.New(table.NewFloats("y", []float64{1, 2, 4, 8, 16, 32.5}), table.NewTexts("g", []string{"a", "b", "c", "d", "e", "f"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		data    string
		formula string
		tab     *table.Table
		has     []string
		not     []string
	}{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", nil,
			[]string{"Reaction (180 rows)", "REML", "random intercepts and random coefficients of Days, correlated, for the 18 levels of Subject", "10.467", "inside of the parameter space", "profile likelihood"}, []string{"0.000 "}},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)", nil, []string{"on the boundary", "valid estimate", "sd of (Intercept) between levels of Batch 0.00"}, []string{"inside of"}},
		{"data/Orthodont_x.csv", "distance ~ age * Sex + (age + nsex | Subject)", nil, []string{"cannot tell", "is not reported"}, []string{"inside of"}},
		{"", "y ~ 1 + (1 | g)", saturated, []string{"cannot tell"}, nil},
	} {
		if c.tab == nil {
			c.tab = data(t, c.data)
		}
		p, err := infer.Report(fitted(t, c.formula, c.tab, false), nil)
		if err != nil {
			t.Errorf("%s: %v", c.formula, err)
			continue
		}
		text := p.Methods + "\n" + p.Results
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in:\n%s", c.formula, want, text)
			}
		}
		for _, bad := range append(c.not, "NaN", "Inf", "  ") {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q is in:\n%s", c.formula, bad, text)
			}
		}
		for _, n := range p.Numbers {
			if !strings.Contains(p.Results, n.Printed) {
				t.Errorf("%s: %s, %s, is not in the text", c.formula, n.Name, n.Printed)
			}
		}
		if doc := p.Document().Text(); !strings.Contains(doc, "Methods.") {
			t.Error(doc)
		}
	}
}

// What would a paper say of a fit?
func ExampleReport() {
	dye, err := datasets.Load("Dyestuff2")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := lmm.Fit("Yield ~ 1 + (1 | Batch)", dye, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := infer.Report(m, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Results)
	// Output: The fit converged on the boundary: a variance is estimated as 0, or a covariance matrix has less than full rank, which is a valid estimate. Fixed effects: (Intercept) 5.666 (95 % interval 3.922 to 7.409, t(5.0) = 8.35, p < 0.001). Random effects: sd of (Intercept) between levels of Batch 0.000 (95 % interval 0.000 to 2.514); residual standard deviation 3.716 (95 % interval 2.932 to 4.924).
}
