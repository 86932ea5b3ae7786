package notebooks_test

import (
	"context"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/gee"
	"github.com/golmm/golmm/lmm/infer"
)

// check13 holds what the lesson says of a negative correlation against the
// library.
func check13(t *testing.T, p *page) {
	m := fit(t, "gain ~ place + (1 | pen)", "pens")
	marginal := fit(t, "gain ~ place", "pens", &lmm.Options{Residual: "cs(1 | pen)"})
	wrong, right := fixed(t, m, "place").SE, fixed(t, marginal, "place").SE
	correlation := marginal.Residual().Params[0].Value
	drop := m.Criterion() - marginal.Criterion()

	p.shows(t, "verdict", "ON THE BOUNDARY", "B4 NEG_VAR", num(m.Criterion(), 3), num(marginal.Criterion(), 3), num(wrong, 4), num(right, 4))
	p.says(t, "failure", "standard error of "+num(wrong, 4))
	p.says(t, "verdict-read", "falls by "+num(drop, 0))
	p.shows(t, "remedies", num(correlation, 3), num(drop, 3), "chi2(1)")
	p.says(t, "remedies-read", "from "+num(wrong, 3)+" to "+num(right, 3))

	intervals, err := infer.VarianceIntervals(marginal, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := intervals.Rows[0]
	p.says(t, "report", num(r.Estimate, 2)+", 95 % profile interval "+num(r.Lower.Value, 2)+" to "+num(r.Upper.Value, 2), "ratio "+num(drop, 1))

	pens, err := datasets.Load("pens")
	if err != nil {
		t.Fatal(err)
	}
	equations, err := gee.Fit("gain ~ place", pens, &gee.Options{Subject: "pen", Correlation: "exchangeable"})
	if err != nil {
		t.Fatal(err)
	}
	p.shows(t, "gee", num(equations.Coefficients[1].SE, 4))

	for _, study := range []struct {
		variance float64
		boundary string
		covers   string
	}{{0, "506", "96.4 %"}, {-0.2, "1000", "91.3 %"}} {
		s, err := diagnose.Study(context.Background(), diagnose.Layout(40, 4), diagnose.InterceptTruth(study.variance),
			&diagnose.StudyOptions{Replicates: 1000, Seed: 13})
		if err != nil {
			t.Fatal(err)
		}
		x := s.EffectsOf(0)[1].Coverage
		if got := num(100*x.Rate, 1) + " %"; got != study.covers {
			t.Errorf("variance %g: the interval of x holds the truth in %s", study.variance, got)
		}
		p.shows(t, "knob", study.covers, study.boundary+" are on the boundary")
	}
}
