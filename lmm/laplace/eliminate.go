package laplace

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

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
	work    [3][]float64
	wide    []float64 // as much as S_sF of the largest series
	flipped []float64 // the same, transposed
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
	cells := 0
	for _, r := range l.series {
		cells = max(cells, k*(r.to-r.from)*r.width)
	}
	b.wide, b.flipped = make([]float64, cells), make([]float64, cells)
}

// factor eliminates; false where I + Lambda'S Lambda is not positive definite.
func (o *Objective) factor() (logDet float64, ok bool) {
	l, b := o.layout, &o.schur
	k, q := l.k, l.q
	copy(b.rest, b.raw)
	b.full, o.adj.done = false, false
	for _, r := range l.series {
		for s := r.from; s < r.to; s++ {
			ld, ok := b.pivot(b.t[s*k*k:s*k*k+k*k], b.ss[s*k*k:s*k*k+k*k], o.lam[0], k)
			if !ok {
				return 0, false
			}
			logDet += ld
		}
		if r.width > 0 {
			b.eliminate(r)
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

// eliminate takes S_Fs T_s S_sF of a series from the dense part.
func (b *schur) eliminate(r series) {
	l := b.l
	k, q, width := l.k, l.q, r.width
	rows := k * (r.to - r.from)
	sf := b.sf[k*l.start[r.from]:][:rows*width]
	h := b.wide[:rows*width] // T_s S_sF
	for s := r.from; s < r.to; s++ {
		at := (s - r.from) * k * width
		dense.Mul(h[at:at+k*width], b.t[s*k*k:s*k*k+k*k], sf[at:at+k*width], k, k, width)
	}
	if r.first >= 0 {
		flipped := b.flipped[:rows*width]
		for i := range rows {
			for j, v := range h[i*width : i*width+width] {
				flipped[j*rows+i] = v
			}
		}
		b.gemm.Add(-1, blas64.General{Rows: width, Cols: rows, Stride: rows, Data: flipped}, matrix(sf, rows, width),
			blas64.General{Rows: width, Cols: width, Stride: q, Data: b.rest[r.first*q+r.first:]})
		return
	}
	meets := l.meets[l.start[r.from]:l.start[r.to]]
	for i, c := range meets {
		row := b.rest[int(c)*q:][:q]
		for a := range k {
			v := h[a*width+i]
			for j, x := range sf[a*width : a*width+i+1] {
				row[meets[j]] -= v * x
			}
		}
	}
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
