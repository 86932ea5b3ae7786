package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
)

func TestMessagesAreComplete(t *testing.T) {
	ids, forms := map[string]bool{}, map[string]string{}
	programs := map[string]bool{}
	for _, m := range Messages() {
		if ids[m.ID] || !regexp.MustCompile(`^[a-z0-9-]+$`).MatchString(m.ID) {
			t.Errorf("%s: the name is not unique, or not a name", m.ID)
		}
		ids[m.ID], programs[m.Program] = true, true
		for field, s := range map[string]string{"Program": m.Program, "Source": m.Source, "Saw": m.Saw, "Means": m.Means, "Not": m.Not, "Do": m.Do, "Check": m.Check} {
			if s == "" {
				t.Errorf("%s has no %s", m.ID, field)
			}
		}
		if !slices.Contains([]string{saysNothing, inDoubt, isConverged, notConverged}, m.Convergence) {
			t.Errorf("%s: convergence %q", m.ID, m.Convergence)
		}
		if !slices.Contains([]string{saysNothing, inDoubt, boundary, notIdentified, noMaximum}, m.Place) {
			t.Errorf("%s: place %q", m.ID, m.Place)
		}
		for _, c := range m.Codes {
			if codeName(c) == "" {
				t.Errorf("%s: code %q is not in the taxonomy", m.ID, c)
			}
		}
		if len(m.Forms) == 0 {
			t.Errorf("%s has no text", m.ID)
		}
		for _, src := range m.Forms {
			f := parseForm(0, src)
			if len(f.parts) == 0 || f.parts[0].kind != 0 || len(f.parts[0].literal) < 3 {
				t.Errorf("%s: %q does not begin with a literal", m.ID, src)
			}
			if other, twice := forms[src]; twice {
				t.Errorf("%q stands in %s and %s", src, other, m.ID)
			}
			forms[src] = m.ID
			if last := f.parts[len(f.parts)-1]; last.kind == '*' {
				t.Errorf("%s: %q ends with an open hole", m.ID, src)
			}
		}
	}
	if len(ids) < 60 || len(List()) != len(ids) {
		t.Errorf("%d messages, %d lines", len(ids), len(List()))
	}
}

func ExampleExplain() {
	e := Explain("boundary (singular) fit: see ?isSingular")
	fmt.Println(e.Answers[0].Message.ID, "-", e.Answers[0].Message.Place)
	// Output: lme4-singular - boundary
}
