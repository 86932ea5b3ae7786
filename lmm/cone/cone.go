// Package cone is the parameter space of the variance components: one
// positive semidefinite matrix for each random-effects term.
//
// # Notation
//
//	Psi_b     relative covariance matrix of block b, k x k, Psi = Lambda Lambda'
//	Lambda_b  a factor of it, k x k; any factor will do
//	L_a       a direction in which Lambda may move, k x k
//	D_a       the direction in which Psi moves with it, L_a Lambda' + Lambda L_a'
//
// The optimum may lie on the boundary of the cone, where Psi has a null
// space. Coordinates fixed in advance (the lower triangle of Lambda, its
// logarithm) are singular there. So coordinates are chosen anew at every
// point: in the basis of the eigenvectors of Psi, Lambda is diagonal, and the
// lower triangle in that basis is a chart that is regular on the face and
// reaches every direction that leaves it (Absil, Mahony and Sepulchre 2008,
// ch. 3, for the idea of a local chart).
//
// Read block.go, then chart.go.
package cone

import "slices"

// Shape is the structure of a block.
type Shape int

const (
	Full     Shape = iota // any positive semidefinite matrix
	Diagonal              // independent columns
)

// Block is one positive semidefinite matrix.
type Block struct {
	K     int
	Shape Shape
}

// Params is the number of variance parameters of the block.
func (b Block) Params() int {
	if b.Shape == Diagonal {
		return b.K
	}
	return b.K * (b.K + 1) / 2
}

// Point holds one k x k factor Lambda for each block, row-major.
type Point [][]float64

// Clone returns a deep copy.
func (p Point) Clone() Point {
	q := make(Point, len(p))
	for i, l := range p {
		q[i] = slices.Clone(l)
	}
	return q
}

// Identity returns the point with Lambda = scale I in every block.
func Identity(blocks []Block, scale float64) Point {
	p := make(Point, len(blocks))
	for i, b := range blocks {
		p[i] = make([]float64, b.K*b.K)
		for j := 0; j < b.K; j++ {
			p[i][j*b.K+j] = scale
		}
	}
	return p
}

// Cov sets psi to Lambda Lambda'.
func Cov(psi, lambda []float64, k int) {
	for r := 0; r < k; r++ {
		for c := 0; c <= r; c++ {
			var s float64
			for i := 0; i < k; i++ {
				s += lambda[r*k+i] * lambda[c*k+i]
			}
			psi[r*k+c], psi[c*k+r] = s, s
		}
	}
}
