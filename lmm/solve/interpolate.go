package solve

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// interpolant is a quadratic model that agrees with the criterion at m = 2n + 1
// points. It has fewer conditions than coefficients; what is free is settled by
// the least change of its second derivative, in the Frobenius norm, from one
// model to the next (Powell 2004, 2009).
type interpolant struct {
	quadratic           // about points[best]
	points    []corner  // m
	best      int       // the lowest
	lagrange  []float64 // (m+n+1) x m, by columns the coefficients of the Lagrange functions
	scale     float64   // of the coordinates in lagrange
}

// far is the condition number of the interpolation equations above which the
// points are too close to a surface on which a quadratic vanishes.
const far = 1e14

// newInterpolant evaluates the criterion at x and at two points along each axis,
// to either side unless a bound is there.
func (s *search) newInterpolant(x []float64, size float64) *interpolant {
	n := len(x)
	q := &interpolant{points: []corner{{slices.Clone(x), s.value(x)}}}
	q.g, q.h = make([]float64, n), make([]float64, n*n)
	for i := range n {
		steps := []float64{size, -size}
		if x[i]-size < s.lower[i] {
			steps[1] = 2 * size
		}
		for _, t := range steps {
			p := slices.Clone(x)
			p[i] += t
			q.points = append(q.points, corner{p, s.value(p)})
		}
	}
	q.lowest()
	return q
}

func (q *interpolant) lowest() {
	q.best = 0
	for i, p := range q.points {
		if p.f < q.points[q.best].f {
			q.best = i
		}
	}
}

// centre moves the origin of the model to the lowest point.
func (q *interpolant) centre(from []float64) {
	n := len(q.g)
	d := difference(q.points[q.best].x, from)
	for i := range q.g {
		for j, v := range d {
			q.g[i] += q.h[i*n+j] * v
		}
	}
}

func difference(a, b []float64) []float64 {
	d := slices.Clone(a)
	for i, v := range b {
		d[i] -= v
	}
	return d
}

// distance of point i from the lowest one.
func (q *interpolant) distance(i int) float64 {
	return length(difference(q.points[i].x, q.points[q.best].x))
}

// solve computes the Lagrange functions of the points about the lowest one, from
//
//	( A  1  S ) (lambda)   (e_t)
//	( 1' 0  0 ) (  c   ) = ( 0 )     A_ij = (s_i's_j)^2 / 2
//	( S' 0  0 ) (  g   )   ( 0 )
//
// with s_i the points in units of the farthest; the second derivative is sum
// lambda_i s_i s_i' (Powell 2004, sec. 2). Powell updates the inverse; here n is
// small and the equations are solved anew. It is false where they are singular.
func (q *interpolant) solve() bool {
	n, m := len(q.g), len(q.points)
	q.scale = 0
	s := make([][]float64, m)
	for i, p := range q.points {
		s[i] = difference(p.x, q.points[q.best].x)
		q.scale = math.Max(q.scale, length(s[i]))
	}
	if !(q.scale > 0) {
		return false
	}
	a := mat.NewDense(m+n+1, m+n+1, nil)
	for i := range m {
		for j := range s[i] {
			s[i][j] /= q.scale
			a.Set(i, m+1+j, s[i][j])
			a.Set(m+1+j, i, s[i][j])
		}
		a.Set(i, m, 1)
		a.Set(m, i, 1)
		for j := range i + 1 {
			p := product(s[i], s[j])
			a.Set(i, j, p*p/2)
			a.Set(j, i, p*p/2)
		}
	}
	var lu mat.LU
	lu.Factorize(a)
	if !(lu.Cond() < far) {
		return false
	}
	right := mat.NewDense(m+n+1, m, nil)
	for i := range m {
		right.Set(i, i, 1)
	}
	var x mat.Dense
	if lu.SolveTo(&x, false, right) != nil {
		return false
	}
	q.lagrange = x.RawMatrix().Data
	return true
}

func product(a, b []float64) float64 {
	var s float64
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

// functions returns the values of all Lagrange functions at the lowest point plus
// d.
func (q *interpolant) functions(d []float64) []float64 {
	m := len(q.points)
	out := make([]float64, m)
	add := func(row int, v float64) {
		for t, l := range q.lagrange[row*m : row*m+m] {
			out[t] += v * l
		}
	}
	for i, p := range q.points {
		v := product(difference(p.x, q.points[q.best].x), d) / (q.scale * q.scale)
		add(i, v*v/2)
	}
	add(m, 1)
	for j, v := range d {
		add(m+1+j, v/q.scale)
	}
	return out
}

// combine adds to l the sum of the Lagrange functions with the given weights,
// their values at the lowest point left out.
func (q *interpolant) combine(l *quadratic, weights []float64) {
	n, m := len(q.g), len(q.points)
	for i, p := range q.points {
		lambda := product(q.lagrange[i*m:i*m+m], weights) / (q.scale * q.scale * q.scale * q.scale)
		s := difference(p.x, q.points[q.best].x)
		for r, v := range s {
			for j, w := range s {
				l.h[r*n+j] += lambda * v * w
			}
		}
	}
	for j := range l.g {
		l.g[j] += product(q.lagrange[(m+1+j)*m:(m+2+j)*m], weights) / q.scale
	}
}

// function returns the Lagrange function of point t, as combine does.
func (q *interpolant) function(t int) quadratic {
	n := len(q.g)
	l := quadratic{make([]float64, n), make([]float64, n*n)}
	weights := make([]float64, len(q.points))
	weights[t] = 1
	q.combine(&l, weights)
	return l
}

// fit changes the model so that it agrees with the criterion at all points. It
// is false where the points do not allow it.
func (q *interpolant) fit() bool {
	if !q.solve() {
		return false
	}
	base, miss := q.points[q.best].f, make([]float64, len(q.points))
	for t, p := range q.points {
		miss[t] = p.f - base - q.at(difference(p.x, q.points[q.best].x))
	}
	q.combine(&q.quadratic, miss)
	return true
}
