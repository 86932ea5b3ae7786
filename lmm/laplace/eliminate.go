package laplace

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// schur is S = Z'WZ, and its elimination: with F the dense columns that level s
// of the first factor meets,
//
//	T_s = Psi (I + S_ss Psi)^-1,   S_FF <- S_FF - S_Fs T_s S_sF
//
// and for the dense part C C' = I + Lambda'S Lambda, T = Lambda (C C')^-1 Lambda'.
type schur struct {
	l     *layout
	ss    []float64 // a level: k x k, S_ss
	sf    []float64 // a level: k x width, S_sF
	t     []float64 // a level: k x k, T_s
	raw   []float64 // q x q, lower triangle: S of the dense part
	rest  []float64 // q x q: that without the first factor, once eliminated
	chol  []float64 // q x q: C
	trest []float64 // q x q: T of the dense part, once wanted
	full  bool      // trest is there
	whole []float64 // q x q
	triangle
	work [3][]float64
	wide []float64
}

func (b *schur) init(l *layout) {
	k, q := l.k, l.q
	b.l, b.triangle.q = l, q
	b.ss, b.t = make([]float64, l.n*k*k), make([]float64, l.n*k*k)
	b.sf = make([]float64, k*len(l.meets))
	b.raw, b.rest, b.chol = make([]float64, q*q), make([]float64, q*q), make([]float64, q*q)
	top := k
	for _, f := range l.fs {
		top = max(top, f.k)
	}
	for i := range b.work {
		b.work[i] = make([]float64, top*top)
	}
	widest := 0
	for s := range l.n {
		widest = max(widest, l.width(s))
	}
	b.wide = make([]float64, k*widest)
}

// factor eliminates; false where I + Lambda'S Lambda is not positive definite.
func (o *Objective) factor() (logDet float64, ok bool) {
	l, b := o.layout, &o.schur
	k, q := l.k, l.q
	copy(b.rest, b.raw)
	b.full, o.adj.done = false, false
	for s := range l.n {
		t := b.t[s*k*k : s*k*k+k*k]
		ld, ok := b.pivot(t, b.ss[s*k*k:s*k*k+k*k], o.lam[0], k)
		if !ok {
			return 0, false
		}
		logDet += ld
		width := l.width(s)
		if width == 0 {
			continue
		}
		sf := b.sf[k*l.start[s]:][:k*width]
		h := b.wide[:k*width]
		dense.Mul(h, t, sf, k, k, width)
		meets := l.meets[l.start[s]:l.start[s+1]]
		first, inOne := l.run(s)
		for i, c := range meets {
			row := b.rest[int(c)*q:][:q]
			for a := range k {
				v := h[a*width+i]
				if v == 0 {
					continue
				}
				if inOne {
					floats.AddScaled(row[first:first+i+1], -v, sf[a*width:a*width+i+1])
					continue
				}
				for j, x := range sf[a*width : a*width+i+1] {
					row[meets[j]] -= v * x
				}
			}
		}
	}
	if q == 0 {
		return logDet, true
	}
	// The factors of the dense part may stand in any order: the lower triangle of
	// C is all that is read.
	o.sandwich(b.chol, b.rest)
	for i := range q {
		b.chol[i*q+i]++
	}
	if !b.triangle.cholesky(b.chol) {
		return 0, false
	}
	for i := range q {
		logDet += 2 * math.Log(b.chol[i*q+i])
	}
	return logDet, true
}

// pivot sets t to T_s and returns log|I + S_ss Psi|.
func (b *schur) pivot(t, ss, lam []float64, k int) (logDet float64, ok bool) {
	if k == 1 {
		psi := lam[0] * lam[0]
		d := 1 + ss[0]*psi
		t[0] = psi / d
		return math.Log(d), d > 0 && !math.IsInf(d, 1)
	}
	m, sl := b.work[0][:k*k], b.work[1][:k*k]
	dense.Mul(sl, ss, lam, k, k, k)
	dense.MulTransA(m, lam, sl, k, k, k)
	for i := range k {
		m[i*k+i]++
	}
	if !dense.Cholesky(m, k) {
		return 0, false
	}
	for i := range k {
		logDet += 2 * math.Log(m[i*k+i])
		for j := range k {
			sl[i*k+j] = lam[j*k+i]
		}
	}
	dense.SolveLower(m, k, sl, k)
	dense.MulTransA(t, sl, sl, k, k, k)
	return logDet, !math.IsInf(logDet, 1)
}

// sandwich sets the lower triangle of to to Lambda'A Lambda of the dense part, of
// whose symmetric A the lower triangle is given.
func (o *Objective) sandwich(to, a []float64) { o.congruence(to, a, false) }

// congruence is sandwich, or Lambda A Lambda'.
func (o *Objective) congruence(to, a []float64, outer bool) {
	l, b := o.layout, &o.schur
	q := l.q
	for f, first := range l.col {
		kf, lf := l.fs[f+1].k, o.lam[f+1]
		for g, other := range l.col[:f+1] {
			kg, lg := l.fs[g+1].k, o.lam[g+1]
			if kf == 1 && kg == 1 {
				v := lf[0] * lg[0]
				for i := first; i < first+l.fs[f+1].levels; i++ {
					end := min(i+1, other+l.fs[g+1].levels)
					for j := other; j < end; j++ {
						to[i*q+j] = v * a[i*q+j]
					}
				}
				continue
			}
			block, left := b.work[0][:kf*kg], b.work[1][:kf*kg]
			for i := first; i < first+l.fs[f+1].levels*kf; i += kf {
				for j := other; j < other+l.fs[g+1].levels*kg && j <= i; j += kg {
					for r := range kf {
						for c := range kg {
							if j+c > i+r {
								block[r*kg+c] = a[(j+c)*q+i+r]
							} else {
								block[r*kg+c] = a[(i+r)*q+j+c]
							}
						}
					}
					for r := range kf { // left = Lf' block or Lf block
						for c := range kg {
							var v float64
							for x := range kf {
								if outer {
									v += lf[r*kf+x] * block[x*kg+c]
								} else {
									v += lf[x*kf+r] * block[x*kg+c]
								}
							}
							left[r*kg+c] = v
						}
					}
					for r := range kf {
						for c := range kg {
							if j+c > i+r {
								continue
							}
							var v float64
							for x := range kg {
								if outer {
									v += left[r*kg+x] * lg[c*kg+x]
								} else {
									v += left[r*kg+x] * lg[x*kg+c]
								}
							}
							to[(i+r)*q+j+c] = v
						}
					}
				}
			}
		}
	}
}

// invert computes T of the dense part, both triangles, and makes rest symmetric.
func (o *Objective) invert() {
	b, q := &o.schur, o.layout.q
	if b.full || q == 0 {
		return
	}
	b.full = true
	if b.trest == nil {
		b.trest, b.whole = make([]float64, q*q), make([]float64, q*q)
	}
	b.triangle.inverse(b.whole, b.chol)
	o.congruence(b.trest, b.whole, true)
	for i := range q {
		for j := range i {
			b.trest[j*q+i] = b.trest[i*q+j]
			b.rest[j*q+i] = b.rest[i*q+j]
		}
	}
}

// solve sets e = (I + S Psi)^-1 r and b = Psi e = T r.
func (o *Objective) solve(e, b, r vector) {
	l, bl := o.layout, &o.schur
	k, q := l.k, l.q
	tr := bl.work[2][:k]
	copy(e.rest, r.rest)
	if q > 0 {
		for s := range l.n {
			width := l.width(s)
			dense.Mul(tr, bl.t[s*k*k:s*k*k+k*k], r.first[s*k:s*k+k], k, k, 1)
			sf, meets := bl.sf[k*l.start[s]:][:k*width], l.meets[l.start[s]:l.start[s+1]]
			for a, v := range tr {
				for i, c := range meets {
					e.rest[c] -= sf[a*width+i] * v
				}
			}
		}
		o.solveRest(e.rest, b.rest)
	}
	for s := range l.n {
		es, bs := e.first[s*k:s*k+k], b.first[s*k:s*k+k]
		copy(es, r.first[s*k:s*k+k])
		width := l.width(s)
		sf, meets := bl.sf[k*l.start[s]:][:k*width], l.meets[l.start[s]:l.start[s+1]]
		for a := range es {
			for i, c := range meets {
				es[a] -= sf[a*width+i] * b.rest[c]
			}
		}
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
	x := blas64.Vector{N: q, Inc: 1, Data: b}
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
	blas64.Symv(-1, blas64.Symmetric{N: q, Stride: q, Uplo: blas.Lower, Data: bl.rest}, x, 1, blas64.Vector{N: q, Inc: 1, Data: r})
}
