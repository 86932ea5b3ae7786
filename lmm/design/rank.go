package design

import "math"

// rankTolerance is how small, relative to its length, the part of a column
// that the columns before it do not explain may be: R's lm uses the same.
const rankTolerance = 1e-7

// independentColumns reports which columns of X are kept when each column that
// the kept ones before it explain is dropped. A column is judged by its own
// length, so units do not matter. X is first reduced to its triangular factor,
// a block of rows at a time, which leaves all lengths as they are (Golub and
// Van Loan 2013, section 5.2; Dongarra et al. 1979, LINPACK Users' Guide,
// chapter 9, for the rule).
func independentColumns(x *Matrix) []bool {
	p := x.Cols
	keep := make([]bool, p)
	r := triangular(x)
	full := true
	for j := range p {
		keep[j] = true
		if math.Abs(r[j][j]) < rankTolerance*length(r[j]) || length(r[j]) == 0 {
			full = false
		}
	}
	if full {
		return keep
	}
	rank := 0
	for j := range p {
		col := r[j]
		total := length(col)
		keep[j] = rank < p && total > 0 && length(col[rank:]) >= rankTolerance*total
		if !keep[j] {
			continue
		}
		v := householder(col, rank)
		for _, later := range r[j+1:] {
			reflect(later, v)
		}
		rank++
	}
	return keep
}

func length(x []float64) float64 {
	norm := 0.0
	for _, v := range x {
		norm = math.Hypot(norm, v)
	}
	return norm
}

// units are powers of 2 that bring the columns of X to sizes whose squares are
// ordinary numbers.
func units(x *Matrix) []float64 {
	out := make([]float64, x.Cols)
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			out[j] = math.Max(out[j], math.Abs(v))
		}
	}
	for j, most := range out {
		_, e := math.Frexp(most)
		out[j] = math.Ldexp(1, min(-e, 1000))
	}
	return out
}

// triangular returns the upper triangular factor of X in units of its columns, by
// columns of length p.
func triangular(x *Matrix) [][]float64 {
	const blockRows = 128
	p, rows, unit := x.Cols, min(blockRows, x.Rows), units(x)
	r := make([][]float64, p)
	block := make([][]float64, p) // by columns
	for j := range p {
		r[j] = make([]float64, p)
		block[j] = make([]float64, rows)
	}
	for from := 0; from < x.Rows; from += rows {
		n := min(rows, x.Rows-from)
		for i := range n {
			for j, v := range x.Row(from + i) {
				block[j][i] = v * unit[j]
			}
		}
		for j := range p {
			eliminate(r, block, j, n)
		}
	}
	return r
}

// eliminate zeroes column j of the block, n rows long, by a Householder
// reflection of it and row j of r.
func eliminate(r, block [][]float64, j, n int) {
	col := block[j][:n]
	ss := 0.0
	for _, v := range col {
		ss += v * v
	}
	if ss == 0 {
		return
	}
	head := r[j][j]
	norm := math.Copysign(math.Sqrt(head*head+ss), head)
	v0 := head + norm
	scale := 2 / (v0*v0 + ss)
	for k := j + 1; k < len(r); k++ {
		other := block[k][:n]
		dot := v0 * r[k][j]
		for i, v := range col {
			dot += v * other[i]
		}
		if dot == 0 {
			continue
		}
		dot *= scale
		r[k][j] -= dot * v0
		for i, v := range col {
			other[i] -= dot * v
		}
	}
	r[j][j] = -norm
}
