package lmm_test

import (
	"slices"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/internal/reference"
)

func BenchmarkFit(b *testing.B) {
	tab, err := datasets.Load("sleepstudy")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lmm.Fit("Reaction ~ Days + (Days | Subject)", tab, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFitMillion(b *testing.B) {
	tab := million(b)
	for b.Loop() {
		fitTable(b, "y ~ x + (x | g)", tab, nil)
	}
}

func benchmarkReference(b *testing.B, id string) {
	fits, err := reference.Fits()
	if err != nil {
		b.Fatal(err)
	}
	i := slices.IndexFunc(fits, func(f reference.Fit) bool { return f.ID == id })
	tab, err := reference.Table(fits[i].Data)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lmm.Fit(fits[i].Formula, tab, &lmm.Options{ML: !fits[i].REML}); err != nil {
			b.Fatal(err)
		}
	}
}

// Two crossed factors of 24 and 6 levels, 144 rows.
func BenchmarkFitPenicillin(b *testing.B) { benchmarkReference(b, "Penicillin_reml") }

// Four terms, 2972, 1128, 28 and 14 levels, 73421 rows.
func BenchmarkFitInstEval(b *testing.B) { benchmarkReference(b, "InstEval_full_ml") }
