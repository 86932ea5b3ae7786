package certify

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/criterion"
)

// Identifiability says whether the design can tell the variance parameters
// apart, whatever the response.
type Identifiability struct {
	// Least is the smallest eigenvalue of the Gram matrix scaled by its
	// unprojected diagonal.
	Least float64
	// Null holds the directions that leave the distribution of the data
	// unchanged: changes of the entries at Gram.Pairs, then of sigma^2.
	Null [][]float64
}

// Identify decomposes the scaled Gram matrix of the variance parameters along
// the directions in which they can move (cone.Span), and sigma^2. An eigenvalue
// below IdentifiedAbove is a direction that the data cannot see.
func Identify(g *criterion.Gram, span [][]float64) *Identifiability {
	m, n := len(g.Pairs), len(span)+1
	dirs := make([][]float64, n) // with the entry of sigma^2 last
	for i, x := range span {
		dirs[i] = append(append([]float64(nil), x...), 0)
	}
	dirs[n-1] = make([]float64, m+1)
	dirs[n-1][m] = 1
	for _, x := range dirs { // to length 1 before the projection
		var size float64
		for a, v := range x {
			size += v * v * g.Scale[a]
		}
		if size > 0 {
			for a := range x {
				x[a] /= math.Sqrt(size)
			}
		}
	}
	s := mat.NewSymDense(n, nil)
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			s.SetSym(i, j, bilinear(dirs[i], g.Inner, dirs[j]))
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(s, true) {
		return &Identifiability{Least: math.NaN()}
	}
	values := eig.Values(nil)
	var vec mat.Dense
	eig.VectorsTo(&vec)
	id := &Identifiability{Least: values[0]}
	for j, v := range values {
		if v >= IdentifiedAbove {
			break
		}
		x := make([]float64, m+1)
		for i, d := range dirs {
			for a, w := range d {
				x[a] += vec.At(i, j) * w
			}
		}
		id.Null = append(id.Null, x)
	}
	return id
}

// bilinear is x'Ay for a row-major square matrix.
func bilinear(x, a, y []float64) float64 {
	n := len(y)
	var s float64
	for i, v := range x {
		if v == 0 {
			continue
		}
		for j, w := range y {
			s += v * a[i*n+j] * w
		}
	}
	return s
}
