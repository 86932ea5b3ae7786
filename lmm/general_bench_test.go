package lmm_test

import (
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/internal/reference"
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
