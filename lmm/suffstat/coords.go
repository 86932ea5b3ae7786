package suffstat

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Coords are the internal coordinates of a design and the way back.
type Coords struct {
	N, P    int
	R       []float64   // p x p upper triangular, X = X~ R
	Beta0   []float64   // p, in the coordinates of X~
	YScale  float64     // s
	T       [][]float64 // a term: k x k upper triangular, Z~ = Z T
	SumLogW float64     // sum of log w
}

// LogDetR is log |det R|: log |X'V^-1 X| exceeds its internal value by twice
// this.
func (c *Coords) LogDetR() float64 {
	var s float64
	for i := 0; i < c.P; i++ {
		s += math.Log(c.R[i*c.P+i])
	}
	return s
}

// Beta returns the fixed effects in the user's terms from b = beta~ / s.
func (c *Coords) Beta(b []float64) []float64 {
	beta := make([]float64, c.P)
	for i := range beta {
		beta[i] = c.Beta0[i] + c.YScale*b[i]
	}
	c.solveR(beta, 1)
	return beta
}

// BetaCov returns R^-1 v R^-T for the p x p matrix v.
func (c *Coords) BetaCov(v []float64) []float64 {
	p := c.P
	out := append([]float64(nil), v...)
	c.solveR(out, p)
	for i := 0; i < p; i++ {
		for j := 0; j < i; j++ {
			out[i*p+j], out[j*p+i] = out[j*p+i], out[i*p+j]
		}
	}
	c.solveR(out, p)
	for i := 0; i < p; i++ {
		for j := 0; j < i; j++ {
			m := (out[i*p+j] + out[j*p+i]) / 2
			out[i*p+j], out[j*p+i] = m, m
		}
	}
	return out
}

// solveR overwrites the p x m matrix b with R^-1 b.
func (c *Coords) solveR(b []float64, m int) {
	p := c.P
	for i := p - 1; i >= 0; i-- {
		for l := 0; l < m; l++ {
			s := b[i*m+l]
			for j := i + 1; j < p; j++ {
				s -= c.R[i*p+j] * b[j*m+l]
			}
			b[i*m+l] = s / c.R[i*p+i]
		}
	}
}

// triangle returns the upper triangular R of the rows sqrt(w_i) m_i, scaled so
// that R'R is their mean cross-product. Columns are scaled by their largest
// entry first: no square overflows.
func triangle(m *design.Matrix, rootW []float64) []float64 {
	k, n := m.Cols, m.Rows
	size := make([]float64, k)
	for i := 0; i < n; i++ {
		for j, v := range m.Row(i) {
			size[j] = math.Max(size[j], math.Abs(v))
		}
	}
	inv := make([]float64, k)
	for j, v := range size {
		if v > 0 {
			_, e := math.Frexp(v)
			size[j] = math.Ldexp(1, e)
			inv[j] = 1 / size[j]
		}
	}
	t := dense.NewTallR(k)
	row := make([]float64, k)
	for i := 0; i < n; i++ {
		w := weight(rootW, i)
		for j, v := range m.Row(i) {
			row[j] = w * (v * inv[j])
		}
		t.Add(row)
	}
	r := t.R()
	root := math.Sqrt(float64(n))
	for i := 0; i < k; i++ {
		for j := i; j < k; j++ {
			r[i*k+j] *= size[j] / root
		}
	}
	return r
}

func weight(rootW []float64, i int) float64 {
	if rootW == nil {
		return 1
	}
	return rootW[i]
}

// standardise replaces the rows of m, times sqrt(w), by the coordinates of
// X~: x~ R = x.
func standardise(m *design.Matrix, rootW, r []float64) []float64 {
	k, n := m.Cols, m.Rows
	out := make([]float64, n*k)
	for i := 0; i < n; i++ {
		o, w := out[i*k:i*k+k], weight(rootW, i)
		for j, v := range m.Row(i) {
			s := w * v
			for l := 0; l < j; l++ {
				s -= o[l] * r[l*k+j]
			}
			o[j] = s / r[j*k+j]
		}
	}
	return out
}

// termTransform returns T, k x k upper triangular, for the columns of a term:
// the inverse of their triangle, or of its scale alone where the columns are
// independent or linearly dependent. Compound symmetry survives one scale for
// all columns only.
func termTransform(z *design.Matrix, rootW []float64, shape cone.Shape) []float64 {
	k := z.Cols
	r := triangle(z, rootW)
	length := make([]float64, k) // of the columns, root mean square
	dependent := false
	for j := 0; j < k; j++ {
		for i := 0; i <= j; i++ {
			length[j] = math.Hypot(length[j], r[i*k+j])
		}
		// A column that is this close to the span of the others has no
		// digits of its own left after a dozen operations.
		dependent = dependent || r[j*k+j] <= 1e-9*length[j]
	}
	t := make([]float64, k*k)
	if shape == cone.CompSymm {
		var size float64
		for _, v := range length {
			size = math.Hypot(size, v)
		}
		for j := range length {
			length[j] = size / math.Sqrt(float64(k))
		}
	}
	if shape == cone.Diagonal || shape == cone.CompSymm || dependent {
		for j, v := range length {
			if v == 0 {
				v = 1
			}
			t[j*k+j] = 1 / v
		}
		return t
	}
	for j := 0; j < k; j++ { // back substitution, column by column
		t[j*k+j] = 1 / r[j*k+j]
		for i := j - 1; i >= 0; i-- {
			var s float64
			for l := i + 1; l <= j; l++ {
				s += r[i*k+l] * t[l*k+j]
			}
			t[i*k+j] = -s / r[i*k+i]
		}
	}
	return t
}

// coneBlock is the block of the parameter space that a term has.
func coneBlock(t *design.Term) cone.Block {
	b := cone.Block{K: t.Z.Cols, Unit: math.Sqrt(float64(len(t.Levels)) / float64(t.Z.Rows))}
	switch t.Shape {
	case formula.Full:
		b.Shape = cone.Full
	case formula.Independent, formula.Diag:
		b.Shape = cone.Diagonal
	case formula.CompSymm:
		b.Shape = cone.CompSymm
	case formula.ReducedRank:
		b.Shape, b.Rank = cone.ReducedRank, t.Rank
	}
	return b
}
