package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
)

// chart is an exact parametrisation of the factors for one value x of the
// parameter that is profiled: x is a coordinate of it, not a constraint.
//
//	sd of row i:       s_i'A = (x, 0, ...)
//	correlation i, j:  s_i'A = a (1, 0, ...), s_j'A = b (sin x, cos x, 0, ...)
//	sigma:             x = log sigma
//
// A = (pseudo-inverse of the rows concerned) (their values) + N B, N a basis of
// what is orthogonal to them. A point of the boundary is a point like any other.
type chart struct {
	land *landscape
	// place returns the factor of the profiled block and its variables; nil for
	// sigma.
	place func(x float64, u []float64) (a []float64, vars []variable, focal variable)
	block int // the one profiled, -1 for sigma
	own   int // the number of its variables

	others []variable // of the other blocks, log sigma apart
	start  []float64  // the estimates: own, others, log sigma
	x      float64    // the estimate of x
	lower  float64    // the range of x
	upper  float64
	value  func(x float64) float64 // in the user's units
	coord  func(value float64) float64
	size   float64 // a change of x that may matter
	// shear is what log sigma changes by with each coordinate, where x is that of a
	// reference row: nil for 0.
	shear []float64
	// absolute says that x is a parameter times sigma^2: place takes x / sigma^2.
	absolute bool
}

// at returns the position of the coordinates u at x.
func (c *chart) at(x float64, u []float64) *position {
	s := c.land
	p := &position{factor: make([][]float64, len(s.blocks))}
	for t, b := range s.blocks {
		p.factor[t] = make([]float64, b.K*b.K)
	}
	if c.absolute {
		x *= math.Exp(-2 * u[len(u)-1])
	}
	if c.block >= 0 {
		p.factor[c.block], p.vars, p.focal = c.place(x, u[:c.own])
	}
	for i, v := range c.others {
		for j, w := range v.l {
			p.factor[v.block][j] += u[c.own+i] * w
		}
	}
	p.vars = append(p.vars, c.others...)
	if c.block < 0 {
		p.focal, p.omega = variable{block: -1}, x
		for i, v := range c.shear {
			p.omega += v * u[i]
		}
		return p
	}
	if s.fixed {
		return p
	}
	p.vars = append(p.vars, variable{block: -1})
	p.omega = u[len(u)-1]
	return p
}

// finish adds the other blocks and log sigma to a chart of one block.
func (c *chart) finish(own []float64) *chart {
	c.own = len(own)
	c.start = own
	for t := range c.land.blocks {
		if t == c.block {
			continue
		}
		vars, u := c.land.free(t)
		c.others, c.start = append(c.others, vars...), append(c.start, u...)
	}
	if c.block >= 0 && !c.land.fixed {
		c.start = append(c.start, c.land.omega)
	}
	return c
}

// free returns variables that move the whole factor of a block, and the
// estimates.
func (s *landscape) free(t int) (vars []variable, u []float64) {
	b, a := s.blocks[t], s.factor[t]
	k := b.K
	add := func(l []float64, value, size float64) {
		size = math.Max(math.Abs(size), s.unit[t])
		scale(l, size)
		vars, u = append(vars, variable{block: t, l: l}), append(u, value/size)
	}
	switch b.Shape {
	case cone.Diagonal:
		for i := range k {
			add(unitMatrix(k, i, i), a[i*k+i], a[i*k+i])
		}
	case cone.Free:
		for i := range k {
			add(unitMatrix(k, i, i), a[i*k+i], 0)
		}
	case cone.CompSymm:
		mean, rest := axesCS(k)
		add(mean, symmetricPart(a, k, true), symmetricPart(a, k, true))
		if k > 1 {
			add(rest, symmetricPart(a, k, false), symmetricPart(a, k, false))
		}
	default:
		for r := range k {
			size := euclid(a[r*k : r*k+k])
			for c := range columns(b) {
				add(unitMatrix(k, r, c), a[r*k+c], size)
			}
		}
	}
	return vars, u
}

// axesCS are the projections on the mean of the levels and on what is left.
func axesCS(k int) (mean, rest []float64) {
	mean, rest = make([]float64, k*k), make([]float64, k*k)
	for r := range k {
		for c := range k {
			mean[r*k+c], rest[r*k+c] = 1/float64(k), -1/float64(k)
		}
		rest[r*k+r]++
	}
	return mean, rest
}

// symmetricPart is the eigenvalue of a factor with compound symmetry at the mean
// of the levels, or at the rest.
func symmetricPart(a []float64, k int, mean bool) float64 {
	if mean {
		s := 0.0
		for c := range k {
			s += a[c]
		}
		return math.Abs(s)
	}
	return math.Abs(a[0] - a[1])
}

// sigmaChart profiles sigma.
func (s *landscape) sigmaChart() *chart {
	log := math.Log(s.obj.Coords.YScale)
	c := &chart{
		land: s, block: -1, x: s.omega, lower: math.Inf(-1), upper: math.Inf(1), size: 0.1,
		value: func(x float64) float64 { return math.Exp(x + log) },
		coord: func(v float64) float64 { return math.Log(v) - log },
	}
	c.finish(nil)
	if r := s.model.Residual(); r != nil && r.Varies {
		s.refer(c)
	}
	return c
}

// sdChart profiles the standard deviation of row i of block t.
func (s *landscape) sdChart(t, i int) *chart {
	b := s.blocks[t]
	k := b.K
	row, unit := inUnit(s.rows[t][i*k : i*k+k])
	c := &chart{land: s, block: t, upper: math.Inf(1),
		value: func(x float64) float64 { return x * unit }, coord: func(v float64) float64 { return v / unit }}
	var own []float64
	switch b.Shape {
	case cone.Diagonal:
		own = c.diagonalSD(t, i, row[i])
	case cone.CompSymm:
		own = c.symmetricSD(t, row[i])
	default:
		own = c.fullSD(t, row)
	}
	c.size = math.Max(c.x, s.unit[t]*euclid(row))
	return c.finish(own)
}

func (c *chart) diagonalSD(t, i int, row float64) (own []float64) {
	a, k := c.land.factor[t], c.land.blocks[t].K
	vars, u := c.land.free(t)
	vars, u = append(vars[:i:i], vars[i+1:]...), append(u[:i:i], u[i+1:]...)
	focal := unitMatrix(k, i, i)
	scale(focal, 1/row)
	c.x = math.Abs(a[i*k+i]) * row
	c.place = func(x float64, u []float64) ([]float64, []variable, variable) {
		return combine(focal, x, vars, u), vars, variable{block: t, l: focal}
	}
	return u
}

// fullSD rotates the factor so that s'A = (x, 0, ...).
func (c *chart) fullSD(t int, row []float64) (own []float64) {
	s := c.land
	k, m := s.blocks[t].K, columns(s.blocks[t])
	a := rotated(s.factor[t], k, m, row, nil)
	inverse, null := splitRows(k, row)
	focal := make([]float64, k*k)
	for r := range k {
		focal[r*k] = inverse[0][r]
		c.x += row[r] * a[r*k]
	}
	vars, u := s.along(t, null, a, m)
	c.place = func(x float64, u []float64) ([]float64, []variable, variable) {
		return combine(focal, x, vars, u), vars, variable{block: t, l: focal}
	}
	return u
}

// along returns variables for A's components along the rows of null.
func (s *landscape) along(t int, null [][]float64, a []float64, columns int) (vars []variable, u []float64) {
	k := s.blocks[t].K
	for _, v := range null {
		part := make([]float64, columns)
		for c := range part {
			for r := range k {
				part[c] += v[r] * a[r*k+c]
			}
		}
		size := math.Max(euclid(part), s.unit[t])
		for c, w := range part {
			l := make([]float64, k*k)
			for r := range k {
				l[r*k+c] = v[r] * size
			}
			vars, u = append(vars, variable{block: t, l: l}), append(u, w/size)
		}
	}
	return vars, u
}

// combine is x focal + sum of u times the variables.
func combine(focal []float64, x float64, vars []variable, u []float64) []float64 {
	a := append([]float64(nil), focal...)
	scale(a, x)
	for i, v := range vars {
		for j, w := range v.l {
			a[j] += u[i] * w
		}
	}
	return a
}

// rotated returns the factor times an orthogonal matrix after which first'A =
// (+, 0, ...) and second'A = (*, +, 0, ...); what is beyond the given number of
// columns stays 0.
func rotated(a []float64, k, columns int, first, second []float64) []float64 {
	rows := [][]float64{first}
	if second != nil {
		rows = append(rows, second)
	}
	var basis [][]float64
	for _, row := range rows {
		v := make([]float64, k)
		for c := range k {
			for r := range k {
				v[c] += row[r] * a[r*k+c]
			}
		}
		size := euclid(v)
		for range 2 {
			for _, b := range basis {
				d := dot(b, v)
				for i := range v {
					v[i] -= d * b[i]
				}
			}
		}
		if n := euclid(v); n > 1e-12*size {
			scale(v, 1/n)
			basis = append(basis, v)
		} else if second != nil {
			basis = append(basis, fill(basis, k, columns))
		}
	}
	for len(basis) < columns {
		basis = append(basis, fill(basis, k, columns))
	}
	for len(basis) < k {
		basis = append(basis, fill(basis, k, k))
	}
	out := make([]float64, k*k)
	for r := range k {
		for c := range k {
			out[r*k+c] = dot(a[r*k:r*k+k], basis[c])
		}
	}
	return out
}

// fill returns a unit vector orthogonal to an orthonormal set, in the span of
// that and the first unit vectors.
func fill(basis [][]float64, k, first int) []float64 {
	best := make([]float64, k)
	var top float64
	for i := range first {
		v := make([]float64, k)
		v[i] = 1
		for range 2 {
			for _, b := range basis {
				d := dot(b, v)
				for j := range v {
					v[j] -= d * b[j]
				}
			}
		}
		if n := euclid(v); n > top+1e-12 {
			top = n
			scale(v, 1/n)
			best = v
		}
	}
	return best
}

// splitRows returns the pseudo-inverse of rows, a vector for each, and an
// orthonormal basis of what is orthogonal to them.
func splitRows(k int, rows ...[]float64) (inverse, null [][]float64) {
	n := len(rows)
	m := mat.NewDense(n, k, nil)
	for i, r := range rows {
		m.SetRow(i, r)
	}
	var gram, inv mat.Dense
	gram.Mul(m, m.T())
	// The rows of T are independent: an ill-conditioned inverse is still one.
	_ = inv.Inverse(&gram)
	var p mat.Dense
	p.Mul(m.T(), &inv)
	var basis [][]float64
	for i, r := range rows {
		inverse = append(inverse, mat.Col(nil, i, &p))
		v := append([]float64(nil), r...)
		for range 2 {
			for _, b := range basis {
				d := dot(b, v)
				for j := range v {
					v[j] -= d * b[j]
				}
			}
		}
		scale(v, 1/euclid(v))
		basis = append(basis, v)
	}
	for len(basis) < k {
		v := fill(basis, k, k)
		basis, null = append(basis, v), append(null, v)
	}
	return inverse, null
}
