package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
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
	fisher       bool // W is the expected information

	schur    schur
	bend     []float64 // p x p: the second derivative of D in beta, as far as it is known
	constant float64   // -2 times what eta does not enter

	adj  adjoint
	quad *quadrature // nil with Laplace's approximation
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
	for _, p := range []*[]float64{&o.xb, &o.s, &o.w, &o.w3, &o.zb} {
		*p = make([]float64, r.n)
	}
	for _, f := range l.fs {
		o.lam, o.psi = append(o.lam, make([]float64, f.k*f.k)), append(o.psi, make([]float64, f.k*f.k))
	}
	o.schur.init(l)
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
	o.shape = o.Shape(p)
	o.constant = -2 * o.rows.constant
	if o.fam.HasShape() {
		for _, t := range o.rows.tally {
			o.constant -= 2 * o.fam.Constant(t.y, t.w, o.shape)
		}
	}
}

// fixedPart sets xb at beta.
func (o *Objective) fixedPart(beta []float64) {
	p := o.rows.p
	for i := range o.xb {
		v := o.rows.offset[i]
		for j, x := range o.rows.x[i*p : i*p+p] {
			v += x * beta[j]
		}
		o.xb[i] = v
	}
}

// random sets out to Z b.
func (o *Objective) random(out []float64, b vector) {
	l, r := o.layout, o.rows
	k := l.k
	for s := range l.n {
		bs := b.first[s*k : s*k+k]
		for i := l.from[s]; i < l.from[s+1]; i++ {
			var v float64
			for j, z := range r.z[0][i*k : i*k+k] {
				v += z * bs[j]
			}
			out[i] = v
		}
	}
	for f, first := range l.col {
		k := l.fs[f+1].k
		z, level := r.z[f+1], r.level[f+1]
		for i := range out {
			bs := b.rest[first+int(level[i])*k:][:k]
			for j, x := range z[i*k : i*k+k] {
				out[i] += x * bs[j]
			}
		}
	}
}

// rowsAt sets score, W and W' at the current mode and returns the sum of -2 l,
// without the constants; +Inf where a mean cannot be.
func (o *Objective) rowsAt() float64 {
	var sum float64
	for i, y := range o.rows.y {
		eta := o.xb[i] + o.zb[i]
		l, d1, d2, d3 := o.fam.Kernel(y, eta, o.shape)
		w := o.rows.w[i]
		sum += w * l
		o.s[i], o.w[i], o.w3[i] = w*d1, -w*d2, -w*d3
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return -2 * sum
}

// expect replaces W by the expected information.
func (o *Objective) expect() {
	for i := range o.w {
		o.w[i] = o.fam.Expected(o.rows.w[i], o.xb[i]+o.zb[i], o.shape)
	}
	o.fisher = true
}

// gather sets out to Z'g for a value g of each row.
func (o *Objective) gather(out vector, g []float64) {
	l, r := o.layout, o.rows
	out.clear()
	k := l.k
	for s := range l.n {
		t := out.first[s*k : s*k+k]
		for i := l.from[s]; i < l.from[s+1]; i++ {
			for j, z := range r.z[0][i*k : i*k+k] {
				t[j] += z * g[i]
			}
		}
	}
	for f, first := range l.col {
		k := l.fs[f+1].k
		z, level := r.z[f+1], r.level[f+1]
		for i, v := range g {
			t := out.rest[first+int(level[i])*k:][:k]
			for j, x := range z[i*k : i*k+k] {
				t[j] += x * v
			}
		}
	}
}

// fixedGather adds X'g to out.
func (o *Objective) fixedGather(out, g []float64) {
	p := o.rows.p
	for i, v := range g {
		for j, x := range o.rows.x[i*p : i*p+p] {
			out[j] += x * v
		}
	}
}
