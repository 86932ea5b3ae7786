package infer

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// sequential returns the hypotheses of type I: for each term the rows of the
// unit triangle R of X = QR that stand at its columns, so that each term is
// adjusted for those before it (Goodnight 1980; least squares: the weights of V
// do not enter).
func sequential(d *design.Design, terms []design.FixedTerm) [][][]float64 {
	r := triangleOf(&d.X, nil)
	out := make([][][]float64, len(terms))
	for t, term := range terms {
		for _, j := range term.Columns {
			out[t] = append(out[t], unitRow(r, d.X.Cols, j, nil))
		}
	}
	return out
}

// unitRow returns row i of a triangle over its diagonal, its columns put back
// in their places.
func unitRow(r []float64, p, i int, order []int) []float64 {
	l := make([]float64, p)
	for j := i; j < p; j++ {
		at := j
		if order != nil {
			at = order[j]
		}
		l[at] = r[i*p+j] / r[i*p+i]
	}
	return l
}

// marginal returns the hypotheses of type II: each term adjusted for all that
// do not contain it, as type I with the columns in this order: what does not
// contain the term, the term, what contains it.
func marginal(d *design.Design, terms []design.FixedTerm) [][][]float64 {
	p := d.X.Cols
	out := make([][][]float64, len(terms))
	for t, term := range terms {
		var last []int
		for _, other := range terms {
			if contains(other, term) {
				last = append(last, other.Columns...)
			}
		}
		var order []int
		for j := 0; j < p; j++ {
			if !slices.Contains(last, j) && !slices.Contains(term.Columns, j) {
				order = append(order, j)
			}
		}
		from := len(order)
		order = append(append(order, term.Columns...), last...)
		r := triangleOf(&d.X, order)
		for i := range term.Columns {
			out[t] = append(out[t], unitRow(r, p, from+i, order))
		}
	}
	return out
}

// contains says that a term contains another: the same covariates and all of
// its factors, and more (SAS/STAT, The four types of estimable functions).
func contains(big, small design.FixedTerm) bool {
	if len(big.Factors) <= len(small.Factors) || len(big.Covariates) != len(small.Covariates) {
		return false
	}
	for _, c := range small.Covariates {
		if !slices.Contains(big.Covariates, c) {
			return false
		}
	}
	for _, f := range small.Factors {
		if !slices.Contains(big.Factors, f) {
			return false
		}
	}
	return true
}

// partial returns the hypotheses of type III (Goodnight 1980; SAS/STAT, The
// four types of estimable functions). With all factors coded by indicators,
// X+ = X M, a row l'beta stands for the row l'M of the coefficients of X+. The
// hypothesis of a term is the space of rows that
//
//   - are 0 outside the term and those that contain it,
//   - are orthogonal to all such rows of the terms that contain it.
//
// It does not depend on the contrasts: M alone does.
func partial(m *lmm.Model, terms []design.FixedTerm) ([][][]float64, error) {
	d := m.Frame()
	over, owner, err := d.Overparameterised()
	if err != nil {
		return nil, err
	}
	all := make([]int, over.Cols)
	for j := range all {
		all[j] = j
	}
	scale := termScales(&over, owner, len(terms))
	a, err := combinations(&d.X, &over, all)
	if err != nil {
		return nil, err
	}
	// (M S)' = Q T: a row l in the coordinates z = T l has |l'M S| = |z|. S
	// scales the columns so that the unit of a covariate does not matter.
	p := d.X.Cols
	mt := mat.NewDense(over.Cols, p, nil)
	for i := 0; i < p; i++ {
		for j := 0; j < over.Cols; j++ {
			mt.Set(j, i, a.at(i, j)/scale[owner[j]+1])
		}
	}
	var qr mat.QR
	qr.Factorize(mt)
	var q, t mat.Dense
	qr.QTo(&q)
	qr.RTo(&t)
	q0 := q.Slice(0, over.Cols, 0, p)
	tri := t.Slice(0, p, 0, p)
	space := func(in func(term int) bool) (*mat.Dense, error) {
		var outside [][]float64
		for j, o := range owner {
			if o < 0 || !in(o) {
				outside = append(outside, mat.Row(nil, j, q0))
			}
		}
		return nullSpace(outside, p)
	}
	out := make([][][]float64, len(terms))
	for e, term := range terms {
		own, err := space(func(o int) bool { return o == e || contains(terms[o], term) })
		if err != nil {
			return nil, err
		}
		var above [][]float64
		for f, big := range terms {
			if !contains(big, term) {
				continue
			}
			s, err := space(func(o int) bool { return o == f || contains(terms[o], big) })
			if err != nil {
				return nil, err
			}
			above = append(above, columnsOf(s)...)
		}
		rest, err := complement(own, above)
		if err != nil {
			return nil, err
		}
		for _, z := range rest {
			var l mat.VecDense
			// l'M S = z'Q', so that l = T^-1 z.
			if err := l.SolveVec(tri, mat.NewVecDense(p, z)); err != nil {
				return nil, fmt.Errorf("infer: the hypothesis of %s cannot be computed: %w", term.Name, err)
			}
			out[e] = append(out[e], l.RawVector().Data)
		}
	}
	return out, nil
}

// termScales returns the root mean square of the columns of each term of X+,
// summed over its indicators; entry 0 is the intercept.
func termScales(over *design.Matrix, owner []int, terms int) []float64 {
	out := make([]float64, terms+1)
	for i := 0; i < over.Rows; i++ {
		for j, v := range over.Row(i) {
			out[owner[j]+1] += v * v
		}
	}
	for i, v := range out {
		out[i] = 1
		if v > 0 {
			out[i] = math.Sqrt(v / float64(over.Rows))
		}
	}
	return out
}

// rankTolerance separates zero from other singular values of matrices with
// orthonormal columns.
const rankTolerance = 1e-8

// nullSpace returns an orthonormal basis, in columns, of the z with rows z = 0.
func nullSpace(rows [][]float64, p int) (*mat.Dense, error) {
	square := mat.NewDense(max(len(rows), p), p, nil)
	for i, r := range rows {
		square.SetRow(i, r)
	}
	var svd mat.SVD
	if !svd.Factorize(square, mat.SVDThinV) {
		return nil, fmt.Errorf("infer: the estimable functions cannot be computed")
	}
	var v mat.Dense
	svd.VTo(&v)
	rank := 0
	for _, s := range svd.Values(nil) {
		if s > rankTolerance {
			rank++
		}
	}
	if rank == p {
		return nil, nil
	}
	return mat.DenseCopyOf(v.Slice(0, p, rank, p)), nil
}

func columnsOf(m *mat.Dense) [][]float64 {
	if m == nil {
		return nil
	}
	_, c := m.Dims()
	out := make([][]float64, c)
	for j := range out {
		out[j] = mat.Col(nil, j, m)
	}
	return out
}

// complement returns an orthonormal basis of what is in the span of own and
// orthogonal to all of above.
func complement(own *mat.Dense, above [][]float64) ([][]float64, error) {
	if own == nil || len(above) == 0 {
		return columnsOf(own), nil
	}
	_, k := own.Dims()
	in := make([][]float64, len(above)) // in the coordinates of own
	for i, z := range above {
		var v mat.VecDense
		v.MulVec(own.T(), mat.NewVecDense(len(z), z))
		in[i] = v.RawVector().Data
	}
	left, err := nullSpace(in, k)
	if err != nil || left == nil {
		return nil, err
	}
	var out mat.Dense
	out.Mul(own, left)
	return columnsOf(&out), nil
}
