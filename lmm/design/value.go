package design

import (
	"math"

	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// value is what an expression is worth, row by row: numbers or a factor. A
// constant has one row.
type value struct {
	// Numbers, rows x width, row-major; NaN is missing.
	numbers []float64
	width   int
	suffix  []string // names of the columns behind that of the variable, for width > 1
	logical bool     // the numbers are 0 and 1 and stand for FALSE and TRUE

	// A factor: codes index levels, -1 is missing.
	isFactor bool
	codes    []int32
	levels   []string
	ordered  bool
	text     bool // text that nobody has called a factor

	constant bool
}

func numberValue(x []float64) *value { return &value{numbers: x, width: 1} }

func constantValue(x float64) *value {
	return &value{numbers: []float64{x}, width: 1, constant: true}
}

func (v *value) rows() int {
	if v.isFactor {
		return len(v.codes)
	}
	return len(v.numbers) / v.width
}

// describe says what the value is, for messages.
func (v *value) describe() string {
	switch {
	case v.text:
		return "text"
	case v.isFactor:
		return "a factor with levels " + listText(v.levels)
	case v.width > 1:
		return "a matrix"
	}
	return "a number"
}

// columnValue returns a column of a table as a value.
func columnValue(c *table.Column) *value {
	if c.Kind().Numeric() {
		v := numberValue(c.Floats())
		v.logical = c.Kind() == table.Bool
		return v
	}
	f := factorValue(c.AsFactor())
	f.text = c.Kind() == table.Text
	return f
}

// factorValue returns a factor column as a value.
func factorValue(c *table.Column) *value {
	codes := make([]int32, c.Len())
	for i := range codes {
		codes[i] = c.Code(i)
	}
	return &value{isFactor: true, codes: codes, levels: c.Levels(), ordered: c.Kind() == table.Ordered}
}

// asFactor returns the value as a factor; numbers become levels in increasing
// order.
func (v *value) asFactor() *value {
	if v.isFactor {
		f := *v
		f.text = false
		return &f
	}
	if v.logical {
		codes := make([]int32, len(v.numbers))
		for i, x := range v.numbers {
			codes[i] = -1
			if !math.IsNaN(x) {
				codes[i] = int32(x)
			}
		}
		return &value{isFactor: true, codes: codes, levels: []string{"FALSE", "TRUE"}}
	}
	return factorValue(table.NewFloats("", v.numbers).AsFactor())
}

// withLevels returns the factor with its codes renumbered to levels; values
// outside them become missing. It returns the first such value, "" for none.
func (v *value) withLevels(levels []string) (f *value, outside string) {
	index := make(map[string]int32, len(levels))
	for k, l := range levels {
		index[l] = int32(k)
	}
	to := make([]int32, len(v.levels))
	for k, l := range v.levels {
		to[k] = -1
		if code, ok := index[l]; ok {
			to[k] = code
		}
	}
	codes := make([]int32, len(v.codes))
	for i, c := range v.codes {
		codes[i] = -1
		if c < 0 {
			continue
		}
		codes[i] = to[c]
		if to[c] < 0 && outside == "" {
			outside = v.levels[c]
		}
	}
	return &value{isFactor: true, codes: codes, levels: levels, ordered: v.ordered}, outside
}

// dropUnused returns the factor without the levels that no row has.
func (v *value) dropUnused() *value {
	used := make([]bool, len(v.levels))
	in := 0
	for _, c := range v.codes {
		if c >= 0 && !used[c] {
			used[c] = true
			in++
		}
	}
	if in == len(v.levels) {
		return v
	}
	levels := make([]string, 0, in)
	for k, l := range v.levels {
		if used[k] {
			levels = append(levels, l)
		}
	}
	f, _ := v.withLevels(levels)
	f.text = v.text
	return f
}

// take returns the value at the given rows.
func (v *value) take(rows []int) *value {
	w := *v
	if v.isFactor {
		w.codes = make([]int32, len(rows))
		for i, r := range rows {
			w.codes[i] = v.codes[r]
		}
		return &w
	}
	w.numbers = make([]float64, len(rows)*v.width)
	if v.width == 1 {
		for i, r := range rows {
			w.numbers[i] = v.numbers[r]
		}
		return &w
	}
	for i, r := range rows {
		copy(w.numbers[i*v.width:(i+1)*v.width], v.numbers[r*v.width:])
	}
	return &w
}

// columnNames returns every column that an expression uses.
func columnNames(n formula.Node) []string {
	var names []string
	var visit func(formula.Node)
	visit = func(n formula.Node) {
		switch n := n.(type) {
		case *formula.Ident:
			names = append(names, n.Name)
		case *formula.Unary:
			visit(n.X)
		case *formula.Paren:
			visit(n.X)
		case *formula.Binary:
			visit(n.X)
			visit(n.Y)
		case *formula.Call:
			for _, a := range n.Args {
				visit(a.Value)
			}
		}
	}
	visit(n)
	return names
}
