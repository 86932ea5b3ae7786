package notebooks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// check01 holds the variance of 0 between classrooms.
func check01(t *testing.T, p *page) {
	const formula = "score ~ involvement + (1 | class)"
	m := fit(t, formula, "classrooms")
	effect := fixed(t, m, "involvement")
	p.shows(t, "verdict", "CONVERGED, ON THE BOUNDARY", num(m.Criterion(), 3), "B1 ZERO_VAR")

	unbounded := fit(t, formula, "classrooms", &lmm.Options{Unbounded: true})
	p.shows(t, "verdict", "at 0: "+num(unbounded.Residual().Free[0].Variance, 2), "bound: "+num(m.Criterion()-unbounded.Criterion(), 2))
	p.says(t, "verdict-read", num(unbounded.Residual().Free[0].Variance, 2), num(m.Criterion()-unbounded.Criterion(), 2))

	for _, sd := range []float64{2, 1, 0.5, 0.1, 0.01} {
		at, err := infer.ProfileAt(m, "sd_(Intercept)|class", []float64{sd / 1.01, sd, sd * 1.01})
		if err != nil {
			t.Fatal(err)
		}
		bend := (at[2].Criterion - 2*at[1].Criterion + at[0].Criterion) / math.Pow(math.Log(1.01), 2)
		p.shows(t, "curve", num(at[1].Criterion-m.Criterion(), 5), num(bend, 5))
	}

	intervals, err := infer.VarianceIntervals(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	upper := intervals.Rows[0].Upper.Value
	p.shows(t, "size", num(upper, 3))
	p.says(t, "report", "between 0 and "+num(upper, 2), num(m.Sigma(), 2), num(effect.Estimate, 2), num(effect.SE, 2))
	p.shows(t, "remedies", "least squares", fmt.Sprintf("%.3f   %.3f", effect.Estimate, effect.SE))

	p.shows(t, "zero", fmt.Sprintf("true sd 1.0 between classes, 8 within: 0 in %3d of 200", zeros(t, 24, 1)))
	p.says(t, "zero-read", fmt.Sprintf("%d of 200", zeros(t, 24, 1)))
	p.says(t, "exercises", fmt.Sprintf("%d samples of 200 in place of %d, while %d do", zeros(t, 8, 1), zeros(t, 24, 1), zeros(t, 8, 0)))
	checkLarge(t, p)
}

// zeros counts the samples of classes with the estimate 0.
func zeros(t *testing.T, classes int, sd float64) int {
	n := 0
	for seed := range uint64(200) {
		tab, err := datasets.Simulate(datasets.Groups{Groups: classes, Rows: 18, Slope: 2, InterceptSD: sd, Sigma: 8, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (1 | g)", tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		if m.Verdict().Place == certify.Boundary {
			n++
		}
	}
	return n
}

// checkLarge holds the degrees of freedom of the second exercise.
func checkLarge(t *testing.T, p *page) {
	tab, err := datasets.Load("classrooms")
	if err != nil {
		t.Fatal(err)
	}
	large := make([]float64, tab.Rows())
	for i := range len(large) / 2 {
		large[i] = 1
	}
	if tab, err = tab.With(table.NewFloats("large", large)); err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("score ~ involvement + large + (1 | class)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.says(t, "exercises", num(fixed(t, m, "large").SE, 3))
	for df, text := range map[infer.DF]string{infer.KenwardRoger: "has %.0f degrees of freedom", infer.Satterthwaite: "and gives %.0f"} {
		e, err := infer.Coefficients(m, &infer.Options{DF: df})
		if err != nil {
			t.Fatal(err)
		}
		p.says(t, "exercises", fmt.Sprintf(text, e.Rows[2].DF), num(e.Rows[2].P, 3))
	}
}
