package main

import (
	"encoding/json"
	"math"
	"testing"
)

func TestGEE(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "gee", "--subject", "Subject", "--time", "Days", "--correlation", "ar1", "Reaction ~ Days", "sleepstudy")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "SOLVED", "ar1 0.854", "Kauermann and Carroll", "10.467")
	code, stdout, stderr = golmm(t, "", "gee", "--json", "--se", "robust", "--subject", "Subject", "--correlation", "exchangeable", "Reaction ~ Days", "sleepstudy")
	var r struct {
		Beta, SE  []float64
		Converged bool
	}
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s, %v", code, stderr, err)
	}
	// geepack 1.3.9: 10.467285959596 (1.50223678231343).
	if !r.Converged || math.Abs(r.Beta[1]-10.467285959596) > 1e-8 || math.Abs(r.SE[1]-1.50223678231343) > 1e-8 {
		t.Errorf("%+v", r)
	}
	for words, args := range map[string][]string{
		"subjects are missing": {"gee", "Reaction ~ Days", "sleepstudy"},
		"exchangeable":         {"gee", "--subject", "Subject", "--correlation", "exch", "Reaction ~ Days", "sleepstudy"},
	} {
		code, stdout, stderr := golmm(t, "", args...)
		if code != exitError || stdout != "" {
			t.Errorf("%q: exit code %d, %s", args, code, stdout)
		}
		contains(t, stderr, words)
	}
}

func TestGEEBeside(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "gee", "--subject", "Subject", "--correlation", "exchangeable", "Reaction ~ Days", "sleepstudy",
		"--beside", "Reaction ~ Days + (Days | Subject)", "--residual", "ar1(Days | Subject)")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "estimate the same coefficients", "GEE, exchangeable", "mixed, (Days | Subject)", "GLS, ar1(Days | Subject)", "253.74")
	code, stdout, stderr = golmm(t, "", "gee", "--json", "--subject", "Subject", "Reaction ~ Days", "sleepstudy", "--beside", "Reaction ~ Days + (1 | Subject)")
	var c struct{ Models []struct{ Beta []float64 } }
	if err := json.Unmarshal([]byte(stdout), &c); err != nil || code != exitDone || len(c.Models) != 2 {
		t.Fatalf("exit code %d, %s, %v", code, stderr, err)
	}
	code, _, stderr = golmm(t, "", "gee", "--subject", "Subject", "Reaction ~ Days", "sleepstudy", "--beside", "Days ~ (1 | Subject)")
	if code != exitError {
		t.Errorf("exit code %d", code)
	}
	contains(t, stderr, "another response")
}
