package dense

import "math"

// TallR is the triangular factor R of a QR decomposition of rows that arrive
// one after the other: R'R is the cross-product of all rows, to the accuracy
// of orthogonal transformations (Golub and Van Loan 2013, sec. 5.2, 6.5).
type TallR struct {
	k, fill int
	buf     []float64 // the k rows of R, then rows not yet folded in
}

const tallChunk = 64 // rows between two reductions

// NewTallR returns the factor of no rows of k columns.
func NewTallR(k int) *TallR {
	return &TallR{k: k, fill: k, buf: make([]float64, (k+tallChunk)*k)}
}

// Add appends one row.
func (t *TallR) Add(row []float64) {
	if t.fill == t.k+tallChunk {
		t.reduce()
	}
	copy(t.buf[t.fill*t.k:(t.fill+1)*t.k], row)
	t.fill++
}

// R returns the k x k upper triangular factor with a nonnegative diagonal.
func (t *TallR) R() []float64 {
	t.reduce()
	k := t.k
	r := make([]float64, k*k)
	for i := 0; i < k; i++ {
		sign := math.Copysign(1, t.buf[i*k+i])
		for j := i; j < k; j++ {
			r[i*k+j] = sign * t.buf[i*k+j]
		}
	}
	return r
}

func (t *TallR) reduce() {
	n, k, a := t.fill, t.k, t.buf
	d := make([]float64, k)
	for j := 0; j < k; j++ {
		var s float64
		for i := j; i < n; i++ {
			s += a[i*k+j] * a[i*k+j]
		}
		if s == 0 {
			continue
		}
		alpha := -math.Copysign(math.Sqrt(s), a[j*k+j])
		v0 := a[j*k+j] - alpha
		// v'v = 2 s - 2 alpha a_jj = -2 alpha v0.
		vv := -2 * alpha * v0
		// d = 2/v'v A'v, then A - v d', row after row.
		head := a[j*k : (j+1)*k]
		for c := j + 1; c < k; c++ {
			d[c] = v0 * head[c]
		}
		for i := j + 1; i < n; i++ {
			row := a[i*k : (i+1)*k]
			if v := row[j]; v != 0 {
				for c := j + 1; c < k; c++ {
					d[c] += v * row[c]
				}
			}
		}
		for c := j + 1; c < k; c++ {
			d[c] *= 2 / vv
			head[c] -= d[c] * v0
		}
		for i := j + 1; i < n; i++ {
			row := a[i*k : (i+1)*k]
			if v := row[j]; v != 0 {
				for c := j + 1; c < k; c++ {
					row[c] -= d[c] * v
				}
				row[j] = 0
			}
		}
		a[j*k+j] = alpha
	}
	t.fill = k
}
