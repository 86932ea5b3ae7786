package table

import (
	"math"
	"slices"
	"strconv"
)

// MissingInt is the missing value of an Int column.
const MissingInt = math.MinInt64

// Column is a named list of values of one kind, some of them missing. It does
// not change once made and can be shared between goroutines and tables.
type Column struct {
	name string
	kind Kind
	// The values: floats of Float (NaN missing), ints of Int (MissingInt
	// missing), codes into dict of the other kinds (-1 missing).
	floats []float64
	ints   []int64
	codes  []int32
	// dict holds the distinct strings of Text in order of appearance, the
	// levels of Factor and Ordered in their order, FALSE and TRUE of Bool.
	dict []string
	note string
}

// Name returns the name of the column.
func (c *Column) Name() string { return c.name }

// Kind returns what the values are.
func (c *Column) Kind() Kind { return c.kind }

// Note says what a reader of the data should know about the column, such as
// the one field that made a column of numbers text. It is "" in most columns.
func (c *Column) Note() string { return c.note }

// Len returns the number of values, missing ones included.
func (c *Column) Len() int {
	switch c.kind {
	case Float:
		return len(c.floats)
	case Int:
		return len(c.ints)
	}
	return len(c.codes)
}

// Missing reports whether value i is missing.
func (c *Column) Missing(i int) bool {
	switch c.kind {
	case Float:
		return math.IsNaN(c.floats[i])
	case Int:
		return c.ints[i] == MissingInt
	}
	return c.codes[i] < 0
}

// CountMissing returns the number of missing values.
func (c *Column) CountMissing() int {
	n := 0
	for i := range c.Len() {
		if c.Missing(i) {
			n++
		}
	}
	return n
}

// Float returns value i as a number: 1 and 0 for TRUE and FALSE, NaN where it
// is missing. Text, Factor and Ordered have no numbers: always NaN.
func (c *Column) Float(i int) float64 {
	switch c.kind {
	case Float:
		return c.floats[i]
	case Int:
		if c.ints[i] != MissingInt {
			return float64(c.ints[i])
		}
	case Bool:
		if c.codes[i] >= 0 {
			return float64(c.codes[i])
		}
	}
	return math.NaN()
}

// Floats returns all values as numbers, by the rules of Float, in a new slice.
func (c *Column) Floats() []float64 {
	if c.kind == Float {
		return slices.Clone(c.floats)
	}
	x := make([]float64, c.Len())
	for i := range x {
		x[i] = c.Float(i)
	}
	return x
}

// Text returns value i as text: the shortest decimal that reads back as the
// same number, TRUE or FALSE, the string or the level; "" where it is missing.
func (c *Column) Text(i int) string {
	if c.Missing(i) {
		return ""
	}
	switch c.kind {
	case Float:
		return formatFloat(c.floats[i])
	case Int:
		return strconv.FormatInt(c.ints[i], 10)
	}
	return c.dict[c.codes[i]]
}

// Levels returns the levels of a Factor or Ordered column in their order, and
// nil for other kinds. The slice is the caller's.
func (c *Column) Levels() []string {
	if !c.kind.Categorical() {
		return nil
	}
	return slices.Clone(c.dict)
}

// Code returns the index of value i of a Factor or Ordered column in Levels;
// -1 where it is missing, and for columns of other kinds.
func (c *Column) Code(i int) int32 {
	if !c.kind.Categorical() {
		return -1
	}
	return c.codes[i]
}

// Renamed returns the column under another name.
func (c *Column) Renamed(name string) *Column {
	d := *c
	d.name = name
	return &d
}

// take returns the values at the given rows, in that order. A factor keeps
// all its levels.
func (c *Column) take(rows []int) *Column {
	d := *c
	switch c.kind {
	case Float:
		d.floats = gather(c.floats, rows)
	case Int:
		d.ints = gather(c.ints, rows)
	default:
		d.codes = gather(c.codes, rows)
	}
	return &d
}

func gather[T any](from []T, rows []int) []T {
	to := make([]T, len(rows))
	for i, r := range rows {
		to[i] = from[r]
	}
	return to
}

// formatFloat writes x as a person would: no exponent between 1e-5 and 1e15,
// and no minus before zero.
func formatFloat(x float64) string {
	if x == 0 {
		return "0"
	}
	if math.IsInf(x, 0) {
		if x > 0 {
			return "Inf"
		}
		return "-Inf"
	}
	if a := math.Abs(x); a >= 1e-5 && a < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
