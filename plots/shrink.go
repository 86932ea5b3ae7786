package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// ShrinkageSource is what has conditional modes and the data behind them. A
// *lmm.Model is one.
type ShrinkageSource interface {
	Source
	Formula() string
	Frame() *design.Design
	FixedEffects() []lmm.Coefficient
	Residuals(lmm.ResidualKind) []float64
	VarCorr() []lmm.Component
}

// shrunk is one grouping factor: coefficients of its levels alone and shrunk.
type shrunk struct {
	group  string
	labels []string
	names  []string
	// population is the fixed effect of each coefficient, 0 where there is none.
	population []float64
	mode       [][]float64 // levels x k, population + conditional mode
	within     [][]float64 // levels x k; NaN where the level's rows do not determine them
	sigma      *mat.SymDense
}

// shrinkageOf computes what the rows of a level of the group say of its
// coefficients by themselves:
//
//	within_j = mode_j + (Z_j'W_j Z_j)^-1 Z_j'W_j r_j
//
// with the conditional residuals r, which is weighted least squares within the
// level with everything else, other terms and fixed effects without a random
// counterpart, at its estimate.
func shrinkageOf(m ShrinkageSource, group string) (*shrunk, bool) {
	d, res := m.Frame(), m.Residuals(lmm.RawResidual)
	fixed := make(map[string]float64)
	for _, c := range m.FixedEffects() {
		if drawable(c.Estimate) {
			fixed[c.Name] = c.Estimate
		}
	}
	for _, b := range m.RandomEffects() {
		z, level := columnsOf(d, b.Group)
		if b.Group != group || z == nil || z.Cols != len(b.Names) {
			continue
		}
		s := &shrunk{group: b.Group, labels: b.Levels, names: b.Names}
		for _, n := range b.Names {
			s.population = append(s.population, fixed[n])
		}
		s.sigma = sigmaOf(m.VarCorr(), b)
		rows := make([][]int, len(b.Levels))
		for i, l := range level {
			rows[l] = append(rows[l], i)
		}
		for j := range b.Levels {
			mode := make([]float64, len(b.Names))
			for k := range mode {
				mode[k] = s.population[k] + b.Mode[j][k]
			}
			s.mode = append(s.mode, mode)
			s.within = append(s.within, withinOf(mode, z, rows[j], d.Weights, res))
		}
		return s, true
	}
	return nil, false
}

// columnsOf puts the columns of all terms of a grouping factor side by side.
func columnsOf(d *design.Design, group string) (*design.Matrix, []int32) {
	var terms []*design.Term
	k := 0
	for i := range d.Terms {
		if t := &d.Terms[i]; t.Group == group {
			terms = append(terms, t)
			k += t.Z.Cols
		}
	}
	if len(terms) == 0 {
		return nil, nil
	}
	n := terms[0].Z.Rows
	z := &design.Matrix{Rows: n, Cols: k, Data: make([]float64, 0, n*k)}
	for i := range n {
		for _, t := range terms {
			z.Data = append(z.Data, t.Z.Row(i)...)
		}
	}
	return z, terms[0].Level
}

// withinOf adds to the mode what least squares finds in the residuals of the
// level's rows; NaN where the columns are not independent there.
func withinOf(mode []float64, z *design.Matrix, rows []int, w, res []float64) []float64 {
	k := len(mode)
	gram, rhs := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	for _, i := range rows {
		wi := 1.0
		if w != nil {
			wi = w[i]
		}
		zi := mat.NewVecDense(k, z.Row(i))
		gram.SymRankOne(gram, wi, zi)
		rhs.AddScaledVec(rhs, wi*res[i], zi)
	}
	out := make([]float64, k)
	// Columns in units of their own length: the condition does not depend on
	// the covariate's unit.
	scaled, length := mat.NewSymDense(k, nil), make([]float64, k)
	for a := range k {
		length[a] = math.Sqrt(gram.At(a, a))
		rhs.SetVec(a, rhs.AtVec(a)/length[a])
	}
	for a := range k {
		for b := a; b < k; b++ {
			scaled.SetSym(a, b, gram.At(a, b)/(length[a]*length[b]))
		}
	}
	var chol mat.Cholesky
	var step mat.VecDense
	const independent = 1e10 // beyond, five digits are left
	if len(rows) >= k && finiteSym(scaled) && chol.Factorize(scaled) && chol.Cond() < independent && chol.SolveVecTo(&step, rhs) == nil {
		for a := range k {
			out[a] = mode[a] + step.AtVec(a)/length[a]
		}
		return out
	}
	for a := range out {
		out[a] = math.NaN()
	}
	return out
}

func finiteSym(s *mat.SymDense) bool {
	for _, v := range s.RawSymmetric().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// sigmaOf is the covariance matrix of a grouping factor's coefficients, 0
// between terms; NaN where it is not identified.
func sigmaOf(comps []lmm.Component, b lmm.Modes) *mat.SymDense {
	k := len(b.Names)
	s := mat.NewSymDense(k, nil)
	at := 0
	for _, c := range comps {
		if c.Group != b.Group || at+len(c.Names) > k || !slices.Equal(c.Names, b.Names[at:at+len(c.Names)]) {
			continue
		}
		for i := range c.Names {
			for j := i; j < len(c.Names); j++ {
				s.SetSym(at+i, at+j, c.Cov[i][j])
			}
		}
		at += len(c.Names)
	}
	return s
}

// alone counts the levels without an estimate of their own.
func (s *shrunk) alone() int {
	n := 0
	for _, w := range s.within {
		if !drawable(w[0]) {
			n++
		}
	}
	return n
}

// tip is the tooltip of a level.
func (s *shrunk) tip(level int, coefs ...int) string {
	words := oneLine(s.labels[level])
	for _, k := range coefs {
		d := s.decimals(k)
		words += fmt.Sprintf("; %s %s within, %s shrunk", oneLine(s.names[k]),
			typeset(number(s.within[level][k], d)), typeset(number(s.mode[level][k], d)))
	}
	return words
}

// decimals shows a hundredth of the spread of a coefficient.
func (s *shrunk) decimals(k int) int {
	lo, hi := math.Inf(1), math.Inf(-1)
	for j := range s.mode {
		for _, v := range []float64{s.mode[j][k], s.within[j][k]} {
			if drawable(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return decimals([]bar{{0, (hi - lo) / 2}})
}
