package nb

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
)

func TestShowModel(t *testing.T) {
	m := Fit("Reaction ~ Days + (Days | Subject)", Data("sleepstudy"))
	b, err := render(m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.text, "CONVERGED, INTERIOR") || !strings.Contains(b.html, "251.405") {
		t.Errorf("%+v", b)
	}
	if b, err = render((*lmm.Model)(nil)); err != nil || b.text != "nothing to show: a nil *lmm.Model" {
		t.Errorf("%q, %v", b.text, err)
	}
}
