package covstruct

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
)

// A kind of many groups is reduced to its moments, the sums over groups of u u',
// u the n (p+1) entries of [X y] of a group, row by row: all sums of the
// criterion and its derivatives are of the form
//
//	sum over groups of [X y]'G[X y] = sum over i, j of G_ij moments_(i.)(j.)
//
// so that an evaluation does not depend on the number of groups.

// maxMoments bounds the side of the moments: 32 MB.
const maxMoments = 2000

// computeMoments sets moments where they save work.
func (k *kind) computeMoments(m int) {
	n, c := len(k.rows), len(k.all)
	side := n * m
	if c < m || side > maxMoments {
		return
	}
	u := general(c, side)
	for i := range n {
		for g := range c {
			copy(u.Data[g*side+i*m:][:m], k.xy[(i*c+g)*m:][:m])
		}
	}
	k.moments = make([]float64, side*side)
	blas64.Syrk(blas.Trans, 1, u, 0, blas64.Symmetric{N: side, Stride: side, Uplo: blas.Lower, Data: k.moments})
	mirror(k.moments, side)
}

// crossOf is the sum of [X y]'G[X y] over the groups, m x m, for a symmetric G.
func (k *kind) crossOf(g []float64, m int) []float64 {
	n := len(k.rows)
	side := n * m
	out := make([]float64, m*m)
	for i := range n {
		for a := range m {
			row, to := k.moments[(i*m+a)*side:][:side], out[a*m:a*m+m]
			for j, v := range g[i*n : i*n+n] {
				for b, x := range row[j*m : j*m+m] {
					to[b] += v * x
				}
			}
		}
	}
	return out
}

// weighted is the sum of [X y]K[X y]' over the groups, n x n, for a symmetric K,
// m x m.
func (k *kind) weighted(w []float64, m int) []float64 {
	n := len(k.rows)
	side := n * m
	out := make([]float64, n*n)
	for i := range n {
		for a := range m {
			row := k.moments[(i*m+a)*side:][:side]
			for j := range n {
				var s float64
				for b, x := range row[j*m : j*m+m] {
					s += w[a*m+b] * x
				}
				out[i*n+j] += s
			}
		}
	}
	return out
}

// reduceMoments is reduce from the moments of a kind.
func (o *Objective) reduceMoments(k int) *reduced {
	kd := &o.kinds[k]
	n, p, m := len(kd.rows), o.rows.P, o.rows.P+1
	r := &reduced{n: n, inv: o.state[k].inv}
	kx, ky := make([]float64, m*m), make([]float64, m*m) // (X'V^-1X)^-1 and (-beta, 1)(-beta, 1)'
	inv := make([]float64, p*p)
	for i := range p {
		inv[i*p+i] = 1
	}
	o.lowerSolveTrans(inv)
	c := make([]float64, m)
	c[p] = 1
	for i, v := range o.beta {
		c[i] = -v
		copy(kx[i*m:i*m+p], inv[i*p:i*p+p])
	}
	for i, v := range c {
		for j, w := range c {
			ky[i*m+j] = v * w
		}
	}
	between := func(x []float64) []float64 { return multiply(multiply(r.inv, x, n), r.inv, n) }
	r.bb, r.ee = between(kd.weighted(kx, m)), between(kd.weighted(ky, m))
	r.project = func(d []float64) (first, fixed []float64) {
		h := kd.crossOf(between(d), m)
		first, fixed = make([]float64, p*p), make([]float64, p)
		for i := range p {
			copy(first[i*p:i*p+p], h[i*m:i*m+p])
			for j, v := range c {
				fixed[i] += h[i*m+j] * v
			}
		}
		o.lowerSolve(first)
		if p > 0 {
			blas64.Trsm(blas.Left, blas.NoTrans, 1, blas64.Triangular{N: p, Stride: p, Uplo: blas.Lower, Diag: blas.NonUnit, Data: o.lx},
				blas64.General{Rows: p, Cols: 1, Stride: 1, Data: fixed})
		}
		return first, fixed
	}
	return r
}

// lowerSolveTrans overwrites A with L_x^-T L_x^-1 A.
func (o *Objective) lowerSolveTrans(a []float64) {
	p := o.rows.P
	if p == 0 {
		return
	}
	l := blas64.Triangular{N: p, Stride: p, Uplo: blas.Lower, Diag: blas.NonUnit, Data: o.lx}
	b := blas64.General{Rows: p, Cols: p, Stride: p, Data: a}
	blas64.Trsm(blas.Left, blas.NoTrans, 1, l, b)
	blas64.Trsm(blas.Left, blas.Trans, 1, l, b)
}
