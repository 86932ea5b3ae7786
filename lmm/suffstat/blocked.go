package suffstat

import (
	"fmt"
	"slices"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
)

// Blocked holds the cross-products of a model with any number of grouping
// factors, [Z X y]'[Z X y], as blocks for pairs of levels that share rows.
//
// The columns of Z stand in the order of elimination. The factors of the chain,
// each nested in the later ones, come first and are stored sparsely, a row of
// blocks for each level. The columns of all other factors, X and y are the
// remainder, a dense matrix.
type Blocked struct {
	Coords
	Blocks  []cone.Block // a term, in the order of the design
	Factors []Factor     // in the order of elimination
	Chain   []Link       // of Factors[:len(Chain)]
	// Offset is the first column in the remainder of each factor that is not
	// in the chain, counted from the end of the chain; Q is the number of
	// their columns.
	Offset []int
	Q      int
	// Remainder is M x M, M = Q+P+1: the cross-products of the columns of the
	// remaining factors, X and y. Only the upper triangle and the blocks of
	// levels on the diagonal are set.
	Remainder []float64
}

// Link is a factor of the chain, K columns a level. Level s meets one level of
// each later factor of the chain and some levels of the remaining factors.
type Link struct {
	Up [][]int32 // for each later link: the level of it that holds level s
	// Cols[Start[s]:Start[s+1]] are the columns of the remainder, before X,
	// that level s meets, ascending.
	Start []int
	Cols  []int32
	// Pos, for each later link, is where the entries of Cols stand in the list
	// of the level that holds s.
	Pos   [][]int32
	K     int
	Above int       // columns of all later links that a level meets
	Fixed int       // P + 1
	Diag  []float64 // levels x K x K
	// Rows holds the blocks right of the diagonal, for each level a K x W
	// matrix: the columns of later links, of Cols, X and y.
	Rows []float64
}

// Span returns where the row of level s stands in Rows, and its width W.
func (l *Link) Span(s int) (from, width int) {
	fixed := l.Above + l.Fixed
	return l.K * (l.Start[s] + s*fixed), l.Start[s+1] - l.Start[s] + fixed
}

// Meets returns the columns of the remainder that level s meets.
func (l *Link) Meets(s int) []int32 { return l.Cols[l.Start[s]:l.Start[s+1]] }

// maxRemainder bounds the dense part: its square is 1.8 GB.
const maxRemainder = 15000

// NewBlocked returns the cross-products of a design. Cost: O(n (sum of K + P)^2)
// time beside the passes that find the coordinates; memory for the blocks of
// pairs of levels that share rows and for the remainder.
//
// Errors: *SaturatedError; *UnsupportedError for a covariance structure that
// has no cone, and where the factors outside the chain have more than 15000
// columns.
func NewBlocked(d *design.Design) (*Blocked, error) {
	fs, links := order(factorsOf(d))
	s := &Blocked{Factors: fs}
	for _, f := range fs[links:] {
		s.Offset = append(s.Offset, s.Q)
		s.Q += f.Levels * f.K
	}
	if s.Q > maxRemainder {
		return nil, &UnsupportedError{fmt.Sprintf("the random effects that are crossed with %s have %d coefficients, and up to %d can be held. "+
			"Drop a term, or group by a coarser factor", fs[0].Group, s.Q, maxRemainder)}
	}
	std, err := newStandard(d)
	if err != nil {
		return nil, err
	}
	y, coords, err := std.response(d.Y)
	if err != nil {
		return nil, err
	}
	s.Coords, s.Blocks = coords, std.blocks
	z := make([][]float64, len(fs))
	for i, f := range fs {
		z[i] = std.columns(f.Terms)
	}
	s.Chain = make([]Link, links)
	for a := range s.Chain {
		s.structure(a)
	}
	for a := range s.Chain {
		s.positions(a)
		s.accumulate(a, z, std.x, y)
	}
	s.remainder(z, std.x, y)
	return s, nil
}

// Cross visits every block Z_fs'Z_gl of a level s of factor f and a level l of
// factor g that may not be zero, once, f not after g and the diagonal included.
// The block is K_f x K_g, its rows stride apart.
func (s *Blocked) Cross(visit func(f, s, g, l int, block []float64, stride int)) {
	for a := range s.Chain {
		ln := &s.Chain[a]
		k := ln.K
		for j := 0; j < s.Factors[a].Levels; j++ {
			visit(a, j, a, j, ln.Diag[j*k*k:], k)
			from, w := ln.Span(j)
			row, at := ln.Rows[from:], 0
			for b, up := range ln.Up {
				visit(a, j, a+1+b, int(up[j]), row[at:], w)
				at += s.Factors[a+1+b].K
			}
			cols := ln.Meets(j)
			for i := 0; i < len(cols); {
				g, l := s.unit(int(cols[i]))
				visit(a, j, g, l, row[at+i:], w)
				i += s.Factors[g].K
			}
		}
	}
	m := s.Q + s.P + 1
	for i := 0; i < s.Q; {
		f, j := s.unit(i)
		k := s.Factors[f].K
		visit(f, j, f, j, s.Remainder[i*m+i:], m)
		for at := i + k; at < s.Q; {
			g, l := s.unit(at)
			if block := s.Remainder[i*m+at:]; g != f && !zero(block, m, k, s.Factors[g].K) {
				visit(f, j, g, l, block, m)
			}
			at += s.Factors[g].K
		}
		i += k
	}
}

// Fixed returns the block Z_fs'[X y], K_f x (P+1), its rows stride apart.
func (s *Blocked) Fixed(f, level int) (block []float64, stride int) {
	if f < len(s.Chain) {
		ln := &s.Chain[f]
		from, w := ln.Span(level)
		return ln.Rows[from+w-ln.Fixed:], w
	}
	m := s.Q + s.P + 1
	return s.Remainder[(s.Offset[f-len(s.Chain)]+level*s.Factors[f].K)*m+s.Q:], m
}

// unit returns the factor and the level of a column of the remainder.
func (s *Blocked) unit(col int) (factor, level int) {
	i := len(s.Offset) - 1
	for s.Offset[i] > col {
		i--
	}
	factor = len(s.Chain) + i
	return factor, (col - s.Offset[i]) / s.Factors[factor].K
}

func zero(block []float64, stride, rows, cols int) bool {
	for r := 0; r < rows; r++ {
		if slices.ContainsFunc(block[r*stride:r*stride+cols], func(v float64) bool { return v != 0 }) {
			return false
		}
	}
	return true
}
