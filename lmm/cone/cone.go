// Package cone is the parameter space of the variance components: one
// positive semidefinite matrix for each random-effects term, and, where the
// residuals have a structure, real parameters of it.
//
// # Notation
//
//	Psi_b     relative covariance matrix of block b, k x k, Psi = Lambda Lambda'
//	Lambda_b  a factor of it, k x k; any factor will do
//	L_a       a direction in which Lambda may move, k x k
//	D_a       the direction in which Psi moves with it, L_a Lambda' + Lambda L_a'
//	Q_i       a projection; Psi = sum_i s_i^2 Q_i in blocks that have axes
//
// The optimum may lie on the boundary of the cone, where Psi has a null
// space. Coordinates fixed in advance (the lower triangle of Lambda, its
// logarithm) are singular there. So coordinates are chosen anew at every
// point: in the basis of the eigenvectors of Psi, Lambda is diagonal, and the
// lower triangle in that basis is a chart that is regular on the face and
// reaches every direction that leaves it (Absil, Mahony and Sepulchre 2008,
// ch. 3, for the idea of a local chart).
//
// Independent columns and compound symmetry have axes: projections Q_i, fixed
// in advance, of which Psi is a combination with weights that are not negative.
// A block of reduced rank is a full one of which Lambda has few columns.
// A free block has no Psi: its parameters are the diagonal of Lambda, and what
// is said of tr(G dPsi) holds with the derivative by parameter a as G_aa and
// the change of the parameter as dPsi_aa.
//
// Read cone.go, then spectrum.go, chart.go, ray.go, span.go, nearest.go.
package cone

import "slices"

// Shape is the structure of a block.
type Shape int

const (
	Full        Shape = iota // any positive semidefinite matrix
	Diagonal                 // independent columns
	CompSymm                 // equal variances, equal covariances
	ReducedRank              // any positive semidefinite matrix of rank at most Rank
	Free                     // K real numbers, on the diagonal
)

// Block is one positive semidefinite matrix.
type Block struct {
	K     int
	Shape Shape
	Rank  int // of a ReducedRank block
	// Unit is the size of Lambda below which a column of Z adds less to a level
	// than a row of noise; of a Free block, a step that matters.
	Unit float64
}

// Params is the number of variance parameters of the block.
func (b Block) Params() int {
	switch b.Shape {
	case Diagonal, Free:
		return b.K
	case CompSymm:
		return min(b.K, 2)
	}
	r := b.columns()
	return r*b.K - r*(r-1)/2
}

// columns is the number of columns of Lambda that may differ from zero in the
// eigenbasis; none where there is no such basis.
func (b Block) columns() int {
	switch b.Shape {
	case ReducedRank:
		return min(b.Rank, b.K)
	case Free:
		return 0
	}
	return b.K
}

// onDiagonal says that all parameters of the block stand on the diagonal.
func (b Block) onDiagonal() bool { return b.Shape == Diagonal || b.Shape == Free }

// axes returns the projections of a block that has them, nil for others.
func (b Block) axes() [][]float64 {
	k := b.K
	switch {
	case b.Shape == Diagonal:
		q := make([][]float64, k)
		for i := range q {
			q[i] = make([]float64, k*k)
			q[i][i*k+i] = 1
		}
		return q
	case b.Shape == CompSymm && k == 1:
		return [][]float64{{1}}
	case b.Shape == CompSymm:
		mean, rest := make([]float64, k*k), make([]float64, k*k)
		for r := 0; r < k; r++ {
			for c := 0; c < k; c++ {
				mean[r*k+c] = 1 / float64(k)
				rest[r*k+c] = -1 / float64(k)
			}
			rest[r*k+r]++
		}
		return [][]float64{mean, rest}
	}
	return nil
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

// Identity returns the point with Lambda = scale I in every block; in a block
// of reduced rank, the first columns of it; in a free block 0.
func Identity(blocks []Block, scale float64) Point {
	p := make(Point, len(blocks))
	for i, b := range blocks {
		p[i] = make([]float64, b.K*b.K)
		for j := 0; j < b.columns(); j++ {
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

// Pair is an entry (Row, Col), Row >= Col, of the matrix of a block.
type Pair struct{ Block, Row, Col int }

// Pairs lists the entries of all blocks that are not zero by their shape, block
// by block, row by row of the lower triangle.
func Pairs(blocks []Block) []Pair {
	var ps []Pair
	for b, blk := range blocks {
		for r := 0; r < blk.K; r++ {
			for s := 0; s <= r; s++ {
				if !blk.onDiagonal() || r == s {
					ps = append(ps, Pair{b, r, s})
				}
			}
		}
	}
	return ps
}
