package lmm_test

import (
	"errors"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
)

func TestPredictWithoutFixedEffects(t *testing.T) {
	m := fitTable(t, "y ~ 0 + (1 | g)", made(t, 40, 5, noise, noise), nil)
	p := predict(t, m, nil, &lmm.PredictOptions{Population: true})
	if p.Mean[0] != 0 || p.SE[0] != 0 || !(p.Response.Upper[0] > 0) {
		t.Errorf("mean %g, SE %g, response to %g", p.Mean[0], p.SE[0], p.Response.Upper[0])
	}
	if p := predict(t, m, nil, nil); p.SE[0] < 0 || math.IsNaN(p.SE[0]) {
		t.Errorf("SE %g", p.SE[0])
	}
}

// Groups on lines without error: the residual variance goes to 0.
func TestPredictOfASaturatedFit(t *testing.T) {
	tab := made(t, 40, 5, func(i int) float64 { return noise(i%5) + noise(i%5+7)*float64(i/5) }, func(i int) float64 { return float64(i / 5) })
	m := fitTable(t, "y ~ x + (x | g)", tab, nil)
	if m.Verdict().Place != certify.NoFiniteMaximum {
		t.Fatalf("verdict %+v", m.Verdict())
	}
	p := predict(t, m, nil, nil)
	if !math.IsNaN(p.SE[0]) || len(p.Notes) != 1 || !strings.Contains(p.Notes[0].What, "goes to 0") || p.Notes[0].Rows != 40 {
		t.Errorf("SE %g, notes %+v", p.SE[0], p.Notes)
	}
	if h := m.Leverage()[0]; !math.IsNaN(h) {
		t.Errorf("leverage %g", h)
	}
}

func TestPredictSaysThatColumnsAreAliased(t *testing.T) {
	_, tab := fitReference(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy", nil)
	m := fitTable(t, "Reaction ~ Days + I(2 * Days) + (1 | Subject)", tab, nil)
	p := predict(t, m, tab, &lmm.PredictOptions{MeanOnly: true})
	if len(p.Notes) != 1 || !strings.Contains(p.Notes[0].What, "without I(2 * Days)") || p.Notes[0].Rows != 180 {
		t.Errorf("notes %+v", p.Notes)
	}
}

func TestPredictErrorsAndWeights(t *testing.T) {
	m, _ := fitReference(t, "Reaction ~ Days + (1 | Subject)", "sleepstudy_wo", &lmm.Options{Weights: "w"})
	rows := func(cols ...*table.Column) *table.Table {
		tab, err := table.New(append(cols, table.NewTexts("Subject", []string{"308", "308", "308"}))...)
		if err != nil {
			t.Fatal(err)
		}
		return tab
	}
	days := table.NewFloats("Days", []float64{1, 1, 1})
	if _, err := m.Predict(rows(), nil); err == nil || !strings.Contains(err.Error(), "Days") {
		t.Errorf("no column Days: %v", err)
	}
	var e *design.Error
	if _, err := m.Predict(rows(days, table.NewFloats("w", []float64{1, -2, 1})), nil); !errors.As(err, &e) || e.Row != 2 {
		t.Errorf("a negative weight: %v", err)
	}
	if _, err := m.Predict(rows(days, table.NewTexts("w", []string{"a", "b", "c"})), nil); !errors.As(err, &e) || !strings.Contains(err.Error(), "numbers are needed") {
		t.Errorf("weights that are texts: %v", err)
	}
	none := predict(t, m, rows(days), nil)
	some := predict(t, m, rows(days, table.NewFloats("w", []float64{1, 4, math.NaN()})), nil)
	if none.Response.Upper[0] != some.Response.Upper[0] || !(some.Response.Upper[1] < some.Response.Upper[0]) || !math.IsNaN(some.Response.Upper[2]) || math.IsNaN(some.SE[2]) {
		t.Errorf("upper limits %v without weights, %v with", none.Response.Upper, some.Response.Upper)
	}
	if len(some.Notes) != 1 || some.Notes[0].First != 3 {
		t.Errorf("notes %+v", some.Notes)
	}
}

// A model is read by many at once: the race detector watches.
func TestModelIsSafeForConcurrentUse(t *testing.T) {
	m, tab := fitReference(t, "Reaction ~ Days + (Days | Subject)", "sleepstudy", nil)
	want := predict(t, m, nil, nil).SE[0]
	var wg sync.WaitGroup
	for seed := range uint64(4) {
		wg.Go(func() {
			p, err := m.Predict(tab, nil)
			if err != nil || math.Abs(p.SE[0]-want) > 1e-9 {
				t.Errorf("%v", err)
			}
			if _, err := m.Refit(m.Simulate(2, seed)[1]); err != nil {
				t.Error(err)
			}
			m.Residuals(lmm.StandardisedResidual)
		})
	}
	wg.Wait()
}
