package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestExplainMessages(t *testing.T) {
	const paste = "Warning message:\nIn checkConv(attr(opt, \"derivs\"), opt$par, ctrl = control$checkConv,  :\n" +
		"  Model failed to converge with max|grad| = 0.0047 (tol = 0.002, component 1)\n"
	for _, args := range [][]string{{"explain"}, {"explain", "-"}} {
		code, stdout, stderr := golmm(t, paste, args...)
		if code != exitDone || stderr != "" {
			t.Fatalf("exit code %d, %s", code, stderr)
		}
		contains(t, stdout, "1 MESSAGE EXPLAINED", "0.0047", "golmm diagnose FORMULA FILE")
	}
	code, stdout, stderr := golmm(t, "", "explain", "--json", "boundary", "(singular)", "fit:", "see", "?isSingular")
	var e struct {
		Messages []struct{ ID, Place string }
		Unknown  []any
	}
	if err := json.Unmarshal([]byte(stdout), &e); err != nil || code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s, %v in:\n%s", code, stderr, err, stdout)
	}
	if len(e.Messages) != 1 || e.Messages[0].ID != "lme4-singular" || e.Messages[0].Place != "boundary" || len(e.Unknown) != 0 {
		t.Errorf("%+v", e)
	}
	code, stdout, stderr = golmm(t, "", "explain", "the flux capacitor is out of phase")
	if code != exitDone || stderr != "" {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "NOT KNOWN", "flux")
}

func TestExplainList(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "explain", "--list")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) < 60 {
		t.Errorf("%d lines", len(lines))
	}
	for _, l := range lines {
		if strings.Count(l, "\t") != 2 {
			t.Errorf("line %q", l)
		}
	}
}
