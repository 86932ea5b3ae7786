package infer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/infer"
)

// Beside fixed sites the variance between sites is not identified. The tests of x,
// which varies within sites, are those of least squares; of sites there are none.
func TestNoTestOfWhatDependsOnAnUnknownVariance(t *testing.T) {
	d, err := datasets.Load("countries")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("y ~ site + x + (1 | site)", d, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := lmm.Fit("y ~ site + x", d, &lmm.Options{Residual: "id"})
	if err != nil {
		t.Fatal(err)
	}
	for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger, infer.Normal} {
		opt := &infer.Options{DF: df}
		got, err := infer.Coefficients(m, opt)
		if err != nil {
			t.Fatal(err)
		}
		want, err := infer.Coefficients(plain, opt)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got.Rows {
			w := want.Rows[i]
			if r.Name != "x" {
				if !math.IsNaN(r.SE) || !math.IsNaN(r.P) || !strings.Contains(r.Reason, "variances that the data do not determine") {
					t.Errorf("df %v: %s has SE %g, p %g (%s)", df, r.Name, r.SE, r.P, r.Reason)
				}
				continue
			}
			// Both are the same sums of squares, in other orders.
			if math.Abs(r.SE/w.SE-1) > 1e-9 || math.Abs(r.DF/w.DF-1) > 1e-6 && !math.IsInf(r.DF, 1) {
				t.Errorf("df %v: x has SE %g on %g df, by least squares %g on %g", df, r.SE, r.DF, w.SE, w.DF)
			}
		}
		table, err := infer.Anova(m, &infer.AnovaOptions{Type: infer.TypeII, DF: df})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table.Rows {
			if (r.Name == "x") != (r.P > 0 && r.P < 1) {
				t.Errorf("df %v: the test of %s has p = %g (%s)", df, r.Name, r.P, r.Reason)
			}
		}
	}
}
