package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAllFit(t *testing.T) {
	code, out, errs := golmm(t, "", "allfit", "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	if code != exitDone || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	for _, want := range []string{"ALL OPTIMIZERS AGREE", "All 30 runs end at one point.", "average-information", "319.654"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	code, out, _ = golmm(t, "", "allfit", "--json", "--optimizer", "bobyqa", "--starts", "3", "Yield ~ 1 + (1 | Batch)", "Dyestuff")
	var r struct {
		Agreement string `json:"agreement"`
		Runs      []struct {
			Optimizer string `json:"optimizer"`
			Path      []any  `json:"path"`
		} `json:"runs"`
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitDone {
		t.Fatalf("exit %d, %v in %s", code, err, out)
	}
	if r.Agreement != "one point" || len(r.Runs) != 3 || r.Runs[0].Optimizer != "bobyqa" || len(r.Runs[0].Path) == 0 {
		t.Errorf("%+v", r)
	}
	if code, _, errs := golmm(t, "", "allfit", "--optimizer", "nlminb", "Yield ~ 1 + (1 | Batch)", "Dyestuff"); code != exitUsage || !strings.Contains(errs, "there is no optimizer") {
		t.Errorf("exit %d, %s", code, errs)
	}
}
