package lmm_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/solve"
)

// Every optimizer fits the same models, with one factor and with crossed ones;
// the log says which it was, and counts its evaluations.
func TestOptimizers(t *testing.T) {
	for _, c := range []struct{ data, formula string }{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)"},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)"},
		{"Pastes", "strength ~ 1 + (1 | batch/cask)"},
		{"Oats", "yield ~ nitro + (nitro | Block) + (1 | Block:Variety)"},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			t.Fatal(err)
		}
		want, err := lmm.Fit(c.formula, tab, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range solve.Methods() {
			m, err := lmm.Fit(c.formula, tab, &lmm.Options{Optimizer: method.Name()})
			if err != nil {
				t.Fatal(err)
			}
			log, v := m.Log(), m.Verdict()
			if math.Abs(m.Criterion()-want.Criterion()) > certify.ConvergedBelow || v.Convergence != certify.Converged || v.Place != want.Verdict().Place {
				t.Errorf("%s by %s: %.6f, %+v, want %.6f, %v", c.formula, method.Name(), m.Criterion(), v, want.Criterion(), want.Verdict().Place)
			}
			if method.Name() == "newton" {
				if m.Criterion() != want.Criterion() {
					t.Errorf("%s: newton is not the default", c.formula)
				}
				continue
			}
			if log.Optimizer != method.Describe() || log.Iterations[len(log.Iterations)-1].Step != "end" {
				t.Errorf("%s by %s: the log is %+v", c.formula, method.Name(), log)
			}
			for _, i := range log.Iterations {
				if i.Evaluations > log.Evaluations || i.Evaluations == 0 {
					t.Errorf("%s by %s: %d evaluations in the log, %d in all", c.formula, method.Name(), i.Evaluations, log.Evaluations)
				}
			}
		}
	}
	tab, err := reference.Table("Dyestuff")
	if err != nil {
		t.Fatal(err)
	}
	var unknown *solve.UnknownError
	if _, err := lmm.Fit("Yield ~ 1 + (1 | Batch)", tab, &lmm.Options{Optimizer: "newuoa"}); !errors.As(err, &unknown) {
		t.Errorf("an unknown optimizer: %v", err)
	}
}

// The point of another optimizer is not polished: where it does not stand at a
// maximum the verdict and a finding say so, and what to do.
func TestAnotherOptimizerIsJudgedAsItIs(t *testing.T) {
	tab, err := reference.Table("Oats")
	if err != nil {
		t.Fatal(err)
	}
	// Of these data the moments are not the estimates.
	m, err := lmm.Fit("yield ~ nitro + (nitro | Block) + (1 | Block:Variety)", tab, &lmm.Options{Optimizer: "nelder-mead", MaxEvaluations: 20})
	if err != nil {
		t.Fatal(err)
	}
	if v := m.Verdict(); v.Convergence == certify.Converged {
		t.Fatalf("converged after 20 evaluations: %+v", v)
	}
	f := m.Findings()
	last := f[len(f)-1]
	if !strings.HasPrefix(last.Code, "C") || len(last.Remedies) == 0 {
		t.Errorf("findings %+v", f)
	}
	if m.Log().Status != "iteration limit" {
		t.Errorf("status %q", m.Log().Status)
	}
}

// Each optimizer from one start, Lambda = 1 unit; evaluations are told beside the
// time. InstEval is its first 10,000 rows: 377 students, 1035 lecturers, 14
// departments.
func BenchmarkOptimizers(b *testing.B) {
	for _, c := range []struct {
		data, formula string
		rows          int
	}{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", 0},
		{"Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", 0},
		{"InstEval", "y ~ service + (1 | s) + (1 | d) + (1 | dept)", 10_000},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			b.Fatal(err)
		}
		if c.rows > 0 {
			rows := make([]int, c.rows)
			for i := range rows {
				rows[i] = i
			}
			tab = tab.Take(rows)
		}
		m, err := lmm.Fit(c.formula, tab, nil)
		if err != nil {
			b.Fatal(err)
		}
		obj := m.Objective()
		start := cone.Identity(obj.Blocks(), 1)
		for i, blk := range obj.Blocks() {
			for j := range start[i] {
				start[i][j] *= blk.Unit
			}
		}
		for _, name := range solve.Names() {
			b.Run(c.data+"/"+name, func(b *testing.B) {
				var n int
				var above float64
				for b.Loop() {
					r, err := m.FitFrom(start, name, 0)
					if err != nil {
						b.Fatal(err)
					}
					n, above = r.Log().Evaluations, r.Criterion()-m.Criterion()
				}
				b.ReportMetric(float64(n), "evaluations")
				b.ReportMetric(above, "above")
			})
		}
	}
}
