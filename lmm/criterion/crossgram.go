package criterion

import (
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Gram computes the Gram matrix of the variance parameters. With C the block
// Z_fs'Z_gl of two levels and B = Z_fs'X (X'X)^-1 X'Z_gl,
//
//	tr(M D_a M D_b) = sum over blocks of tr(E_a C E_b C') - tr(E_a C E_b B') - tr(E_a B E_b C') + tr(T_a T_b),
//	T_a = sum_s K^1/2 X'Z_s E_a Z_s'X K^1/2,  K = (X'X)^-1,
//
// so that pairs of levels without common rows cost nothing.
func (c *Blocked) Gram() *Gram {
	c.merge(cone.Identity(c.Blocks(), 0))
	c.eval()
	c.modes()
	m, p := len(c.pairs), c.stats.P
	n := m + 1
	g := &Gram{Pairs: c.pairs, Inner: make([]float64, n*n), Scale: make([]float64, n), Quad: make([]float64, n)}

	half := make([][]float64, len(c.factors)) // of each level K^1/2 X'Z_s, transposed: K x p
	outer := make([]float64, m*p*p)           // T_a
	for i := range c.factors {
		half[i] = c.half(i)
		f := &c.factors[i]
		for s := 0; s < f.Levels; s++ {
			w, e := half[i][s*f.K*p:], f.e[s*f.K:]
			for _, x := range f.pairs {
				mult := x.mult()
				g.Quad[x.index] += mult * e[x.row] * e[x.col]
				t := outer[x.index*p*p:][:p*p]
				wr, wc := w[x.row*p:][:p], w[x.col*p:][:p]
				for q := range wr {
					axpy(mult/2*wr[q], wc, t[q*p:q*p+p])
					axpy(mult/2*wc[q], wr, t[q*p:q*p+p])
				}
			}
		}
	}
	top := len(c.work.r)
	b := make([]float64, top*top)
	c.stats.Cross(func(f, s, h, l int, block []float64, stride int) {
		c.gramBlock(g, f, h, half[f][s*c.factors[f].K*p:], half[h][l*c.factors[h].K*p:], block, stride, b)
	})
	for x := 0; x < m; x++ {
		for y := 0; y < m; y++ {
			g.Inner[x*n+y] += dot(outer[x*p*p:][:p*p], outer[y*p*p:][:p*p])
		}
	}
	g.Inner[m*n+m] = float64(c.stats.N - p)
	g.Scale[m] = float64(c.stats.N)
	g.Quad[m] = c.r2
	return g
}

// half returns L^-1 X'Z_s, X'X = L L', of all levels of a factor, transposed.
func (c *Blocked) half(i int) []float64 {
	f, p := &c.factors[i], c.stats.P
	w := make([]float64, f.Levels*f.K*p)
	for s := 0; s < f.Levels; s++ {
		block, stride := c.stats.Fixed(i, s)
		for r := 0; r < f.K; r++ {
			row := w[(s*f.K+r)*p:][:p]
			copy(row, block[r*stride:])
			dense.SolveLower(c.lx, p, row, 1)
		}
	}
	return w
}

// gramBlock adds what the block of two levels contributes.
func (c *Blocked) gramBlock(g *Gram, f, h int, wf, wh, block []float64, stride int, b []float64) {
	ff, fh, p, n := &c.factors[f], &c.factors[h], c.stats.P, len(c.pairs)+1
	for i := 0; i < ff.K; i++ {
		for j := 0; j < fh.K; j++ {
			b[i*fh.K+j] = dot(wf[i*p:i*p+p], wh[j*p:j*p+p])
		}
	}
	for _, x := range ff.pairs {
		for _, y := range fh.pairs {
			c1, b1 := block[x.row*stride+y.row], b[x.row*fh.K+y.row]
			c2, b2 := block[x.col*stride+y.col], b[x.col*fh.K+y.col]
			c3, b3 := block[x.row*stride+y.col], b[x.row*fh.K+y.col]
			c4, b4 := block[x.col*stride+y.row], b[x.col*fh.K+y.row]
			v := x.mult() * y.mult() / 2 * ((c1-b1)*(c2-b2) - b1*b2 + (c3-b3)*(c4-b4) - b3*b4)
			g.Inner[x.index*n+y.index] += v
			if f != h {
				g.Inner[y.index*n+x.index] += v
			}
		}
		if f != h {
			continue
		}
		rr, qq, rq := block[x.row*stride+x.row], block[x.col*stride+x.col], block[x.row*stride+x.col]
		g.Scale[x.index] += x.mult() * (rr*qq + (x.mult()-1)*rq*rq)
		v := x.mult() * (rq - b[x.row*ff.K+x.col])
		g.Inner[x.index*n+n-1] += v
		g.Inner[(n-1)*n+x.index] += v
	}
}

// mult is the number of entries of Psi that an entry and its mirror image are.
func (x entry) mult() float64 {
	if x.row == x.col {
		return 1
	}
	return 2
}
