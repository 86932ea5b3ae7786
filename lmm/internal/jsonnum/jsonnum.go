// Package jsonnum writes numbers that JSON has no word for: NaN and infinite ones
// are null, since what is not identified has no value.
package jsonnum

import (
	"encoding/json"
	"math"
)

// Number is a float64 that JSON writes as null where it is not finite.
type Number float64

// MarshalJSON writes the number or null.
func (x Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

// List converts numbers; it is never nil.
func List(x []float64) []Number {
	out := make([]Number, len(x))
	for i, v := range x {
		out[i] = Number(v)
	}
	return out
}

// Rows converts a matrix; it is never nil.
func Rows(x [][]float64) [][]Number {
	out := make([][]Number, len(x))
	for i, v := range x {
		out[i] = List(v)
	}
	return out
}
