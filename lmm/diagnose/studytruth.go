package diagnose

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// Truth is what data are drawn from:
//
//	y = X beta + sum over terms t of Z_t b_t + e,  b_tj ~ N(0, Sigma_t),  e ~ N(0, sigma^2 I)
type Truth struct {
	Formula string    `json:"formula"`
	Beta    []float64 `json:"beta"` // in the order of the columns of X
	Sigma   float64   `json:"sigma"`
	// Random has Sigma_t, k x k, for each random term by its name in the expanded
	// formula: "(x | g)". The variance of one term with an intercept alone may be
	// negative, down to -sigma^2 / n for levels of n rows: the members of a level
	// are then less alike than strangers.
	Random map[string][][]float64 `json:"random"`
}

func (t Truth) equal(o Truth) bool {
	return t.Formula == o.Formula && t.Sigma == o.Sigma && slices.Equal(t.Beta, o.Beta) &&
		maps.EqualFunc(t.Random, o.Random, func(a, b [][]float64) bool {
			return slices.EqualFunc(a, b, func(x, y []float64) bool { return slices.Equal(x, y) })
		})
}

// TruthError says what is wrong with a truth.
type TruthError struct{ Msg string }

func (e *TruthError) Error() string { return "nothing can be drawn from this truth: " + e.Msg }

// truthSource draws responses.
type truthSource struct {
	table    *table.Table // the rows that the truth has values for
	response string
	design   *design.Design
	mean     []float64
	roots    [][]float64 // a term: k x k, R R' = Sigma
	sigma    float64
	negative int // the term with a negative variance, -1 for none
	variance float64
}

// placeholder is a response for designs, whose response is drawn later.
func placeholder(n int) []float64 {
	y := make([]float64, n)
	for i := range y {
		y[i] = math.Sin(float64(i))
	}
	return y
}

func newTruthSource(tab *table.Table, truth Truth) (*truthSource, error) {
	f, err := formula.Parse(truth.Formula)
	if err != nil {
		return nil, err
	}
	name, ok := responseName(f)
	if !ok {
		return nil, &TruthError{fmt.Sprintf("its response is %s, and must be a column", name)}
	}
	whole, err := tab.With(table.NewFloats(name, placeholder(tab.Rows())))
	if err != nil {
		return nil, err
	}
	d, err := design.Build(f, whole, nil)
	if err != nil {
		return nil, err
	}
	s := &truthSource{table: whole.Take(d.Rows), response: name, design: d, sigma: truth.Sigma, negative: -1}
	if len(truth.Beta) != len(d.XNames) {
		return nil, &TruthError{fmt.Sprintf("it has %d fixed effects, and the model %d: %q", len(truth.Beta), len(d.XNames), d.XNames)}
	}
	if !(truth.Sigma > 0) || math.IsInf(truth.Sigma, 0) {
		return nil, &TruthError{fmt.Sprintf("sigma is %g, and must be above 0", truth.Sigma)}
	}
	s.mean = make([]float64, len(d.Y))
	for i := range s.mean {
		for c, v := range d.X.Row(i) {
			s.mean[i] += v * truth.Beta[c]
		}
		if d.Offset != nil {
			s.mean[i] += d.Offset[i]
		}
		if math.IsNaN(s.mean[i]) || math.IsInf(s.mean[i], 0) {
			return nil, &TruthError{"a fixed effect is not a finite number"}
		}
	}
	var terms []string
	for t := range d.Terms {
		terms = append(terms, d.Terms[t].Src)
	}
	for src := range truth.Random {
		if !slices.Contains(terms, src) {
			return nil, &TruthError{fmt.Sprintf("there is no random term %q; the terms are %q", src, terms)}
		}
	}
	for t, src := range terms {
		if err := s.term(t, truth.Random[src]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// term takes the covariance matrix of a term.
func (s *truthSource) term(t int, sigma [][]float64) error {
	term := &s.design.Terms[t]
	k := len(term.Names)
	if len(sigma) != k || slices.ContainsFunc(sigma, func(row []float64) bool { return len(row) != k }) {
		return &TruthError{fmt.Sprintf("the covariance matrix of %s must be %d x %d, for %q", term.Src, k, k, term.Names)}
	}
	sym, top := mat.NewSymDense(k, nil), 0.0
	for i := range k {
		for j := range k {
			v := sigma[i][j]
			if math.IsNaN(v) || math.IsInf(v, 0) || v != sigma[j][i] {
				return &TruthError{fmt.Sprintf("the covariance matrix of %s is not symmetric, or has entries that are not numbers", term.Src)}
			}
			sym.SetSym(i, j, v)
			top = math.Max(top, math.Abs(v))
		}
	}
	if k == 1 && sigma[0][0] < 0 {
		return s.lessAlike(t, sigma[0][0])
	}
	var eig mat.EigenSym
	if !eig.Factorize(sym, true) {
		return &TruthError{fmt.Sprintf("the eigenvalues of the covariance matrix of %s cannot be computed", term.Src)}
	}
	values := eig.Values(nil)
	if values[0] < -1e-12*top {
		return &TruthError{fmt.Sprintf("the covariance matrix of %s has the eigenvalue %g: a combination of its effects has a negative variance", term.Src, values[0])}
	}
	var v mat.Dense
	eig.VectorsTo(&v)
	root := make([]float64, k*k)
	for i := range k {
		for j := range k {
			root[i*k+j] = v.At(i, j) * math.Sqrt(math.Max(0, values[j]))
		}
	}
	s.roots = append(s.roots, root)
	return nil
}

// lessAlike takes a negative variance.
func (s *truthSource) lessAlike(t int, variance float64) error {
	term := &s.design.Terms[t]
	n := make([]int, len(term.Levels))
	for i, l := range term.Level {
		n[l]++
		if term.Z.At(i, 0) != 1 {
			return &TruthError{fmt.Sprintf("the variance of %s is negative, which an intercept alone can have", term.Src)}
		}
	}
	most := slices.Max(n)
	if least := -s.sigma * s.sigma / float64(most); variance < least {
		return &TruthError{fmt.Sprintf("the variance of %s is %g; with %d rows in a level it is at least -sigma^2 / %d = %g", term.Src, variance, most, most, least)}
	}
	if s.negative >= 0 {
		return &TruthError{"two terms have negative variances, and one is allowed"}
	}
	s.negative, s.variance = t, variance
	s.roots = append(s.roots, []float64{0})
	return nil
}

// draw draws random effects term by term, level by level, then errors row by row.
func (s *truthSource) draw(rng *rand.Rand) []float64 {
	y := slices.Clone(s.mean)
	for t := range s.design.Terms {
		if t == s.negative {
			continue
		}
		term, root := &s.design.Terms[t], s.roots[t]
		k := len(term.Names)
		b, u := make([]float64, len(term.Levels)*k), make([]float64, k)
		for j := range term.Levels {
			for c := range u {
				u[c] = rng.NormFloat64()
			}
			for r := range k {
				for c, v := range u {
					b[j*k+r] += root[r*k+c] * v
				}
			}
		}
		for i, j := range term.Level {
			for c, v := range term.Z.Row(i) {
				y[i] += v * b[int(j)*k+c]
			}
		}
	}
	e := make([]float64, len(y))
	for i := range e {
		e[i] = s.sigma * rng.NormFloat64()
	}
	if s.negative >= 0 {
		s.repel(e)
	}
	for i, v := range e {
		y[i] += v
	}
	return y
}

// repel gives the errors of a level of n rows the covariance matrix sigma^2 I +
// tau 1 1': their mean times sqrt(1 + n tau / sigma^2).
func (s *truthSource) repel(e []float64) {
	term := &s.design.Terms[s.negative]
	mean, n := make([]float64, len(term.Levels)), make([]float64, len(term.Levels))
	for i, l := range term.Level {
		mean[l] += e[i]
		n[l]++
	}
	for i, l := range term.Level {
		f := math.Sqrt(math.Max(0, 1+n[l]*s.variance/(s.sigma*s.sigma)))
		e[i] += (f - 1) * mean[l] / n[l]
	}
}

// model is the design of a model for the rows of the truth.
func (s *truthSource) model(src string) (*design.Design, error) {
	f, err := formula.Parse(src)
	if err != nil {
		return nil, err
	}
	if name, _ := responseName(f); name != s.response {
		return nil, &TruthError{fmt.Sprintf("the model %q has the response %s, the truth %s", src, name, s.response)}
	}
	return design.Build(f, s.table, nil)
}
