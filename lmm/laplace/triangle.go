package laplace

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// blockSize is the width of the blocks that the products of triangle have.
const blockSize = 96

// triangle factors and inverts dense positive definite matrices, most of it by
// products of large matrices (Golub and Van Loan 2013, sec. 4.2.9). It keeps
// workspace.
type triangle struct {
	q      int
	gemm   dense.Gemm
	turned []float64 // blockSize x q
	inv    []float64 // q x q: C^-1
}

func (t *triangle) view(a []float64, r, c, rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: t.q, Data: a[r*t.q+c:]}
}

// transpose copies rows x cols entries of a, from (r, c), as their transpose.
func (t *triangle) transpose(a []float64, r, c, rows, cols int) blas64.General {
	if t.turned == nil {
		t.turned = make([]float64, blockSize*t.q)
	}
	for i := range rows {
		for j, v := range a[(r+i)*t.q+c:][:cols] {
			t.turned[j*rows+i] = v
		}
	}
	return blas64.General{Rows: cols, Cols: rows, Stride: max(1, rows), Data: t.turned}
}

// cholesky overwrites the lower triangle of a with C, a = C C'; false where a is
// not positive definite.
func (t *triangle) cholesky(a []float64) bool {
	q := t.q
	for j := 0; j < q; j += blockSize {
		n := min(blockSize, q-j)
		if _, ok := lapack64.Potrf(blas64.Symmetric{N: n, Stride: q, Uplo: blas.Lower, Data: a[j*q+j:]}); !ok {
			return false
		}
		rest := j + n
		if rest == q {
			break
		}
		blas64.Trsm(blas.Right, blas.Trans, 1, blas64.Triangular{N: n, Stride: q, Uplo: blas.Lower, Diag: blas.NonUnit, Data: a[j*q+j:]},
			t.view(a, rest, j, q-rest, n))
		turned := t.transpose(a, rest, j, q-rest, n)
		for c := rest; c < q; c += blockSize {
			w := min(blockSize, q-c)
			part := turned
			part.Data, part.Cols = turned.Data[c-rest:], w
			t.gemm.Add(-1, t.view(a, c, j, q-c, n), part, t.view(a, c, c, q-c, w))
		}
	}
	return true
}

// inverse sets the lower triangle of out to (C C')^-1.
func (t *triangle) inverse(out, c []float64) {
	q := t.q
	if t.inv == nil {
		t.inv = make([]float64, q*q)
	}
	x := t.inv // C^-1, its upper triangle 0
	clear(x)
	for i := 0; i < q; i += blockSize {
		n := min(blockSize, q-i)
		for r := range n {
			x[(i+r)*q+i+r] = 1
		}
		if i > 0 {
			t.gemm.Add(-1, t.view(c, i, 0, n, i), t.view(x, 0, 0, i, i), t.view(x, i, 0, n, i))
		}
		blas64.Trsm(blas.Left, blas.NoTrans, 1, blas64.Triangular{N: n, Stride: q, Uplo: blas.Lower, Diag: blas.NonUnit, Data: c[i*q+i:]},
			t.view(x, i, 0, n, i+n))
	}
	for i := 0; i < q; i += blockSize { // rows i of (C^-1)'C^-1
		n := min(blockSize, q-i)
		for r := range n {
			clear(out[(i+r)*q : (i+r)*q+i+n])
		}
		t.gemm.Add(1, t.transpose(x, i, i, q-i, n), t.view(x, i, 0, q-i, i+n), t.view(out, i, 0, n, i+n))
	}
}
