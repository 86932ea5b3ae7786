package infer

import (
	"math"

	"github.com/golmm/golmm/lmm/design"
)

// dot is x'y.
func dot(x, y []float64) float64 {
	var s float64
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

// axpy adds a x to y.
func axpy(a float64, x, y []float64) {
	for i, v := range x {
		y[i] += a * v
	}
}

// euclid is the length of v, without overflow.
func euclid(v []float64) float64 {
	var top, s float64
	for _, x := range v {
		top = math.Max(top, math.Abs(x))
	}
	if top == 0 {
		return 0
	}
	for _, x := range v {
		s += (x / top) * (x / top)
	}
	return top * math.Sqrt(s)
}

// inUnit is v over a power of 2 near its length, which leaves its squares ordinary
// numbers and all its digits, and that power.
func inUnit(v []float64) ([]float64, float64) {
	size := euclid(v)
	if size == 0 || math.IsNaN(size) || math.IsInf(size, 0) {
		return v, 1
	}
	_, e := math.Frexp(size)
	unit := math.Ldexp(1, min(max(e, -1000), 1000))
	return times(v, 1/unit), unit
}

// scale multiplies v by f in place.
func scale(v []float64, f float64) {
	for i := range v {
		v[i] *= f
	}
}

// times is f x.
func times(x []float64, f float64) []float64 {
	out := append([]float64(nil), x...)
	scale(out, f)
	return out
}

// unitMatrix is k x k, 1 in one place and 0 elsewhere.
func unitMatrix(k, r, c int) []float64 {
	m := make([]float64, k*k)
	m[r*k+c] = 1
	return m
}

// pick returns some entries of x, nil for nil.
func pick(x []float64, rows []int) []float64 {
	if x == nil {
		return nil
	}
	out := make([]float64, len(rows))
	for i, r := range rows {
		out[i] = x[r]
	}
	return out
}

// pickRows returns some rows of m.
func pickRows(m *design.Matrix, rows []int) design.Matrix {
	out := design.Matrix{Rows: len(rows), Cols: m.Cols, Data: make([]float64, 0, len(rows)*m.Cols)}
	for _, r := range rows {
		out.Data = append(out.Data, m.Row(r)...)
	}
	return out
}
