package design

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm/table"
)

func numbers(name string, n int, f func(i int) float64) *table.Column {
	x := make([]float64, n)
	for i := range x {
		x[i] = f(i)
	}
	return table.NewFloats(name, x)
}

func texts(name string, n int, f func(i int) string) *table.Column {
	x := make([]string, n)
	for i := range x {
		x[i] = f(i)
	}
	return table.NewTexts(name, x)
}

// wideTable has 60 rows in 12 groups.
func wideTable(t testing.TB) *table.Table {
	const n = 60
	return mustTable(t,
		numbers("y", n, func(i int) float64 { return math.Sin(float64(i)) }),
		numbers("x", n, func(i int) float64 { return float64(i % 7) }),
		numbers("xkm", n, func(i int) float64 { return float64(i%7) / 1e6 }),
		numbers("stamp", n, func(i int) float64 { return 1.7e12 + float64(i) }),
		numbers("gaps", n, func(i int) float64 {
			if i%10 == 3 {
				return math.NaN()
			}
			return float64(i % 11)
		}),
		numbers("debt", n, func(i int) float64 { return float64(i) - 2 }),
		numbers("w", n, func(i int) float64 { return float64(i % 4) }),
		numbers("n", n, func(i int) float64 { return float64(i % 5) }),
		texts("id", n, func(i int) string { return fmt.Sprintf("g%02d", i/5) }),
		texts("lab", n, func(i int) string { return fmt.Sprintf("l%d", i%3) }),
		texts("rare", n, func(i int) string {
			if i < 5 {
				return "only"
			}
			return fmt.Sprintf("r%d", i%4)
		}),
		texts("f", n, func(i int) string { return string("abc"[i%3]) }),
		numbers("late", n, func(i int) float64 {
			if i < 5 {
				return math.NaN()
			}
			return float64(i)
		}),
	)
}

func TestFindings(t *testing.T) {
	tab := wideTable(t)
	var b strings.Builder
	for _, tt := range []struct {
		src string
		opt Options
	}{
		{src: "y ~ x + (x | id)"},
		{src: "y ~ gaps + (1 | id)"},
		{src: "y ~ log(debt + 1.5) + gaps + (1 | id)"},
		{src: "y ~ x + (1 | id)", opt: Options{Weights: "w"}},
		{src: "y ~ late + (1 | rare)"},
		{src: "y ~ x + I(2 * x) + f*lab + (1 | id)"},
		{src: "y ~ x + stamp + (1 | id)"},
		{src: "y ~ x + xkm:f + (1 | id)"},
		{src: "y ~ xkm + (xkm | id)"},
		{src: "y ~ x + (1 | lab) + (0 + x | lab)"},
		{src: "cbind(n, x) ~ f + (1 | id)"},
		{src: "I(y * 1e200) ~ I(x * 1e-160) + (1 | id)"},
	} {
		d := build(t, tt.src, tab, &tt.opt)
		fmt.Fprintf(&b, "%s\n", tt.src)
		for _, f := range d.Findings {
			fmt.Fprintf(&b, "  %s %s (%s) %v\n    %s\n", f.Code, f.Name, f.Severity, f.Params, f.Meaning)
			for _, e := range f.Evidence {
				fmt.Fprintf(&b, "    %s: %.4g", e.Check, e.Found)
				if e.Limit != 0 {
					fmt.Fprintf(&b, ", limit %.4g", e.Limit)
				}
				b.WriteString("\n")
			}
			for _, r := range f.Remedies {
				fmt.Fprintf(&b, "    - %s\n", r)
			}
		}
	}
	golden(t, "findings.golden", b.String())
}
