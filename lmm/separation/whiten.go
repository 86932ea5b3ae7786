package separation

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// A direction in which every row changes by less than this share of the largest
// singular value is none: rows are in coordinates in which those of X have the
// identity for their cross-product, so that 1 is the natural size of all.
const rankShare = 1e-9

// basis is a set of directions, by columns: p x r.
type basis struct {
	p, r int
	data []float64
}

func identity(p int) basis {
	b := basis{p, p, make([]float64, p*p)}
	for j := range p {
		b.data[j*p+j] = 1
	}
	return b
}

// apply is the vector of the coordinates y.
func (b basis) apply(y []float64) []float64 {
	out := make([]float64, b.p)
	for i := range out {
		for j, v := range y {
			out[i] += b.data[i*b.r+j] * v
		}
	}
	return out
}

// pull sets y to the products of v with the directions.
func (b basis) pull(y, v []float64) {
	clear(y)
	for i, vi := range v {
		for j := range y {
			y[j] += b.data[i*b.r+j] * vi
		}
	}
}

// coordinates are those of the part of v that is in the span of an orthonormal basis.
func (b basis) coordinates(v []float64) []float64 {
	y := make([]float64, b.r)
	b.pull(y, v)
	return y
}

// times is the basis whose columns are those of c in the coordinates of b.
func (b basis) times(c basis) basis {
	out := basis{b.p, c.r, make([]float64, b.p*c.r)}
	if b.r > 0 && c.r > 0 {
		dense.Mul(out.data, b.data, c.data, b.p, b.r, c.r)
	}
	return out
}

// split separates the directions along which rows vary, scaled so that their
// root mean square is 1, from those that leave all rows at 0.
func split(p int, rows func(add func([]float64))) (range_, null basis) {
	if p == 0 {
		return basis{}, basis{}
	}
	tall, n := dense.NewTallR(p), 0
	rows(func(v []float64) { tall.Add(v); n++ })
	if n == 0 {
		return basis{p: p}, identity(p)
	}
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(p, p, tall.R()), mat.SVDFullV) {
		return basis{p: p}, identity(p)
	}
	var v mat.Dense
	svd.VTo(&v)
	s := svd.Values(nil)
	r := 0
	for r < p && s[r] > rankShare*math.Max(s[0], 1) {
		r++
	}
	range_, null = basis{p, r, make([]float64, p*r)}, basis{p, p - r, make([]float64, p*(p-r))}
	for i := range p {
		for j := range p {
			if j < r {
				range_.data[i*r+j] = v.At(i, j) / s[j] * math.Sqrt(float64(n))
			} else {
				null.data[i*(p-r)+j-r] = v.At(i, j)
			}
		}
	}
	return range_, null
}

// frame is a matrix in coordinates in which its columns are orthonormal but for
// the factor n: rows of X are rows of whitened times r, in units of the columns
// that are powers of 2 near their largest value.
type frame struct {
	n, p     int
	unit     []int     // p: column j is in units of 2^unit_j
	whitened []float64 // n x p
	r        []float64 // p x p, upper triangular
}

// newFrame takes n rows of p columns.
func newFrame(x []float64, n, p int) *frame {
	f := &frame{n: n, p: p, unit: make([]int, p), whitened: make([]float64, n*p)}
	if p == 0 {
		return f
	}
	for j := range p {
		var most float64
		for i := range n {
			most = math.Max(most, math.Abs(x[i*p+j]))
		}
		_, f.unit[j] = math.Frexp(most)
	}
	tall := dense.NewTallR(p)
	for i := range n {
		q := f.row(i)
		for j, e := range f.unit {
			q[j] = math.Ldexp(x[i*p+j], -e)
		}
		tall.Add(q)
	}
	f.r = tall.R()
	root := math.Sqrt(float64(n))
	for j := range f.r {
		f.r[j] /= root
	}
	for i := range n {
		q := f.row(i)
		for j := range p { // q r = x
			for l := range j {
				q[j] -= q[l] * f.r[l*p+j]
			}
			q[j] /= f.r[j*p+j]
		}
	}
	return f
}

func (f *frame) row(i int) []float64 { return f.whitened[i*f.p : i*f.p+f.p] }

// back is the direction of the columns of X: r^-1 z, in their own units.
func (f *frame) back(z []float64) []float64 {
	d := append([]float64(nil), z...)
	for j := f.p - 1; j >= 0; j-- {
		for l := j + 1; l < f.p; l++ {
			d[j] -= f.r[j*f.p+l] * d[l]
		}
		d[j] /= f.r[j*f.p+j]
	}
	for j, e := range f.unit {
		d[j] = math.Ldexp(d[j], -e)
	}
	return d
}

func dot(a, b []float64) float64 {
	var s float64
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func norm(a []float64) float64 { return math.Sqrt(dot(a, a)) }
