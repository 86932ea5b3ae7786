package diagnose

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
)

// whitened holds the sums of newProfiled for a term of a model with others, whose
// variances stay at their estimates:
//
//	V(psi) = V_0 + psi Z Z' = L (I + psi z z') L',  z = L^-1 Z,
//
// in the eigenbasis of z'z, where each eigenvector does what a level does in a
// model with one term. It is nil for more than denseRows rows.
func (s *subject) whitened(t int) *profiled {
	d := s.d
	n, p := len(d.Y), d.X.Cols
	ls := leastSquares(d, s.m.REML())
	if n > denseRows || ls == nil {
		return nil
	}
	v := mat.NewSymDense(n, nil)
	for i := range n {
		v.SetSym(i, i, 1)
	}
	root := func(i int) float64 {
		if d.Weights == nil {
			return 1
		}
		return math.Sqrt(d.Weights[i])
	}
	for u := range d.Terms {
		if u != t {
			addTerm(v, s, u, root)
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(v) {
		return nil
	}
	term := &d.Terms[t]
	levels := len(term.Levels)
	// Columns: Z of the term, X, y less its least squares fit.
	all := mat.NewDense(n, levels+p+1, nil)
	for i, l := range term.Level {
		w := root(i)
		all.Set(i, int(l), w*term.Z.At(i, 0))
		for c, x := range d.X.Row(i) {
			all.Set(i, levels+c, w*x)
		}
		all.Set(i, levels+p, w*ls.residual[i])
	}
	var lower mat.TriDense
	chol.LTo(&lower)
	var white mat.Dense
	if white.Solve(&lower, all) != nil {
		return nil
	}
	var gram mat.SymDense
	gram.SymOuterK(1, white.T())
	var eig mat.EigenSym
	if !eig.Factorize(gram.SliceSym(0, levels), true) {
		return nil
	}
	var basis, cross mat.Dense
	eig.VectorsTo(&basis)
	cross.Mul(basis.T(), mat.DenseCopyOf(&gram).Slice(0, levels, levels, levels+p+1))
	q := &profiled{n: n, p: p, reml: s.m.REML(), xx: mat.NewSymDense(p, nil), xy: make([]float64, p), yy: gram.At(levels+p, levels+p),
		s: eig.Values(nil), zx: make([][]float64, levels), zy: make([]float64, levels), beta0: ls.beta, logW: ls.logW - chol.LogDet()}
	for r := range p {
		q.xy[r] = gram.At(levels+r, levels+p)
		for c := range r + 1 {
			q.xx.SetSym(r, c, gram.At(levels+r, levels+c))
		}
	}
	for j := range levels {
		q.zx[j], q.zy[j] = append([]float64(nil), cross.RawRowView(j)[:p]...), cross.At(j, p)
		q.s[j] = math.Max(0, q.s[j])
		q.largest = math.Max(q.largest, q.s[j])
	}
	if q.largest == 0 {
		return nil
	}
	return q
}

// addTerm adds Z Psi Z' of term u at its estimates, in rows times the root of
// their weights.
func addTerm(v *mat.SymDense, s *subject, u int, root func(int) float64) {
	term := &s.d.Terms[u]
	k := term.Z.Cols
	psi := make([]float64, k*k)
	cone.Cov(psi, s.factor(u), k)
	rows := make([][]int, len(term.Levels))
	for i, l := range term.Level {
		rows[l] = append(rows[l], i)
	}
	for _, of := range rows {
		for _, i := range of {
			zi := term.Z.Row(i)
			for _, j := range of {
				if j < i {
					continue
				}
				var sum float64
				for r, a := range zi {
					for c, b := range term.Z.Row(j) {
						sum += a * psi[r*k+c] * b
					}
				}
				v.SetSym(i, j, v.At(i, j)+root(i)*root(j)*sum)
			}
		}
	}
}

// factor is Lambda of a term in the user's units.
func (s *subject) factor(t int) []float64 {
	k := s.obj.Blocks()[t].K
	out := make([]float64, k*k)
	for r := range k {
		for c := range k {
			for i := range k {
				out[r*k+c] += s.obj.Coords.T[t][r*k+i] * s.obj.Point[t][i*k+c]
			}
		}
	}
	return out
}
