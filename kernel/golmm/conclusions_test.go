package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestFitConclusions(t *testing.T) {
	args := []string{"fit", "--json", "--tests", "--shares", "--report", "--bootstrap", "39", "--ddf", "satterthwaite", sleepFormula, "sleepstudy"}
	code, stdout, stderr := golmm(t, "", args...)
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var f struct {
		Criterion float64
		Tests     []struct {
			Statistic float64
			Simulated struct {
				Draws int
			}
			P float64
		} `json:"random_tests"`
		Shares struct {
			ICC        float64
			R2Marginal float64 `json:"r2_marginal"`
		}
		Intervals struct {
			Rows []struct {
				Name         string
				Estimate     float64
				Lower, Upper struct{ Value float64 }
			}
		} `json:"share_intervals"`
		Report struct {
			Methods, Results string
			Numbers          []struct {
				Name    string
				Value   float64
				Printed string
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &f); err != nil {
		t.Fatalf("%v in:\n%.300s", err, stdout)
	}
	// The deviance of the linear model by REML is that of R's logLik(lm, REML =
	// TRUE): 1893.66366; p is (1 + 0) / (1 + 39), no draw being as far out.
	if n := f.Tests; len(n) != 1 || math.Abs(n[0].Statistic-(1893.66366-f.Criterion)) > 1e-4 || n[0].Simulated.Draws != 39 || math.Abs(n[0].P-1./40) > 1e-12 {
		t.Errorf("tests %+v", n)
	}
	// performance 0.10.2.
	if math.Abs(f.Shares.ICC-0.72166) > 1e-4 || math.Abs(f.Shares.R2Marginal-0.2787) > 1e-4 {
		t.Errorf("shares %+v", f.Shares)
	}
	if rows := f.Intervals.Rows; len(rows) != 4 || rows[0].Estimate != f.Shares.ICC || !(rows[0].Lower.Value < f.Shares.ICC && f.Shares.ICC < rows[0].Upper.Value) {
		t.Errorf("intervals %+v", rows)
	}
	if !strings.Contains(f.Report.Methods, "Satterthwaite") || len(f.Report.Numbers) < 10 {
		t.Errorf("report %+v", f.Report)
	}
	for _, n := range f.Report.Numbers {
		if !strings.Contains(f.Report.Results, n.Printed) {
			t.Errorf("%+v is not in %q", n, f.Report.Results)
		}
	}
	code, stdout, stderr = golmm(t, "", "fit", "--tests", "--shares", "--report", "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "without (1 | Batch)", "ICC, unadjusted", "Methods.", "boundary")
	code, stdout, stderr = golmm(t, "", "fit", "--shares", "--profile", "Yield ~ 1 + (1 | Batch)", "Dyestuff2")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "Intervals of shares of variance: by profile", "ICC, adjusted: the data do not exclude 0")
	code, stdout, _ = golmm(t, "", "help", "fit")
	if code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	contains(t, stdout, "--tests", "--shares", "--report")
}
