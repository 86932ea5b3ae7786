package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// check22 holds lesson 22: what the number of quadrature points does.
func check22(t *testing.T, p *page) {
	few, err := datasets.Simulate(datasets.Groups{Groups: 200, Rows: 4, Slope: 1, InterceptSD: 2, Response: datasets.Binary, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	groups := func(nodes int) *lmm.Model {
		m, err := lmm.Fit("y ~ x + (1 | g)", few, &lmm.Options{Family: "binomial", Quadrature: nodes})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	herds := func(nodes int) *lmm.Model {
		return fit(t, "cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", &lmm.Options{Family: "binomial", Quadrature: nodes})
	}
	for _, nodes := range []int{lmm.JointApproximation, 1, 3, 5, 9, 25, 50} {
		for _, m := range []*lmm.Model{herds(nodes), groups(nodes)} {
			p.shows(t, "points", num(m.Criterion(), 4), num(m.VarCorr()[0].SD[0], 4))
		}
	}
	one, many, auto := groups(1), groups(25), groups(lmm.AutoQuadrature)
	p.shows(t, "remedies", num(auto.Criterion(), 3), num(auto.VarCorr()[0].SD[0], 4))
	if d := math.Abs(auto.Criterion() - groups(100).Criterion()); d > 1e-5 {
		t.Errorf("100 points differ from the points chosen by %g", d)
	}

	// What the text says of them: the fall, and the sd, 8 % too small.
	cows := herds(1).Criterion() - herds(50).Criterion()
	p.says(t, "verdict-read", num(cows, 3), num(one.Criterion()-many.Criterion(), 1),
		num(one.VarCorr()[0].SD[0], 2), num(many.VarCorr()[0].SD[0], 2))
	if move := math.Abs(fixed(t, herds(1), "period4").Estimate-fixed(t, herds(50), "period4").Estimate) / fixed(t, herds(50), "period4").SE; move > 0.01 {
		t.Errorf("period4 moves by %g standard errors", move)
	}

	// The first exercise: the two statistics of cbpp differ by as much as -2 log L.
	statistic := func(m *lmm.Model) float64 {
		tests, err := infer.DropRandom(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		return tests[0].Statistic
	}
	if d := statistic(herds(25)) - statistic(herds(1)); math.Abs(d-cows) > 1e-4 {
		t.Errorf("the statistics differ by %g, the criteria by %g", d, cows)
	}
}
