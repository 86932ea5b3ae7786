package main

import (
	"encoding/json"
	"math"
	"testing"
)

// The limits are those of lme4's profile, within its interpolation.
func TestFitProfile(t *testing.T) {
	code, stdout, stderr := golmm(t, "", "fit", "--json", "--ml", "--profile", sleepFormula, "sleepstudy")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var f struct {
		Criterion float64
		Profile   struct {
			Level  float64
			Curves []struct {
				Name         string
				Lower, Upper struct{ Value float64 }
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &f); err != nil {
		t.Fatalf("%v in:\n%.300s", err, stdout)
	}
	if len(f.Profile.Curves) != 6 || f.Profile.Level != 0.95 || f.Criterion == 0 {
		t.Fatalf("%.300s", stdout)
	}
	c := f.Profile.Curves[0]
	if c.Name != "sd_(Intercept)|Subject" || math.Abs(c.Lower.Value-14.3814) > 2e-3 || math.Abs(c.Upper.Value-37.716) > 2e-3 {
		t.Errorf("%+v", c)
	}
	code, stdout, stderr = golmm(t, "", "fit", "--profile", sleepFormula, "sleepstudy")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	contains(t, stdout, "Profile likelihood intervals", "correlation of Days.(Intercept)")
}

func TestFitBootstrap(t *testing.T) {
	args := []string{"fit", "--json", "--bootstrap", "20", "--seed", "3", sleepFormula, "sleepstudy"}
	code, stdout, stderr := golmm(t, "", args...)
	if code != exitDone || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var f struct {
		Bootstrap struct {
			Seed       uint64
			Replicates int
			Names      []string
			Values     [][]float64
		}
	}
	if err := json.Unmarshal([]byte(stdout), &f); err != nil {
		t.Fatalf("%v in:\n%.300s", err, stdout)
	}
	if b := f.Bootstrap; b.Seed != 3 || b.Replicates != 20 || len(b.Names) != 6 || len(b.Values) != 20 {
		t.Errorf("%+v", b)
	}
	if _, again, _ := golmm(t, "", args...); again != stdout {
		t.Error("the same seed gives other bits")
	}
	for _, bad := range []string{"0", "-3", "many"} {
		if code, _, stderr := golmm(t, "", "fit", "--bootstrap", bad, sleepFormula, "sleepstudy"); code != exitUsage {
			t.Errorf("--bootstrap %s: exit code %d, %s", bad, code, stderr)
		}
	}
}
