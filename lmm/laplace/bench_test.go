package laplace_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/reference"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/table"
)

func benchmarkFit(b *testing.B, d *design.Design, family string, set laplace.Settings) {
	b.Helper()
	var f float64
	var evaluations int
	for b.Loop() {
		o := objective(b, d, family, "", set)
		r := solve.Minimize(o, o.Starts()[0], nil)
		f, evaluations = r.Derivs.F, r.Evaluations
	}
	b.ReportMetric(float64(evaluations), "evaluations")
	b.ReportMetric(f, "criterion")
}

func benchmarkReference(b *testing.B, src, name string, set laplace.Settings) {
	b.Helper()
	tab, err := reference.Table(name)
	if err != nil {
		b.Fatal(err)
	}
	benchmarkFit(b, build(b, src, tab, &design.Options{BinaryResponse: true}), "binomial", set)
}

// A fit from the first start, the design excluded.
func BenchmarkVerbAgg(b *testing.B) {
	benchmarkReference(b, "r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)", "VerbAgg", laplace.Settings{})
}

func BenchmarkContraception(b *testing.B) {
	benchmarkReference(b, "use ~ age + I(age^2) + urban + livch + (1 | district)", "Contraception", laplace.Settings{})
}

func BenchmarkCbpp25Nodes(b *testing.B) {
	benchmarkReference(b, "cbind(incidence, size - incidence) ~ period + (1 | herd)", "cbpp", laplace.Settings{Nodes: 25})
}

// A million Bernoulli rows in 10,000 groups: with a covariate of two values, of
// which rows collapse, and one that is different in each row.
func BenchmarkMillionRows(b *testing.B) {
	for _, kind := range []string{"binary", "continuous"} {
		b.Run(kind, func(b *testing.B) {
			d := million(b, kind == "binary")
			b.ResetTimer()
			benchmarkFit(b, d, "binomial", laplace.Settings{})
		})
	}
}

func million(b *testing.B, binary bool) *design.Design {
	b.Helper()
	const rows, groups = 1_000_000, 10_000
	rng := rand.New(rand.NewPCG(1, 1))
	effects := draws(rng, groups)
	names := make([]string, groups)
	for i := range names {
		names[i] = fmt.Sprint("g", i)
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
	return build(b, "y ~ x + (1 | g)", tab, nil)
}

// A value and a gradient at a new point, from where the last evaluation ended.
func BenchmarkGradient(b *testing.B) {
	tab, err := reference.Table("VerbAgg")
	if err != nil {
		b.Fatal(err)
	}
	d := build(b, "r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)", tab, &design.Options{BinaryResponse: true})
	o := objective(b, d, "binomial", "", laplace.Settings{})
	p := cone.Identity(o.Blocks(), 0.5)
	for i := 0; b.Loop(); i++ {
		p[0][0] = 0.5 + 0.01*float64(i%2)
		o.Gradient(p)
	}
}

// Crossed factors, of which 1142 coefficients are dense.
func BenchmarkInstEval(b *testing.B) {
	tab, err := reference.Table("InstEval")
	if err != nil {
		b.Fatal(err)
	}
	d := build(b, "(y > 3) ~ service + (1 | s) + (1 | d) + (1 | dept:service)", tab, &design.Options{BinaryResponse: true})
	benchmarkFit(b, d, "binomial", laplace.Settings{})
}
