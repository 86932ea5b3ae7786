package suffstat

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
)

// standard is a design in internal coordinates, row by row, but for its
// response: Beta0 and YScale are not set.
type standard struct {
	Coords
	design *design.Design
	blocks []cone.Block // a term
	rootW  []float64    // n, nil for all 1
	x      []float64    // n x p
	plain  []float64    // n x p: x without the weights
}

// newStandard finds the coordinates of the columns of a design.
func newStandard(d *design.Design) (*standard, error) {
	n, p := d.X.Rows, d.X.Cols
	if n <= p {
		return nil, &SaturatedError{Rows: n, Rank: p}
	}
	s := &standard{design: d}
	s.N, s.P = n, p
	if d.Weights != nil {
		s.rootW = make([]float64, n)
		for i, w := range d.Weights {
			s.rootW[i] = math.Sqrt(w)
			s.SumLogW += math.Log(w)
		}
	}
	s.R = triangle(&d.X, s.rootW)
	s.x = standardise(&d.X, s.rootW, s.R)
	s.plain = s.x
	if s.rootW != nil {
		s.plain = standardise(&d.X, nil, s.R)
	}
	for i := range d.Terms {
		t := &d.Terms[i]
		b := coneBlock(t)
		s.blocks = append(s.blocks, b)
		s.T = append(s.T, termTransform(&t.Z, s.rootW, b.Shape))
	}
	return s, nil
}

// response takes the least-squares fit on X~ out of a response and scales what
// is left. The fit is taken out before the rows are weighted: a large mean
// would leave its rounding in every product with sqrt(w). It returns the
// coordinates of the design with this response.
func (s *standard) response(raw []float64) (y []float64, c Coords, err error) {
	d, n, p := s.design, s.N, s.P
	c = s.Coords
	y = make([]float64, n)
	var size float64
	for i, v := range raw {
		if d.Offset != nil {
			v -= d.Offset[i]
		}
		y[i] = v
		size = math.Max(size, math.Abs(y[i]))
	}
	if size == 0 {
		return nil, c, &SaturatedError{Rows: n, Rank: p}
	}
	_, e := math.Frexp(size)
	size = math.Ldexp(1, e) // a power of two: no digit is lost
	if math.IsInf(size, 1) {
		size = 0x1p1023
	}
	var top float64
	for i := range y {
		y[i] /= size
		top = math.Max(top, math.Abs(y[i])*weight(s.rootW, i))
	}
	c.Beta0 = make([]float64, p)
	step := make([]float64, p)
	for pass := 0; pass < 3; pass++ { // refinement: X~'X~ is n I up to rounding
		clear(step)
		for i, v := range y {
			v *= weight(s.rootW, i)
			for j, w := range s.x[i*p : i*p+p] {
				step[j] += v * w
			}
		}
		for j := range step {
			step[j] /= float64(n)
			c.Beta0[j] += size * step[j]
		}
		for i := range y {
			for j, w := range s.plain[i*p : i*p+p] {
				y[i] -= step[j] * w
			}
		}
	}
	var ss float64
	for i := range y {
		y[i] *= weight(s.rootW, i)
		ss += y[i] * y[i]
	}
	ms := math.Sqrt(ss / float64(n))
	// Rounding alone leaves a residual of about eps; 16 eps is nothing else.
	if ms < 16*0x1p-52*top {
		return nil, c, &SaturatedError{Rows: n, Rank: p}
	}
	for i := range y {
		y[i] /= ms
	}
	c.YScale = size * ms
	return y, c, nil
}

// columns returns the standardised columns of the given terms side by side,
// n x K.
func (s *standard) columns(terms []int) []float64 {
	width := 0
	for _, b := range terms {
		width += s.blocks[b].K
	}
	z := make([]float64, s.N*width)
	at := 0
	for _, b := range terms {
		m, t, k := &s.design.Terms[b].Z, s.T[b], s.blocks[b].K
		for i := 0; i < s.N; i++ {
			out, row, w := z[i*width+at:i*width+at+k], m.Row(i), weight(s.rootW, i)
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
	return z
}
