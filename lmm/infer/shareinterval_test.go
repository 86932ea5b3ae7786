package infer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/infer"
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
	if m := got.Rows[2]; math.Abs(m.Upper.Value) > 1e-12 {
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
