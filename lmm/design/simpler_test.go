package design_test

import (
	"testing"

	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

func TestSimpler(t *testing.T) {
	for _, c := range []struct{ data, formula, want string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", "Fit uncorrelated effects, (Days || Subject)."},
		{"sleepstudy", "Reaction ~ Days + (1 | Subject)", ""},
		{"sleepstudy", "Reaction ~ Days + (Days || Subject)", ""},
		{"Machines", "score ~ Machine + (Machine | Worker)", "Fit equal variances and equal covariances, cs(Machine | Worker)."},
		{"Machines", "score ~ Machine + (0 + Machine | Worker)", "Fit equal variances and equal covariances, cs(0 + Machine | Worker)."},
		{"Machines", "score ~ Machine + cs(Machine | Worker)", ""},
		{"Orthodont", "distance ~ age * Sex + (age * Sex | Subject)", "Fit uncorrelated effects, diag(age + Sex + age:Sex | Subject)."},
	} {
		tab, err := datasets.Load(c.data)
		if err != nil {
			t.Fatal(err)
		}
		f, err := formula.Parse(c.formula)
		if err != nil {
			t.Fatal(err)
		}
		d, err := design.Build(f, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := d.Simpler(0)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.formula, got, c.want)
		}
	}
}
