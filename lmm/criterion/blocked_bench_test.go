package criterion_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

var blockedBenchmarks = []struct{ name, data, formula string }{
	{"Penicillin", "Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"},
	{"Pastes", "Pastes", "strength ~ 1 + (1 | batch/cask)"},
	{"egsingle", "egsingle", "math ~ year + I(year^2) + female + (year | childid) + (year | schoolid)"},
	{"InstEval", "InstEval", "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept) + (1 | dept:service)"},
	{"Classes1e5", "", ""},
}

// classes has 1e5 classes of 3 rows in 2000 schools in 50 regions.
func classes(b *testing.B) *suffstat.Blocked {
	b.Helper()
	const n = 3e5
	r := rand.New(rand.NewPCG(1, 1))
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = r.NormFloat64(), r.NormFloat64()
	}
	columns := []*table.Column{table.NewFloats("x", x), table.NewFloats("y", y)}
	for name, rows := range map[string]int{"class": 3, "school": 150, "region": 6000} {
		codes := make([]int32, n)
		for i := range codes {
			codes[i] = int32(i / rows)
		}
		var levels []string
		for i := range int(n) / rows {
			levels = append(levels, fmt.Sprint(i))
		}
		c, err := table.NewFactor(name, codes, levels)
		if err != nil {
			b.Fatal(err)
		}
		columns = append(columns, c)
	}
	tab, err := table.New(columns...)
	if err != nil {
		b.Fatal(err)
	}
	f, err := formula.Parse("y ~ x + (x | class) + (x | school) + (1 | region)")
	if err != nil {
		b.Fatal(err)
	}
	d, err := design.Build(f, tab, nil)
	if err != nil {
		b.Fatal(err)
	}
	s, err := suffstat.NewBlocked(d)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkBlocked(b *testing.B) {
	for _, m := range blockedBenchmarks {
		var s *suffstat.Blocked
		if m.data == "" {
			s = classes(b)
		} else {
			_, s = buildBlocked(b, m.data, m.formula)
		}
		c := criterion.NewBlocked(s, true)
		p := cone.Identity(s.Blocks, 0.5)
		c.Derivs(p)
		b.Run(m.name+"/value", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Value(p)
			}
		})
		b.Run(m.name+"/derivs", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Derivs(p)
			}
		})
	}
}

func BenchmarkNewBlocked(b *testing.B) {
	d, _ := buildBlocked(b, "InstEval", blockedBenchmarks[3].formula)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := suffstat.NewBlocked(d); err != nil {
			b.Fatal(err)
		}
	}
}
