package separation

import (
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// Cell is a level of a factor, or a combination of levels, in which all
// responses are alike.
type Cell struct {
	Factors, Levels []string
	High            bool // the responses are all Up
	Rows            int
	Among           int // how many cells of these factors have rows, this one included
}

// Name is "treat = 1" or "sex = f, ward = 3".
func (c *Cell) Name() string {
	parts := make([]string, len(c.Factors))
	for i, f := range c.Factors {
		parts[i] = f + " = " + c.Levels[i]
	}
	return strings.Join(parts, ", ")
}

// within says that a cell is part of another.
func (c *Cell) within(other *Cell) bool {
	for i, f := range other.Factors {
		at := slices.Index(c.Factors, f)
		if at < 0 || c.Levels[at] != other.Levels[i] {
			return false
		}
	}
	return true
}

// maxCells is the number of cells up to which a combination of factors is tabulated.
const maxCells = 100_000

// variable is a predictor with few values: their texts and the code of each row.
type variable struct {
	name   string
	levels []string
	code   []int32
}

// cells lists the cells of the terms of factors whose rows are all separated and
// alike, without those that are part of another, and says whether they hold all rows
// that are separated.
func cells(d *design.Design, side []Side, rows []int) (out []Cell, all bool) {
	inside := make([]bool, len(side))
	separated := make([]bool, len(side))
	for _, i := range rows {
		separated[i] = true
	}
	for _, t := range d.Formula.Fixed {
		vars := variables(d, t)
		if vars == nil {
			continue
		}
		for _, c := range alike(vars, side, separated, inside) {
			if !slices.ContainsFunc(out, func(o Cell) bool { return c.within(&o) }) {
				out = append(out, c)
			}
		}
	}
	return out, !slices.ContainsFunc(rows, func(i int) bool { return !inside[i] })
}

// variables are those of a term if all have few values, else nil.
func variables(d *design.Design, t formula.Term) []variable {
	var out []variable
	size := 1
	for _, v := range t.Vars {
		names, coerced := design.Columns(v)
		if len(names) != 1 || d.Table().Column(names[0]) == nil {
			return nil
		}
		raw := d.Table().Column(names[0])
		plain := v.String() == names[0] && (raw.Kind().Categorical() || raw.Kind() == table.Text)
		// A number with two values does what a factor would.
		if !plain && !coerced[names[0]] && many(len(d.Rows), func(i int) float64 { return raw.Float(d.Rows[i]) }) {
			return nil
		}
		column := raw.AsFactor()
		used := make([]int32, len(d.Rows))
		for i, row := range d.Rows {
			used[i] = column.Code(row)
		}
		if size *= len(column.Levels()); size > maxCells {
			return nil
		}
		out = append(out, variable{names[0], column.Levels(), used})
	}
	return out
}

// many says that there are three values or more.
func many(n int, value func(i int) float64) bool {
	seen := make(map[float64]bool)
	for i := range n {
		if seen[value(i)] = true; len(seen) > 2 {
			return true
		}
	}
	return false
}

// alike are the cells of variables in which all rows are separated to one side; it marks
// the rows inside.
func alike(vars []variable, side []Side, separated, inside []bool) []Cell {
	size := 1
	for _, v := range vars {
		size *= len(v.levels)
	}
	count := make([][3]int, size)
	outside, place := make([]bool, size), make([]int, len(side))
	for i, k := range side {
		at := 0
		for _, v := range vars {
			at = at*len(v.levels) + int(v.code[i])
		}
		place[i] = at
		count[at][k]++
		outside[at] = outside[at] || !separated[i]
	}
	among := 0
	for _, n := range count {
		if n != [3]int{} {
			among++
		}
	}
	var out []Cell
	for at, n := range count {
		rows := n[Up] + n[Down]
		if outside[at] || n[Held] > 0 || rows == 0 || n[Up] > 0 && n[Down] > 0 {
			continue
		}
		c := Cell{High: n[Up] > 0, Rows: rows, Among: among}
		rest := at
		for j := len(vars) - 1; j >= 0; j-- {
			v := vars[j]
			c.Factors = append(c.Factors, v.name)
			c.Levels = append(c.Levels, v.levels[rest%len(v.levels)])
			rest /= len(v.levels)
		}
		slices.Reverse(c.Factors)
		slices.Reverse(c.Levels)
		out = append(out, c)
		for i, p := range place {
			inside[i] = inside[i] || p == at
		}
	}
	return out
}
