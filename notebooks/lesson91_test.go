package notebooks_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/diagnose"
)

// check91 holds that every message of the catalogue is in a table, and that the
// lessons that are named exist.
func check91(t *testing.T, p *page) {
	p.shows(t, "paste", "2 MESSAGES EXPLAINED", "on convergence", "Newton decrement")
	var shown strings.Builder
	for _, c := range p.code() {
		if c.ID != "paste" {
			shown.WriteString(c.all(t, "text/markdown"))
		}
	}
	rows := 0
	for line := range strings.Lines(shown.String()) {
		for _, says := range []string{"says nothing", "in doubt", "converged", "not converged"} {
			if cells := strings.Split(line, "|"); len(cells) > 3 && strings.TrimSpace(cells[len(cells)-4]) == says {
				rows++
			}
		}
	}
	if want := len(diagnose.Messages()); rows != want {
		t.Errorf("%d messages are shown, the catalogue has %d", rows, want)
	}
	for _, number := range regexp.MustCompile(`"(\d\d)"`).FindAllStringSubmatch(string(p.cells["lme4"].Source), -1) {
		if files, _ := filepath.Glob(number[1] + "-*.ipynb"); len(files) != 1 {
			t.Errorf("there is no lesson %s", number[1])
		}
	}
}
