package laplace

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// adjoint is what the derivatives at a mode need.
type adjoint struct {
	v, c []float64 // a row: v_i, c_i; with what quadrature adds
	zpa  []float64 // a row: (Z Psi a)_i, with X beta_a in a joint search
	a    vector    // (I + S Psi)^-1 Z'c
	pa   vector    // Psi a
	zc   vector
	own  []float64 // k x k: the sum of Z_s'V^-1 Z_s over the levels of the first factor
	gemm dense.Gemm
	done bool // all is that of the S that is factored
}

func (a *adjoint) init(m *model) {
	for _, p := range []*[]float64{&a.v, &a.c, &a.zpa} {
		*p = make([]float64, m.rows.n)
	}
	a.a, a.pa, a.zc = newVector(m.layout), newVector(m.layout), newVector(m.layout)
	a.own = make([]float64, m.layout.k*m.layout.k)
}

// slope sets grad to dD/dbeta at the mode.
func (o *Objective) slope(grad []float64) {
	o.adjoin()
	clear(grad)
	g := o.line
	for i, c := range o.adj.c {
		g[i] = c - 2*o.s[i] - o.w[i]*o.adj.zpa[i]
	}
	o.fixedGather(grad, g)
}

// adjoin computes v, c, a and Z Psi a at the mode.
func (o *Objective) adjoin() {
	if o.adj.done {
		return
	}
	o.adj.done = true
	o.invert()
	o.leverage()
	ad := &o.adj
	for i, v := range ad.v {
		ad.c[i] = v * o.w3[i]
	}
	if o.quad != nil {
		for i, v := range o.quad.shift {
			ad.c[i] += v
		}
	}
	o.gather(ad.zc, ad.c)
	o.solve(ad.a, ad.pa, ad.zc)
	o.random(ad.zpa, ad.pa)
}

// adjoinJointly is adjoin where beta is at the mode too: with beta_a = (X'V^-1
// X)^-1 X'(c - W Z T Z'c), a = (I + S Psi)^-1 Z'(c - W X beta_a).
func (o *Objective) adjoinJointly() {
	o.adjoin()
	p := o.rows.p
	if p == 0 {
		return
	}
	ad := &o.adj
	ad.done = false // it will not be that of the random effects alone
	g := o.line
	for i, c := range ad.c {
		g[i] = c - o.w[i]*ad.zpa[i]
	}
	beta := make([]float64, p)
	o.fixedGather(beta, g)
	info := o.information()
	dense.Cholesky(info, p)
	dense.SolveLower(info, p, beta, 1)
	dense.SolveLowerTrans(info, p, beta, 1)
	xb := make([]float64, o.rows.n)
	o.columns(xb, beta)
	for i, v := range xb {
		g[i] = ad.c[i] - o.w[i]*v
	}
	o.gather(ad.zc, g)
	o.solve(ad.a, ad.pa, ad.zc)
	o.random(ad.zpa, ad.pa)
	for i, v := range xb {
		ad.zpa[i] += v
	}
}

// Gradient returns f and its gradient G, exact and so tight that differences of it
// give a second derivative; H is 0.
func (o *Objective) Gradient(p cone.Point) *criterion.Derivs {
	return o.differentiate(p, fixedTight, false)
}

// Derivs returns f and its gradient G, exact, and a metric for steps in place of
// the second derivative: that of Average, corrected by what the gradients of the
// points before tell of it.
func (o *Objective) Derivs(p cone.Point) *criterion.Derivs {
	d := o.differentiate(p, fixedGoal, true)
	if !math.IsInf(d.F, 1) {
		o.past.sharpen(o.model, o.entries(p), d)
	}
	return d
}

// Average returns f and its gradient G, exact, and the average information
// (metric.go).
func (o *Objective) Average(p cone.Point) *criterion.Derivs {
	return o.differentiate(p, fixedGoal, true)
}

func (o *Objective) differentiate(p cone.Point, goal float64, second bool) *criterion.Derivs {
	d := o.derivs(o.eval(p, goal))
	if math.IsInf(d.F, 1) {
		return d
	}
	if o.set.Joint {
		o.adjoinJointly()
	} else {
		o.adjoin()
	}
	o.slopes(d.G)
	if second {
		o.average(d.H)
	}
	return d
}

// slopes sets G.
func (o *Objective) slopes(g [][]float64) {
	o.gradient(g)
	if o.fam.HasShape() {
		g[len(g)-1][0] = o.shapeSlope()
	}
}

// gradient sets G of the terms.
func (o *Objective) gradient(g [][]float64) {
	l, ad, t := o.layout, &o.adj, o.t
	for i, f := range l.fs {
		k := f.k
		sum := make([]float64, k*k)
		a, ts := ad.a.first, t.first
		if i == 0 {
			copy(sum, ad.own)
			if o.quad != nil {
				for j, v := range o.quad.own {
					sum[j] += v
				}
			}
		} else {
			from, to := l.col[i-1], l.col[i-1]+f.levels*k
			a, ts = ad.a.rest[from:to], t.rest[from:to]
			o.ownDense(sum, i)
		}
		for at := 0; at < len(ts); at += k {
			for r := range k {
				for c := range k {
					sum[r*k+c] += (a[at+r]*ts[at+c]+a[at+c]*ts[at+r])/2 - ts[at+r]*ts[at+c]
				}
			}
		}
		for j, term := range f.terms {
			kt, at := o.blocks[term].K, l.at[i][j]
			for r := range kt {
				copy(g[term][r*kt:r*kt+kt], sum[(at+r)*k+at:][:kt])
			}
		}
	}
}

// ownDense adds the sum of Z_j'V^-1 Z_j over the levels of a factor of the dense
// part: the blocks of S - S T S, without the first factor.
func (o *Objective) ownDense(sum []float64, factor int) {
	l, b := o.layout, &o.schur
	q, f, first := l.q, l.fs[factor], l.col[factor-1]
	rows := f.levels * f.k
	st := make([]float64, rows*q)
	full := blas64.General{Rows: q, Cols: q, Stride: q, Data: b.trest}
	o.adj.gemm.Add(1, blas64.General{Rows: rows, Cols: q, Stride: q, Data: b.rest[first*q:]}, full,
		blas64.General{Rows: rows, Cols: q, Stride: q, Data: st})
	for at := 0; at < rows; at += f.k {
		for r := range f.k {
			for c := range f.k {
				v := b.rest[(first+at+r)*q+first+at+c]
				row := b.rest[(first+at+c)*q:][:q]
				for j, x := range st[(at+r)*q : (at+r)*q+q] {
					v -= x * row[j]
				}
				sum[r*f.k+c] += v
			}
		}
	}
}

// shapeSlope is the derivative in the parameter of the shape.
func (o *Objective) shapeSlope() float64 {
	var sum float64
	if o.quad != nil {
		sum = o.quad.shape
	}
	for i, y := range o.rows.y {
		l, d1, d2 := o.fam.KernelSlope(y, o.xb[i]+o.zb[i], o.shape)
		sum += o.rows.w[i] * (-2*l - o.adj.v[i]*d2 + o.adj.zpa[i]*d1)
	}
	for _, t := range o.rows.tally {
		sum -= 2 * o.fam.ConstantSlope(t.y, t.w, o.shape)
	}
	return sum
}
