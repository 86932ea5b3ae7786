package notebooks_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// check04 holds what three laboratories let be known.
func check04(t *testing.T, p *page) {
	m := fit(t, "response ~ dose + (1 | lab)", "labs")
	p.shows(t, "verdict", "CONVERGED, INTERIOR", num(m.Criterion(), 3), "D3 FEW_LEVELS")
	sd := sdOf(t, m, 0)
	p.shows(t, "verdict", num(sd[1], 3), num(sd[2], 3))
	p.says(t, "verdict-read", fmt.Sprintf("%.2f, has an interval from %.2f to %.2f", sd[0], sd[1], sd[2]))
	p.says(t, "report", fmt.Sprintf("%.2f, 95 %% profile interval %.2f to %.2f", sd[0], sd[1], sd[2]))

	kr := kenwardRoger(t, m).Rows[0]
	p.shows(t, "inference", num(kr.Lower, 4), num(kr.Upper, 4))
	p.says(t, "report", fmt.Sprintf("%.2f (95 %% interval %.2f to %.2f, %.1f df)", kr.Value, kr.Lower, kr.Upper, kr.DF))
	dose := fixed(t, m, "dose")
	p.says(t, "report", fmt.Sprintf("%.2f per unit of dose (SE %.2f)", dose.Estimate, dose.SE))
	p.says(t, "remedies-read", fmt.Sprintf("%.3f and %.3f", dose.Estimate, dose.SE))

	cor := sdOf(t, fit(t, "response ~ dose + (dose | lab)", "labs"), 1)
	p.shows(t, "slopes", num(cor[2], 3))
	p.says(t, "slopes-read", fmt.Sprintf("between -1 and %.2f", cor[2]))

	for _, k := range []int{3, 5} {
		c := coverage(t, datasets.Groups{Groups: k, Rows: 10, Intercept: 2, Slope: 1, InterceptSD: 1, Sigma: 0.7})
		p.shows(t, "coverage", fmt.Sprintf("%6d   %16.0f %%   %11.0f %%   %12.0f %%   %9.2f to %.2f", k, c[0], c[1], c[2], c[3], c[4]))
	}
	same := coverage(t, datasets.Groups{Groups: 3, Rows: 10, Intercept: 2, Slope: 1, Sigma: 0.7})
	p.says(t, "exercises", fmt.Sprintf("in %.0f of 100 samples", same[0]))
	if same[1] != 100 {
		t.Errorf("Kenward and Roger's interval holds the truth in %g %%, not in all samples", same[1])
	}
	checkTwoLabs(t, p)
}

// sdOf is a row of the intervals of the random effects.
func sdOf(t *testing.T, m *lmm.Model, row int) [3]float64 {
	t.Helper()
	v, err := infer.VarianceIntervals(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	return [3]float64{v.Rows[row].Estimate, v.Rows[row].Lower.Value, v.Rows[row].Upper.Value}
}

func kenwardRoger(t *testing.T, m *lmm.Model) *infer.Estimates {
	t.Helper()
	e, err := infer.Coefficients(m, &infer.Options{DF: infer.KenwardRoger})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// coverage is, for 300 samples of a case, the percentage of intervals that hold
// the intercept by 1.96 SE and by Kenward and Roger, and the slope by 1.96 SE;
// then the middle 90 % of the sds between groups.
func coverage(t *testing.T, c datasets.Groups) [5]float64 {
	t.Helper()
	const samples = 300
	var hit [3]float64
	var sds []float64
	for c.Seed = range uint64(samples) {
		tab, err := datasets.Simulate(c)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit("y ~ x + (1 | g)", tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		kr, b := kenwardRoger(t, m).Rows, m.FixedEffects()
		for i, holds := range []bool{
			math.Abs(b[0].Estimate-2) < 1.96*b[0].SE,
			kr[0].Lower < 2 && 2 < kr[0].Upper,
			math.Abs(b[1].Estimate-1) < 1.96*b[1].SE,
		} {
			if holds {
				hit[i] += 100.0 / samples
			}
		}
		sds = append(sds, math.Sqrt(m.VarCorr()[0].Cov[0][0]))
	}
	slices.Sort(sds)
	return [5]float64{math.Round(hit[0]), math.Round(hit[1]), math.Round(hit[2]), sds[samples/20], sds[samples-samples/20]}
}

// checkTwoLabs holds the first exercise.
func checkTwoLabs(t *testing.T, p *page) {
	tab, err := datasets.Load("labs")
	if err != nil {
		t.Fatal(err)
	}
	if tab, err = tab.Where(func(r table.Row) bool { return r.Text("lab") != "C" }); err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("response ~ dose + (1 | lab)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	sd, kr := sdOf(t, m, 0), kenwardRoger(t, m).Rows[0]
	p.says(t, "exercises", fmt.Sprintf("between %.2f and %.2f", sd[1], sd[2]),
		fmt.Sprintf("%.1f degrees of freedom: %.2f, with an interval from %.2f to %.2f, though its standard error of %.2f", kr.DF, kr.Value, kr.Lower, kr.Upper, kr.SE))
}
