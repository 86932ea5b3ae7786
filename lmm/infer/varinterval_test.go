package infer_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/infer"
)

// A Wald interval and a profile interval have the same width where the level is
// so small that the profile is a parabola.
func TestWaldIsTheCurvatureOfTheProfile(t *testing.T) {
	for _, c := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"},
		{"Machines", "score ~ Machine + cs(Machine | Worker)"},
	} {
		m := fitted(t, c.formula, data(t, c.data), false)
		wald, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: infer.ByWald, Level: 0.02})
		if err != nil {
			t.Fatal(err)
		}
		profile, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Level: 0.02})
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range wald.Rows {
			p := profile.Rows[i]
			if a, b := w.Upper.Value-w.Lower.Value, p.Upper.Value-p.Lower.Value; math.Abs(a/b-1) > 2e-3 || !(w.SE > 0) || w.Name != p.Name {
				t.Errorf("%s: %s is %v to %v by the curvature, %v to %v by the profile", c.formula, w.Name, w.Lower.Value, w.Upper.Value, p.Lower.Value, p.Upper.Value)
			}
		}
	}
}

func TestVarianceIntervals(t *testing.T) {
	m := fitted(t, "Yield ~ 1 + (1 | Batch)", data(t, "Dyestuff2"), false)
	for _, method := range []infer.VarianceMethod{infer.ByProfile, infer.ByBootstrap, infer.ByWald} {
		v, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: method, Replicates: 200})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Rows) != 2 || v.Rows[0].Estimate != 0 {
			t.Errorf("%s: %+v", method, v.Rows)
		}
		text := v.Document().Text()
		if want := map[infer.VarianceMethod]string{infer.ByProfile: "do not exclude 0", infer.ByWald: "not applicable"}[method]; !strings.Contains(text, want) || strings.Contains(text, "NaN") {
			t.Errorf("%s:\n%s", method, text)
		}
		if _, err := json.Marshal(v); err != nil {
			t.Error(err)
		}
	}
	if _, err := infer.VarianceIntervals(m, &infer.VarianceOptions{Method: "jackknife"}); err == nil {
		t.Error("an unknown method")
	}
}
