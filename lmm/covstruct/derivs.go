package covstruct

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Gradient is Derivs without H.
func (o *Objective) Gradient(p cone.Point) *criterion.Derivs { return o.derivs(p, false) }

// Derivs returns f, its gradient, exact, and the average information in place of
// the second derivative, at a point. With Q = sum over groups of M - Py(Py)'/s2,
// M = V^-1 (ML) or P (REML), restricted to the rows of a group,
//
//	df/dPsi = sum of Z_j'QZ_j,   df/dphi_a = tr(Q dR/dphi_a)
//
// (Harville 1977, sec. 4; Gilmour, Thompson and Cullis 1995).
func (o *Objective) Derivs(p cone.Point) *criterion.Derivs { return o.derivs(p, true) }

// Average is Derivs.
func (o *Objective) Average(p cone.Point) *criterion.Derivs { return o.derivs(p, true) }

func (o *Objective) derivs(p cone.Point, second bool) *criterion.Derivs {
	d := &criterion.Derivs{F: o.eval(p, true), Pairs: o.pairs, Approx: true}
	for _, b := range o.blocks {
		d.G = append(d.G, make([]float64, b.K*b.K))
	}
	m := len(o.pairs)
	if math.IsInf(d.F, 1) {
		nan(d.G...)
		return d
	}
	s2 := o.r2 / o.nu
	var info information
	if second {
		info = newInformation(m, o.rows.P)
	}
	for k := range o.kinds {
		b, e := o.whitened(k)
		q := o.core(k, b, e, o.reml, 1/s2)
		o.traces(k, q, d.G)
		if second {
			info.add(o, k, b, e)
		}
	}
	if second {
		d.H = info.average(s2, o.nu)
	}
	return d
}

func nan(list ...[]float64) {
	for _, x := range list {
		for i := range x {
			x[i] = math.NaN()
		}
	}
}

// whitened returns, for the groups of a kind side by side, B = V^-1 X L_x^-T, n
// x groups p, and e = Py, n x groups.
func (o *Objective) whitened(k int) (b, e []float64) {
	kd, st := &o.kinds[k], &o.state[k]
	n, p, m, c := len(kd.rows), o.rows.P, o.rows.P+1, len(kd.all)
	vinv := append([]float64(nil), st.w...)
	o.solve(k, blas.Trans, vinv)
	b, e = make([]float64, n*c*p), make([]float64, n*c)
	for i := range n {
		for g := range c {
			row := vinv[i*c*m+g*m:][:m]
			v := row[p]
			for a, x := range o.beta {
				v -= row[a] * x
			}
			e[i*c+g] = v
			out := b[i*c*p+g*p:][:p]
			copy(out, row[:p])
			dense.SolveLower(o.lx, p, out, 1) // L_x^-1 (X'V^-1)_i
		}
	}
	return b, e
}

// core returns J V^-1 - [reml] sum BB' - f sum ee', the sums over the J groups of
// a kind.
func (o *Objective) core(k int, b, e []float64, reml bool, f float64) []float64 {
	kd := &o.kinds[k]
	n, c := len(kd.rows), len(kd.all)
	inv := make([]float64, n*n)
	for i := range n {
		inv[i*n+i] = 1
	}
	o.solve(k, blas.NoTrans, inv)
	q := make([]float64, n*n)
	sym := blas64.Symmetric{N: n, Stride: n, Uplo: blas.Lower, Data: q}
	blas64.Syrk(blas.Trans, float64(c), blas64.General{Rows: n, Cols: n, Stride: n, Data: inv}, 0, sym)
	if p := o.rows.P; reml && p > 0 {
		blas64.Syrk(blas.NoTrans, -1, blas64.General{Rows: n, Cols: c * p, Stride: c * p, Data: b}, 1, sym)
	}
	if f != 0 {
		blas64.Syrk(blas.NoTrans, -f, blas64.General{Rows: n, Cols: c, Stride: c, Data: e}, 1, sym)
	}
	for i := range n {
		for j := range i {
			q[j*n+i] = q[i*n+j]
		}
	}
	return q
}

// traces adds the sums of Z_j'QZ_j and tr(Q dR) of a kind to g.
func (o *Objective) traces(k int, q []float64, g [][]float64) {
	kd, st := &o.kinds[k], &o.state[k]
	n := len(kd.rows)
	for _, b := range kd.blocks {
		z, w := o.rows.Z[b.term], o.blocks[b.term].K
		qz := make([]float64, w)
		for _, i := range b.at {
			clear(qz)
			for _, j := range b.at {
				v := q[i*n+j]
				for c, x := range z[kd.rows[j]*w:][:w] {
					qz[c] += v * x
				}
			}
			for r, x := range z[kd.rows[i]*w:][:w] {
				for c, y := range qz {
					g[b.term][r*w+c] += x * y
				}
			}
		}
	}
	for a, dr := range st.dr {
		blk, at := o.slot(a)
		w := o.blocks[blk].K
		var s float64
		for i, v := range dr {
			s += v * q[i]
		}
		g[blk][at*w+at] += s
	}
}

// slot is where parameter a of the structure stands: its block, and the entry
// on the diagonal of that.
func (o *Objective) slot(a int) (block, at int) {
	block = len(o.rows.Blocks)
	if free := o.s.Params(); o.s.Spec.Nugget && a == free-1 {
		if o.blocks[block].Shape == cone.Free {
			block++
		}
		return block, 0
	}
	return block, a
}

// moved returns D x for the change D of V with an entry of cone.Pairs and its
// mirror image, x being n x c.
func (o *Objective) moved(k int, pair cone.Pair, x []float64, c int) []float64 {
	kd, st := &o.kinds[k], &o.state[k]
	n := len(kd.rows)
	out := make([]float64, n*c)
	if t := pair.Block; t >= len(o.rows.Blocks) {
		a := pair.Row
		if o.blocks[t].Shape != cone.Free {
			a = len(st.dr) - 1
		}
		full := blas64.General{Rows: n, Cols: n, Stride: n, Data: st.dr[a]}
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, full, blas64.General{Rows: n, Cols: c, Stride: c, Data: x}, 0, blas64.General{Rows: n, Cols: c, Stride: c, Data: out})
		return out
	}
	z, w := o.rows.Z[pair.Block], o.blocks[pair.Block].K
	zr, zc := make([]float64, c), make([]float64, c) // Z_r'x, Z_c'x
	for _, b := range kd.blocks {
		if b.term != pair.Block {
			continue
		}
		clear(zr)
		clear(zc)
		for _, i := range b.at {
			zi := z[kd.rows[i]*w:][:w]
			for j, v := range x[i*c : i*c+c] {
				zr[j] += zi[pair.Row] * v
				zc[j] += zi[pair.Col] * v
			}
		}
		for _, i := range b.at {
			zi := z[kd.rows[i]*w:][:w]
			for j := range c {
				out[i*c+j] += zi[pair.Row] * zc[j]
				if pair.Row != pair.Col {
					out[i*c+j] += zi[pair.Col] * zr[j]
				}
			}
		}
	}
	return out
}

// information collects y'P D_a P D_b P y and y'P D_a P y.
type information struct {
	m, p  int
	inner []float64 // m x m: sum of (L^-1 w_a)'(L^-1 w_b), w_a = D_a e
	fixed []float64 // m x p: sum of B'w_a
	quad  []float64 // m
}

func newInformation(m, p int) information {
	return information{m: m, p: p, inner: make([]float64, m*m), fixed: make([]float64, m*p), quad: make([]float64, m)}
}

func (in *information) add(o *Objective, k int, b, e []float64) {
	c, m, p := len(o.kinds[k].all), in.m, in.p
	n := len(o.kinds[k].rows)
	w := make([]float64, n*c*m) // groups of a parameter side by side
	for a, pair := range o.pairs {
		wa := o.moved(k, pair, e, c)
		for i := range n {
			for g := range c {
				v := wa[i*c+g]
				w[i*c*m+a*c+g] = v
				in.quad[a] += v * e[i*c+g]
				for j, x := range b[i*c*p+g*p:][:p] {
					in.fixed[a*p+j] += v * x
				}
			}
		}
	}
	o.solve(k, blas.NoTrans, w)
	for i := range n {
		row := w[i*c*m:][:c*m]
		for a := range m {
			wa := row[a*c : a*c+c]
			for b := range a + 1 {
				var s float64
				for g, v := range row[b*c : b*c+c] {
					s += v * wa[g]
				}
				in.inner[a*m+b] += s
			}
		}
	}
}

// average is y'P D_a P D_b P y / s2 - q_a q_b / (nu s2^2).
func (in *information) average(s2, nu float64) []float64 {
	m, p := in.m, in.p
	h := make([]float64, m*m)
	for a := range m {
		for b := range a + 1 {
			v := in.inner[a*m+b]
			for j := range p {
				v -= in.fixed[a*p+j] * in.fixed[b*p+j]
			}
			v = v/s2 - in.quad[a]*in.quad[b]/(nu*s2*s2)
			h[a*m+b], h[b*m+a] = v, v
		}
	}
	return h
}
