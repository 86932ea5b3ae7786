package nb

import (
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/gee"
)

// Equations and what stands beside them are computed when they are shown, and
// have their documents.
func TestGEE(t *testing.T) {
	t.Setenv(cache.ModeVariable, "off")
	sleep := Data("sleepstudy")
	r := GEE("Reaction ~ Days", sleep, &gee.Options{Subject: "Subject", Correlation: "exchangeable"})
	both := Beside(r, Fit(sleepFormula, sleep), Fit("Reaction ~ Days", sleep, &lmm.Options{Residual: "cs(1 | Subject)"}))
	for _, c := range []struct {
		thing any
		want  string
	}{{r, "EQUATIONS SOLVED"}, {both, "GLS, cs(1 | Subject)"}, {Beside(r.Get(), Fit(sleepFormula, sleep).Get()), "GEE, exchangeable"}} {
		b, err := render(c.thing)
		if err != nil || !strings.Contains(b.text, c.want) || b.html == "" {
			t.Errorf("%v: no %q in\n%s", err, c.want, b.text)
		}
	}
	if _, err := GEE("Reaction ~ Days", sleep).result(); err == nil || !strings.Contains(err.Error(), "subjects are missing") {
		t.Errorf("no subject: %v", err)
	}
	if _, err := Beside[*gee.Result](nil, Fit(sleepFormula, sleep)).result(); err == nil {
		t.Error("nil equations")
	}
}
