package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestDiagnose(t *testing.T) {
	var out, errs bytes.Buffer
	code := run([]string{"diagnose", "--try", "Yield ~ 1 + (1 | Batch)", "Dyestuff2"}, strings.NewReader(""), &out, &errs)
	if code != exitDone || errs.Len() > 0 {
		t.Fatalf("exit %d, %s", code, errs.String())
	}
	for _, want := range []string{"ON THE BOUNDARY", "Code B1 ZERO_VAR", "The ways out", "drop (1 | Batch)", "Suggested:"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	out.Reset()
	if code := run([]string{"diagnose", "Reaction ~ Days + (Days | Subject)", "sleepstudy", "--json"}, strings.NewReader(""), &out, &errs); code != exitDone {
		t.Fatalf("exit %d, %s", code, errs.String())
	}
	var r struct {
		Healthy  bool  `json:"healthy"`
		Findings []any `json:"findings"`
		Remedies []any `json:"remedies"`
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if !r.Healthy || r.Findings == nil || len(r.Findings)+len(r.Remedies) > 0 {
		t.Errorf("sleepstudy: %s", out.String())
	}
	if code := run([]string{"diagnose", "Reaction ~ Days", "sleepstudy"}, strings.NewReader(""), &out, &errs); code != exitError {
		t.Errorf("exit %d for a formula without a random term", code)
	}
	if code := run([]string{"diagnose", "y ~ x"}, strings.NewReader(""), &out, &errs); code != exitUsage {
		t.Errorf("exit %d without a file", code)
	}
	out.Reset()
	errs.Reset()
	if code := run([]string{"diagnose", "--theta", "0.96, 0.02,0", "--try", "Reaction ~ Days + (Days | Subject)", "sleepstudy"}, strings.NewReader(""), &out, &errs); code != exitDone ||
		!strings.Contains(out.String(), "NOT CONVERGED") || !strings.Contains(out.String(), "search from other starts") {
		t.Errorf("exit %d, %s%s", code, out.String(), errs.String())
	}
	if code := run([]string{"diagnose", "--theta", "a", "Reaction ~ Days + (Days | Subject)", "sleepstudy"}, strings.NewReader(""), &out, &errs); code != exitUsage {
		t.Errorf("exit %d for a theta that is no number", code)
	}
	out.Reset()
	if code := run([]string{"diagnose", "--before", "Reaction ~ Days + (Days | Subject)", "sleepstudy"}, strings.NewReader(""), &out, &errs); code != exitDone ||
		!strings.Contains(out.String(), "BEFORE THE FIT") {
		t.Errorf("exit %d, %s%s", code, out.String(), errs.String())
	}
	out.Reset()
	if code := run([]string{"diagnose", "--ladder", "up", "Reaction ~ Days + (Days | Subject)", "sleepstudy"}, strings.NewReader(""), &out, &errs); code != exitDone ||
		!strings.Contains(out.String(), "(Days || Subject)") || !strings.Contains(out.String(), "Barr et al. 2013") {
		t.Errorf("exit %d, %s%s", code, out.String(), errs.String())
	}
	if code := run([]string{"diagnose", "--ladder", "sideways", "Reaction ~ Days + (Days | Subject)", "sleepstudy"}, strings.NewReader(""), &out, &errs); code != exitUsage {
		t.Errorf("exit %d for a ladder that goes nowhere", code)
	}
}
