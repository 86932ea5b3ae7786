package laplace

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// cross is U = Z'WX.
type cross struct {
	l     *layout
	p     int
	first []float64 // a level: k x p
	rest  []float64 // q x p
}

// subtract takes U'b from out, p.
func (c *cross) subtract(out []float64, b vector) {
	for i, v := range b.first {
		for j, u := range c.first[i*c.p : i*c.p+c.p] {
			out[j] -= u * v
		}
	}
	for i, v := range b.rest {
		for j, u := range c.rest[i*c.p : i*c.p+c.p] {
			out[j] -= u * v
		}
	}
}

// apply sets out to r - U beta.
func (c *cross) apply(out, r vector, beta []float64) {
	each := func(out, r, u []float64) {
		for i := range out {
			v := r[i]
			for j, x := range u[i*c.p : i*c.p+c.p] {
				v -= x * beta[j]
			}
			out[i] = v
		}
	}
	each(out.first, r.first, c.first)
	each(out.rest, r.rest, c.rest)
}

// information sets U and returns X'V^-1 X = X'WX - U'T U, p x p, S factored.
func (o *Objective) information() []float64 {
	l, rows, b, u := o.layout, o.rows, &o.schur, &o.cross
	k, p, q := l.k, rows.p, l.q
	clear(u.first)
	clear(u.rest)
	o.crew.each(func(c, s0, s1 int) {
		part := &o.crew.parts[c]
		clear(part.cross)
		clear(part.wide)
		for s := s0; s < s1; s++ {
			us := u.first[s*k*p : s*k*p+k*p]
			for i := l.from[s]; i < l.from[s+1]; i++ {
				w, x := o.w[i], rows.x[i*p:i*p+p]
				for a, v := range x {
					v *= w
					row := part.cross[a*p : a*p+a+1]
					for j := range row {
						row[j] += v * x[j]
					}
				}
				for a, z := range rows.z[0][i*k : i*k+k] {
					v := w * z
					for j, t := range x {
						us[a*p+j] += v * t
					}
				}
				for f, first := range l.col {
					kf := l.fs[f+1].k
					at := first + int(rows.level[f+1][i])*kf
					for a, z := range rows.z[f+1][i*kf : i*kf+kf] {
						v := w * z
						row := part.wide[(at+a)*p:][:p]
						for j, t := range x {
							row[j] += v * t
						}
					}
				}
			}
		}
	})
	out := make([]float64, p*p)
	o.crew.add(out, func(c *part) []float64 { return c.cross })
	o.crew.add(u.rest, func(c *part) []float64 { return c.wide })
	rest := append([]float64(nil), u.rest...) // U of the dense part, without the first factor
	h := make([]float64, k*p)
	for s := range l.n {
		us := u.first[s*k*p : s*k*p+k*p]
		dense.Mul(h, b.t[s*k*k:s*k*k+k*k], us, k, k, p)
		for a := range k {
			for i, v := range us[a*p : a*p+p] {
				for j := range i + 1 {
					out[i*p+j] -= v * h[a*p+j]
				}
			}
		}
		width := l.width(s)
		sf, meets := b.sf[k*l.start[s]:][:k*width], l.meets[l.start[s]:l.start[s+1]]
		for a := range k {
			for i, c := range meets {
				v := sf[a*width+i]
				row := rest[int(c)*p:][:p]
				for j, x := range h[a*p : a*p+p] {
					row[j] -= v * x
				}
			}
		}
	}
	if q > 0 { // C^-1 Lambda'U
		tmp := make([]float64, q*p)
		for f, first := range l.col {
			kf, lam := l.fs[f+1].k, o.lam[f+1]
			for at := first; at < first+l.fs[f+1].levels*kf; at += kf {
				dense.MulTransA(tmp[at*p:(at+kf)*p], lam, rest[at*p:(at+kf)*p], kf, kf, p)
			}
		}
		if p > 0 {
			blas64.Trsm(blas.Left, blas.NoTrans, 1, blas64.Triangular{N: q, Stride: q, Uplo: blas.Lower, Diag: blas.NonUnit, Data: b.chol},
				blas64.General{Rows: q, Cols: p, Stride: p, Data: tmp})
		}
		for r := range q {
			row := tmp[r*p : r*p+p]
			for i, v := range row {
				for j := range i + 1 {
					out[i*p+j] -= v * row[j]
				}
			}
		}
	}
	for i := range p {
		for j := range i {
			out[j*p+i] = out[i*p+j]
		}
	}
	return out
}
