package infer

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// productCone is a product of cones of positive semidefinite matrices in the
// metric J. It keeps workspace.
type productCone struct {
	sizes []int
	j     []float64 // n x n
	step  float64   // 1 / the largest eigenvalue of J in units of the diagonal
	unit  []float64

	x, y, next, moved []float64 // n
	m, v              []float64 // of the largest matrix
}

// newProductCone finds the units and the step length.
func newProductCone(sizes []int, metric *mat.SymDense) *productCone {
	n, _ := metric.Dims()
	top := slices.Max(sizes)
	c := &productCone{sizes: sizes, j: make([]float64, n*n), unit: make([]float64, n),
		x: make([]float64, n), y: make([]float64, n), next: make([]float64, n), moved: make([]float64, n),
		m: make([]float64, top*top), v: make([]float64, top*top)}
	for i := range n {
		for k := range n {
			c.j[i*n+k] = metric.At(i, k)
		}
	}
	// One unit a cone: a cone of matrices is not one in other units entry by
	// entry.
	at := 0
	for _, s := range sizes {
		m := s * (s + 1) / 2
		var top float64
		for i := at; i < at+m; i++ {
			top = math.Max(top, c.j[i*n+i])
		}
		for r := range s {
			for k := range r + 1 {
				// An entry off the diagonal counts twice in the length of a matrix.
				c.unit[at] = 1 / math.Sqrt(top)
				if r != k {
					c.unit[at] /= math.Sqrt2
				}
				at++
			}
		}
	}
	scaled := mat.NewSymDense(n, nil)
	for i := range n {
		for k := i; k < n; k++ {
			scaled.SetSym(i, k, c.j[i*n+k]*c.unit[i]*c.unit[k])
		}
	}
	var eig mat.EigenSym
	eig.Factorize(scaled, false)
	c.step = 1 / slices.Max(eig.Values(nil))
	return c
}

// project returns the point of the cone that is nearest to z, by accelerated
// projected gradients (Nesterov 1983), good to 1e-5 of a unit: the squared
// length that is drawn then to some 1e-5 as well. The result is overwritten by
// the next call.
func (c *productCone) project(z []float64) []float64 {
	n := len(z)
	clear(c.x)
	clear(c.y)
	for it := 1; it <= 200; it++ {
		for i, v := range z {
			c.moved[i] = c.y[i] - v
		}
		for i := range c.next {
			var g float64
			for k, w := range c.j[i*n : i*n+n] {
				g += w * c.moved[k]
			}
			c.next[i] = (c.y[i] - c.step*c.unit[i]*c.unit[i]*g) / c.unit[i]
		}
		c.clip(c.next)
		far, ahead := 0.0, float64(it-1)/float64(it+2)
		for i, v := range c.next {
			v *= c.unit[i]
			d := v - c.x[i]
			far = math.Max(far, math.Abs(d/c.unit[i]))
			c.x[i], c.y[i] = v, v+ahead*d
		}
		if far < 1e-5 {
			break
		}
	}
	return c.x
}

// clip projects on the cones in the Euclidean metric of the matrices.
func (c *productCone) clip(x []float64) {
	at := 0
	for _, s := range c.sizes {
		if s == 1 {
			x[at] = math.Max(0, x[at])
			at++
			continue
		}
		i := at
		for r := range s {
			for k := range r + 1 {
				w := x[i]
				if r != k {
					w /= math.Sqrt2
				}
				c.m[r*s+k], c.m[k*s+r] = w, w
				i++
			}
		}
		jacobi(c.m, c.v, s)
		for r := range s {
			for k := range r + 1 {
				var sum float64
				for l := range s {
					sum += math.Max(0, c.m[l*s+l]) * c.v[r*s+l] * c.v[k*s+l]
				}
				x[at] = sum
				if r != k {
					x[at] *= math.Sqrt2
				}
				at++
			}
		}
	}
}

// square is x'Jx.
func (c *productCone) square(x []float64) float64 {
	var s float64
	for i, v := range x {
		for k, w := range x {
			s += v * c.j[i*len(x)+k] * w
		}
	}
	return s
}

// jacobi leaves the eigenvalues of the symmetric s x s matrix m on its diagonal,
// in no order, and the eigenvectors in the columns of v, by cyclic Jacobi
// rotations (Golub and Van Loan 2013, sec. 8.5). For matrices of a few rows it
// costs a fraction of a tridiagonal method.
func jacobi(m, v []float64, s int) {
	var size float64
	for r := range s {
		for k := range s {
			v[r*s+k] = 0
			size += m[r*s+k] * m[r*s+k]
		}
		v[r*s+r] = 1
	}
	for range 30 {
		var off float64
		for p := range s {
			for q := range p {
				off += m[p*s+q] * m[p*s+q]
			}
		}
		if off <= 1e-26*size {
			return
		}
		for p := range s {
			for q := p + 1; q < s; q++ {
				rotate(m, v, s, p, q)
			}
		}
	}
}

// rotate makes entry p, q of m zero.
func rotate(m, v []float64, s, p, q int) {
	a := m[p*s+q]
	if a == 0 {
		return
	}
	tau := (m[q*s+q] - m[p*s+p]) / (2 * a)
	t := math.Copysign(1/(math.Abs(tau)+math.Sqrt(1+tau*tau)), tau)
	cos := 1 / math.Sqrt(1+t*t)
	sin := t * cos
	for k := range s {
		x, y := m[p*s+k], m[q*s+k]
		m[p*s+k], m[q*s+k] = cos*x-sin*y, sin*x+cos*y
	}
	for k := range s {
		x, y := m[k*s+p], m[k*s+q]
		m[k*s+p], m[k*s+q] = cos*x-sin*y, sin*x+cos*y
		x, y = v[k*s+p], v[k*s+q]
		v[k*s+p], v[k*s+q] = cos*x-sin*y, sin*x+cos*y
	}
}
