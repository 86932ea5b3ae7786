package infer_test

import (
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/reference"
)

// BenchmarkKenwardRoger tests all coefficients; the fit is not in it.
func BenchmarkKenwardRoger(b *testing.B) {
	for _, c := range []struct {
		name, data, formula string
		rows                int
	}{
		{"Exam1000", "Exam", "normexam ~ standLRT * schavg + sex + (standLRT | school)", 1000},
		{"Exam", "Exam", "normexam ~ standLRT * schavg + sex + (standLRT | school)", 4059},
		{"ScotsSec", "ScotsSec", "attain ~ verbal * sex + (1 | primary) + (1 | second)", 3435},
		{"Assay", "Assay", "logDens ~ sample * dilut + (1 | Block) + (1 | Block:sample) + (1 | Block:dilut)", 60},
	} {
		tab, err := reference.Table(c.data)
		if err != nil {
			b.Fatal(err)
		}
		rows := make([]int, min(c.rows, tab.Rows()))
		for i := range rows {
			rows[i] = i
		}
		m, err := lmm.Fit(c.formula, tab.Take(rows), nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, df := range []infer.DF{infer.Satterthwaite, infer.KenwardRoger} {
			b.Run(c.name+"/"+df.String(), func(b *testing.B) {
				for b.Loop() {
					if _, err := infer.Coefficients(m, &infer.Options{DF: df}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
