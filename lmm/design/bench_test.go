package design

import (
	"math"
	"strconv"
	"testing"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

func benchmarkBuild(b *testing.B, src string, tab *table.Table) {
	f, err := formula.Parse(src)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Build(f, tab, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuildSleepstudy(b *testing.B) {
	benchmarkBuild(b, "Reaction ~ Days + (Days | Subject)", load(b, "sleepstudy"))
}

func BenchmarkBuildInstEval(b *testing.B) {
	benchmarkBuild(b, "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept) + (1 | dept:service)", load(b, "InstEval"))
}

// A million rows in ten thousand groups, which are a factor or plain numbers.
func BenchmarkBuildMillion(b *testing.B) {
	const n, groups = 1_000_000, 10_000
	x, y, g := make([]float64, n), make([]float64, n), make([]int64, n)
	codes, levels := make([]int32, n), make([]string, groups)
	for i := range n {
		x[i] = math.Sin(float64(i))
		y[i] = math.Cos(3 * float64(i))
		g[i] = int64(i*7919) % groups
		codes[i] = int32(g[i])
	}
	for k := range levels {
		levels[k] = strconv.Itoa(k)
	}
	factor, err := table.NewFactor("g", codes, levels)
	if err != nil {
		b.Fatal(err)
	}
	for _, col := range []*table.Column{factor, table.NewInts("g", g)} {
		tab, err := table.New(table.NewFloats("x", x), table.NewFloats("y", y), col)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(col.Kind().String(), func(b *testing.B) { benchmarkBuild(b, "y ~ x + (x | g)", tab) })
	}
}

func BenchmarkNewData(b *testing.B) {
	tab := load(b, "sleepstudy")
	d := build(b, "Reaction ~ poly(Days, 2) + (Days | Subject)", tab, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.NewData(tab); err != nil {
			b.Fatal(err)
		}
	}
}
