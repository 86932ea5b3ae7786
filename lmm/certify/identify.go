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

// Identify decomposes the scaled Gram matrix of the variance parameters. An
// eigenvalue below IdentifiedAbove is a direction that the data cannot see.
func Identify(g *criterion.Gram) *Identifiability {
	n := len(g.Scale)
	root := make([]float64, n)
	for i, v := range g.Scale {
		root[i] = 1
		if v > 0 {
			root[i] = math.Sqrt(v)
		}
	}
	s := mat.NewSymDense(n, nil)
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			s.SetSym(i, j, g.Inner[i*n+j]/(root[i]*root[j]))
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
		x := make([]float64, n)
		for i := range x {
			x[i] = vec.At(i, j) / root[i]
		}
		id.Null = append(id.Null, x)
	}
	return id
}
