package criterion

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Unbounded is the criterion of one grouping factor as a function of Psi, which
// may have negative eigenvalues as long as V is positive definite: variances may
// be negative and correlations beyond 1 (Nelder 1954, for variances; Verbeke and
// Molenberghs 2000, sec. 5.6). With C_j = R_j R_j',
//
//	A_j = Z_j'V^-1 Z_j = R_j (I + R_j'Psi R_j)^-1 R_j'
//	T_j = Psi - Psi A_j Psi,  Z_j'V^-1 F = (I - C_j T_j) Z_j'F
//
// need no root of Psi. It keeps workspace: it is not safe for concurrent use.
type Unbounded struct {
	c    *OneFactor
	root []float64 // kinds x K x K: R_j by rows of R_j'
}

// Unbounded returns the criterion without the bounds of the cone.
func (c *OneFactor) Unbounded() *Unbounded {
	k := c.stats.K
	u := &Unbounded{c: c, root: make([]float64, len(c.first)*k*k)}
	for n, j := range c.first {
		var eig mat.EigenSym
		eig.Factorize(mat.NewSymDense(k, append([]float64(nil), c.stats.C[j*k*k:][:k*k]...)), true)
		var v mat.Dense
		eig.VectorsTo(&v)
		for i, d := range eig.Values(nil) {
			for r := range k {
				u.root[n*k*k+i*k+r] = math.Sqrt(math.Max(0, d)) * v.At(r, i)
			}
		}
	}
	return u
}

// Free is the criterion at a Psi, and what it profiles out.
type Free struct {
	F        float64
	G        [][]float64 // as in Derivs
	H        []float64   // tr(V^-1 E_a V^-1 E_b): a positive semidefinite metric for steps
	Solution Solution    // without effects
}

// At evaluates the criterion at Psi, k x k for each block. F is +Inf where V is
// not positive definite.
func (u *Unbounded) At(psi [][]float64) *Free {
	c := u.c
	st := c.stats
	K, p, m := st.K, st.P, st.P+1
	full := make([]float64, K*K)
	for b, blk := range c.blocks {
		for r := range blk.K {
			copy(full[(c.offset[b]+r)*K+c.offset[b]:][:blk.K], psi[b][r*blk.K:][:blk.K])
		}
	}
	out := &Free{F: math.Inf(1)}
	a, t := make([]float64, len(c.first)*K*K), make([]float64, len(c.first)*K*K)
	var logDet float64
	for n := range c.first {
		d, ok := u.invert(a[n*K*K:][:K*K], t[n*K*K:][:K*K], full, u.root[n*K*K:][:K*K], K)
		if !ok {
			return out
		}
		logDet += c.count[n] * d
	}
	sv, w := append([]float64(nil), st.S...), make([]float64, st.Levels*K*m)
	te, cte := make([]float64, K*m), make([]float64, K*m)
	for j, n := range c.kind {
		e := st.E[j*K*m:][:K*m]
		dense.Mul(te, t[n*K*K:][:K*K], e, K, K, m)
		dense.Mul(cte, st.C[j*K*K:][:K*K], te, K, K, m)
		for i, v := range e {
			w[j*K*m+i] = v - cte[i]
		}
		for i := range K {
			for r := range m {
				for q := range r + 1 {
					sv[r*m+q] -= e[i*m+r] * te[i*m+q]
				}
			}
		}
	}
	lx := make([]float64, p*p)
	for r := range p {
		copy(lx[r*p:r*p+r+1], sv[r*m:r*m+r+1])
	}
	if !dense.Cholesky(lx, p) {
		return out
	}
	beta := append([]float64(nil), sv[p*m:p*m+p]...)
	dense.SolveLower(lx, p, beta, 1)
	r2 := sv[p*m+p]
	for _, v := range beta {
		r2 -= v * v
	}
	dense.SolveLowerTrans(lx, p, beta, 1)
	if !(r2 > 0) {
		return out
	}
	out.F = logDet + constant(c.nu) + c.nu*math.Log(r2)
	if c.reml {
		for i := range p {
			out.F += 2 * math.Log(lx[i*p+i])
		}
	}
	out.Solution = Solution{Sigma2: r2 / c.nu, Beta: beta, BetaCov: inverse(lx, p)}
	u.derive(out, a, w, lx)
	return out
}

// invert sets a to A_j and t to T_j and returns log|I + R'Psi R|.
func (u *Unbounded) invert(a, t, psi, root []float64, k int) (logDet float64, ok bool) {
	half, l, b := make([]float64, k*k), make([]float64, k*k), append([]float64(nil), root...)
	dense.Mul(half, root, psi, k, k, k)
	for r := range k {
		for q := range k {
			for i := range k {
				l[r*k+q] += half[r*k+i] * root[q*k+i]
			}
		}
		l[r*k+r]++
	}
	if !dense.Cholesky(l, k) {
		return 0, false
	}
	for i := range k {
		logDet += 2 * math.Log(l[i*k+i])
	}
	dense.SolveLower(l, k, b, k)
	dense.MulTransA(a, b, b, k, k, k)
	dense.Mul(half, b, psi, k, k, k)
	dense.MulTransA(t, half, half, k, k, k)
	for i, v := range psi {
		t[i] = v - t[i]
	}
	return logDet, true
}

// derive sets G and H from the A_j and Z_j'V^-1 [X y].
func (u *Unbounded) derive(out *Free, a, w, lx []float64) {
	c := u.c
	st := c.stats
	K, p, m := st.K, st.P, st.P+1
	g, wk, e := make([]float64, K*K), make([]float64, p*K), make([]float64, K)
	for j, n := range c.kind {
		wj := w[j*K*m:][:K*m]
		for i := range K {
			e[i] = wj[i*m+p]
			for q, v := range out.Solution.Beta {
				e[i] -= wj[i*m+q] * v
				wk[q*K+i] = wj[i*m+q]
			}
		}
		dense.SolveLower(lx, p, wk, K)
		for r := range K {
			for q := range K {
				v := a[n*K*K+r*K+q] - e[r]*e[q]/out.Solution.Sigma2
				if c.reml {
					for i := range p {
						v -= wk[i*K+r] * wk[i*K+q]
					}
				}
				g[r*K+q] += v
			}
		}
	}
	for b, blk := range c.blocks {
		gb := make([]float64, blk.K*blk.K)
		for r := range blk.K {
			copy(gb[r*blk.K:][:blk.K], g[(c.offset[b]+r)*K+c.offset[b]:])
		}
		out.G = append(out.G, gb)
	}
	row, col, mult := c.pairIndex()
	np := len(row)
	out.H = make([]float64, np*np)
	for n := range c.first {
		an := a[n*K*K:][:K*K]
		for x := range np {
			for y := range x + 1 {
				r, q, s, v := row[x], col[x], row[y], col[y]
				h := c.count[n] * mult[x] * mult[y] / 2 * (an[r*K+s]*an[q*K+v] + an[r*K+v]*an[q*K+s])
				out.H[x*np+y] += h
				if x != y {
					out.H[y*np+x] += h
				}
			}
		}
	}
}

// Pairs are the entries that the rows of Free.H stand for.
func (u *Unbounded) Pairs() []cone.Pair { return u.c.pairs }

// inverse is (L L')^-1.
func inverse(l []float64, p int) []float64 {
	out := make([]float64, p*p)
	for i := range p {
		out[i*p+i] = 1
	}
	dense.SolveLower(l, p, out, p)
	dense.SolveLowerTrans(l, p, out, p)
	return out
}
