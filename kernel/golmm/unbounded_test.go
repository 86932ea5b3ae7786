package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// --unbounded lets a variance be negative, in the summary, as JSON and for
// --profile, and refuses slopes.
func TestUnboundedCommand(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "fit", "--unbounded", "--json", "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var f struct {
		Criterion float64
		Residual  struct {
			Free []struct {
				Group                 string
				Variance, Correlation float64
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &f); err != nil {
		t.Fatal(err)
	}
	// The bounded REML criterion of lme4 is 161.8283, higher by 0.62.
	if v := f.Residual.Free; math.Abs(f.Criterion-161.209) > 0.001 || len(v) != 1 || v[0].Group != "Batch" || math.Abs(v[0].Correlation+0.09703) > 1e-5 || v[0].Variance >= 0 {
		t.Errorf("%+v", f)
	}
	code, stdout, _ = golmm(t, "", "fit", "--unbounded", "--profile", "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	if code != exitDone || !strings.Contains(stdout, "less alike") || !strings.Contains(stdout, "variance of (1 | Batch) over sigma^2") {
		t.Error(stdout)
	}
	code, _, stderr = golmm(t, "", "fit", "--unbounded", sleepFormula, "sleepstudy")
	if code != exitError || !strings.Contains(stderr, "has slopes") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}
