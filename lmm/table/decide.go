package table

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// column ends the reading: it decides the kind and returns the column.
func (b *builder) column() (*Column, *CSVError) {
	if b.numeric && b.huge != 0 {
		return nil, &CSVError{Line: b.huge,
			Msg: fmt.Sprintf("column %s has a number beyond the largest that a float holds, 1.8e308", b.name),
			Try: "write Inf if it is infinite, or give the column another unit"}
	}
	note := ""
	if b.numeric && !b.forced && b.long && !b.decimal {
		b.toText()
		note = "text, because it has whole numbers too long for 64 bits"
	}
	if b.numeric {
		return b.numberColumn(), nil
	}
	if len(b.dict) == 0 && !b.forced {
		return b.emptyColumn(), nil
	}
	if b.isBool() {
		return b.boolColumn(), nil
	}
	if note == "" {
		note = b.strayNote()
	}
	c := &Column{name: b.name, kind: Text, dict: b.dict, codes: b.codes.slice(), note: note}
	if b.forced && b.kind != Text {
		return b.factorColumn(c), nil
	}
	return c, nil
}

// factorColumn sorts levels that are numbers, written without quotes, by their
// value, and others by their text.
func (b *builder) factorColumn(c *Column) *Column {
	f := c.AsFactor()
	f.kind = b.kind
	value := make(map[string]float64, len(f.dict))
	for _, level := range f.dict {
		n := parseNumber([]byte(level), b.mark)
		if n.form == notNumber || !b.bare {
			return f
		}
		value[level] = n.value()
	}
	order := slices.Clone(f.dict)
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(value[a], value[b]) })
	to := matchLevels(f.dict, order, Text)
	for i, code := range f.codes {
		if code >= 0 {
			f.codes[i] = to[code]
		}
	}
	f.dict = order
	return f
}

func (b *builder) numberColumn() *Column {
	if b.isFloat || b.forced && b.kind == Float {
		b.toFloats()
		return &Column{name: b.name, kind: Float, floats: b.floats.slice()}
	}
	return &Column{name: b.name, kind: Int, ints: b.ints.slice()}
}

// emptyColumn is a column of nothing but missing values: any kind would do.
func (b *builder) emptyColumn() *Column {
	c := &Column{name: b.name, kind: Float, floats: make([]float64, b.codes.len()), note: "all values are missing"}
	for i := range c.floats {
		c.floats[i] = math.NaN()
	}
	return c
}

func (b *builder) boolColumn() *Column {
	c := &Column{name: b.name, kind: Bool, dict: boolDict(), codes: b.codes.slice()}
	for i, code := range c.codes {
		if code >= 0 {
			c.codes[i] = boolCode(b.dict[code])
		}
	}
	return c
}

// isBool reports whether the texts are those of booleans, written without
// quotes. T or F alone is not enough: it may be a letter, as in a sex column.
func (b *builder) isBool() bool {
	if b.forced {
		return b.kind == Bool
	}
	if !b.bare {
		return false
	}
	for _, s := range b.dict {
		if boolCode(s) < 0 {
			return false
		}
	}
	return len(b.dict) > 1 || len(b.dict[0]) > 1
}

// strayNote says which values made a column of numbers text; "" where text is
// what it seems to be: no value was a number, or most were none.
func (b *builder) strayNote() string {
	if b.oddLine == 0 {
		return ""
	}
	if b.mark == '.' && parseNumber(bytes.TrimSpace([]byte(b.oddText)), ',').form != notNumber {
		return fmt.Sprintf("text, because of %q in line %d; if the comma is its decimal mark, set CSVOptions.Decimal to ',' (--decimal ,)", b.oddText, b.oddLine)
	}
	var stray []string
	for _, s := range b.dict {
		if parseNumber([]byte(s), b.mark).form == notNumber {
			stray = append(stray, fmt.Sprintf("%q", s))
		}
	}
	if 2*len(stray) >= len(b.dict) {
		return ""
	}
	return fmt.Sprintf("text, because of %s among its numbers (first in line %d); if that stands for a missing value, name it in CSVOptions.Missing",
		listNames(stray, 3), b.oddLine)
}

// isRowNumber reports whether the values are distinct whole numbers, as those
// that programs write in front of the rows.
func (c *Column) isRowNumber() bool {
	f := c.AsFactor()
	if len(f.dict) != c.Len() {
		return false
	}
	for _, level := range f.dict {
		if strings.Trim(level, "0123456789") != "" {
			return false
		}
	}
	return true
}
