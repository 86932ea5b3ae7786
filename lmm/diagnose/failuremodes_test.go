package diagnose_test

import (
	"os"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

// expected is a row of testdata/failure_modes.md.
type expected struct{ data, formula, by, codes, place, because string }

func failureModes(t testing.TB) []expected {
	t.Helper()
	src, err := os.ReadFile("testdata/failure_modes.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []expected
	for _, line := range strings.Split(string(src), "\n") {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|")
		if len(cells) != 8 || strings.Contains(line, "---") || strings.Contains(line, "formula") {
			continue
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.Trim(cells[i], " `"), "\x00", "|")
		}
		out = append(out, expected{cells[1], cells[2], cells[3], strings.Trim(cells[4], "-"), cells[5], cells[6]})
	}
	if len(out) < 40 {
		t.Fatalf("%d rows", len(out))
	}
	return out
}

func (e *expected) table(t testing.TB) *table.Table {
	t.Helper()
	if strings.HasPrefix(e.data, "fm") {
		return data(t, e.data)
	}
	tab, err := reference.Table(e.data)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestFailureModes(t *testing.T) {
	for _, e := range failureModes(t) {
		m, err := lmm.Fit(e.formula, e.table(t), &lmm.Options{ML: e.by == "ML"})
		if err != nil {
			t.Errorf("%s, %s: %v", e.data, e.formula, err)
			continue
		}
		r, err := diagnose.Run(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range r.Findings {
			if f.Code == "N1" || f.Code == "H4" {
				if f.Severity != finding.Note {
					t.Errorf("%s, %s: %s is %v", e.data, e.formula, f.Code, f.Severity)
				}
				continue
			}
			got = append(got, f.Code)
			if f.Meaning == "" || len(f.Evidence) == 0 || len(f.Remedies) == 0 || len(f.Params) == 0 {
				t.Errorf("%s: %s lacks a meaning, evidence, remedies or parameters: %+v", e.data, f.Code, f)
			}
		}
		if codes := strings.Join(got, " "); codes != e.codes || r.Verdict.Place.String() != e.place || r.Verdict.Convergence != certify.Converged {
			t.Errorf("%s, %s, %s: codes %q, %v, %v; want %q, %s: %s", e.data, e.formula, e.by, codes, r.Verdict.Convergence, r.Verdict.Place, e.codes, e.place, e.because)
		}
	}
}
