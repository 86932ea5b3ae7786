package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestFitTestsFixedEffects(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "fit", "--json", "--ddf", "kenward-roger", "--anova", "III", "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var got struct {
		Criterion    float64
		DDF          string
		Coefficients []struct {
			Name            string
			Estimate, SE, P float64
			DF              float64
			T               float64
		}
		Vcov     [][]float64 `json:"vcov_adjusted"`
		Anova    []any
		Findings []any `json:"ddf_findings"`
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	// pbkrtest 0.5.2 and lmerTest 3.1-3.
	c := got.Coefficients[0]
	if c.Name != "(Intercept)" || math.Abs(c.DF-5) > 1e-6 || math.Abs(c.T-8.35156243795531) > 1e-6 || math.Abs(c.P/0.000402683257905119-1) > 1e-5 {
		t.Errorf("coefficients %+v", got.Coefficients)
	}
	if math.Abs(got.Vcov[0][0]-0.46021032091954) > 1e-6 || len(got.Anova) != 0 || len(got.Findings) != 1 || got.DDF != "Kenward-Roger" {
		t.Errorf("%+v", got)
	}
	code, stdout, _ = golmm(t, "", "fit", "--anova", "II", sleepFormula, "sleepstudy")
	if code != exitDone || !strings.Contains(stdout, "Analysis of variance, type II") || !strings.Contains(stdout, "Kenward-Roger degrees of freedom") {
		t.Errorf("exit code %d\n%s", code, stdout)
	}
	for _, args := range [][]string{{"--ddf", "kenward"}, {"--anova", "4"}, {"--ml", "--ddf", "kenward-roger"}} {
		code, _, stderr := golmm(t, "", append([]string{"fit", sleepFormula, "sleepstudy"}, args...)...)
		if code != exitError || stderr == "" {
			t.Errorf("%q: exit code %d, %q", args, code, stderr)
		}
	}
}
