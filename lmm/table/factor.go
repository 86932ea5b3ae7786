package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/nearest"
)

// AsFactor returns the column as a factor. Its levels are the distinct values:
// numbers in increasing order, FALSE before TRUE, text sorted by its bytes. A
// Factor or Ordered column returns itself.
func (c *Column) AsFactor() *Column {
	switch c.kind {
	case Factor, Ordered:
		return c
	case Text, Bool:
		return c.textFactor()
	}
	return c.numberFactor()
}

// textFactor sorts the strings in use and renumbers the codes.
func (c *Column) textFactor() *Column {
	used := make([]bool, len(c.dict))
	for _, code := range c.codes {
		if code >= 0 {
			used[code] = true
		}
	}
	var order []int32
	for code, u := range used {
		if u {
			order = append(order, int32(code))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(c.dict[a], c.dict[b]) })
	rank := make([]int32, len(c.dict))
	f := &Column{name: c.name, kind: Factor, codes: make([]int32, len(c.codes)), dict: make([]string, len(order))}
	for r, code := range order {
		rank[code] = int32(r)
		f.dict[r] = c.dict[code]
	}
	for i, code := range c.codes {
		f.codes[i] = -1
		if code >= 0 {
			f.codes[i] = rank[code]
		}
	}
	return f
}

func (c *Column) numberFactor() *Column {
	f := &Column{name: c.name, kind: Factor}
	if c.kind == Int {
		var values []int64
		f.codes, values = rankValues(c.ints, func(v int64) bool { return v == MissingInt })
		for _, v := range values {
			f.dict = append(f.dict, strconv.FormatInt(v, 10))
		}
		return f
	}
	var values []float64
	f.codes, values = rankValues(c.floats, math.IsNaN)
	for _, v := range values {
		f.dict = append(f.dict, formatFloat(v))
	}
	return f
}

// rankValues returns the distinct values in increasing order and, for each
// value, its place among them; -1 where it is missing.
func rankValues[T int64 | float64](x []T, missing func(T) bool) (codes []int32, values []T) {
	place := map[T]int32{}
	for _, v := range x {
		if _, ok := place[v]; !ok && !missing(v) {
			place[v] = 0
			values = append(values, v)
		}
	}
	slices.Sort(values)
	for r, v := range values {
		place[v] = int32(r)
	}
	codes = make([]int32, len(x))
	for i, v := range x {
		codes[i] = -1
		if !missing(v) {
			codes[i] = place[v]
		}
	}
	return codes, values
}

// LevelError says that a column has values outside the levels asked for.
type LevelError struct {
	Column string
	Value  string // the first value that is not a level
	Rows   int    // how many rows have a value that is not a level
	Levels []string
}

func (e *LevelError) Error() string {
	msg := fmt.Sprintf("column %s has the value %q, which is not among the levels %s", e.Column, e.Value, listNames(e.Levels, 8))
	if e.Rows > 1 {
		msg += fmt.Sprintf(" (%d rows have such values)", e.Rows)
	}
	if near := nearest.Name(e.Value, e.Levels); near != "" {
		msg += fmt.Sprintf("; nearest: %q", near)
	}
	return msg + "; list every value that occurs, or remove the rows first"
}

// WithLevels returns the column as a factor with these levels in this order; an
// Ordered column stays ordered. A level of a numeric column matches the number
// that it spells. A value outside the levels is a *LevelError; levels without
// values are kept.
func (c *Column) WithLevels(levels []string) (*Column, error) {
	if err := checkLevels(c.name, levels); err != nil {
		return nil, err
	}
	from := c.AsFactor()
	to := matchLevels(from.dict, levels, c.kind)
	f := &Column{name: c.name, kind: from.kind, codes: make([]int32, from.Len()), dict: slices.Clone(levels)}
	outside := &LevelError{Column: c.name, Levels: f.dict}
	for i, code := range from.codes {
		f.codes[i] = -1
		if code < 0 {
			continue
		}
		f.codes[i] = to[code]
		if to[code] < 0 {
			if outside.Rows == 0 {
				outside.Value = from.dict[code]
			}
			outside.Rows++
		}
	}
	if outside.Rows > 0 {
		return nil, outside
	}
	return f, nil
}

// matchLevels returns the index of each value in levels, -1 for none. A number
// may be written in another way: "1.0" is 1.
func matchLevels(values, levels []string, kind Kind) []int32 {
	byText := make(map[string]int32, len(levels))
	byNumber := map[float64]int32{}
	for k, l := range levels {
		byText[l] = int32(k)
		if x, err := strconv.ParseFloat(l, 64); err == nil {
			byNumber[x] = int32(k)
		}
	}
	at := make([]int32, len(values))
	for i, v := range values {
		k, ok := byText[v]
		if !ok && (kind == Float || kind == Int) {
			if x, err := strconv.ParseFloat(v, 64); err == nil {
				k, ok = byNumber[x]
			}
		}
		if !ok {
			k = -1
		}
		at[i] = k
	}
	return at
}

// AsOrdered returns the column as an ordered factor with these levels, by the
// rules of WithLevels; with nil levels, in the order of AsFactor.
func (c *Column) AsOrdered(levels []string) (*Column, error) {
	f := c.AsFactor()
	if levels != nil {
		var err error
		if f, err = c.WithLevels(levels); err != nil {
			return nil, err
		}
	}
	o := *f
	o.kind = Ordered
	return &o, nil
}
