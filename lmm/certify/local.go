package certify

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Local holds the derivatives of the criterion in a chart and the eigenvalues
// of the Hessian there.
type Local struct {
	Chart  *cone.Chart
	Grad   []float64 // m, per unit of each direction
	Hess   []float64 // m x m
	Values []float64 // m, eigenvalues of Hess, ascending
	// Vectors are the eigenvectors, m x m, by columns; GradIn is the gradient
	// in that basis.
	Vectors []float64
	GradIn  []float64
}

// Objective is a criterion over the cone.
type Objective interface {
	Blocks() []cone.Block
	Derivs(cone.Point) *criterion.Derivs
	// Gradient is Derivs, of which H may be missing.
	Gradient(cone.Point) *criterion.Derivs
}

// NewLocal expresses the derivatives d at the centre of the chart c in its
// coordinates, with d.H for the second derivative in Psi: the Hessian is exact
// if d.H is.
func NewLocal(d *criterion.Derivs, c *cone.Chart) *Local {
	l := newLocal(d, c)
	m, n := len(c.Dirs), len(d.Pairs)
	x := make([]float64, m*n)
	for a := 0; a < m; a++ {
		c.Vech(x[a*n:a*n+n], a)
	}
	for a := 0; a < m; a++ {
		for b := 0; b <= a; b++ {
			v := d.Curvature(x[a*n:a*n+n], x[b*n:b*n+n]) + c.Second(a, b, d.G)
			l.Hess[a*m+b], l.Hess[b*m+a] = v, v
		}
	}
	l.decompose()
	return l
}

// differenceStep is the step of the differences of the gradient, in units of a
// direction: their error is about 1e-8 of a row's largest entry.
const differenceStep = 1e-4

// ExactLocal is NewLocal with an exact Hessian: where d.H is an approximation it
// takes central differences of the gradient, 2 evaluations a direction on the
// face, whose number it returns. Directions off the face need none: their L_a
// Lambda' is zero, so that the second derivative is 2 tr(G L_a L_b').
func ExactLocal(obj Objective, d *criterion.Derivs, c *cone.Chart) (l *Local, evaluations int) {
	if !d.Approx {
		return NewLocal(d, c), 0
	}
	l = newLocal(d, c)
	m := len(c.Dirs)
	t, plus, minus := make([]float64, m), make([]float64, m), make([]float64, m)
	gradient := func(g []float64, a int, h float64) {
		t[a] = h
		p := c.Move(t)
		c.Gradient(g, obj.Gradient(p).G, p)
		t[a] = 0
	}
	for a, dir := range c.Dirs {
		if dir.Off {
			for b := 0; b < m; b++ {
				v := c.Second(a, b, d.G)
				l.Hess[a*m+b], l.Hess[b*m+a] = v, v
			}
			continue
		}
		gradient(plus, a, differenceStep)
		gradient(minus, a, -differenceStep)
		evaluations += 2
		for b, other := range c.Dirs {
			if other.Off {
				continue
			}
			v := (plus[b] - minus[b]) / (4 * differenceStep)
			l.Hess[a*m+b] += v
			l.Hess[b*m+a] += v
		}
	}
	l.decompose()
	return l, evaluations
}

// newLocal has the gradient, and room for the rest.
func newLocal(d *criterion.Derivs, c *cone.Chart) *Local {
	m := len(c.Dirs)
	l := &Local{
		Chart: c,
		Grad:  make([]float64, m), Hess: make([]float64, m*m),
		Values: make([]float64, m), Vectors: make([]float64, m*m), GradIn: make([]float64, m),
	}
	c.Gradient(l.Grad, d.G, c.Centre)
	return l
}

// At returns l with the gradient at a nearby point p, in the same coordinates
// and with the Hessian as it was; d holds the derivatives at p.
func (l *Local) At(d *criterion.Derivs, p cone.Point) *Local {
	m := *l
	m.Grad, m.GradIn = make([]float64, len(l.Grad)), make([]float64, len(l.Grad))
	m.Chart.Gradient(m.Grad, d.G, p)
	m.rotate()
	return &m
}

// Restore returns the derivatives at a point p near the centre of the chart c,
// with a Hessian that was computed there before.
func Restore(c *cone.Chart, hess []float64, d *criterion.Derivs, p cone.Point) *Local {
	l := newLocal(d, c)
	copy(l.Hess, hess)
	l.decompose()
	return l.At(d, p)
}

// Still returns l without the motion that is rounding, slopes below 1e-6.
func (l *Local) Still() *Local { return l.StillBelow(1e-6) }

// StillBelow returns l without the motion along eigenvectors whose curvature is
// below 1e-5 of the largest (or of 1) and whose slope, per unit, is below the one
// given: both are set to zero. It is for designs that cannot tell all variances
// apart: there the criterion is constant along curves, and what rounding makes
// of that leads nowhere.
func (l *Local) StillBelow(slope float64) *Local {
	top := 1.0
	for _, v := range l.Values {
		top = math.Max(top, math.Abs(v))
	}
	m := len(l.Grad)
	s := &Local{Chart: l.Chart, Grad: make([]float64, m), Hess: make([]float64, m*m), Values: make([]float64, m),
		Vectors: l.Vectors, GradIn: make([]float64, m)}
	for j, v := range l.Values {
		if math.Abs(v) < 1e-5*top && math.Abs(l.GradIn[j]) < slope {
			continue
		}
		s.Values[j], s.GradIn[j] = v, l.GradIn[j]
		for a := range m {
			s.Grad[a] += l.Vectors[a*m+j] * l.GradIn[j]
			for b := range m {
				s.Hess[a*m+b] += v * l.Vectors[a*m+j] * l.Vectors[b*m+j]
			}
		}
	}
	s.decompose()
	return s
}

// face returns the part of l on the face of the centre of its chart.
func (l *Local) face() *Local {
	var keep []int
	for a, d := range l.Chart.Dirs {
		if !d.Off {
			keep = append(keep, a)
		}
	}
	m, n := len(l.Grad), len(keep)
	if n == m {
		return l
	}
	f := &Local{Chart: l.Chart, Grad: make([]float64, n), Hess: make([]float64, n*n),
		Values: make([]float64, n), Vectors: make([]float64, n*n), GradIn: make([]float64, n)}
	for i, a := range keep {
		f.Grad[i] = l.Grad[a]
		for j, b := range keep {
			f.Hess[i*n+j] = l.Hess[a*m+b]
		}
	}
	f.decompose()
	return f
}

func (l *Local) decompose() {
	m := len(l.Grad)
	if m == 0 {
		return
	}
	var eig mat.EigenSym
	if !eig.Factorize(mat.NewSymDense(m, l.Hess), true) {
		for i := range l.Values {
			l.Values[i] = math.NaN()
		}
		return
	}
	eig.Values(l.Values)
	var v mat.Dense
	eig.VectorsTo(&v)
	for i := 0; i < m; i++ {
		for j := 0; j < m; j++ {
			l.Vectors[i*m+j] = v.At(i, j)
		}
	}
	l.rotate()
}

// rotate sets GradIn from Grad.
func (l *Local) rotate() {
	m := len(l.Grad)
	clear(l.GradIn)
	for i, g := range l.Grad {
		for j := range l.GradIn {
			l.GradIn[j] += l.Vectors[i*m+j] * g
		}
	}
}

// flat is the curvature below which a direction counts as flat.
func (l *Local) flat() float64 {
	var top float64
	for _, v := range l.Values {
		top = math.Max(top, math.Abs(v))
	}
	return 1e-10 * math.Max(top, 1e-3)
}

// Decrement is g'H^-1 g / 2, with |H| for H along directions of negative
// curvature: the drop that a step promises.
func (l *Local) Decrement() float64 {
	var s float64
	eps := l.flat()
	for i, v := range l.Values {
		s += l.GradIn[i] * l.GradIn[i] / (2 * math.Max(math.Abs(v), eps))
	}
	return s
}
