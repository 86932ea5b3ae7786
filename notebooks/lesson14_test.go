package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// check14 holds what the lesson says of a correlation at its limit against the
// library.
func check14(t *testing.T, p *page) {
	un := &lmm.Options{Residual: "un(trait | child)"}
	m := fit(t, "y ~ 0 + trait + (0 + trait | family)", "families", un)
	c := m.VarCorr()[0]
	if c.Corr[1][0] != 1 {
		t.Errorf("correlation %g", c.Corr[1][0])
	}
	p.shows(t, "verdict", "ON THE BOUNDARY", "B2 CORR_1", num(m.Criterion(), 3))
	p.says(t, "verdict-read", num(m.Criterion(), 3))
	p.says(t, "report", num(c.SD[0], 2)+" and "+num(c.SD[1], 2))
	p.shows(t, "raw", "correlation 1.042")

	saturated := fit(t, "y ~ 0 + trait + (0 + trait | family) + (0 + trait | child)", "families")
	if d := saturated.Criterion() - m.Criterion(); math.Abs(d) > 1e-6 {
		t.Errorf("children as random effects: the criterion differs by %g", d)
	}
	const name = "cor_traitt2.traitt1|family"
	profile, err := infer.Profile(m, &infer.ProfileOptions{Params: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	lower := profile.Curves[0].Lower.Value
	p.shows(t, "remedies", num(lower, 3))
	p.says(t, "report", "interval "+num(lower, 2)+" to 1")
	free := fit(t, "y ~ 0 + trait + (0 + trait || family)", "families", un)
	p.shows(t, "remedies", num(free.Criterion(), 3))
	p.says(t, "remedies-read", num(free.Criterion()-m.Criterion(), 1))

	ones := 0
	for seed := range uint64(100) {
		study, err := datasets.Simulate(datasets.Traits{Families: 50, Children: 4, Mean: [2]float64{10, 20}, FamilySD: [2]float64{0.55, 0.55},
			FamilyCorrelation: 0.8, ChildSD: [2]float64{1, 1}, ChildCorrelation: 0.1, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ 0 + trait + (0 + trait | family)", study, un)
		if err != nil {
			t.Fatal(err)
		}
		if m.VarCorr()[0].Corr[1][0] > 1-1e-9 {
			ones++
		}
	}
	p.shows(t, "knob", "0.80     "+num(float64(ones), 0)+"   ")
	if ones != 25 {
		t.Errorf("%d of 100 studies with a correlation of 0.8 end at 1, the lesson says 25", ones)
	}
}
