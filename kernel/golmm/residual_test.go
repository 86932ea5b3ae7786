package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// The structure of the residuals reaches the fit, its JSON and a comparison.
func TestResidualFlag(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "fit", "--json", "Reaction ~ Days", "sleepstudy", "--residual", "ar1(Days | Subject) * varexp(Days)")
	if code != exitDone {
		t.Fatal(stderr)
	}
	var got struct {
		Criterion float64
		Sigma     float64
		Residual  struct {
			Structure  string
			Subjects   int
			Parameters []struct {
				Name  string
				Value float64
				Lower *float64
				Upper *float64
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	// nlme::gls: 1716.727877, correlation 0.79134, rate 0.08706, sigma 30.874
	p := got.Residual.Parameters
	if math.Abs(got.Criterion-1716.727877) > 1e-5 || math.Abs(got.Sigma-30.874) > 1e-3 || got.Residual.Subjects != 18 || len(p) != 2 ||
		math.Abs(p[0].Value-0.79134) > 1e-5 || math.Abs(p[1].Value-0.08706) > 1e-5 || p[0].Lower == nil || p[1].Lower != nil {
		t.Errorf("%+v", got)
	}
	code, stdout, stderr = golmm(t, "", "fit", "distance ~ age * Sex", "Orthodont", "--residual", "ar1(age | Subject) * varident(Sex)")
	if code != exitDone || !strings.Contains(stdout, "Fitted correlation of the residuals") || !strings.Contains(stdout, "1.741 to 3.083   0.747   1.000") {
		t.Errorf("%d %s\n%s", code, stderr, stdout)
	}
	code, stdout, stderr = golmm(t, "", "compare", "Reaction ~ Days", "sleepstudy", "--residual", "id", "--residual", "ar1(Days | Subject)")
	if code != exitDone || !strings.Contains(stdout, "residuals ar1(Days | Subject)") || !strings.Contains(stdout, "1 in 2") {
		t.Errorf("%d %s\n%s", code, stderr, stdout)
	}
	code, _, stderr = golmm(t, "", "fit", "Reaction ~ Days", "sleepstudy", "--residual", "ar1(Day | Subject)")
	if code != exitError || !strings.Contains(stderr, "Days") {
		t.Errorf("%d %s", code, stderr)
	}
	code, _, stderr = golmm(t, "", "fit", "Reaction ~ Days", "sleepstudy", "--residual", "ar2(Days | Subject)")
	if code != exitError || !strings.Contains(stderr, "did you mean") {
		t.Errorf("%d %s", code, stderr)
	}
}
