package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStudy(t *testing.T) {
	code, whole, errs := golmm(t, "", "study", "-n", "30", "--json")
	if code != exitDone || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	_, part, _ := golmm(t, "", "study", "-n", "11", "--json")
	file := filepath.Join(t.TempDir(), "part.json")
	if err := os.WriteFile(file, []byte(part), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, again, errs := golmm(t, "", "study", "-n", "30", "--json", "--continue", file); again != whole {
		t.Errorf("a study gone on with is another; %s", errs)
	}
	code, out, _ := golmm(t, "", "study", "-n", "20", "--model", "y ~ x + (1 | g)", "--optimizer", "bobyqa")
	for _, want := range []string{"20 data sets from a known truth", "by bobyqa"} {
		if code != exitDone || !strings.Contains(out, want) {
			t.Errorf("exit %d, no %q in\n%s", code, want, out)
		}
	}
	for _, bad := range [][]string{{"--model", "z ~ x + (1 | g)"}, {"--continue", "missing.json"}} {
		if code, _, _ := golmm(t, "", append([]string{"study", "-n", "2"}, bad...)...); code != exitError {
			t.Errorf("%q: exit %d", bad, code)
		}
	}
	for _, bad := range [][]string{{"--groups", "0"}, {"-n", "0"}, {"--sd", "-1"}, {"--sd", "NaN"}, {"--correlation", "2"}, {"--groups", "99999", "--rows", "99999"}, {"--optimizer", "nlminb"}, {"y ~ x"}} {
		if code, _, _ := golmm(t, "", append([]string{"study"}, bad...)...); code != exitUsage {
			t.Errorf("%q: exit %d", bad, code)
		}
	}
}
