package lmm_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/table"
)

func BenchmarkGeneralised(b *testing.B) {
	for _, c := range []struct {
		name, data, formula string
		opt                 lmm.Options
	}{
		{"cbpp", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", lmm.Options{Family: "binomial"}},
		{"cbpp_agq25", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", lmm.Options{Family: "binomial", Quadrature: 25}},
		{"Contraception", "Contraception", "use ~ age + I(age^2) + urban + livch + (1 | district)", lmm.Options{Family: "binomial"}},
		{"Contraception_slope", "Contraception", "use ~ age + I(age^2) + urban + livch + (urban | district)", lmm.Options{Family: "binomial"}},
		{"VerbAgg", "VerbAgg", "r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)", lmm.Options{Family: "binomial"}},
		{"grouseticks_3re", "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)", lmm.Options{Family: "poisson"}},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := lmm.Fit(c.formula, tab, &c.opt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A whole fit of a million Bernoulli rows in 10,000 groups, from the table to the
// verdict: with a covariate of two values, of which rows collapse, and one that is
// different in each row.
func BenchmarkGeneralisedMillion(b *testing.B) {
	for _, kind := range []string{"binary", "continuous"} {
		b.Run(kind, func(b *testing.B) {
			tab := millionBernoulli(b, kind == "binary")
			b.ResetTimer()
			for b.Loop() {
				m, err := lmm.Fit("y ~ x + (1 | g)", tab, &lmm.Options{Family: "binomial"})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(m.Log().Evaluations), "evaluations")
				b.ReportMetric(m.Criterion(), "criterion")
			}
		})
	}
}

func millionBernoulli(b *testing.B, binary bool) *table.Table {
	b.Helper()
	const rows, groups = 1_000_000, 10_000
	rng := rand.New(rand.NewPCG(1, 1))
	effects, names := make([]float64, groups), make([]string, groups)
	for j := range effects {
		effects[j], names[j] = rng.NormFloat64(), "g"+strconv.Itoa(j)
	}
	y, x, g := make([]float64, rows), make([]float64, rows), make([]string, rows)
	for i := range y {
		j := i % groups
		x[i] = rng.NormFloat64()
		if binary {
			x[i] = float64(rng.IntN(2))
		}
		eta := -0.5 + 0.7*x[i] + 0.8*effects[j]
		if rng.Float64()*(1+math.Exp(-eta)) < 1 {
			y[i] = 1
		}
		g[i] = names[j]
	}
	tab, err := table.New(table.NewFloats("y", y), table.NewFloats("x", x), table.NewTexts("g", g))
	if err != nil {
		b.Fatal(err)
	}
	return tab
}
