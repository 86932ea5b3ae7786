package suffstat

import (
	"math"

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

// New returns the cross-products of a design, in one pass over its rows after
// those that find the coordinates. Cost: O(n (K + P)^2) time, O(levels K (K +
// P)) memory beside one standardised copy of the columns.
func New(d *design.Design) (*OneFactor, error) {
	n, p := d.X.Rows, d.X.Cols
	if n <= p {
		return nil, &SaturatedError{Rows: n, Rank: p}
	}
	for _, t := range d.Terms[1:] {
		if t.Group != d.Terms[0].Group {
			return nil, &UnsupportedError{"its random effects have two grouping factors, " + d.Terms[0].Group + " and " + t.Group +
				". Models with one grouping factor can be fitted"}
		}
	}
	s := &OneFactor{Levels: len(d.Terms[0].Levels)}
	s.N, s.P = n, p

	var rootW []float64
	if d.Weights != nil {
		rootW = make([]float64, n)
		for i, w := range d.Weights {
			rootW[i] = math.Sqrt(w)
			s.SumLogW += math.Log(w)
		}
	}
	s.R = triangle(&d.X, rootW)
	x := standardise(&d.X, rootW, s.R)
	y, err := s.response(d, x, rootW)
	if err != nil {
		return nil, err
	}
	z, err := s.columns(d, rootW)
	if err != nil {
		return nil, err
	}
	s.accumulate(d.Terms[0].Level, x, y, z)
	return s, nil
}

// response takes the least-squares fit on X~ out of the response and scales
// what is left.
func (s *OneFactor) response(d *design.Design, x, rootW []float64) ([]float64, error) {
	n, p := s.N, s.P
	y := make([]float64, n)
	var size float64
	for i, v := range d.Y {
		if d.Offset != nil {
			v -= d.Offset[i]
		}
		y[i] = v * weight(rootW, i)
		size = math.Max(size, math.Abs(y[i]))
	}
	if size == 0 {
		return nil, &SaturatedError{Rows: n, Rank: p}
	}
	for i := range y {
		y[i] /= size
	}
	s.Beta0 = make([]float64, p)
	step := make([]float64, p)
	for pass := 0; pass < 3; pass++ { // refinement: X~'X~ is n I up to rounding
		clear(step)
		for i, v := range y {
			for j, w := range x[i*p : i*p+p] {
				step[j] += v * w
			}
		}
		for j := range step {
			step[j] /= float64(n)
			s.Beta0[j] += size * step[j]
		}
		for i := range y {
			for j, w := range x[i*p : i*p+p] {
				y[i] -= step[j] * w
			}
		}
	}
	var ss float64
	for _, v := range y {
		ss += v * v
	}
	ms := math.Sqrt(ss / float64(n))
	// Rounding alone leaves a residual of about eps; 16 eps is nothing else.
	if ms < 16*0x1p-52 {
		return nil, &SaturatedError{Rows: n, Rank: p}
	}
	for i := range y {
		y[i] /= ms
	}
	s.YScale = size * ms
	return y, nil
}

// columns returns the standardised columns of all terms, n x K.
func (s *OneFactor) columns(d *design.Design, rootW []float64) ([]float64, error) {
	for i := range d.Terms {
		t := &d.Terms[i]
		shape, err := coneShape(t)
		if err != nil {
			return nil, err
		}
		s.Blocks = append(s.Blocks, cone.Block{K: t.Z.Cols, Shape: shape})
		s.T = append(s.T, termTransform(&t.Z, rootW, shape))
		s.K += t.Z.Cols
	}
	z := make([]float64, s.N*s.K)
	at := 0
	for b := range d.Terms {
		m, t, k := &d.Terms[b].Z, s.T[b], s.Blocks[b].K
		for i := 0; i < s.N; i++ {
			out, row, w := z[i*s.K+at:i*s.K+at+k], m.Row(i), weight(rootW, i)
			for j := range out {
				var v float64
				for l := 0; l <= j; l++ {
					v += row[l] * t[l*k+j]
				}
				out[j] = w * v
			}
		}
		at += k
	}
	return z, nil
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

// ZScale is the root of the mean over levels of Z_j'Z_j per standardised
// column: sqrt(n / levels). A Lambda well below its inverse adds less to a
// level than one row of noise.
func (s *OneFactor) ZScale() float64 {
	return math.Sqrt(float64(s.N) / float64(s.Levels))
}
