package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestCompareModels(t *testing.T) {
	args := []string{"compare", "--json", "--seed", "1", sleepFormula, "Reaction ~ Days + (1 | Subject)", "sleepstudy"}
	code, stdout, stderr := golmm(t, "", args...)
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var c struct {
		REML   bool
		Models []struct {
			Formula string
			NPar    int
			AIC     float64
			Test    *struct {
				Statistic float64
				DF        int
				PMixture  float64 `json:"p_mixture"`
				Mixture   struct{ Weights []float64 }
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &c); err != nil {
		t.Fatalf("%v in:\n%s", err, stdout)
	}
	// lme4: 1786.46508539492 - 1743.62827195849.
	if len(c.Models) != 2 || !c.REML || c.Models[0].NPar != 4 || c.Models[1].Test == nil ||
		math.Abs(c.Models[1].Test.Statistic-42.8368134) > 1e-5 || len(c.Models[1].Test.Mixture.Weights) != 3 {
		t.Errorf("comparison:\n%s", stdout)
	}
	code, stdout, stderr = golmm(t, "", "compare", "--ml", sleepFormula, "Reaction ~ Days + (1 | Subject)", "sleepstudy")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "1 in 2", "0.50 chi2(1) + 0.50 chi2(2)", "1794.079")
}

func TestCompareErrors(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		word string
	}{
		{[]string{"y ~ x + (1 | g)", "sleepstudy"}, exitUsage, "something is missing"},
		{[]string{sleepFormula, sleepFormula, "sleepstudy", "--bootstrap", "-1"}, exitUsage, "from 1"},
		{[]string{sleepFormula, "log(Reaction) ~ Days + (1 | Subject)", "sleepstudy"}, exitError, "responses differ"},
		{[]string{sleepFormula, "Reaction ~ Dys + (1 | Subject)", "sleepstudy"}, exitError, "Days"},
	} {
		code, stdout, stderr := golmm(t, "", append([]string{"compare"}, c.args...)...)
		if code != c.code || stdout != "" || !strings.Contains(stderr, c.word) {
			t.Errorf("golmm compare %q: exit code %d, %q, %s", c.args, code, stdout, stderr)
		}
	}
}
