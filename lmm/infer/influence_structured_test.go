package infer_test

import (
	"math"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// Compound symmetry with a positive correlation is a random intercept: what a row
// or a subject changes is the same, and so it is beside random effects with
// independent residuals written as a structure.
func TestInfluenceOfStructures(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	fit := func(formula, residual string) *lmm.Model {
		m, err := lmm.Fit(formula, tab, &lmm.Options{Residual: residual})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for _, c := range []struct{ formula, again, residual string }{
		{"Reaction ~ Days + (1 | Subject)", "Reaction ~ Days", "cs(1 | Subject)"},
		{"Reaction ~ Days + (Days | Subject)", "Reaction ~ Days + (Days | Subject)", "id"},
	} {
		a, b := fit(c.formula, ""), fit(c.again, c.residual)
		for _, group := range []string{"", "Subject"} {
			x, y := influence(t, a, group, false), influence(t, b, group, false)
			for i, u := range x.Units {
				v := y.Units[i]
				pairs := [][2]float64{{u.Cook, v.Cook}, {u.CovRatio, v.CovRatio}, {u.DFBETAS[0], v.DFBETAS[0]}, {u.DFBETAS[1], v.DFBETAS[1]}, {u.Beta[1], v.Beta[1]}}
				if c.residual == "id" {
					pairs = append(pairs, [2]float64{u.Sigma, v.Sigma}, [2]float64{u.Leverage, v.Leverage})
				}
				for k, p := range pairs {
					// the optima agree to about 1e-7
					if u.Label != v.Label || !(math.Abs(p[0]-p[1]) <= 1e-5*(1e-2+math.Abs(p[0]))) {
						t.Errorf("%s, %q, unit %s: number %d is %.9g, with %s %.9g", c.formula, group, u.Label, k, p[0], c.residual, p[1])
					}
				}
			}
		}
	}
	out, err := infer.OutlyingGroups(fit("Reaction ~ Days + (Days | Subject)", ""))
	if err != nil {
		t.Fatal(err)
	}
	again, err := infer.OutlyingGroups(fit("Reaction ~ Days + (Days | Subject)", "id"))
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range out {
		if h := again[i]; g.Level != h.Level || g.DF != h.DF || !(math.Abs(g.Distance-h.Distance) <= 1e-5*g.Distance) {
			t.Errorf("%+v and %+v", g, h)
		}
	}
}

// Left out with a refit, a subject leaves the fit of the others; of independent
// data the distances of the subjects have the mean of their degrees of freedom.
func TestSubjectsLeftOut(t *testing.T) {
	tab, err := reference.Table("sleepstudy")
	if err != nil {
		t.Fatal(err)
	}
	opt := &lmm.Options{Residual: "ar1(1 | Subject)"}
	m, err := lmm.Fit("Reaction ~ Days", tab, opt)
	if err != nil {
		t.Fatal(err)
	}
	got := influence(t, m, "Subject", true)
	var rows []int
	for i := range tab.Rows() {
		if tab.Column("Subject").Text(i) != "308" {
			rows = append(rows, i)
		}
	}
	want, err := lmm.Fit("Reaction ~ Days", tab.Take(rows), opt)
	if err != nil {
		t.Fatal(err)
	}
	u := got.Units[0]
	if u.Label != "308" || math.Abs(u.Beta[1]-want.FixedEffects()[1].Estimate) > 1e-6 || math.Abs(u.Components[1]-want.Residual().Params[0].Value) > 1e-6 || got.ComponentNames[1] != "correlation at lag 1" {
		t.Errorf("%v: %+v, want %v, %v", got.ComponentNames, u, want.FixedEffects(), want.Residual().Params)
	}
	var sum float64
	groups, err := infer.OutlyingGroups(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		if g.Group != "Subject" || g.DF != 10 || !(g.PHolm >= g.P) {
			t.Errorf("%+v", g)
		}
		sum += g.Distance
	}
	// REML makes the sum of squares of the whitened rows n - p; a subject of
	// 18 left out has a prediction error larger by about p / 18 of it.
	if len(groups) != 18 || math.Abs(sum-178) > 8 {
		t.Errorf("%d subjects, their distances sum to %.1f", len(groups), sum)
	}
}
