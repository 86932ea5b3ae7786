package diagnose

import (
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/datasets"
)

// A maximum at which the Hessian has an eigenvalue that is not positive is H1, of
// which no data set is known: the search leaves saddles, and what is flat by the
// design is I1. The Hessian here is put in by hand.
func TestAHessianThatIsNotPositiveDefiniteIsH1(t *testing.T) {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		least float64
		code  string
	}{{0, "H1"}, {-1e-9, "H1"}, {1e-9, "I2"}, {1, ""}} {
		s := survey(m)
		local := *s.obj.Local
		local.Values = append([]float64{c.least}, local.Values[1:]...)
		s.obj.Local = &local
		f, ok := s.curvature()
		if ok != (c.code != "") || f.Code != c.code {
			t.Errorf("least eigenvalue %v: %q", c.least, f.Code)
		}
		if ok && (len(f.Params) == 0 || len(f.Evidence) == 0 || len(f.Remedies) == 0) {
			t.Errorf("%+v", f)
		}
	}
	if s := survey(m); s.verdict.Place != certify.Interior {
		t.Error("the fit itself is not in the interior")
	}
}

// A saddle is told by the sign of a curvature where no gradient is left.
func TestSaddle(t *testing.T) {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := survey(m)
	local := *s.obj.Local
	local.Values = append([]float64{-1}, local.Values[1:]...)
	s.obj.Local = &local
	s.verdict = certify.Verdict{Decrement: 1e-12}
	s.local = s.verdict
	found := s.convergence()
	if len(found) != 1 || found[0].Code != "C3" || len(found[0].Remedies) == 0 || found[0].Evidence[len(found[0].Evidence)-1].Found != -1 {
		t.Errorf("%+v", found)
	}
}
