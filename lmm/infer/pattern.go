package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// pattern is the covariance matrix of all terms of one grouping factor side by
// side, K x K, and which of its entries can differ from 0.
type pattern struct {
	terms []int
	at    []int // of each term in K
	k     int
	level []int32
	pairs [][2]int
	z     *mat.Dense // n x K
}

func newPattern(d *design.Design, group string) *pattern {
	p := &pattern{}
	for t := range d.Terms {
		term := &d.Terms[t]
		if term.Group != group {
			continue
		}
		p.level = term.Level
		p.terms, p.at = append(p.terms, t), append(p.at, p.k)
		for r := range term.Z.Cols {
			for c := 0; c <= r; c++ {
				if r == c || term.Shape != formula.Independent && term.Shape != formula.Diag {
					p.pairs = append(p.pairs, [2]int{p.k + r, p.k + c})
				}
			}
		}
		p.k += term.Z.Cols
	}
	n := len(p.level)
	p.z = mat.NewDense(n, p.k, nil)
	for i, t := range p.terms {
		z := &d.Terms[t].Z
		for r := range n {
			for c := range z.Cols {
				p.z.Set(r, p.at[i]+c, z.At(r, c))
			}
		}
	}
	return p
}

// close is the error, relative to the size of a column, below which it is a
// combination of others.
const closeTo = 1e-7

// fitRows returns S with Z S Z' = Z0 D Z0' where Z0 = Z B: S = B D B'.
func (p *pattern) fitRows(term *design.Term, dir []float64) ([]float64, bool) {
	n, k0 := term.Z.Rows, term.Z.Cols
	z0 := mat.NewDense(n, k0, term.Z.Data)
	b, ok := leastSquares(p.z, z0)
	if !ok {
		return nil, false
	}
	var bd, s mat.Dense
	bd.Mul(b, mat.NewDense(k0, k0, dir))
	s.Mul(&bd, b.T())
	return p.admit(&s)
}

// leastSquares returns B with Z B = Z0, false if there is none.
func leastSquares(z, z0 *mat.Dense) (*mat.Dense, bool) {
	n, k := z.Dims()
	_, k0 := z0.Dims()
	var svd mat.SVD
	scaled := mat.DenseCopyOf(z)
	size := make([]float64, k)
	for j := range size {
		size[j] = math.Max(mat.Norm(z.ColView(j), 2), math.SmallestNonzeroFloat64)
		for i := range n {
			scaled.Set(i, j, z.At(i, j)/size[j])
		}
	}
	if !svd.Factorize(scaled, mat.SVDThin) {
		return nil, false
	}
	b := mat.NewDense(k, k0, nil)
	svd.SolveTo(b, z0, svd.Rank(1e-10))
	var fit mat.Dense
	fit.Mul(scaled, b)
	for j := range k0 {
		var off, top float64
		for i := range n {
			off = math.Hypot(off, fit.At(i, j)-z0.At(i, j))
			top = math.Hypot(top, z0.At(i, j))
		}
		if off > closeTo*top {
			return nil, false
		}
	}
	for j, v := range size {
		for c := range k0 {
			x := b.At(j, c)
			if math.Abs(x) < 1e-9 {
				x = 0
			}
			b.Set(j, c, x/v)
		}
	}
	return b, true
}

// maxPairs bounds the pairs of rows of one level that fitPairs reads.
const maxPairs = 4_000_000

// fitPairs returns S with z_i'S z_j = z0_i'D z0_j for all pairs of rows of a
// level of the group, 0 where they differ in their levels of the term.
func (p *pattern) fitPairs(term *design.Term, dir []float64) ([]float64, bool) {
	groups := make(map[int32][]int)
	var order []int32
	for i, l := range p.level {
		if groups[l] == nil {
			order = append(order, l)
		}
		groups[l] = append(groups[l], i)
	}
	pairs := 0
	for _, rows := range groups {
		pairs += len(rows) * len(rows)
	}
	if pairs > maxPairs {
		return nil, false
	}
	m := len(p.pairs)
	normal, rhs := mat.NewSymDense(m, nil), mat.NewVecDense(m, nil)
	x := make([]float64, m)
	visit := func(f func(target float64)) {
		for _, l := range order {
			rows := groups[l]
			for a, i := range rows {
				for _, j := range rows[:a+1] {
					for n, q := range p.pairs {
						x[n] = p.z.At(i, q[0])*p.z.At(j, q[1]) + p.z.At(i, q[1])*p.z.At(j, q[0])
						if q[0] == q[1] {
							x[n] /= 2
						}
					}
					target := 0.0
					if term.Level[i] == term.Level[j] {
						target = bilinear(term.Z.Row(i), dir, term.Z.Row(j))
					}
					f(target)
				}
			}
		}
	}
	visit(func(target float64) {
		normal.SymRankOne(normal, 1, mat.NewVecDense(m, x))
		rhs.AddScaledVec(rhs, target, mat.NewVecDense(m, x))
	})
	var chol mat.Cholesky
	var s mat.VecDense
	if !chol.Factorize(normal) || chol.SolveVecTo(&s, rhs) != nil {
		return nil, false
	}
	var off, top float64
	visit(func(target float64) {
		fit := 0.0
		for n, v := range x {
			fit += v * s.AtVec(n)
		}
		off, top = math.Max(off, math.Abs(fit-target)), math.Max(top, math.Abs(target))
	})
	if off > closeTo*top {
		return nil, false
	}
	out := make([]float64, p.k*p.k)
	for n, q := range p.pairs {
		v := s.AtVec(n)
		if math.Abs(v) < 1e-9*mat.Norm(&s, math.Inf(1)) {
			v = 0
		}
		out[q[0]*p.k+q[1]], out[q[1]*p.k+q[0]] = v, v
	}
	return out, true
}

func bilinear(x, m, y []float64) float64 {
	var s float64
	for i, v := range x {
		for j, w := range y {
			s += v * m[i*len(y)+j] * w
		}
	}
	return s
}

// admit takes a matrix to a slice if it has entries where the pattern has them.
func (p *pattern) admit(s *mat.Dense) ([]float64, bool) {
	allowed := make(map[[2]int]bool)
	for _, q := range p.pairs {
		allowed[q] = true
	}
	out := make([]float64, p.k*p.k)
	var bad, top float64
	size := make([]float64, p.k)
	for j := range size {
		size[j] = mat.Norm(p.z.ColView(j), 2)
	}
	for r := range p.k {
		for c := 0; c <= r; c++ {
			v := math.Abs(s.At(r, c)) * size[r] * size[c]
			top = math.Max(top, v)
			if !allowed[[2]int{r, c}] {
				bad = math.Max(bad, v)
				continue
			}
			out[r*p.k+c], out[c*p.k+r] = s.At(r, c), s.At(r, c)
		}
	}
	return out, bad <= closeTo*top
}

// split cuts a matrix of the pattern into those of the terms of the design.
func (p *pattern) split(d *design.Design, s []float64) [][]float64 {
	out := make([][]float64, len(d.Terms))
	for t := range d.Terms {
		k := d.Terms[t].Z.Cols
		out[t] = make([]float64, k*k)
	}
	for i, t := range p.terms {
		k := d.Terms[t].Z.Cols
		for r := range k {
			copy(out[t][r*k:r*k+k], s[(p.at[i]+r)*p.k+p.at[i]:])
		}
	}
	return out
}
