package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// theory returns the asymptotic distribution of the likelihood ratio of null
// against alt, whose fixed effects are more by the number given, or says why
// there is none.
func (g *geometry) theory(null side, alt *lmm.Model, fixed int) (dist ChiBar, reason string) {
	var sizes []int
	for _, l := range g.leaves {
		sizes = append(sizes, len(l.basis))
	}
	var j *mat.SymDense
	if len(sizes) > 1 || len(sizes) == 1 && sizes[0] > 1 {
		if alt.Family() != nil {
			return dist, "the weights of the mixture are known for linear models: a parametric bootstrap does not need them"
		}
		var ok bool
		if j, ok = g.metric(null, alt); !ok {
			return dist, "the information about the variances is not positive definite at the null model: there are no weights"
		}
	}
	dist, ok := newChiBar(g.free+fixed, sizes, j)
	if !ok {
		return dist, "the weights of the mixture could not be computed"
	}
	return dist, ""
}

// tangent is a direction of the larger model at the null model.
type tangent struct {
	term int
	psi  []float64 // in internal coordinates
	cone bool      // it leads into the model to one side only
}

// metric is the information about the coordinates of the cones at the null
// estimates, all other variance parameters projected out.
func (g *geometry) metric(null side, alt *lmm.Model) (*mat.SymDense, bool) {
	obj := alt.Objective()
	point, ok := g.point(null, obj, alt.Frame())
	if !ok {
		return nil, false
	}
	scaled, ok := obj.Criterion.(scaledObjective)
	if !ok {
		return nil, false
	}
	d := scaled.Scaled(point, true)
	if !d.Finite() {
		return nil, false
	}
	var tangents []tangent
	for t := range alt.Frame().Terms {
		tangents = append(tangents, g.tangents(alt.Frame(), t, obj.Coords.T[t])...)
	}
	var inside, outside []int
	for i, t := range tangents {
		if t.cone {
			inside = append(inside, i)
		} else {
			outside = append(outside, i)
		}
	}
	h := informationOf(d, tangents)
	return schur(h, inside, outside)
}

// informationOf is the information along the tangents.
func informationOf(d *criterion.Scaled, tangents []tangent) *mat.SymDense {
	n := len(tangents)
	vech := make([][]float64, n)
	for i, t := range tangents {
		vech[i] = make([]float64, len(d.Pairs))
		k := int(math.Sqrt(float64(len(t.psi))))
		for a, p := range d.Pairs {
			if p.Block == t.term {
				vech[i][a] = t.psi[p.Row*k+p.Col]
			}
		}
	}
	h := mat.NewSymDense(n, nil)
	for i := range n {
		for k := i; k < n; k++ {
			h.SetSym(i, k, d.Information(vech[i], vech[k]))
		}
	}
	return h
}

// schur is the part of h at inside less what outside explains of it.
func schur(h *mat.SymDense, inside, outside []int) (*mat.SymDense, bool) {
	n, m := len(inside), len(outside)
	out := mat.NewSymDense(n, nil)
	for i, a := range inside {
		for k := i; k < n; k++ {
			out.SetSym(i, k, h.At(a, inside[k]))
		}
	}
	if m == 0 {
		return out, true
	}
	rest := mat.NewSymDense(m, nil)
	cross := mat.NewDense(m, n, nil)
	for i, a := range outside {
		ra := math.Sqrt(h.At(a, a))
		for k := i; k < m; k++ {
			b := outside[k]
			rest.SetSym(i, k, h.At(a, b)/ra/math.Sqrt(h.At(b, b)))
		}
		for k, b := range inside {
			cross.Set(i, k, h.At(a, b)/ra)
		}
	}
	var chol mat.Cholesky
	var solved mat.Dense
	if !chol.Factorize(rest) || chol.SolveTo(&solved, cross) != nil {
		return nil, false
	}
	for i := range n {
		for k := i; k < n; k++ {
			var s float64
			for l := range m {
				s += cross.At(l, i) * solved.At(l, k)
			}
			out.SetSym(i, k, out.At(i, k)-s)
		}
	}
	for i := range n {
		if !(out.At(i, i) > 0) {
			return nil, false
		}
	}
	return out, true
}

// point is the null estimate in the coordinates of the larger model.
func (g *geometry) point(null side, obj *lmm.Objective, alt *design.Design) (cone.Point, bool) {
	var psi0 [][]float64
	if null.model != nil {
		psi0 = relative(null.model)
	}
	blocks := obj.Blocks()
	point := make(cone.Point, len(blocks))
	for t, b := range blocks {
		sum := make([]float64, b.K*b.K)
		for _, im := range g.images {
			c := coefficient(&null.design.Terms[im.term], psi0[im.term], im.row, im.col)
			for i, v := range im.psi[t] {
				sum[i] += c * v
			}
		}
		var ok bool
		if point[t], ok = cone.Nearest(b, inward(sum, obj.Coords.T[t], b.K), 0); !ok {
			return nil, false
		}
	}
	return point, true
}

// coefficient is the parameter of a direction in a matrix.
func coefficient(term *design.Term, psi []float64, row, col int) float64 {
	k := term.Z.Cols
	switch {
	case term.Shape == formula.CompSymm && col < 0:
		return psi[1]
	case term.Shape == formula.CompSymm && k > 1:
		return psi[0] - psi[1]
	}
	return psi[row*k+col]
}

// tangents lists the directions of a term, in internal coordinates.
func (g *geometry) tangents(d *design.Design, t int, transform []float64) []tangent {
	term := &d.Terms[t]
	k := term.Z.Cols
	var leaving [][]float64
	for _, l := range g.leaves {
		if l.term == t {
			leaving = append(leaving, l.basis...)
		}
	}
	var out []tangent
	add := func(psi []float64, inCone bool) {
		out = append(out, tangent{t, inward(psi, transform, k), inCone})
	}
	switch term.Shape {
	case formula.Independent, formula.Diag:
		for i := range k {
			e := make([]float64, k)
			e[i] = 1
			add(outer(e, e), member(leaving, e))
		}
		return out
	case formula.CompSymm:
		mean, rest := make([]float64, k*k), make([]float64, k*k)
		for r := range k {
			for c := range k {
				mean[r*k+c], rest[r*k+c] = 1/float64(k), -1/float64(k)
			}
			rest[r*k+r]++
		}
		ones := make([]float64, k)
		unit := make([]float64, k)
		for i := range ones {
			ones[i] = 1
		}
		unit[0] = 1
		if k == 1 {
			add(mean, len(leaving) > 0)
			return out
		}
		add(mean, member(leaving, ones))
		add(rest, member(leaving, unit))
		return out
	}
	basis := complete(leaving, rootMeanSquares(&term.Z))
	for i := range basis {
		for c := 0; c <= i; c++ {
			m := outer(basis[i], basis[c])
			add(m, i < len(leaving))
		}
	}
	return out
}

// outer is (x y' + y x') / 2, times 2 off the diagonal of a basis.
func outer(x, y []float64) []float64 {
	k := len(x)
	m := make([]float64, k*k)
	same := &x[0] == &y[0]
	for r, v := range x {
		for c, w := range y {
			m[r*k+c] += v * w
			if !same {
				m[c*k+r] += v * w
			}
		}
	}
	return m
}

func member(list [][]float64, x []float64) bool {
	for _, v := range list {
		var d float64
		for i, w := range v {
			d = math.Max(d, math.Abs(w-x[i]))
		}
		if d == 0 {
			return true
		}
	}
	return false
}

// complete adds vectors to a set that is orthonormal after scaling by size, up
// to a whole basis.
func complete(set [][]float64, size []float64) [][]float64 {
	out := append([][]float64(nil), set...)
	k := len(size)
	for i := 0; i < k && len(out) < k; i++ {
		v := make([]float64, k)
		v[i] = 1
		for range 2 {
			for _, u := range out {
				var s float64
				for j := range v {
					s += v[j] * u[j] * size[j]
				}
				for j := range v {
					v[j] -= s * u[j] * size[j]
				}
			}
		}
		if n := euclid(v); n > 0.5/math.Sqrt(float64(k)) {
			for j := range v {
				v[j] /= n * size[j]
			}
			out = append(out, v)
		}
	}
	return out
}

// relative returns Sigma / sigma^2 of each term in the user's units.
func relative(m *lmm.Model) [][]float64 {
	obj := m.Objective()
	out := make([][]float64, len(obj.Coords.T))
	for t := range out {
		l := obj.Point[t]
		k := obj.Blocks()[t].K
		factor := mat.NewDense(k, k, nil)
		factor.Mul(mat.NewDense(k, k, obj.Coords.T[t]), mat.NewDense(k, k, l))
		var psi mat.Dense
		psi.Mul(factor, factor.T())
		out[t] = psi.RawMatrix().Data
	}
	return out
}

// inward takes a matrix of a term to internal coordinates, T^-1 M T^-T.
func inward(m, t []float64, k int) []float64 {
	upper := mat.NewTriDense(k, mat.Upper, append([]float64(nil), t...))
	var half, whole mat.Dense
	if half.Solve(upper, mat.NewDense(k, k, append([]float64(nil), m...))) != nil || whole.Solve(upper, half.T()) != nil {
		return make([]float64, k*k) // T has a positive diagonal: it cannot be
	}
	out := make([]float64, k*k)
	for r := range k {
		for c := range k {
			out[r*k+c] = (whole.At(r, c) + whole.At(c, r)) / 2
		}
	}
	return out
}
