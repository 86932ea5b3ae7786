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
func (o *Objective) Gradient(p cone.Point) *criterion.Derivs { return o.derivs(p, gradient) }

// Average is Derivs with the average information for H (Gilmour, Thompson and
// Cullis 1995).
func (o *Objective) Average(p cone.Point) *criterion.Derivs { return o.derivs(p, average) }

// Derivs returns f and its derivatives at a point. With Q = sum over groups of M
// - Py(Py)'/s2, M = V^-1 (ML) or P (REML), restricted to the rows of a group,
//
//	df/dPsi = sum of Z_j'QZ_j,   df/dphi_a = tr(Q dR/dphi_a)
//	d2f     = -tr(M D_a M D_b) + 2/s2 y'P D_a P D_b P y - q_a q_b / (nu s2^2) + tr(Q D_ab)
//
// q_a = y'P D_a P y (Harville 1977, sec. 4). All is exact but D_ab, the second
// derivative of R, which is a central difference of dR with a relative error of
// about 1e-8.
func (o *Objective) Derivs(p cone.Point) *criterion.Derivs { return o.derivs(p, exact) }

type order int

const (
	gradient order = iota
	average
	exact
)

func (o *Objective) derivs(p cone.Point, want order) *criterion.Derivs {
	d := &criterion.Derivs{F: o.eval(p, true), Pairs: o.pairs, Approx: want != exact}
	for _, b := range o.blocks {
		d.G = append(d.G, make([]float64, b.K*b.K))
	}
	if math.IsInf(d.F, 1) {
		nan(d.G...)
		return d
	}
	s2 := o.r2 / o.nu
	h := newHessian(o, s2, want == exact)
	for k := range o.kinds {
		r := o.reduce(k)
		q := r.core(float64(len(o.kinds[k].all)), o.reml, s2)
		o.traces(k, q, d.G)
		if want != gradient {
			h.add(k, p, r, q)
		}
	}
	if want != gradient {
		d.H = h.matrix()
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

// reduced is what the derivatives need of the groups of a kind, n x n: V^-1, the
// sums of BB' and ee' over its groups, B = V^-1 X L_x^-T and e = Py.
type reduced struct {
	n           int
	inv, bb, ee []float64
	// project returns the sums of B'DB, p x p, and B'De, p.
	project func(d []float64) (first, fixed []float64)
}

// core is J V^-1 - [reml] sum BB' - sum ee' / s2.
func (r *reduced) core(groups float64, reml bool, s2 float64) []float64 {
	q := make([]float64, len(r.inv))
	for i, v := range r.inv {
		q[i] = groups*v - r.ee[i]/s2
		if reml {
			q[i] -= r.bb[i]
		}
	}
	return q
}

// reduce returns the sums of a kind, from its moments where it has them.
func (o *Objective) reduce(k int) *reduced {
	if o.kinds[k].moments != nil {
		return o.reduceMoments(k)
	}
	kd := &o.kinds[k]
	n, c, p := len(kd.rows), len(kd.all), o.rows.P
	b, e := o.whitened(k)
	r := &reduced{n: n, inv: o.inverse(k), bb: outer(n, b), ee: outer(n, e)}
	r.project = func(d []float64) (first, fixed []float64) {
		first, fixed = make([]float64, p*p), make([]float64, p)
		full := blas64.General{Rows: n, Cols: n, Stride: n, Data: d}
		if p > 0 {
			db := general(n, c*p)
			blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, full, blas64.General{Rows: n, Cols: c * p, Stride: c * p, Data: b}, 0, db)
			addCross(first, b, db.Data, n*c, p)
			for i, v := range e {
				for a, x := range db.Data[i*p : i*p+p] {
					fixed[a] += v * x
				}
			}
		}
		return first, fixed
	}
	return r
}

func general(r, c int) blas64.General {
	return blas64.General{Rows: r, Cols: c, Stride: max(1, c), Data: make([]float64, r*c)}
}

// outer is xx' for x with n rows.
func outer(n int, x []float64) []float64 {
	out := make([]float64, n*n)
	if len(x) == 0 {
		return out
	}
	w := len(x) / n
	blas64.Syrk(blas.NoTrans, 1, blas64.General{Rows: n, Cols: w, Stride: w, Data: x}, 0, blas64.Symmetric{N: n, Stride: n, Uplo: blas.Lower, Data: out})
	mirror(out, n)
	return out
}

// mirror copies the lower triangle to the upper.
func mirror(a []float64, n int) {
	for i := range n {
		for j := range i {
			a[j*n+i] = a[i*n+j]
		}
	}
}

// inverse is V^-1 of a kind.
func (o *Objective) inverse(k int) []float64 {
	n := len(o.kinds[k].rows)
	l := make([]float64, n*n)
	for i := range n {
		l[i*n+i] = 1
	}
	o.solve(k, blas.NoTrans, l)
	inv := make([]float64, n*n)
	blas64.Syrk(blas.Trans, 1, blas64.General{Rows: n, Cols: n, Stride: n, Data: l}, 0, blas64.Symmetric{N: n, Stride: n, Uplo: blas.Lower, Data: inv})
	mirror(inv, n)
	return inv
}

// whitened returns, for the groups of a kind side by side, B = V^-1 X L_x^-T, n
// x groups p, and e = Py, n x groups.
func (o *Objective) whitened(k int) (b, e []float64) {
	kd := &o.kinds[k]
	n, p, m, c := len(kd.rows), o.rows.P, o.rows.P+1, len(kd.all)
	vinv := append([]float64(nil), kd.xy...)
	o.solve(k, blas.NoTrans, vinv)
	o.solve(k, blas.Trans, vinv)
	b, e = make([]float64, n*c*p), make([]float64, n*c)
	for i := range n * c {
		row := vinv[i*m : i*m+m]
		v := row[p]
		for a, x := range o.beta {
			v -= row[a] * x
		}
		e[i] = v
		copy(b[i*p:i*p+p], row)
	}
	if p > 0 { // rows times L_x^-T
		blas64.Trsm(blas.Right, blas.Trans, 1, blas64.Triangular{N: p, Stride: p, Uplo: blas.Lower, Diag: blas.NonUnit, Data: o.lx},
			blas64.General{Rows: n * c, Cols: p, Stride: p, Data: b})
	}
	return b, e
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
		g[blk][at*o.blocks[blk].K+at] += dot(dr, q)
	}
}

// slot is where parameter a of the structure stands: its block, and the entry
// on the diagonal of that.
func (o *Objective) slot(a int) (block, at int) {
	for block = len(o.rows.Blocks); a >= o.blocks[block].K; block++ {
		a -= o.blocks[block].K
	}
	return block, a
}

// change returns the change D of V, n x n, with an entry of cone.Pairs and its
// mirror image. It belongs to the receiver.
func (o *Objective) change(k int, pair cone.Pair) []float64 {
	kd, st := &o.kinds[k], &o.state[k]
	n := len(kd.rows)
	if pair.Block >= len(o.rows.Blocks) {
		at := pair.Row
		for _, b := range o.blocks[len(o.rows.Blocks):pair.Block] {
			at += b.K
		}
		return st.dr[at]
	}
	out := make([]float64, n*n)
	z, w := o.rows.Z[pair.Block], o.blocks[pair.Block].K
	for _, b := range kd.blocks {
		if b.term != pair.Block {
			continue
		}
		for _, i := range b.at {
			zi := z[kd.rows[i]*w:][:w]
			for _, j := range b.at {
				zj := z[kd.rows[j]*w:][:w]
				v := zi[pair.Row] * zj[pair.Col]
				if pair.Row != pair.Col {
					v += zi[pair.Col] * zj[pair.Row]
				}
				out[i*n+j] += v
			}
		}
	}
	return out
}

// multiply is AB for n x n matrices.
func multiply(a, b []float64, n int) []float64 {
	c := general(n, n)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, blas64.General{Rows: n, Cols: n, Stride: n, Data: a},
		blas64.General{Rows: n, Cols: n, Stride: n, Data: b}, 0, c)
	return c.Data
}

// addCross adds x'y to m for rows x p matrices.
func addCross(m, x, y []float64, rows, p int) {
	if p == 0 || rows == 0 {
		return
	}
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, blas64.General{Rows: rows, Cols: p, Stride: p, Data: x},
		blas64.General{Rows: rows, Cols: p, Stride: p, Data: y}, 1, blas64.General{Rows: p, Cols: p, Stride: p, Data: m})
}

func dot(x, y []float64) float64 {
	return blas64.Dot(blas64.Vector{N: len(x), Inc: 1, Data: x}, blas64.Vector{N: len(y), Inc: 1, Data: y})
}

// transposedDot is tr(AB) for n x n matrices.
func transposedDot(a, b []float64, n int) float64 {
	var s float64
	for i := range n {
		for j := range n {
			s += a[i*n+j] * b[j*n+i]
		}
	}
	return s
}

// lowerSolve is L_x^-1 A L_x^-T for a p x p matrix.
func (o *Objective) lowerSolve(a []float64) {
	p := o.rows.P
	dense.SolveLower(o.lx, p, a, p)
	for i := range p {
		for j := range i {
			a[i*p+j], a[j*p+i] = a[j*p+i], a[i*p+j]
		}
	}
	dense.SolveLower(o.lx, p, a, p)
}

// times is DX for D n x n.
func times(d, x []float64, n int) []float64 {
	if len(x) == 0 {
		return nil
	}
	w := len(x) / n
	out := general(n, w)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, blas64.General{Rows: n, Cols: n, Stride: n, Data: d},
		blas64.General{Rows: n, Cols: w, Stride: w, Data: x}, 0, out)
	return out.Data
}
