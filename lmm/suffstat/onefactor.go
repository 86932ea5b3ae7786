package suffstat

import (
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
)

// OneFactor holds the cross-products of a model whose random-effects terms
// share one grouping factor. The columns of all terms stand side by side:
// K = sum of k over terms.
type OneFactor struct {
	Coords
	Blocks []cone.Block
	Levels int
	K      int
	C      []float64 // levels x K x K: Z_j'Z_j
	E      []float64 // levels x K x (P+1): Z_j'[X y]
	S      []float64 // (P+1) x (P+1): [X y]'[X y]
}

// New returns the cross-products of a design with one grouping factor; several
// panic. It takes one pass over its rows after
// those that find the coordinates. Cost: O(n (K + P)^2) time, O(levels K (K +
// P)) memory beside one standardised copy of the columns.
func New(d *design.Design) (*OneFactor, error) {
	for _, t := range d.Terms[1:] {
		if t.Group != d.Terms[0].Group {
			panic("suffstat: New takes one grouping factor, NewBlocked takes several")
		}
	}
	std, err := newStandard(d)
	if err != nil {
		return nil, err
	}
	y, coords, err := std.response(d.Y)
	if err != nil {
		return nil, err
	}
	s := &OneFactor{Coords: coords, Blocks: std.blocks, Levels: len(d.Terms[0].Levels)}
	for _, blk := range s.Blocks {
		s.K += blk.K
	}
	s.accumulate(d.Terms[0].Level, std.x, y, std.columns(s.terms()))
	return s, nil
}

// terms lists the terms, whose columns stand side by side in this order.
func (s *OneFactor) terms() []int {
	terms := make([]int, len(s.Blocks))
	for b := range terms {
		terms[b] = b
	}
	return terms
}

func (s *OneFactor) accumulate(level []int32, x, y, z []float64) {
	k, p, m := s.K, s.P, s.P+1
	s.C = make([]float64, s.Levels*k*k)
	s.E = make([]float64, s.Levels*k*m)
	s.S = make([]float64, m*m)
	xy := make([]float64, m)
	for i, j := range level {
		copy(xy, x[i*p:i*p+p])
		xy[p] = y[i]
		zi := z[i*k : i*k+k]
		c, e := s.C[int(j)*k*k:][:k*k], s.E[int(j)*k*m:][:k*m]
		for r, v := range zi {
			cr := c[r*k : r*k+r+1]
			for q := range cr {
				cr[q] += v * zi[q]
			}
			er := e[r*m : r*m+m]
			for q, w := range xy {
				er[q] += v * w
			}
		}
		for r, v := range xy {
			sr := s.S[r*m : r*m+r+1]
			for q := range sr {
				sr[q] += v * xy[q]
			}
		}
	}
	for j := 0; j < s.Levels; j++ {
		mirror(s.C[j*k*k:][:k*k], k)
	}
	mirror(s.S, m)
}

// mirror copies the lower triangle to the upper.
func mirror(a []float64, n int) {
	for r := 0; r < n; r++ {
		for q := 0; q < r; q++ {
			a[q*n+r] = a[r*n+q]
		}
	}
}
