package notebooks_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
)

// check12 holds the thousand simulations of the lesson against the library.
func check12(t *testing.T, p *page) {
	layout, truth := diagnose.Layout(15, 5), diagnose.SlopeTruth(math.Sqrt(0.5), 0.9)
	r, err := diagnose.Study(context.Background(), layout, truth, &diagnose.StudyOptions{Replicates: 1000, Seed: 1,
		Models: []diagnose.StudyModel{{Formula: "y ~ x + (x | g)"}, {Formula: "y ~ x + (x || g)"}, {Formula: "y ~ x + (x | g)", Optimizer: "nelder-mead"}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, boundary := range []string{"473", "68", "473"} {
		if s := r.Sentence(i); !strings.Contains(s, boundary+" are on the boundary") || !strings.Contains(s, "all have converged") {
			t.Errorf("the lesson says %s on the boundary; %s", boundary, s)
		}
		if i < 2 {
			p.shows(t, "remedies", boundary+" are on the boundary", num(100*r.EffectsOf(i)[1].Coverage.Rate, 1)+" %")
		}
	}
	x := r.EffectsOf(0)[1]
	p.says(t, "report", num(100*x.Coverage.Rate, 1)+" % of all", num(100*x.Flagged.Rate, 1)+" % of those")
	p.says(t, "exercises", "truth in "+num(100*r.EffectsOf(1)[1].Flagged.Rate, 0)+" %")

	var all, inside, n, kept float64
	for i := range r.Replicates {
		data, err := r.Data(layout, i)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (x | g)", data, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := m.VarCorr()[0].Corr[1][0]
		if math.IsNaN(c) {
			continue
		}
		all, n = all+c, n+1
		if m.Verdict().Place == certify.Interior {
			inside, kept = inside+c, kept+1
		}
	}
	p.shows(t, "keep", num(all/n, 3), num(inside/kept, 3))
	p.says(t, "keep-read", num(all/n, 2)+" on average", "it is "+num(inside/kept, 2))
}
