package laplace

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// solve sets e = (I + S Psi)^-1 r and b = Psi e = T r.
func (o *Objective) solve(e, b, r vector) {
	l, bl := o.layout, &o.schur
	k, q := l.k, l.q
	e.copyFrom(r)
	if q > 0 {
		for s := range l.n {
			dense.Mul(b.first[s*k:s*k+k], bl.t[s*k*k:s*k*k+k*k], r.first[s*k:s*k+k], k, k, 1)
		}
		bl.fold(e.rest, -1, b.first)
		o.solveRest(e.rest, b.rest)
		bl.unfold(e.first, -1, b.rest)
	}
	for s := range l.n {
		es, bs := e.first[s*k:s*k+k], b.first[s*k:s*k+k]
		t, ss := bl.t[s*k*k:s*k*k+k*k], bl.ss[s*k*k:s*k*k+k*k]
		if k == 1 {
			bs[0] = t[0] * es[0]
			es[0] /= 1 + ss[0]*o.psi[0][0]
			continue
		}
		dense.Mul(bs, t, es, k, k, 1)
		for a := range es {
			for c, v := range bs {
				es[a] -= ss[a*k+c] * v
			}
		}
	}
}

// solveRest is solve for the dense part: r, overwritten by e, and b.
func (o *Objective) solveRest(r, b []float64) {
	l, bl := o.layout, &o.schur
	q := l.q
	for f, first := range l.col { // Lambda'r
		k, lam := l.fs[f+1].k, o.lam[f+1]
		for at := first; at < first+l.fs[f+1].levels*k; at += k {
			dense.MulTransA(b[at:at+k], lam, r[at:at+k], k, k, 1)
		}
	}
	chol := blas64.Triangular{N: q, Stride: q, Uplo: blas.Lower, Diag: blas.NonUnit, Data: bl.chol}
	x := column(b)
	blas64.Trsv(blas.NoTrans, chol, x)
	blas64.Trsv(blas.Trans, chol, x)
	tmp := bl.work[2]
	for f, first := range l.col { // b = Lambda u
		k, lam := l.fs[f+1].k, o.lam[f+1]
		for at := first; at < first+l.fs[f+1].levels*k; at += k {
			copy(tmp[:k], b[at:at+k])
			dense.Mul(b[at:at+k], lam, tmp[:k], k, k, 1)
		}
	}
	// e = r - S b.
	blas64.Symv(-1, blas64.Symmetric{N: q, Stride: q, Uplo: blas.Lower, Data: bl.rest}, x, 1, column(r))
}

func matrix(data []float64, rows, cols int) blas64.General {
	return blas64.General{Rows: rows, Cols: cols, Stride: cols, Data: data}
}

func column(data []float64) blas64.Vector {
	return blas64.Vector{N: len(data), Inc: 1, Data: data}
}

// fold adds sign S_Fs x_s of all levels to y of the dense part.
func (b *schur) fold(y []float64, sign float64, x []float64) {
	l := b.l
	k := l.k
	for _, r := range l.series {
		xs, sf := x[r.from*k:r.to*k], b.sf[k*l.start[r.from]:k*l.start[r.to]]
		if r.first >= 0 {
			blas64.Gemv(blas.Trans, sign, matrix(sf, len(xs), r.width), column(xs), 1, column(y[r.first:r.first+r.width]))
			continue
		}
		meets := l.meets[l.start[r.from]:l.start[r.to]]
		for a, v := range xs {
			v *= sign
			for i, c := range meets {
				y[c] += sf[a*r.width+i] * v
			}
		}
	}
}

// unfold adds sign S_sF x of the dense part to y of all levels.
func (b *schur) unfold(y []float64, sign float64, x []float64) {
	l := b.l
	k := l.k
	for _, r := range l.series {
		ys, sf := y[r.from*k:r.to*k], b.sf[k*l.start[r.from]:k*l.start[r.to]]
		if r.first >= 0 {
			blas64.Gemv(blas.NoTrans, sign, matrix(sf, len(ys), r.width), column(x[r.first:r.first+r.width]), 1, column(ys))
			continue
		}
		meets := l.meets[l.start[r.from]:l.start[r.to]]
		for a := range ys {
			var v float64
			for i, c := range meets {
				v += sf[a*r.width+i] * x[c]
			}
			ys[a] += sign * v
		}
	}
}

// times sets out to S x.
func (b *schur) times(out, x vector) {
	l := b.l
	k, q := l.k, l.q
	for s := range l.n {
		dense.Mul(out.first[s*k:s*k+k], b.ss[s*k*k:s*k*k+k*k], x.first[s*k:s*k+k], k, k, 1)
	}
	if q == 0 {
		return
	}
	b.unfold(out.first, 1, x.rest)
	blas64.Symv(1, blas64.Symmetric{N: q, Stride: q, Uplo: blas.Lower, Data: b.raw}, column(x.rest), 0, column(out.rest))
	b.fold(out.rest, 1, x.first)
}
