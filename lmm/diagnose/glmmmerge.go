package diagnose

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// merges puts each level in which all responses are alike together with the level
// that is most like it.
func (g *general) merges() []Remedy {
	var out []Remedy
	for _, c := range g.responses.fixed.Cells {
		if len(c.Factors) != 1 || len(out) == 2 {
			continue
		}
		if r, ok := g.merge(c.Factors[0], c.Levels[0], c.High); ok {
			out = append(out, r)
		}
	}
	return out
}

func (g *general) merge(factor, level string, high bool) (Remedy, bool) {
	column := g.d.Table().Column(factor)
	if column == nil {
		return Remedy{}, false
	}
	column = column.AsFactor()
	levels := column.Levels()
	sum, count := make([]float64, len(levels)), make([]float64, len(levels))
	for i, row := range g.d.Rows {
		code, w := column.Code(row), g.m.RowWeight(i)
		sum[code], count[code] = sum[code]+w*g.d.Y[i], count[code]+w
	}
	at, with := slices.Index(levels, level), -1
	for l := range levels {
		if l == at || count[l] == 0 {
			continue
		}
		if with < 0 || (sum[l]/count[l] > sum[with]/count[with]) == high {
			with = l
		}
	}
	used := 0
	for _, n := range count {
		if n > 0 {
			used++
		}
	}
	if used < 3 || with < 0 {
		return Remedy{}, false
	}
	name := levels[min(at, with)] + "+" + levels[max(at, with)]
	var names []string
	code := make([]int32, len(levels))
	for l, n := range levels {
		switch l {
		case max(at, with):
			code[l] = code[min(at, with)]
			continue
		case min(at, with):
			n = name
		}
		code[l] = int32(len(names))
		names = append(names, n)
	}
	codes := make([]int32, column.Len())
	for i := range codes {
		if codes[i] = column.Code(i); codes[i] >= 0 {
			codes[i] = code[codes[i]]
		}
	}
	r := Remedy{What: fmt.Sprintf("merge %s %s with %s", factor, level, levels[with]), Formula: g.m.Formula(), Criterion: math.NaN(),
		NoTest: otherEffects, Estimand: fmt.Sprintf("%s and %s of %s are one level", level, levels[with], factor)}
	merged, err := table.NewFactor(factor, codes, names)
	if err != nil {
		return r, false
	}
	tab, err := g.d.Table().With(merged)
	if err != nil {
		return r, false
	}
	g.refit(&r, g.m.Formula(), tab, func(*lmm.Options) {})
	return r, true
}
