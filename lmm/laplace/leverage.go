package laplace

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// leverage sets v_i = z_i'T z_i and the sum of Z_s'V^-1 Z_s over the levels of the
// first factor. With E = S_sF T_FF S_Fs and K = I - S_ss T_s of a level,
//
//	T_ss + = T_s E T_s,  T_sF = -T_s S_sF T_FF,  Z_s'V^-1 Z_s = K S_ss - K E K'.
func (o *Objective) leverage() {
	ad := &o.adj
	clear(ad.own)
	o.crew.each(func(c, s0, s1 int) {
		p := &o.crew.parts[c]
		clear(p.own)
		for r := range o.layout.within(s0, s1) {
			o.leverageOf(p, r)
		}
	})
	o.crew.add(ad.own, func(p *part) []float64 { return p.own })
}

// leverageOf is leverage for a series; it adds to the sum.
func (o *Objective) leverageOf(p *part, r series) {
	l, b := o.layout, &o.schur
	k, width, own := l.k, r.width, p.own
	scratch := make([]float64, 4*k*k)
	e, tss, kk, x := scratch[:k*k], scratch[k*k:2*k*k], scratch[2*k*k:3*k*k], scratch[3*k*k:]
	m, tm := o.meet(p, r), p.tm
	for s := r.from; s < r.to; s++ {
		t, ss := b.t[s*k*k:s*k*k+k*k], b.ss[s*k*k:s*k*k+k*k]
		clear(e)
		if width > 0 {
			sf := b.sf[k*l.start[s]:][:k*width]
			ms := m[(s-r.from)*k*width:][:k*width]
			for a := range k {
				for c := range k {
					e[a*k+c] = floats.Dot(sf[a*width:a*width+width], ms[c*width:c*width+width])
				}
			}
			dense.Mul(tm, t, ms, k, k, width)
		}
		if k == 1 {
			kv := 1 / (1 + ss[0]*o.psi[0][0])
			own[0] += kv*ss[0] - kv*e[0]*kv
			tss[0] = t[0] + t[0]*e[0]*t[0]
		} else {
			residual(kk, ss, t, k)
			dense.Mul(x, kk, ss, k, k, k)
			for i, v := range x {
				own[i] += v
			}
			congruent(own, -1, kk, e, x, k)
			copy(tss, t)
			congruent(tss, 1, t, e, x, k)
		}
		if o.quad != nil {
			for i, v := range o.quad.spread[s*k*k : s*k*k+k*k] {
				tss[i] -= v
			}
		}
		o.spread(s, tss, tm)
	}
}

// meet returns S_sF T_FF for the levels of a series, and makes room for as much of
// one level in p.tm.
func (o *Objective) meet(p *part, r series) []float64 {
	l, b := o.layout, &o.schur
	k, q, width := l.k, l.q, r.width
	rows := k * (r.to - r.from)
	p.m, p.tm = room(p.m, rows*width), room(p.tm, k*width)
	m := p.m[:rows*width]
	if width == 0 {
		return m
	}
	sf := b.sf[k*l.start[r.from]:][:len(m)]
	if r.first >= 0 {
		clear(m)
		p.gemm.Add(1, matrix(sf, rows, width), blas64.General{Rows: width, Cols: width, Stride: q, Data: b.trest[r.first*q+r.first:]}, matrix(m, rows, width))
		return m
	}
	meets := l.meets[l.start[r.from]:l.start[r.to]]
	for i, c := range meets {
		row := b.trest[int(c)*q:][:q]
		for a := range k {
			var v float64
			for j, x := range sf[a*width : a*width+width] {
				v += x * row[meets[j]]
			}
			m[a*width+i] = v
		}
	}
	return m
}

// room returns a slice of at least n numbers.
func room(x []float64, n int) []float64 {
	if len(x) < n {
		return make([]float64, n)
	}
	return x
}

// residual sets kk to I - S T.
func residual(kk, s, t []float64, k int) {
	dense.Mul(kk, s, t, k, k, k)
	for i := range kk {
		kk[i] = -kk[i]
	}
	for i := range k {
		kk[i*k+i]++
	}
}

// congruent adds sign A E A' to out; x is scratch.
func congruent(out []float64, sign float64, a, e, x []float64, k int) {
	dense.Mul(x, a, e, k, k, k)
	for i := range k {
		for j := range k {
			var v float64
			for c := range k {
				v += x[i*k+c] * a[j*k+c]
			}
			out[i*k+j] += sign * v
		}
	}
}

// spread sets v of the rows of a level, given T of it and minus that between it and
// the dense columns it meets, k x width.
func (o *Objective) spread(s int, tss, tm []float64) {
	l, r, b, ad := o.layout, o.rows, &o.schur, &o.adj
	if l.single {
		o.spreadSingle(s, tss[0], tm)
		return
	}
	k, q, width := l.k, l.q, l.width(s)
	for i := l.from[s]; i < l.from[s+1]; i++ {
		z := r.z[0][i*k : i*k+k]
		var v float64
		for a, x := range z {
			for c, y := range z {
				v += x * tss[a*k+c] * y
			}
		}
		for f, first := range l.col {
			kf := l.fs[f+1].k
			at := first + int(r.level[f+1][i])*kf
			for a, u := range r.z[f+1][i*kf : i*kf+kf] {
				var w float64
				for c, zc := range z {
					w -= tm[c*width+int(l.pos[f][i])+a] * zc
				}
				v += 2 * u * w
				for g, other := range l.col[:f+1] {
					kg := l.fs[g+1].k
					row := b.trest[(at+a)*q+other+int(r.level[g+1][i])*kg:][:kg]
					var w float64
					for c, zg := range r.z[g+1][i*kg : i*kg+kg] {
						w += row[c] * zg
					}
					if g != f {
						w *= 2
					}
					v += u * w
				}
			}
		}
		ad.v[i] = v
	}
}
