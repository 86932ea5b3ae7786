package cone

import "math"

// Direction is one coordinate of a chart: Lambda moves by t L. L is so long
// that t = 1 changes the model noticeably.
type Direction struct {
	Block int
	L     []float64 // k x k
	Off   bool      // it leaves the face: Psi does not move at first order
}

// Chart is a system of coordinates around a point: the directions in which
// the factor may move, chosen in the eigenbasis of Psi.
type Chart struct {
	Blocks []Block
	Centre Point // Lambda = U S, or sum s_i Q_i
	Dirs   []Direction

	spectra []spectrum
	start   []int // of the pairs of each block
}

// NewChart returns the chart at p that reaches every direction, those off the
// face of p included.
func NewChart(blocks []Block, p Point) *Chart { return newChart(blocks, p, false) }

// FaceChart returns the chart of the face of p: what is zero in the eigenbasis
// stays zero.
func FaceChart(blocks []Block, p Point) *Chart { return newChart(blocks, p, true) }

// RestoreChart returns a chart that was made before, from its centre and its
// directions.
func RestoreChart(blocks []Block, centre Point, dirs []Direction) *Chart {
	c := newChart(blocks, centre, true)
	c.Centre, c.Dirs = centre, dirs
	return c
}

func newChart(blocks []Block, p Point, face bool) *Chart {
	c := &Chart{Blocks: blocks, Centre: make(Point, len(blocks))}
	at := 0
	for b, blk := range blocks {
		s := resolve(blk, p[b])
		c.spectra = append(c.spectra, s)
		c.Centre[b] = s.factor(blk.K)
		c.start = append(c.start, at)
		at += len(Pairs(blocks[b : b+1]))
		for j, v := range s.sds {
			switch {
			case face && v == 0:
			case s.axes != nil:
				c.axis(b, j)
			case j < blk.columns():
				c.column(b, j)
			}
		}
		for j := range s.free {
			l := make([]float64, blk.K*blk.K)
			l[j*blk.K+j] = blk.Unit
			c.Dirs = append(c.Dirs, Direction{Block: b, L: l})
		}
	}
	return c
}

// axis adds the direction Q_j.
func (c *Chart) axis(b, j int) {
	s := &c.spectra[b]
	size := math.Max(s.sds[j], c.Blocks[b].Unit)
	l := make([]float64, len(s.axes[j]))
	for i, q := range s.axes[j] {
		l[i] = size * q
	}
	c.Dirs = append(c.Dirs, Direction{b, l, s.sds[j] == 0})
}

// column adds the directions u_i e_j', i >= j: the lower triangle in the
// eigenbasis.
func (c *Chart) column(b, j int) {
	s, k := &c.spectra[b], c.Blocks[b].K
	for i := j; i < k; i++ {
		size := math.Max(s.sds[i], c.Blocks[b].Unit)
		l := make([]float64, k*k)
		for r := 0; r < k; r++ {
			l[r*k+j] = size * s.basis[r*k+i]
		}
		c.Dirs = append(c.Dirs, Direction{b, l, s.sds[j] == 0})
	}
}

// Move returns the point Lambda + sum_a t_a L_a.
func (c *Chart) Move(t []float64) Point {
	p := c.Centre.Clone()
	for a, d := range c.Dirs {
		for i, v := range d.L {
			p[d.Block][i] += t[a] * v
		}
	}
	return p
}

// Gradient sets g_a to df/dt_a = 2 tr(G L_a Lambda') at the point p, which need
// not be the centre. G, k x k a block, is the derivative of f with respect to
// Psi at p.
func (c *Chart) Gradient(g []float64, grad [][]float64, p Point) {
	var gl []float64
	block := -1
	for a, d := range c.Dirs {
		if c.Blocks[d.Block].Shape == Free {
			g[a] = inner(grad[d.Block], d.L)
			continue
		}
		if d.Block != block {
			block = d.Block
			k := c.Blocks[block].K
			gl = make([]float64, k*k)
			for r := 0; r < k; r++ {
				for i := 0; i < k; i++ {
					v := grad[block][r*k+i]
					for s := 0; s < k; s++ {
						gl[r*k+s] += v * p[block][i*k+s]
					}
				}
			}
		}
		g[a] = 2 * inner(gl, d.L)
	}
}

// Vech sets x to D_a, as its entries at the positions of Pairs.
func (c *Chart) Vech(x []float64, a int) {
	clear(x)
	d := c.Dirs[a]
	k, lambda := c.Blocks[d.Block].K, c.Centre[d.Block]
	at := c.start[d.Block]
	for r := 0; r < k; r++ {
		for s := 0; s <= r; s++ {
			if c.Blocks[d.Block].onDiagonal() && s != r {
				continue
			}
			if c.Blocks[d.Block].Shape == Free {
				x[at] = d.L[r*k+r]
				at++
				continue
			}
			var v float64
			for i := 0; i < k; i++ {
				v += d.L[r*k+i]*lambda[s*k+i] + lambda[r*k+i]*d.L[s*k+i]
			}
			x[at] = v
			at++
		}
	}
}

// Second returns tr(G d2Psi) for the directions a and b, d2Psi = L_a L_b' + L_b
// L_a'.
func (c *Chart) Second(a, b int, grad [][]float64) float64 {
	da, db := c.Dirs[a], c.Dirs[b]
	if da.Block != db.Block || c.Blocks[da.Block].Shape == Free {
		return 0
	}
	k := c.Blocks[da.Block].K
	g := grad[da.Block]
	var s float64
	for r := 0; r < k; r++ {
		for i := 0; i < k; i++ {
			v := da.L[r*k+i]
			if v == 0 {
				continue
			}
			for q := 0; q < k; q++ {
				s += v * g[r*k+q] * db.L[q*k+i]
			}
		}
	}
	return 2 * s
}

// Largest is the largest square root of an eigenvalue of Psi, in units.
func (c *Chart) Largest() float64 {
	var m float64
	for b, s := range c.spectra {
		for _, v := range s.sds {
			m = math.Max(m, v/c.Blocks[b].Unit)
		}
	}
	return m
}

// Truncate returns the centre with the square roots of eigenvalues up to cut
// units set to zero, and whether one of them was not zero before.
func (c *Chart) Truncate(cut float64) (p Point, changed bool) {
	p = make(Point, len(c.Blocks))
	for b, s := range c.spectra {
		t := spectrum{free: s.free, basis: s.basis, axes: s.axes, sds: append([]float64(nil), s.sds...)}
		for i, v := range t.sds {
			if v > 0 && v <= cut*c.Blocks[b].Unit {
				t.sds[i], changed = 0, true
			}
		}
		p[b] = t.factor(c.Blocks[b].K)
	}
	return p, changed
}
