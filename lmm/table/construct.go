package table

import (
	"fmt"
	"slices"
)

// Value is what NewColumn can make a column of.
type Value interface {
	float64 | float32 | int | int64 | int32 | bool | string
}

// NewColumn makes a column of a slice: Float of floating-point numbers (NaN is
// missing), Int of integers (MissingInt is missing), Bool of bools, Text of
// strings ("" is missing). The values are copied.
func NewColumn[T Value](name string, values []T) *Column {
	switch v := any(values).(type) {
	case []float64:
		return NewFloats(name, v)
	case []float32:
		return &Column{name: name, kind: Float, floats: convert[float64](v)}
	case []int:
		return &Column{name: name, kind: Int, ints: convert[int64](v)}
	case []int64:
		return NewInts(name, v)
	case []int32:
		return &Column{name: name, kind: Int, ints: convert[int64](v)}
	case []bool:
		return NewBools(name, v)
	default:
		return NewTexts(name, any(values).([]string))
	}
}

func convert[T, F float64 | float32 | int | int64 | int32](from []F) []T {
	to := make([]T, len(from))
	for i, v := range from {
		to[i] = T(v)
	}
	return to
}

// NewFloats makes a Float column. NaN is missing. The values are copied.
func NewFloats(name string, values []float64) *Column {
	return &Column{name: name, kind: Float, floats: slices.Clone(values)}
}

// NewInts makes an Int column. MissingInt is missing. The values are copied.
func NewInts(name string, values []int64) *Column {
	return &Column{name: name, kind: Int, ints: slices.Clone(values)}
}

// NewBools makes a Bool column. The values are copied.
func NewBools(name string, values []bool) *Column {
	c := &Column{name: name, kind: Bool, codes: make([]int32, len(values)), dict: boolDict()}
	for i, v := range values {
		if v {
			c.codes[i] = 1
		}
	}
	return c
}

// NewTexts makes a Text column. The empty string is missing. Equal strings
// are stored once.
func NewTexts(name string, values []string) *Column {
	c := &Column{name: name, kind: Text, codes: make([]int32, len(values))}
	index := map[string]int32{}
	for i, v := range values {
		if v == "" {
			c.codes[i] = -1
			continue
		}
		code, ok := index[v]
		if !ok {
			code = int32(len(c.dict))
			index[v] = code
			c.dict = append(c.dict, v)
		}
		c.codes[i] = code
	}
	return c
}

// NewFactor makes a Factor column of codes, which index levels; -1 is missing.
// Codes out of range, empty levels and levels that occur twice are errors. The
// slices are copied.
func NewFactor(name string, codes []int32, levels []string) (*Column, error) {
	if err := checkLevels(name, levels); err != nil {
		return nil, err
	}
	for i, code := range codes {
		if code < -1 || int(code) >= len(levels) {
			return nil, fmt.Errorf("column %s: value %d has code %d, but the codes of %s are 0 to %d, and -1 for missing",
				name, i+1, code, count(len(levels), "level"), len(levels)-1)
		}
	}
	return &Column{name: name, kind: Factor, codes: slices.Clone(codes), dict: slices.Clone(levels)}, nil
}

// NewOrdered makes an Ordered column, by the rules of NewFactor.
func NewOrdered(name string, codes []int32, levels []string) (*Column, error) {
	c, err := NewFactor(name, codes, levels)
	if err != nil {
		return nil, err
	}
	c.kind = Ordered
	return c, nil
}

func checkLevels(name string, levels []string) error {
	seen := make(map[string]bool, len(levels))
	for i, l := range levels {
		if l == "" {
			return fmt.Errorf("column %s: level %d is empty; an empty text stands for a missing value", name, i+1)
		}
		if seen[l] {
			return fmt.Errorf("column %s: the level %q is listed twice", name, l)
		}
		seen[l] = true
	}
	return nil
}

func boolDict() []string { return []string{"FALSE", "TRUE"} }
