package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/gee"
)

// check24 holds what the lesson says of averages and subjects against the library.
func check24(t *testing.T, p *page) {
	binomial := &lmm.Options{Family: "binomial"}
	mixed := fit(t, "use ~ urban + age + livch + (1 | district)", "contraception", binomial)
	data, err := datasets.Load("contraception")
	if err != nil {
		t.Fatal(err)
	}
	averaged, err := gee.Fit("use ~ urban + age + livch", data, &gee.Options{Subject: "district", Family: "binomial", Correlation: "exchangeable"})
	if err != nil {
		t.Fatal(err)
	}
	urban, mean := fixed(t, mixed, "urbanY"), averaged.Coefficients[1]
	p.shows(t, "verdict", "CONVERGED, INTERIOR", num(mixed.Criterion(), 3))
	p.shows(t, "remedies", num(urban.Estimate, 4), num(mean.Estimate, 4), num(mean.SE, 4))
	beside, err := averaged.Beside(mixed)
	if err != nil {
		t.Fatal(err)
	}
	factor := beside.Attenuations[0].Factor
	p.shows(t, "remedies", num(factor, 3))
	p.says(t, "remedies-read", "factor is "+num(factor, 3), "say "+num(mean.SE, 3))
	p.says(t, "report", "= "+num(math.Exp(urban.Estimate), 1), "= "+num(math.Exp(mean.Estimate), 1),
		num(math.Exp(urban.Estimate-1.96*urban.SE), 1)+" to "+num(math.Exp(urban.Estimate+1.96*urban.SE), 1))
	slopes := fixed(t, fit(t, "use ~ urban + age + livch + (urban | district)", "contraception", binomial), "urbanY")
	p.says(t, "exercises", num(urban.SE, 3)+" to "+num(slopes.SE, 3), num(urban.Estimate, 2)+" to "+num(slopes.Estimate, 2))

	study, err := datasets.Simulate(datasets.Groups{Groups: 300, Rows: 20, Slope: 1, InterceptSD: 4, Response: datasets.Binary, Seed: 24})
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ x + (1 | g)", study, &lmm.Options{Family: "binomial", Quadrature: 15})
	if err != nil {
		t.Fatal(err)
	}
	g, err := gee.Fit("y ~ x", study, &gee.Options{Subject: "g", Family: "binomial", Correlation: "exchangeable"})
	if err != nil {
		t.Fatal(err)
	}
	p.shows(t, "knob", num(fixed(t, m, "x").Estimate, 2)+"   "+num(g.Coefficients[1].Estimate, 2))

	growth := "distance ~ age * Sex"
	line := fit(t, growth+" + (1 | Subject)", "Orthodont")
	gls := fit(t, growth, "Orthodont", &lmm.Options{Residual: "cs(1 | Subject)"})
	for i, c := range line.FixedEffects() {
		if d := math.Abs(c.Estimate - gls.FixedEffects()[i].Estimate); d > 1e-6*c.SE {
			t.Errorf("%s of the mixed model and of least squares differ by %g", c.Name, d)
		}
	}
	p.shows(t, "gaussian", num(fixed(t, line, "age").Estimate, 4), num(fixed(t, line, "age").SE, 4))
	un := fit(t, growth, "Orthodont", &lmm.Options{Residual: "un(age | Subject)"})
	p.shows(t, "structure", num(gls.Criterion(), 3), num(un.Criterion(), 3))
}
