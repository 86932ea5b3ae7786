package notebooks_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// check17 holds what the lesson says of a covariate of groups against the library.
func check17(t *testing.T, p *page) {
	m := fit(t, "score ~ size + (size | school)", "schools")
	one := fit(t, "score ~ size + (1 | school)", "schools")
	p.shows(t, "verdict", "D6 NO_WITHIN", "B2 CORR_1", num(m.Criterion(), 3), num(one.Criterion(), 3))
	c := m.VarCorr()[0].Cov
	for _, z := range []float64{-2, 2} {
		sd := math.Sqrt(c[0][0] + 2*c[0][1]*z + c[1][1]*z*z)
		p.shows(t, "meaning", num(sd, 2))
		p.says(t, "meaning-read", num(sd, 2))
	}
	test, err := infer.LRT(one, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.shows(t, "remedies", num(fixed(t, one, "size").SE, 3), num(test.Statistic, 3))
	p.says(t, "meaning-read", num(test.Statistic, 2)+" (p = "+num(test.P, 2)+")")
	p.says(t, "report", num(fixed(t, one, "size").Estimate, 2)+" per", num(test.Statistic, 2), num(test.P, 2))

	schools, err := datasets.Load("schools")
	if err != nil {
		t.Fatal(err)
	}
	size := schools.Column("size")
	var big []string
	for i := range schools.Rows() {
		big = append(big, map[bool]string{true: "big", false: "small"}[size.Float(i) > 0])
	}
	sorted, err := schools.With(table.NewColumn("big", big))
	if err != nil {
		t.Fatal(err)
	}
	p.shows(t, "two", "NOT IDENTIFIABLE", "bigsmall never varies within a level of school")
	kinds, err := lmm.Fit("score ~ big + (big || school)", sorted, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, sd := range kinds.VarCorr()[0].SD {
		p.shows(t, "kinds", num(sd, 4))
		p.says(t, "kinds-read", num(sd, 3))
	}

	// Where the optimizers of lme4 stopped, golmm finds the same criterion and no
	// fault of the search.
	two, err := lmm.Fit("score ~ big + (big | school)", sorted, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, theta := range [][]float64{{0.7189151, -0.9586942, 0.8380620}, {0.7189332, -0.2771289, 0.7514378}, {0.7189324, -0.08608618, 0.5994631}} {
		r, err := diagnose.At(two, theta, nil)
		if err != nil {
			t.Fatal(err)
		}
		if num(r.Criterion, 4) != "657.5438" || r.Verdict.Convergence != certify.Converged || r.Verdict.Place != certify.NotIdentifiable {
			t.Errorf("theta %v: criterion %.4f, %v, %v", theta, r.Criterion, r.Verdict.Convergence, r.Verdict.Place)
		}
	}
}
