package criterion

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Derivs returns f, its gradient G and its second derivative in Psi at a
// point, all exact:
//
//	d2f[D1, D2] = -tr(M D1 M D2) + (2/s2) y'P D1 P D2 P y - q(D1) q(D2) / (nu s2^2),
//	q(D) = y'P D P y
//
// with D for Z (I (x) D) Z'. With A_j = Z_j'V^-1 Z_j, W_j = Z_j'V^-1 X, K =
// (X'V^-1 X)^-1, e_j = Z_j'Py and Z_i'PZ_j = A_i [i = j] - W_i K W_j', every
// trace is a sum over levels of products of entries, plus products of
// K^1/2 (sum_j W_j'D W_j) K^1/2. Cost: O(levels (K^4 + K^2 p^2)).
//
// The error is eps times the condition of V, Psi Z_j'Z_j: A_j is a difference.
func (c *OneFactor) Derivs(pt cone.Point) *Derivs { return c.derivs(pt, false) }

// Average is Derivs with the average information for H, the mean of observed and
// expected information near an optimum (Gilmour, Thompson and Cullis 1995):
//
//	H[D1, D2] = y'P D1 P D2 P y / s2 - q(D1) q(D2) / (nu s2^2)
func (c *OneFactor) Average(pt cone.Point) *Derivs { return c.derivs(pt, true) }

func (c *OneFactor) derivs(pt cone.Point, average bool) *Derivs {
	c.merge(pt)
	d := &Derivs{F: c.eval(), Pairs: c.pairs, Approx: average}
	d.G = make([][]float64, len(c.blocks))
	for b, blk := range c.blocks {
		d.G[b] = make([]float64, blk.K*blk.K)
	}
	m := len(c.pairs)
	d.H = make([]float64, m*m)
	if math.IsInf(d.F, 1) {
		return d
	}
	t := c.tensors(c.reml)
	s2 := c.r2 / c.nu
	for b, blk := range c.blocks {
		k, at := blk.K, c.offset[b]
		for r := 0; r < k; r++ {
			for q := 0; q < k; q++ {
				i := (at+r)*c.stats.K + at + q
				d.G[b][r*k+q] = t.trace[i] - t.ee[i]/s2
			}
		}
	}
	q := t.quad
	for a := 0; a < m; a++ {
		for b := 0; b <= a; b++ {
			v := -t.mm[a*m+b] + 2/s2*t.eme[a*m+b]
			if average {
				v = t.eme[a*m+b] / s2
			}
			v -= q[a] * q[b] / (c.nu * s2 * s2)
			d.H[a*m+b], d.H[b*m+a] = v, v
		}
	}
	return d
}

// Gradient is Derivs: H comes with G.
func (c *OneFactor) Gradient(p cone.Point) *Derivs { return c.Derivs(p) }

// tensors are sums over levels from which G, H and the information matrix are
// made. Index a stands for the symmetric matrix E_a with ones at Pairs[a] and
// its mirror image.
type tensors struct {
	trace []float64 // K x K: sum_j Z_j'MZ_j
	ee    []float64 // K x K: sum_j e_j e_j'
	quad  []float64 // q(E_a)
	mm    []float64 // tr(M E_a M E_b)
	eme   []float64 // y'P E_a P E_b P y
}

// tensors sums over the levels at the point of the last evaluation, with M = P
// if projected, else M = V^-1.
func (c *OneFactor) tensors(projected bool) *tensors {
	s := c.stats
	k, p, m := s.K, s.P, s.P+1
	np := len(c.pairs)
	t := &tensors{
		trace: make([]float64, k*k), ee: make([]float64, k*k),
		quad: make([]float64, np), mm: make([]float64, np*np), eme: make([]float64, np*np),
	}
	row, col, mult := c.pairIndex()

	a, bb := make([]float64, k*k), make([]float64, k*k) // A_j and W_j K W_j'
	w := make([]float64, k*m)                           // Z_j'V^-1 [X y]
	wk := make([]float64, p*k)                          // K^1/2 W_j', p x k
	e := make([]float64, k)
	tt := make([]float64, np*p*p) // sum_j K^1/2 W_j'E_a W_j K^1/2
	h := make([]float64, np*p)    // sum_j K^1/2 W_j'E_a e_j

	for j := 0; j < s.Levels; j++ {
		bj, uj := c.b[c.kind[j]*k*k:][:k*k], c.u[j*k*m:][:k*m]
		if j == 0 || c.kind[j] != c.kind[j-1] {
			dense.MulTransA(a, bj, bj, k, k, k)
			for i, v := range s.C[j*k*k:][:k*k] {
				a[i] = v - a[i]
			}
		}
		dense.MulTransA(w, bj, uj, k, k, m)
		for i, v := range s.E[j*k*m:][:k*m] {
			w[i] = v - w[i]
		}
		for i := 0; i < k; i++ {
			e[i] = w[i*m+p]
			for q, v := range c.beta {
				e[i] -= w[i*m+q] * v
				wk[q*k+i] = w[i*m+q]
			}
		}
		dense.SolveLower(c.lx, p, wk, k)
		dense.MulTransA(bb, wk, wk, p, k, k)

		for i := 0; i < k; i++ {
			for q := 0; q < k; q++ {
				v := a[i*k+q]
				if projected {
					v -= bb[i*k+q]
				}
				t.trace[i*k+q] += v
				t.ee[i*k+q] += e[i] * e[q]
			}
		}
		for x := 0; x < np; x++ {
			r, q := row[x], col[x]
			t.quad[x] += mult[x] * e[r] * e[q]
			hx := h[x*p : x*p+p]
			for i := range hx {
				hx[i] += mult[x] / 2 * (wk[i*k+r]*e[q] + wk[i*k+q]*e[r])
			}
			if projected {
				tx := tt[x*p*p:][:p*p]
				for i := 0; i < p; i++ {
					vr, vq := mult[x]/2*wk[i*k+r], mult[x]/2*wk[i*k+q]
					for l := 0; l < p; l++ {
						tx[i*p+l] += vr*wk[l*k+q] + vq*wk[l*k+r]
					}
				}
			}
			for y := 0; y <= x; y++ {
				u, v := row[y], col[y]
				f := mult[x] * mult[y]
				ru, rv, qu, qv := a[r*k+u], a[r*k+v], a[q*k+u], a[q*k+v]
				t.eme[x*np+y] += f / 4 * (e[q]*e[v]*ru + e[q]*e[u]*rv + e[r]*e[v]*qu + e[r]*e[u]*qv)
				if projected {
					bru, brv, bqu, bqv := bb[r*k+u], bb[r*k+v], bb[q*k+u], bb[q*k+v]
					t.mm[x*np+y] += f / 2 * ((ru-bru)*(qv-bqv) + (rv-brv)*(qu-bqu) - bru*bqv - brv*bqu)
				} else {
					t.mm[x*np+y] += f / 2 * (ru*qv + rv*qu)
				}
			}
		}
	}
	for x := 0; x < np; x++ {
		for y := 0; y <= x; y++ {
			t.eme[x*np+y] -= dot(h[x*p:][:p], h[y*p:][:p])
			if projected {
				t.mm[x*np+y] += dot(tt[x*p*p:][:p*p], tt[y*p*p:][:p*p])
			}
			t.eme[y*np+x], t.mm[y*np+x] = t.eme[x*np+y], t.mm[x*np+y]
		}
	}
	return t
}

// pairIndex returns the rows and columns of the pairs in the merged matrix and
// the number of entries of E_a: 2 off the diagonal, 1 on it.
func (c *OneFactor) pairIndex() (row, col []int, mult []float64) {
	for _, p := range c.pairs {
		row = append(row, c.offset[p.Block]+p.Row)
		col = append(col, c.offset[p.Block]+p.Col)
		if p.Row == p.Col {
			mult = append(mult, 1)
		} else {
			mult = append(mult, 2)
		}
	}
	return row, col, mult
}

func dot(x, y []float64) float64 {
	var s float64
	for i, v := range x {
		s += v * y[i]
	}
	return s
}
