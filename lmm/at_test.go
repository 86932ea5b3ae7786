package lmm_test

import (
	"errors"
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// A model at its own estimates is the model, for every shape of term.
func TestAtOwnThetaIsTheFit(t *testing.T) {
	for _, c := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"sleepstudy", "Reaction ~ Days + (Days || Subject)"},
		{"Machines", "score ~ Machine + cs(Machine | Worker)"},
		{"Machines", "score ~ Machine + rr(Machine | Worker, 2)"},
		{"Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)"},
		{"Oats", "yield ~ nitro + (nitro | Block) + (1 | Block:Variety)"},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)"},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		m, err := lmm.Fit(c.formula, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		at, err := m.At(m.Theta())
		if err != nil {
			t.Fatal(err)
		}
		v, w := m.Verdict(), at.Verdict()
		// Theta goes through the user's units and back.
		if d := math.Abs(at.Criterion() - m.Criterion()); d > 1e-8 || v.Place != w.Place || w.Convergence != certify.Converged {
			t.Errorf("%s: criterion differs by %.2g, %v %v, want %v", c.formula, d, w.Convergence, w.Place, v.Place)
		}
		if at.Log().Starts != 0 {
			t.Errorf("%s: %d starts", c.formula, at.Log().Starts)
		}
		for i, e := range at.FixedEffects() {
			want := m.FixedEffects()[i]
			if math.Abs(e.Estimate-want.Estimate) > 1e-5*want.SE || math.Abs(e.SE/want.SE-1) > 1e-5 {
				t.Errorf("%s: %+v, want %+v", c.formula, e, want)
			}
		}
	}
}

func TestAtBadThetaIsAnError(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, theta := range [][]float64{nil, {1}, {1, 0, math.NaN()}, {math.Inf(1), 0, 1}, {1e200, 0, 1}} {
		var bad *lmm.ThetaError
		if _, err := m.At(theta); !errors.As(err, &bad) || len(bad.Names) != 3 {
			t.Errorf("At(%v): %v", theta, err)
		}
	}
}

// Before a fit a design says what its data can tell apart.
func TestOutline(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := lmm.Outline(m.Frame(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if v := o.Verdict(); v.Convergence == certify.Converged || len(v.NotIdentifiable) != 0 || o.NPar() != m.NPar() {
		t.Errorf("%+v, %d parameters", v, o.NPar())
	}
}
