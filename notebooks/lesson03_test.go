package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// check03 holds what groups with one row let be known.
func check03(t *testing.T, p *page) {
	once := fit(t, "score ~ 1 + (1 | person)", "once")
	tab, err := datasets.Load("once")
	if err != nil {
		t.Fatal(err)
	}
	total := stat.Variance(tab.Column("score").Floats(), nil)
	p.shows(t, "verdict", "CONVERGED, NOT IDENTIFIABLE", num(once.Criterion(), 3), "D4 SINGLETON", "only the sum")
	p.says(t, "verdict-read", "= "+num(total, 3))
	p.shows(t, "ridge", num(total, 3), "0.000000")
	p.says(t, "report", num(math.Sqrt(total), 2))

	sites := fit(t, "y ~ x + (1 | site)", "sites")
	p.shows(t, "some", "CONVERGED, ON THE BOUNDARY", num(sites.Criterion(), 3), "90 of 100 levels of site have one row")
	intervals, err := infer.VarianceIntervals(sites, nil)
	if err != nil {
		t.Fatal(err)
	}
	upper := intervals.Rows[0].Upper.Value
	if upper >= 1 {
		t.Errorf("the interval ends at %g and does not miss the truth, 1", upper)
	}
	p.shows(t, "some", num(upper, 3))
	p.says(t, "some-read", "0 to "+num(upper, 2))
	x := fixed(t, sites, "x")
	p.says(t, "report", "0 to "+num(upper, 2), num(x.Estimate, 2), num(x.SE, 2))
	if v := fit(t, "y ~ x + (x | site)", "sites").Verdict(); v.Place == certify.NotIdentifiable {
		t.Error("a random slope of sites is not identifiable")
	}

	for _, singletons := range []int{90, 0} {
		zero, sd, se := visits(t, datasets.Groups{Groups: 10, Rows: 2, Singletons: singletons, Slope: 1, InterceptSD: 1, Sigma: 1})
		p.shows(t, "remedies", fmt.Sprintf("%2d singletons: 0 in %d of 200 samples, mean sd between sites %.2f, mean SE of x %.3f", singletons, zero, sd, se))
	}
	said := "With k = 10, 20, 40, 60, 80 and 100 sites,"
	for _, k := range []int{10, 20, 40, 60, 80, 100} {
		zero, _, _ := visits(t, datasets.Groups{Groups: k, Rows: 2, Singletons: 100 - k, Slope: 1, InterceptSD: 0.5, Sigma: 1})
		switch k {
		case 10:
			said += fmt.Sprintf(" %d", zero)
		case 100:
			said += fmt.Sprintf(" and %d", zero)
		default:
			said += fmt.Sprintf(", %d", zero)
		}
	}
	p.says(t, "exercises", said+" of 200")
}

// visits fits 200 samples of a case: how many have the estimate 0, the mean sd
// between groups, and the mean SE of x.
func visits(t *testing.T, c datasets.Groups) (zero int, sd, se float64) {
	t.Helper()
	for c.Seed = range uint64(200) {
		tab, err := datasets.Simulate(c)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (1 | g)", tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		if m.Verdict().Place == certify.Boundary {
			zero++
		}
		sd += math.Sqrt(m.VarCorr()[0].Cov[0][0]) / 200
		se += m.FixedEffects()[1].SE / 200
	}
	return zero, sd, se
}
