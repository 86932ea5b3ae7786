package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Sensitivity is that of OneFactor. With e_c = Z'V^-1 X L^-T of column c in
// place of Z'Py, First holds the sums e_c'(I (x) E_a) e_d over the levels, and
// the products of the average information are x'Second_ab x, from which p (p +
// 1) / 2 vectors x give all entries. Info is minus the derivative of Trace, by
// differences of fourth order along vv', into the cone: its relative error is
// about 1e-10 where levels are equally large, 1e-7 where some have ten times the
// mean. Cost: a solution for each column of X; with depth 2 p^2 / 2 times that
// of the average information and 4 gradients a pair.
func (c *Blocked) Sensitivity(pt cone.Point, depth int) *Sensitivity {
	c.merge(pt)
	if math.IsInf(c.eval(), 1) {
		return nil
	}
	p := c.stats.P
	out := NewSensitivity(c.pairs, p, depth)
	out.Sigma2 = c.r2 / c.nu
	out.Root = lowerOf(c.lx, p)
	if depth < 1 {
		return out
	}
	c.modes()
	still := c.residuals()
	for a := range out.Quad {
		out.Quad[a] = c.between(a, still, still)
	}
	beta := append([]float64(nil), c.v[c.q:c.q+p]...)
	x, columns := make([]float64, p), make([][][]float64, p)
	for i := range columns {
		clear(x)
		x[i] = 1
		c.push(out.Root, x, beta, still)
		columns[i] = c.residuals()
		for j := 0; j <= i; j++ {
			for a, first := range out.First {
				v := c.between(a, columns[i], columns[j])
				first[i*p+j], first[j*p+i] = v, v
			}
		}
	}
	if depth > 1 {
		c.second(out, columns)
		c.information(pt, out)
	}
	return out
}

// between returns the sum over the levels of x'E_a y, for the factor of pair a.
func (c *Blocked) between(a int, x, y [][]float64) float64 {
	var s float64
	for i := range c.factors {
		f := &c.factors[i]
		for _, pr := range f.pairs {
			if pr.index != a {
				continue
			}
			for l := 0; l < f.Levels*f.K; l += f.K {
				s += x[i][l+pr.row] * y[i][l+pr.col]
				if pr.row != pr.col {
					s += x[i][l+pr.col] * y[i][l+pr.row]
				}
			}
		}
	}
	return s
}

// second fills Second by polarisation: the form of e_i + e_j is that of e_i,
// of e_j and twice what is between them.
func (c *Blocked) second(out *Sensitivity, columns [][][]float64) {
	p, n := len(columns), len(c.pairs)
	h := make([]float64, n*n)
	for gap := 0; gap < p; gap++ { // the diagonal first
		for j := 0; j+gap < p; j++ {
			i := j + gap
			for f := range c.factors {
				e := c.factors[f].e
				copy(e, columns[i][f])
				if i != j {
					axpy(1, columns[j][f], e)
				}
			}
			c.form(h)
			for a := 0; a < n; a++ {
				for b, m := range out.Second[a] {
					v := h[a*n+b]
					if i != j {
						v = (v - m[i*p+i] - m[j*p+j]) / 2
					}
					m[i*p+j], m[j*p+i] = v, v
				}
			}
		}
	}
}

// residuals copies e of all levels.
func (c *Blocked) residuals() [][]float64 {
	var e [][]float64
	for i := range c.factors {
		e = append(e, append([]float64(nil), c.factors[i].e...))
	}
	return e
}

// push sets e to Z'V^-1 X L^-T x: what Z'V^-1 (y - X v) exceeds Z'Py by,
// v = beta - L^-T x.
func (c *Blocked) push(root, x, beta []float64, still [][]float64) {
	p := c.stats.P
	v := c.v[c.q : c.q+p]
	copy(v, x)
	dense.SolveLowerTrans(root, p, v, 1)
	for i := range v {
		v[i] = beta[i] - v[i]
	}
	c.modes()
	copy(v, beta)
	for i := range c.factors {
		axpy(-1, still[i], c.factors[i].e)
	}
}

// form sets h to w_a'Z'PZ w_b, w_a = (I (x) E_a) e, for the present e, and
// leaves e'(I (x) E_a) e in work.quad.
func (c *Blocked) form(h []float64) {
	clear(h)
	c.average(h)
	n, s2 := len(c.pairs), c.r2/c.nu
	for a, v := range c.work.quad {
		for b, w := range c.work.quad {
			h[a*n+b] = s2*h[a*n+b] + v*w/(c.nu*s2)
		}
	}
}

// differenceStep of Trace, in units of the size of Psi at which it matters.
const differenceStep = 1e-3

// information fills Trace and Info.
func (c *Blocked) information(pt cone.Point, out *Sensitivity) {
	n := len(c.pairs)
	c.adjoint(true, nil)
	c.traces(out.Trace)
	slope, trace := make([]float64, n), make([]float64, n)
	// along sets slope to minus the derivative of Trace along vv', v = e_r + e_q
	// or e_r.
	along := func(b, r, q int) {
		k := c.stats.Blocks[b].K
		v := make([]float64, k)
		v[r], v[q] = 1, 1
		t := c.stats.Blocks[b].Unit * c.stats.Blocks[b].Unit
		for i := 0; i < k; i++ {
			x := pt[b][r*k+i]
			if q != r {
				x += pt[b][q*k+i]
			}
			t += x * x
		}
		t *= differenceStep
		moved := append(cone.Point(nil), pt...)
		for a, v := range out.Trace {
			slope[a] = 25 * v
		}
		for i, f := range [4]float64{-48, 36, -16, 3} {
			moved[b] = plusRankOne(pt[b], v, math.Sqrt(t*float64(i+1)), k)
			c.merge(moved)
			c.eval()
			c.adjoint(true, nil)
			c.traces(trace)
			axpy(f, trace, slope)
		}
		for a := range slope {
			slope[a] /= 12 * t
		}
	}
	diagonal := make(map[[2]int][]float64)
	for x, pair := range c.pairs {
		if pair.Row == pair.Col {
			along(pair.Block, pair.Row, pair.Row)
			diagonal[[2]int{pair.Block, pair.Row}] = append([]float64(nil), slope...)
			copy(out.Info[x*n:x*n+n], slope)
		}
	}
	for x, pair := range c.pairs {
		if pair.Row != pair.Col {
			along(pair.Block, pair.Row, pair.Col)
			axpy(-1, diagonal[[2]int{pair.Block, pair.Row}], slope)
			axpy(-1, diagonal[[2]int{pair.Block, pair.Col}], slope)
			copy(out.Info[x*n:x*n+n], slope)
		}
	}
	for a := 0; a < n; a++ {
		for b := 0; b < a; b++ {
			v := (out.Info[a*n+b] + out.Info[b*n+a]) / 2
			out.Info[a*n+b], out.Info[b*n+a] = v, v
		}
	}
}

// traces sets t to tr(P D_a) after adjoint.
func (c *Blocked) traces(t []float64) {
	for i := range c.factors {
		f := &c.factors[i]
		for _, x := range f.pairs {
			t[x.index] = f.trace[x.row*f.K+x.col]
			if x.row != x.col {
				t[x.index] += f.trace[x.col*f.K+x.row]
			}
		}
	}
}

// plusRankOne returns a factor of Lambda Lambda' + s^2 v v'.
func plusRankOne(lambda, v []float64, s float64, k int) []float64 {
	m := k + 1
	wide := make([]float64, m*m)
	for r := 0; r < k; r++ {
		copy(wide[r*m:], lambda[r*k:r*k+k])
		wide[r*m+k] = s * v[r]
	}
	dense.LowerFactor(wide, m)
	out := make([]float64, k*k)
	for r := 0; r < k; r++ {
		copy(out[r*k:r*k+k], wide[r*m:])
	}
	return out
}
