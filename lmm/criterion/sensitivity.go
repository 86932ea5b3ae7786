package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Sensitivity says how the covariance of the fixed effects, (X'V^-1 X)^-1 = L^-T
// L^-1, and the restricted likelihood depend on Psi. D_a is the matrix that
// moves V with the entry Pairs[a] of Psi and its mirror image:
//
//	First_a   = L^-1 X'V^-1 D_a V^-1 X L^-T
//	Second_ab = L^-1 X'V^-1 (D_a P D_b + D_b P D_a) V^-1 X L^-T / 2
//	Trace_a   = tr(P D_a)
//	Info_ab   = tr(P D_a P D_b)
//	Quad_a    = y'P D_a P y
//
// P has X taken out under ML, too. (Kenward and Roger 1997, sec. 2, whose P_i
// and Q_ij these are but for the coordinates.)
type Sensitivity struct {
	Pairs  []cone.Pair
	Sigma2 float64
	Root   []float64 // p x p: L, lower triangular
	// Of depth 1: First is a matrix p x p for each pair.
	First [][]float64
	Quad  []float64
	// Of depth 2: Second[a][b], b <= a, is p x p; Info is len(Pairs) x
	// len(Pairs).
	Second [][][]float64
	Trace  []float64
	Info   []float64
	// Curved[a][b], b <= a, is L^-1 X'V^-1 C V^-1 X L^-T for the part C of d2V / da
	// db that no first derivative can be; nil where V is linear in the parameters,
	// and altogether without a structure of the residuals.
	Curved [][][]float64
}

// NewSensitivity returns sensitivities of p fixed effects, all 0.
func NewSensitivity(pairs []cone.Pair, p, depth int) *Sensitivity {
	n := len(pairs)
	s := &Sensitivity{Pairs: pairs}
	if depth < 1 {
		return s
	}
	s.First, s.Quad = make([][]float64, n), make([]float64, n)
	for a := range s.First {
		s.First[a] = make([]float64, p*p)
	}
	if depth < 2 {
		return s
	}
	s.Trace, s.Info, s.Second = make([]float64, n), make([]float64, n*n), make([][][]float64, n)
	for a := range s.Second {
		s.Second[a] = make([][]float64, a+1)
		for b := range s.Second[a] {
			s.Second[a][b] = make([]float64, p*p)
		}
	}
	return s
}

// Sensitivity returns the sensitivities at a point, nil where the criterion
// cannot be computed there: with depth 0 the covariance of the fixed effects
// alone, with 1 its first, with 2 all derivatives. All sums run over the levels.
// Cost: O(levels pairs (K + p^2)), with depth 2 O(levels pairs^2 p^2).
func (c *OneFactor) Sensitivity(pt cone.Point, depth int) *Sensitivity {
	c.merge(pt)
	if math.IsInf(c.eval(), 1) {
		return nil
	}
	s := c.stats
	k, p, m := s.K, s.P, s.P+1
	out := NewSensitivity(c.pairs, p, depth)
	out.Sigma2 = c.r2 / c.nu
	out.Root = lowerOf(c.lx, p)
	if depth < 1 {
		return out
	}
	row, col, mult := c.pairIndex()

	a, w := make([]float64, k*k), make([]float64, k*m) // Z_j'V^-1 Z_j, Z_j'V^-1 [X y]
	x := make([]float64, p*k)                          // L^-1 X'V^-1 Z_j
	xs := make([]float64, k*p)                         // its columns
	e := make([]float64, k)
	for j := 0; j < s.Levels; j++ {
		bj, uj := c.b[c.kind[j]*k*k:][:k*k], c.u[j*k*m:][:k*m]
		dense.MulTransA(a, bj, bj, k, k, k)
		for i, v := range s.C[j*k*k:][:k*k] {
			a[i] = v - a[i]
		}
		dense.MulTransA(w, bj, uj, k, k, m)
		for i, v := range s.E[j*k*m:][:k*m] {
			w[i] = v - w[i]
		}
		for i := 0; i < k; i++ {
			e[i] = w[i*m+p]
			for q, v := range c.beta {
				e[i] -= w[i*m+q] * v
				x[q*k+i] = w[i*m+q]
			}
		}
		dense.SolveLower(c.lx, p, x, k)
		for q := 0; q < p; q++ {
			for i := 0; i < k; i++ {
				xs[i*p+q] = x[q*k+i]
			}
		}
		at := func(i int) []float64 { return xs[i*p : i*p+p] }
		for n := range c.pairs {
			r, q := row[n], col[n]
			out.Quad[n] += mult[n] * e[r] * e[q]
			addOuter(out.First[n], mult[n]/2, at(r), at(q))
			if depth < 2 {
				continue
			}
			out.Trace[n] += mult[n] * a[r*k+q]
			for l := 0; l <= n; l++ {
				u, v := row[l], col[l]
				f := mult[n] * mult[l] / 4
				ru, rv, qu, qv := a[r*k+u], a[r*k+v], a[q*k+u], a[q*k+v]
				out.Info[n*len(c.pairs)+l] += 2 * f * (ru*qv + rv*qu)
				d := out.Second[n][l]
				addOuter(d, f/2*ru, at(q), at(v))
				addOuter(d, f/2*rv, at(q), at(u))
				addOuter(d, f/2*qu, at(r), at(v))
				addOuter(d, f/2*qv, at(r), at(u))
			}
		}
	}
	if depth > 1 {
		out.Project()
	}
	return out
}

// Project turns sums of Trace, Info and Second with V^-1 into those with P = V^-1
// - V^-1 X (X'V^-1 X)^-1 X'V^-1.
func (s *Sensitivity) Project() {
	n := len(s.Pairs)
	p := 0
	for p*p < len(s.Root) {
		p++
	}
	prod := make([]float64, p*p)
	for a := 0; a < n; a++ {
		for i := 0; i < p; i++ {
			s.Trace[a] -= s.First[a][i*p+i]
		}
		for b := 0; b <= a; b++ {
			d := s.Second[a][b]
			dense.Mul(prod, s.First[a], s.First[b], p, p, p)
			var both, second float64
			for i := 0; i < p; i++ {
				both += prod[i*p+i]
				second += d[i*p+i]
			}
			s.Info[a*n+b] += both - 2*second
			s.Info[b*n+a] = s.Info[a*n+b]
			for i := 0; i < p; i++ {
				for j := 0; j < p; j++ {
					d[i*p+j] -= (prod[i*p+j] + prod[j*p+i]) / 2
				}
			}
		}
	}
}

// addOuter adds f (x y' + y x') to m.
func addOuter(m []float64, f float64, x, y []float64) {
	p := len(x)
	for i, v := range x {
		axpy(f*v, y, m[i*p:i*p+p])
		axpy(f*y[i], x, m[i*p:i*p+p])
	}
}

// lowerOf copies the lower triangle of the n x n matrix l.
func lowerOf(l []float64, n int) []float64 {
	out := make([]float64, n*n)
	for i := 0; i < n; i++ {
		copy(out[i*n:i*n+i+1], l[i*n:i*n+i+1])
	}
	return out
}
