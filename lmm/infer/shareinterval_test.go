package infer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// With a random intercept alone the replicates of the adjusted ICC are functions
// of those of the two standard deviations.
func TestShareIntervals(t *testing.T) {
	const replicates, seed = 99, 5 // percentiles of 90 % are the 5th and the 95th value
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, "Dyestuff"), false)
	got, err := infer.ShareIntervals(m, &infer.VarianceOptions{Replicates: replicates, Seed: seed, Level: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: replicates, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	k := len(raw.Names)
	var below, above int
	row := got.Rows[0]
	for r := range replicates {
		sd, sigma := raw.Values[r*k], raw.Values[r*k+1]
		icc := sd * sd / (sd*sd + sigma*sigma)
		if icc < row.Lower.Value-1e-12 {
			below++
		}
		if icc > row.Upper.Value+1e-12 {
			above++
		}
	}
	// Ties at 0 may leave none below.
	if below > 4 || above != 4 || below < 4 && row.Lower.Value > 1e-12 {
		t.Errorf("%d replicates below %v, %d above %v", below, row.Lower.Value, above, row.Upper.Value)
	}
	shares := infer.VarianceShares(m)
	for i, want := range []float64{shares.ICC, shares.ICCUnadjusted, shares.R2Marginal, shares.R2Conditional} {
		r := got.Rows[i]
		if r.Estimate != want || r.Kind != infer.Share || !(r.Lower.Value >= 0 && r.Lower.Value <= r.Upper.Value && r.Upper.Value <= 1) {
			t.Errorf("%+v, of the model %v", r, want)
		}
	}
	// No covariate: nothing of the variance is of fixed effects.
	if m := got.Rows[2]; m.Upper.Value != 0 {
		t.Errorf("marginal R2 up to %v", m.Upper.Value)
	}
	if text := got.Document().Text(); !strings.Contains(text, "ICC, unadjusted") || strings.Contains(text, "NaN") {
		t.Error(text)
	}
	for _, opt := range []infer.VarianceOptions{{Method: infer.ByWald}, {Level: 2}, {Replicates: -1}} {
		if _, err := infer.ShareIntervals(m, &opt); err == nil {
			t.Errorf("%+v", opt)
		}
	}
}

// The profile of the ICC is that of theta: zeta at its limits is the normal
// quantile, whatever the weights and the covariate of the term.
func TestShareIntervalsByProfile(t *testing.T) {
	sleep := data(t, "sleepstudy")
	weights := make([]float64, sleep.Rows())
	for i := range weights {
		weights[i] = float64(1 + i%3)
	}
	weighted, err := sleep.With(table.NewFloats("w", weights))
	if err != nil {
		t.Fatal(err)
	}
	for _, formula := range []string{"Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (0 + Days | Subject)"} {
		m, err := lmm.Fit(formula, weighted, &lmm.Options{Weights: "w"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := infer.ShareIntervals(m, &infer.VarianceOptions{Method: infer.ByProfile})
		if err != nil {
			t.Fatal(err)
		}
		// odds = ICC / (1 - ICC) is proportional to theta^2.
		icc, name := got.Rows[0], "theta_"+infer.ProfileParameters(m)[0][len("sd_"):]
		odds := func(x float64) float64 { return x / (1 - x) }
		at, err := infer.ProfileAt(m, name, []float64{
			m.Theta()[0] * math.Sqrt(odds(icc.Lower.Value)/odds(icc.Estimate)),
			m.Theta()[0] * math.Sqrt(odds(icc.Upper.Value)/odds(icc.Estimate)),
		})
		if err != nil {
			t.Fatal(err)
		}
		// The limits are interpolated between points of the curve.
		if math.Abs(at[0].Zeta+1.959964) > 2e-3 || math.Abs(at[1].Zeta-1.959964) > 2e-3 {
			t.Errorf("%s: zeta %v and %v at the limits", formula, at[0].Zeta, at[1].Zeta)
		}
		if text := got.Document().Text(); !strings.Contains(text, "the bootstrap has an interval") || strings.Contains(text, "NaN") {
			t.Error(text)
		}
	}
	zero, err := infer.ShareIntervals(fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, "Dyestuff2"), false), &infer.VarianceOptions{Method: infer.ByProfile})
	if err != nil {
		t.Fatal(err)
	}
	if l := zero.Rows[0].Lower; l.Value != 0 || !l.Boundary || !(zero.Rows[0].Upper.Value > 0 && zero.Rows[0].Upper.Value < 1) {
		t.Errorf("%+v", zero.Rows[0])
	}
}
