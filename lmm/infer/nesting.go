package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// geometry is how the covariance matrices of a null model lie in those of a
// larger one: Psi = sum over parameters a of the null of phi_a Images[a], and
// the directions in which the larger can leave them.
type geometry struct {
	df     int        // variance parameters more
	images []image    // of the directions of the null
	leaves []departed // a block of the larger model each
	free   int        // directions that can go both ways
}

// image is a direction of the null model in the larger one: a symmetric matrix
// for each term. term and entry say which direction of the null it is.
type image struct {
	psi      [][]float64
	term     int
	row, col int
}

// departed is a term of the larger model in which null matrices have a null
// space, so that Psi can leave them to one side only.
type departed struct {
	term  int
	basis [][]float64 // of the null space, or unit vectors of a diagonal
}

// scalar returns the term and the column of Z of the variance that is tested, if
// it is a single one.
func (g *geometry) scalar(d *design.Design) (term, column int, ok bool) {
	if g.df != 1 || g.free != 0 || len(g.leaves) != 1 || len(g.leaves[0].basis) != 1 {
		return 0, 0, false
	}
	l := g.leaves[0]
	found := -1
	for i, v := range l.basis[0] {
		if v != 0 {
			if found >= 0 {
				return 0, 0, false
			}
			found = i
		}
	}
	t := &d.Terms[l.term]
	return l.term, found, t.Z.Cols == 1 || independentColumns(t)
}

// nest finds the random effects of null in those of alt, nil if they are not
// all there. An empty reason with a nil geometry cannot be: it says why.
func nest(null, alt *design.Design) (*geometry, string) {
	g := &geometry{df: varianceParams(alt) - varianceParams(null)}
	for t := range null.Terms {
		if !g.place(null, t, alt) {
			return nil, "the random effects of " + null.Terms[t].Src + " are not among those of the other model"
		}
	}
	if g.df < 0 {
		return nil, "the model without some of the terms has more variance parameters"
	}
	dims := 0
	for t := range alt.Terms {
		term := &alt.Terms[t]
		k := term.Z.Cols
		sum := make([]float64, k*k)
		for _, im := range g.images {
			if im.row == im.col { // a sum of diagonal directions is inside the cone
				for i, v := range im.psi[t] {
					sum[i] += v
				}
			}
		}
		basis, regular := departure(term, sum)
		if !regular {
			return g, "the null model is a singular point of " + term.Src + ": the theory of likelihood ratios does not reach there"
		}
		if s := len(basis); s > 0 {
			switch term.Shape {
			case formula.Full, formula.ReducedRank:
				g.leaves = append(g.leaves, departed{t, basis})
				dims += s * (s + 1) / 2
			default:
				for _, b := range basis {
					g.leaves = append(g.leaves, departed{t, [][]float64{b}})
					dims++
				}
			}
		}
	}
	if g.free = g.df - dims; g.free < 0 {
		return g, "the directions of the larger model could not be counted"
	}
	return g, ""
}

func varianceParams(d *design.Design) int {
	n := 0
	for i := range d.Terms {
		k := d.Terms[i].Z.Cols
		switch d.Terms[i].Shape {
		case formula.Independent, formula.Diag:
			n += k
		case formula.CompSymm:
			n += min(k, 2)
		case formula.ReducedRank:
			r := min(d.Terms[i].Rank, k)
			n += r*k - r*(r-1)/2
		default:
			n += k * (k + 1) / 2
		}
	}
	return n
}

// directions lists those of a term as pairs; of compound symmetry the identity
// (0, 0) and the matrix of ones (0, -1).
func directions(t *design.Term) [][2]int {
	k := t.Z.Cols
	var out [][2]int
	switch t.Shape {
	case formula.Independent, formula.Diag:
		for i := range k {
			out = append(out, [2]int{i, i})
		}
	case formula.CompSymm:
		out = append(out, [2]int{0, 0})
		if k > 1 {
			out = append(out, [2]int{0, -1})
		}
	default:
		for r := range k {
			for c := 0; c <= r; c++ {
				out = append(out, [2]int{r, c})
			}
		}
	}
	return out
}

// direction is the matrix of a pair of directions.
func direction(t *design.Term, d [2]int) []float64 {
	k := t.Z.Cols
	m := make([]float64, k*k)
	switch {
	case t.Shape == formula.CompSymm && d[1] < 0:
		for i := range m {
			m[i] = 1
		}
	case t.Shape == formula.CompSymm:
		for i := range k {
			m[i*k+i] = 1
		}
	default:
		m[d[0]*k+d[1]], m[d[1]*k+d[0]] = 1, 1
	}
	return m
}

// place finds the directions of a term of null in one grouping factor of alt.
func (g *geometry) place(null *design.Design, t int, alt *design.Design) bool {
	term := &null.Terms[t]
	tried := make(map[string]bool)
	for i := range alt.Terms {
		group := alt.Terms[i].Group
		if tried[group] {
			continue
		}
		tried[group] = true
		if !within(term.Level, alt.Terms[i].Level) {
			continue
		}
		if images, ok := embed(term, t, alt, group, !within(alt.Terms[i].Level, term.Level)); ok {
			g.images = append(g.images, images...)
			return true
		}
	}
	return false
}

// within says that each level of a lies in one level of b.
func within(a, b []int32) bool {
	up := make(map[int32]int32)
	for i, l := range a {
		if u, ok := up[l]; ok && u != b[i] {
			return false
		}
		up[l] = b[i]
	}
	return true
}

// embed writes the directions of a term in the terms of a group of alt. Finer
// says that the levels of the term are parts of those of the group.
func embed(term *design.Term, t int, alt *design.Design, group string, finer bool) ([]image, bool) {
	p := newPattern(alt, group)
	var out []image
	for _, d := range directions(term) {
		dir := direction(term, d)
		var s []float64
		ok := false
		if finer {
			s, ok = p.fitPairs(term, dir)
		} else {
			s, ok = p.fitRows(term, dir)
		}
		if !ok {
			return nil, false
		}
		im := image{term: t, row: d[0], col: d[1], psi: p.split(alt, s)}
		if !symmetric(alt, im.psi) {
			return nil, false
		}
		out = append(out, im)
	}
	return out, ranksFit(term, alt, p.terms)
}

// symmetric says that a matrix has the compound symmetry of the terms that have
// it.
func symmetric(d *design.Design, psi [][]float64) bool {
	for t := range d.Terms {
		if d.Terms[t].Shape != formula.CompSymm {
			continue
		}
		k := d.Terms[t].Z.Cols
		top := 0.0
		for _, v := range psi[t] {
			top = math.Max(top, math.Abs(v))
		}
		for r := range k {
			for c := 0; c <= r; c++ {
				want := psi[t][0]
				if r != c {
					want = psi[t][1]
				}
				if math.Abs(psi[t][r*k+c]-want) > closeTo*top {
					return false
				}
			}
		}
	}
	return true
}

// ranksFit says that terms of reduced rank among those given hold the matrices
// of a term.
func ranksFit(term *design.Term, alt *design.Design, terms []int) bool {
	rank := term.Z.Cols
	if term.Shape == formula.ReducedRank {
		rank = min(rank, term.Rank)
	}
	for _, t := range terms {
		if a := &alt.Terms[t]; a.Shape == formula.ReducedRank && min(a.Rank, a.Z.Cols) < rank {
			return false
		}
	}
	return true
}

// departure returns a basis of the null space that the matrices psi of the null
// model leave in a term, and whether the larger model is smooth there.
func departure(term *design.Term, psi []float64) (basis [][]float64, regular bool) {
	k := term.Z.Cols
	unit := func(i int) []float64 {
		e := make([]float64, k)
		e[i] = 1
		return e
	}
	switch term.Shape {
	case formula.Independent, formula.Diag:
		for i := range k {
			if psi[i*k+i] == 0 {
				basis = append(basis, unit(i))
			}
		}
		return basis, true
	case formula.CompSymm:
		// The axes are the mean of the levels and what is left of each.
		mean, total := 0.0, 0.0
		for i, v := range psi {
			mean += v / float64(k)
			if i%(k+1) == 0 {
				total += v
			}
		}
		ones := make([]float64, k)
		for i := range ones {
			ones[i] = 1
		}
		if math.Abs(mean) <= 1e-9*total || total == 0 {
			basis = append(basis, ones)
		}
		if k > 1 && total-mean <= 1e-9*total {
			basis = append(basis, unit(0))
		}
		return basis, true
	}
	size := rootMeanSquares(&term.Z)
	m := mat.NewSymDense(k, nil)
	for r := range k {
		for c := 0; c <= r; c++ {
			m.SetSym(r, c, psi[r*k+c]*size[r]*size[c])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(m, true) {
		return nil, false
	}
	var v mat.Dense
	eig.VectorsTo(&v)
	values := eig.Values(nil)
	top := values[k-1]
	for j, w := range values {
		if w > 1e-9*top {
			continue
		}
		b := make([]float64, k)
		for i := range b {
			b[i] = v.At(i, j)
			if math.Abs(b[i]) < 1e-9 {
				b[i] = 0
			}
			b[i] /= size[i]
		}
		basis = append(basis, b)
	}
	if term.Shape == formula.ReducedRank {
		return nil, k-len(basis) == min(term.Rank, k)
	}
	return basis, true
}

func rootMeanSquares(z *design.Matrix) []float64 {
	out := make([]float64, z.Cols)
	column := make([]float64, z.Rows)
	for j := range out {
		for i := range column {
			column[i] = z.At(i, j)
		}
		out[j] = euclid(column) / math.Sqrt(float64(z.Rows))
	}
	return out
}
