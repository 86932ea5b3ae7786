package laplace

import (
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// state is the workspace of an evaluation.
type state struct {
	reason string

	// The point.
	shape float64
	lam   [][]float64 // a factor: k x k
	psi   [][]float64

	// The mode: b = Psi e, a factor.
	beta []float64
	b, e vector
	xb   []float64 // a row: offset + X beta

	// A row: score, W, W' and Z b.
	s, w, w3, zb []float64
	xd           []float64 // X times a step in beta
	fisher       bool      // W is the expected information

	r, t     vector // Z'(s + W Z b) and Z's at the mode
	schur    schur
	step     [3]vector // of the mode, and a right-hand side
	line     []float64 // a row: scratch
	fresh    bool      // the rows and S are those at b, beta and the shape
	off      float64   // the decrement that the mode was left with
	near     bool      // mode and beta are those of an evaluation before
	learnt   []float64 // p x p: what the last steps in beta told of D beside the information
	past     history
	gram     *criterion.Gram // nil before Gram
	constant float64         // -2 times what eta does not enter

	adj   adjoint
	crew  crew
	cross cross
	quad  *quadrature // nil with Laplace's approximation
}

// vector is a vector of coefficients: those of the first factor, those of the
// dense part.
type vector struct{ first, rest []float64 }

func newVector(l *layout) vector {
	return vector{make([]float64, l.n*l.k), make([]float64, l.q)}
}

func (v vector) copyFrom(w vector) {
	copy(v.first, w.first)
	copy(v.rest, w.rest)
}

func (v vector) clear() {
	clear(v.first)
	clear(v.rest)
}

// move adds t times d.
func (v vector) move(t float64, d vector) {
	for i, x := range d.first {
		v.first[i] += t * x
	}
	for i, x := range d.rest {
		v.rest[i] += t * x
	}
}

func (v vector) dot(w vector) float64 {
	var s float64
	for i, x := range v.first {
		s += x * w.first[i]
	}
	for i, x := range v.rest {
		s += x * w.rest[i]
	}
	return s
}

func (o *state) init(m *model) {
	l, r := m.layout, m.rows
	o.beta = append([]float64(nil), m.glm.beta...)
	o.b, o.e = newVector(l), newVector(l)
	for _, p := range []*[]float64{&o.xb, &o.s, &o.w, &o.w3, &o.zb, &o.xd, &o.line} {
		*p = make([]float64, r.n)
	}
	for _, f := range l.fs {
		o.lam, o.psi = append(o.lam, make([]float64, f.k*f.k)), append(o.psi, make([]float64, f.k*f.k))
	}
	o.schur.init(l)
	o.r, o.t = newVector(l), newVector(l)
	for i := range o.step {
		o.step[i] = newVector(l)
	}
	o.crew.init(l, r.n, 1, r.p)
	o.cross = cross{l, r.p, make([]float64, l.n*l.k*r.p), make([]float64, l.q*r.p)}
	o.adj.init(m)
	if m.set.Nodes > 1 && !m.set.Joint {
		o.quad = newQuadrature(m)
	}
}

// set takes up a point.
func (o *Objective) setPoint(p cone.Point) {
	for i, f := range o.layout.fs {
		clear(o.lam[i])
		for j, t := range f.terms {
			k, at := o.blocks[t].K, o.layout.at[i][j]
			for r := range k {
				copy(o.lam[i][(at+r)*f.k+at:][:k], p[t][r*k:r*k+k])
			}
		}
		cone.Cov(o.psi[i], o.lam[i], f.k)
	}
	if shape := o.Shape(p); shape != o.shape {
		o.shape, o.fresh = shape, false
	}
	o.constant = -2 * o.rows.constant
	if o.fam.HasShape() {
		for _, t := range o.rows.tally {
			o.constant -= 2 * o.fam.Constant(t.y, t.w, o.shape)
		}
	}
}

// fixedPart sets xb at beta.
func (o *Objective) fixedPart(beta []float64) {
	o.columns(o.xb, beta)
	for i, v := range o.rows.offset {
		o.xb[i] += v
	}
}

// columns sets out to X beta.
func (o *Objective) columns(out, beta []float64) {
	p, x := o.rows.p, o.rows.x
	o.crew.each(func(_, s0, s1 int) {
		for i := o.layout.from[s0]; i < o.layout.from[s1]; i++ {
			var v float64
			for j, u := range x[i*p : i*p+p] {
				v += u * beta[j]
			}
			out[i] = v
		}
	})
}

// expect replaces W by the expected information.
func (o *Objective) expect() {
	for i := range o.w {
		o.w[i] = o.fam.Expected(o.rows.w[i], o.xb[i]+o.zb[i], o.shape)
	}
	o.fisher, o.fresh = true, false
}
