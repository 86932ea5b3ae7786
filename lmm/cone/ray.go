package cone

import "gonum.org/v1/gonum/mat"

// Ray leaves the face of a point: Psi + t B, t >= 0, with B positive
// semidefinite of trace 1.
type Ray struct {
	Block int
	B     []float64 // k x k
	Slope float64   // tr(G B)
}

// Rays returns, of the rays that leave the centre, those that decide whether
// one leads down: in a full block vv' with the v in the null space of Psi that
// minimises v'Gv, in a block with axes Q_i / tr Q_i for every axis at zero.
func (c *Chart) Rays(grad [][]float64) []Ray {
	var rays []Ray
	for b, blk := range c.Blocks {
		s, k := &c.spectra[b], blk.K
		if s.axes != nil {
			for i, q := range s.axes {
				if s.sds[i] > 0 {
					continue
				}
				m := make([]float64, k*k)
				for j, v := range q {
					m[j] = v / trace(q, k)
				}
				rays = append(rays, Ray{b, m, inner(grad[b], m)})
			}
			continue
		}
		rank := 0
		for _, v := range s.sds {
			if v > 0 {
				rank++
			}
		}
		if rank == blk.columns() {
			continue
		}
		if v := lowest(s.basis, grad[b], k, rank); v != nil {
			m := make([]float64, k*k)
			for r, x := range v {
				for q, y := range v {
					m[r*k+q] = x * y
				}
			}
			rays = append(rays, Ray{b, m, inner(grad[b], m)})
		}
	}
	return rays
}

// lowest returns the unit vector that minimises v'Gv over the span of the
// columns of the basis from number rank on, nil if it cannot be computed.
func lowest(basis, g []float64, k, rank int) []float64 {
	n := k - rank
	null := mat.NewDense(k, k, basis).Slice(0, k, rank, k)
	var gn, ngn mat.Dense
	gn.Mul(mat.NewDense(k, k, g), null)
	ngn.Mul(null.T(), &gn)
	sym := mat.NewSymDense(n, nil)
	for i := 0; i < n; i++ {
		for j := i; j < n; j++ {
			sym.SetSym(i, j, (ngn.At(i, j)+ngn.At(j, i))/2)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(sym, true) {
		return nil
	}
	var vec mat.Dense
	eig.VectorsTo(&vec)
	var v mat.VecDense
	v.MulVec(null, vec.ColView(0))
	return v.RawVector().Data
}

// Vech sets x to B, as its entries at the positions of Pairs.
func (r *Ray) Vech(x []float64, pairs []Pair, k int) {
	for i, p := range pairs {
		x[i] = 0
		if p.Block == r.Block {
			x[i] = r.B[p.Row*k+p.Col]
		}
	}
}

// Slopes returns the derivatives of the criterion along the extreme rays of the
// cone of the block, given G: the eigenvalues of G of a full block, ascending,
// tr(G Q_i) / tr(Q_i) of one with axes. All are 0 or more at a minimum. A block of
// reduced rank has none: its matrices are no convex cone.
func (b Block) Slopes(g []float64) []float64 {
	var out []float64
	switch q := b.axes(); {
	case q != nil:
		for _, m := range q {
			out = append(out, inner(g, m)/trace(m, b.K))
		}
	case b.Shape == Full:
		sym := mat.NewSymDense(b.K, nil)
		for i := range b.K {
			for j := range i + 1 {
				sym.SetSym(i, j, (g[i*b.K+j]+g[j*b.K+i])/2)
			}
		}
		var eig mat.EigenSym
		if eig.Factorize(sym, false) {
			out = eig.Values(nil)
		}
	}
	return out
}
