package covstruct_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// panel is subjects with the same times and correlated errors, a group factor
// of 8 levels and its interaction with the first half of the times.
func panel(b *testing.B, subjects, times int) *table.Table {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 0))
	n := subjects * times
	s, g := make([]string, n), make([]string, n)
	y, t, late := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		s[i], g[i] = fmt.Sprint("s", i/times), fmt.Sprint("g", i/times%8)
		t[i] = float64(i % times)
		if i%times >= times/2 {
			late[i] = 1
		}
		e := rng.NormFloat64()
		if i%times > 0 {
			e = 0.6*y[i-1] + math.Sqrt(1-0.36)*e
		}
		y[i] = e
	}
	tab, err := table.New(table.NewTexts("s", s), table.NewTexts("g", g), table.NewFloats("t", t), table.NewFloats("late", late), table.NewFloats("y", y))
	if err != nil {
		b.Fatal(err)
	}
	return tab
}

func BenchmarkFit(b *testing.B) {
	for _, c := range []struct {
		name, formula, residual string
		subjects, times         int
	}{
		{"un, 500 subjects x 8, 16 fixed effects", "y ~ g * late", "un(t | s)", 500, 8},
		{"ar1, 1000 subjects x 100", "y ~ t + late", "ar1(t | s)", 1000, 100},
		{"cs, 1000 subjects x 100", "y ~ t + late", "cs(1 | s)", 1000, 100},
		{"ar1 and a random intercept, 200 subjects x 20", "y ~ t + (1 | s)", "ar1(t | s)", 200, 20},
	} {
		b.Run(c.name, func(b *testing.B) {
			tab := panel(b, c.subjects, c.times)
			b.ReportAllocs()
			for b.Loop() {
				m, err := lmm.Fit(c.formula, tab, &lmm.Options{Residual: c.residual})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(m.Log().Evaluations), "evaluations")
			}
		})
	}
}
