package notebooks_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/table"
)

// check08 holds lesson 08: a ladder, and what its rungs do to one effect.
func check08(t *testing.T, p *page) {
	design := latinSquare(t)
	data, err := diagnose.Draw(design, slopeTruth(0.5), 1)
	if err != nil {
		t.Fatal(err)
	}
	maximal := latinFit(t, data, "y ~ a * b + (a * b | subject) + (a * b | item)")
	p.shows(t, "verdict", "CONVERGED, ON THE BOUNDARY", "B3 LOW_RANK", num(maximal.Criterion(), 3))

	down := climb(t, maximal, false)
	for _, r := range down.Rungs {
		p.shows(t, "ladder", num(r.Criterion, 3))
	}
	for _, c := range down.Choices {
		// Rung 7 in the words of the lesson.
		if c.Rung != 0 && c.Rung != 6 {
			t.Errorf("%s stops at rung %d", c.Rule, c.Rung+1)
		}
	}
	p.says(t, "ladder-read", "rung 7", "`"+down.Rungs[6].Random+"`")
	if n := len(down.Rungs); down.Rungs[n-2].Random != "(1 | subject) + (1 | item)" || down.Rungs[n-2].Test.P >= 0.001 {
		t.Errorf("rung %d: %s", n-1, down.Rungs[n-2].Random)
	}

	for _, f := range []string{"y ~ a * b + (a * b | subject) + (a * b | item)", "y ~ a * b + (a || subject) + (a || item)",
		"y ~ a * b + (a | subject) + (1 | item)", "y ~ a * b + (1 | subject) + (1 | item)"} {
		m := latinFit(t, data, f)
		e, err := infer.Coefficients(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, ab := e.Rows[1], e.Rows[3]
		p.shows(t, "remedies", fmt.Sprintf("%10d %13.4f %7.4f %7.1f %6.2f", m.NPar(), a.Value, a.SE, a.DF, a.T), num(ab.SE, 4))
		switch b := e.Rows[2]; f {
		case "y ~ a * b + (a * b | subject) + (a * b | item)":
			p.says(t, "remedies-read", "to "+num(b.DF, 0)+" and "+num(ab.DF, 0))
		case "y ~ a * b + (a | subject) + (1 | item)":
			p.says(t, "remedies-read", "from "+num(b.DF, 0))
		}
	}

	models := []diagnose.StudyModel{{Formula: "y ~ a * b + (1 | subject) + (1 | item)"}, {Formula: "y ~ a * b + (a | subject) + (1 | item)"}}
	study, err := diagnose.Study(context.Background(), design, slopeTruth(0.5), &diagnose.StudyOptions{Replicates: 200, Seed: 1, Models: models})
	if err != nil {
		t.Fatal(err)
	}
	for i := range models {
		a := study.EffectsOf(i)[1]
		p.shows(t, "simulate", fmt.Sprintf("%12.1f   %-40s %9.3f %9.3f %9.3f", 0.5, models[i].Formula, a.Coverage.Rate, a.SE, a.SD))
		p.says(t, "simulate-read", []string{"82 %", "92 %"}[i])
	}

	// The solution of exercise 1.
	up := climb(t, maximal, true)
	if r := up.Rungs[1]; r.Random != "(a || subject) + (1 | item)" || r.Test.P >= 0.001 {
		t.Errorf("the first step up is %s", r.Random)
	}
	for _, c := range up.Choices {
		if c.Rung != len(up.Rungs)-1 && !strings.Contains(string(p.cells["exercises"].Source), up.Rungs[c.Rung].Random) {
			t.Errorf("%s stops at %s", c.Rule, up.Rungs[c.Rung].Random)
		}
	}
}

func climb(t *testing.T, m *lmm.Model, up bool) *diagnose.Ladder {
	t.Helper()
	l, err := diagnose.Climb(m, &diagnose.LadderOptions{Up: up, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func latinFit(t *testing.T, data *table.Table, formula string) *lmm.Model {
	t.Helper()
	m, err := lmm.Fit(formula, data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// latinSquare is the design of lesson 08.
func latinSquare(t *testing.T) *table.Table {
	t.Helper()
	var subject, item []string
	var a, b []float64
	for i := range 24 {
		for j := range 16 {
			c := (i + j) % 4
			subject = append(subject, fmt.Sprintf("s%02d", i+1))
			item = append(item, fmt.Sprintf("i%02d", j+1))
			a = append(a, float64(c%2)-0.5)
			b = append(b, float64(c/2)-0.5)
		}
	}
	tab, err := table.New(table.NewTexts("subject", subject), table.NewTexts("item", item), table.NewFloats("a", a), table.NewFloats("b", b))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// slopeTruth is the truth of lesson 08.
func slopeTruth(sd float64) diagnose.Truth {
	return diagnose.Truth{
		Formula: "y ~ a * b + (a | subject) + (1 | item)",
		Beta:    []float64{0, 0.4, 0, 0},
		Sigma:   1,
		Random: map[string][][]float64{
			"(a | subject)": {{1, 0.2 * sd}, {0.2 * sd, sd * sd}},
			"(1 | item)":    {{0.25}},
		},
	}
}
