package cone

import (
	"math"

	"github.com/golmm/golmm/lmm/internal/dense"
)

// Direction is one coordinate of a chart: Lambda moves by t L, where
// L = Vec e_Col' has one non-zero column, and Unit is the length of t that
// changes the model noticeably.
type Direction struct {
	Block int
	Vec   []float64 // k
	Col   int
	Unit  float64
	Null  bool // the column is zero at the centre: the direction leaves the face
}

// Chart is a system of coordinates around a point: the directions in which
// the factor may move, chosen in the eigenbasis of Psi.
type Chart struct {
	Blocks []Block
	Centre Point       // Lambda = U S: orthogonal columns of descending length
	Basis  [][]float64 // U, k x k, by columns; the identity for diagonal blocks
	Sds    [][]float64 // S, the square roots of the eigenvalues of Psi
	Dirs   []Direction
}

// NewChart returns the chart at p. Unit is the size of Lambda below which a
// column of Z tells nothing from zero: the standard unit of directions whose
// row is small.
//
// With rank given (one number a block, or nil), the last columns stay zero
// and the chart covers the face of that rank; in a diagonal block the zeros of
// the centre stay zero if its rank is below the number of its columns.
func NewChart(blocks []Block, p Point, unit float64, rank []int) *Chart {
	c := &Chart{
		Blocks: blocks,
		Centre: make(Point, len(blocks)),
		Basis:  make([][]float64, len(blocks)),
		Sds:    make([][]float64, len(blocks)),
	}
	for b, blk := range blocks {
		k := blk.K
		u, s := make([]float64, k*k), make([]float64, k)
		centre := make([]float64, k*k)
		r := k
		if rank != nil {
			r = rank[b]
		}
		if blk.Shape == Diagonal {
			for i := 0; i < k; i++ {
				u[i*k+i] = 1
				s[i] = math.Abs(p[b][i*k+i])
				centre[i*k+i] = s[i]
			}
			for i := 0; i < k; i++ {
				if s[i] == 0 && r < k {
					continue
				}
				c.add(b, column(u, k, i), i, math.Max(s[i], unit), s[i] == 0)
			}
		} else {
			Spectrum(p[b], u, s, k)
			for i := 0; i < k; i++ {
				for j := 0; j < r; j++ {
					centre[i*k+j] = u[i*k+j] * s[j]
				}
			}
			clear(s[r:])
			for j := 0; j < r; j++ {
				for i := j; i < k; i++ {
					c.add(b, column(u, k, i), j, math.Max(s[i], unit), s[j] == 0)
				}
			}
		}
		c.Centre[b], c.Basis[b], c.Sds[b] = centre, u, s
	}
	return c
}

// Spectrum sets u to the eigenvectors of Lambda Lambda', by columns, and s to
// the square roots of its eigenvalues, in descending order. A value below
// 1e-14 of the largest is what rounding leaves of 0, and is set to it.
func Spectrum(lambda, u, s []float64, k int) {
	dense.LeftSVD(append([]float64(nil), lambda...), u, s, k)
	for j, v := range s {
		if v <= 1e-14*s[0] {
			s[j] = 0
		}
	}
}

// Rank is the number of eigenvalues of Lambda Lambda' that are not zero.
func Rank(lambda []float64, k int) int {
	u, s := make([]float64, k*k), make([]float64, k)
	Spectrum(lambda, u, s, k)
	for j, v := range s {
		if v == 0 {
			return j
		}
	}
	return k
}

func (c *Chart) add(block int, vec []float64, col int, unit float64, null bool) {
	c.Dirs = append(c.Dirs, Direction{Block: block, Vec: vec, Col: col, Unit: unit, Null: null})
}

func column(u []float64, k, j int) []float64 {
	v := make([]float64, k)
	for i := range v {
		v[i] = u[i*k+j]
	}
	return v
}

// Move returns the point at t, in units: Lambda + sum_a t_a Unit_a L_a.
func (c *Chart) Move(t []float64) Point {
	p := c.Centre.Clone()
	for a, d := range c.Dirs {
		k := c.Blocks[d.Block].K
		for i, v := range d.Vec {
			p[d.Block][i*k+d.Col] += t[a] * d.Unit * v
		}
	}
	return p
}

// Gradient sets g_a to df/dt_a = 2 Unit_a tr(G L_a Lambda'), where G, k x k a
// block, is the derivative of f with respect to Psi.
func (c *Chart) Gradient(g []float64, grad [][]float64) {
	for a, d := range c.Dirs {
		k := c.Blocks[d.Block].K
		var s float64
		for i, v := range d.Vec {
			for j := 0; j < k; j++ {
				s += v * grad[d.Block][i*k+j] * c.Centre[d.Block][j*k+d.Col]
			}
		}
		g[a] = 2 * d.Unit * s
	}
}

// Vech sets x to the direction D_a in Unit_a: for each pair r >= s of rows of
// block d.Block (the pairs r = s alone in a diagonal block) the entry D_rs, at
// the position of that pair in the list Pairs.
func (c *Chart) Vech(x []float64, a int) {
	clear(x)
	d := c.Dirs[a]
	at := 0
	for b := 0; b < d.Block; b++ {
		at += c.Blocks[b].Params()
	}
	k := c.Blocks[d.Block].K
	lambda := c.Centre[d.Block]
	for r := 0; r < k; r++ {
		for s := 0; s <= r; s++ {
			if c.Blocks[d.Block].Shape == Diagonal && s != r {
				continue
			}
			x[at] = d.Unit * (d.Vec[r]*lambda[s*k+d.Col] + lambda[r*k+d.Col]*d.Vec[s])
			at++
		}
	}
}

// Second returns tr(G d2Psi) for the directions a and b in their units,
// d2Psi = L_a L_b' + L_b L_a'.
func (c *Chart) Second(a, b int, grad [][]float64) float64 {
	da, db := c.Dirs[a], c.Dirs[b]
	if da.Block != db.Block || da.Col != db.Col {
		return 0
	}
	k := c.Blocks[da.Block].K
	var s float64
	for i, v := range da.Vec {
		for j, w := range db.Vec {
			s += v * grad[da.Block][i*k+j] * w
		}
	}
	return 2 * da.Unit * db.Unit * s
}

// Pair is an entry (Row, Col), Row >= Col, of the matrix of a block.
type Pair struct{ Block, Row, Col int }

// Pairs lists the free entries of all blocks, block by block, row by row of
// the lower triangle.
func Pairs(blocks []Block) []Pair {
	var ps []Pair
	for b, blk := range blocks {
		for r := 0; r < blk.K; r++ {
			for s := 0; s <= r; s++ {
				if blk.Shape == Full || r == s {
					ps = append(ps, Pair{b, r, s})
				}
			}
		}
	}
	return ps
}
