package infer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// The estimates of R are at tight tolerances: 1e-5 of a variance.
func TestSharesAgainstPerformance(t *testing.T) {
	for _, id := range ids(t, "performance_") {
		var want struct {
			Raw struct {
				Conditional *float64 `json:"R2_conditional"`
				Marginal    float64  `json:"R2_marginal"`
			} `json:"r2_nakagawa"`
			Get struct {
				Fixed    float64  `json:"var.fixed"`
				Random   *float64 `json:"var.random"`
				Residual float64  `json:"var.residual"`
			} `json:"get_variance"`
			VIF *struct {
				Rows []string
				VIF  []float64
				GVIF []float64
			} `json:"car_vif"`
		}
		m := from(t, id, &want)
		got := infer.VarianceShares(m)
		matches(t, id+", fixed", got.Fixed+1, want.Get.Fixed+1, 1e-6)
		matches(t, id+", residual", got.Residual, want.Get.Residual, 2e-5)
		if want.Get.Random == nil {
			// performance gives NA to singular fits.
			checkSingular(t, id, got)
		} else {
			matches(t, id+", random", got.Random, *want.Get.Random, 2e-5)
			matches(t, id+", marginal R2", got.R2Marginal+1, want.Raw.Marginal+1, 1e-5)
			matches(t, id+", conditional R2", got.R2Conditional, *want.Raw.Conditional, 1e-5)
			var icc struct {
				ICC struct {
					Adjusted   []float64 `json:"ICC_adjusted"`
					Unadjusted []float64 `json:"ICC_unadjusted"`
				}
			}
			decode(t, id, &icc)
			matches(t, id+", ICC", got.ICC, icc.ICC.Adjusted[0], 1e-5)
			matches(t, id+", unadjusted ICC", got.ICCUnadjusted, icc.ICC.Unadjusted[0], 1e-5)
		}
		if want.VIF != nil {
			vif := infer.VIF(m)
			values := append(append([]float64(nil), want.VIF.VIF...), want.VIF.GVIF...)
			for i, v := range vif {
				if v.Term != want.VIF.Rows[i] {
					t.Errorf("%s: term %s, want %s", id, v.Term, want.VIF.Rows[i])
				}
				matches(t, id+", VIF of "+v.Term, v.GVIF, values[i], 1e-5)
			}
		}
	}
}

func checkSingular(t *testing.T, id string, got *infer.Shares) {
	t.Helper()
	if math.IsNaN(got.ICC) || math.IsNaN(got.R2Conditional) || got.Reason != "" {
		t.Errorf("%s: %+v", id, got)
	}
	var sum float64
	for _, term := range got.Terms {
		sum += term.Variance
	}
	matches(t, id+", sum of terms", sum+1, got.Random+1, 1e-12)
	if s := got.Document().Text(); strings.Contains(s, "NaN") {
		t.Error(s)
	}
}

// The mean of z'Sigma z and R2 do not depend on the origin of the covariate.
func TestSharesDoNotDependOnOrigin(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	days := tab.Column("Days").Floats()
	for i := range days {
		days[i] = 24 * (days[i] + 1000)
	}
	moved, err := tab.With(table.NewFloats("Days", days))
	if err != nil {
		t.Fatal(err)
	}
	const formula = "Reaction ~ Days + (Days | Subject)"
	a, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := lmm.Fit(formula, moved, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, y := infer.VarianceShares(a), infer.VarianceShares(b)
	// Sigma of an intercept 24000 away has lost 8 digits.
	matches(t, "random", y.Random, x.Random, 1e-6)
	matches(t, "R2", y.R2Conditional, x.R2Conditional, 1e-6)
}

func TestPCAAgainstLme4(t *testing.T) {
	var want struct {
		Models map[string]struct {
			Formula, Data string
			RePCA         map[string]struct {
				SDev     []float64
				Rotation [][]float64
			}
		}
	}
	decode(t, "rePCA", &want)
	for id, w := range want.Models {
		if id == "sleepstudy_weights" || id == "sleepstudy_slope_ml" {
			continue // options that this list does not tell
		}
		m := fit(t, w.Formula, w.Data, nil)
		for _, p := range infer.RandomPCA(m) {
			r, ok := w.RePCA[p.Group]
			if !ok {
				t.Errorf("%s: lme4 has no group %s", id, p.Group)
				continue
			}
			for i, sd := range p.SD {
				if !(math.Abs(sd-r.SDev[i]) <= 2e-5*r.SDev[0]) {
					t.Errorf("%s, %s: sd %d is %.8g, want %.8g", id, p.Group, i, sd, r.SDev[i])
				}
			}
			var share float64
			for _, s := range p.Share {
				share += s
			}
			if p.SD[0] > 0 {
				matches(t, id+", sum of the shares", share, 1, 1e-12)
			}
		}
	}
}
