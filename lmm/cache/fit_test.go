package cache

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
)

// A model from the store is the model that was fitted, to the bit, and the
// store of another code or data does not know it.
func TestFit(t *testing.T) {
	for _, c := range []struct {
		data, formula string
		opt           *lmm.Options
	}{
		{"sleepstudy", "Reaction ~ Days + (Days | Subject)", nil},
		{"Dyestuff2", "Yield ~ 1 + (1 | Batch)", &lmm.Options{ML: true}},
		{"Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", nil},
	} {
		tab, err := datasets.Load(c.data)
		if err != nil {
			t.Fatal(err)
		}
		s := keepsAll(t, 0)
		first, from, err := Fit(s, c.formula, tab, c.opt)
		if err != nil || from.Cached || from.Note != "" {
			t.Fatalf("%s: %+v, %v", c.data, from, err)
		}
		again, from, err := Fit(s, c.formula, tab, c.opt)
		if err != nil || !from.Cached {
			t.Fatalf("%s: %+v, %v", c.data, from, err)
		}
		want, _ := json.Marshal(first)
		if got, _ := json.Marshal(again); string(got) != string(want) {
			t.Errorf("%s: the model differs:\n%s\n%s", c.data, want, got)
		}
		rows := make([]int, tab.Rows()-1)
		for i := range rows {
			rows[i] = i
		}
		if _, from, err = Fit(s, c.formula, tab.Take(rows), c.opt); err != nil || from.Cached {
			t.Errorf("%s, a row less: %+v, %v", c.data, from, err)
		}
	}
}

// A search that does not belong to the data is done again, and replaced.
func TestFitDoesNotTrust(t *testing.T) {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	const formula = "Reaction ~ Days + (Days | Subject)"
	s := keepsAll(t, 0)
	m, err := lmm.Fit(formula, tab, nil)
	if err != nil {
		t.Fatal(err)
	}
	wrong := m.Save()
	wrong.Criterion++
	if note := keep(s, FitKey(formula, tab, nil), formula, time.Second, wrong); note != "" {
		t.Fatal(note)
	}
	for _, cached := range []bool{false, true} {
		got, from, err := Fit(s, formula, tab, nil)
		if err != nil || from.Cached != cached || got.Criterion() != m.Criterion() {
			t.Errorf("%+v, %v, criterion %v, want %v", from, err, got.Criterion(), m.Criterion())
		}
	}
}

func TestFitErrors(t *testing.T) {
	s := keepsAll(t, 0)
	if _, _, err := Fit(s, "y ~ 1", nil, nil); err == nil {
		t.Error("no table, no error")
	}
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Fit(s, "Reaction ~ Dayz + (1 | Subject)", tab, nil); err == nil {
		t.Error("an unknown name, no error")
	}
}
