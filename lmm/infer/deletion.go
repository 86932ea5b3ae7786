package infer

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/suffstat"
)

// deletion is a design without some of its rows.
type deletion struct {
	design *design.Design
	kept   []int  // columns of X that are left: those that depend on others are not
	lost   []bool // a column of X: its coefficient has no estimate here
	reason string // why nothing can be fitted, "" if it can
}

// deleteRows returns the design without the rows for which drop is true.
func deleteRows(d *design.Design, drop []bool) *deletion {
	var rows []int
	for i, gone := range drop {
		if !gone {
			rows = append(rows, i)
		}
	}
	out := &deletion{lost: make([]bool, d.X.Cols)}
	s := *d
	s.Y, s.Weights, s.Offset = pick(d.Y, rows), pick(d.Weights, rows), pick(d.Offset, rows)
	s.Trials = trials(d, rows)
	s.X = pickRows(&d.X, rows)
	s.Rows = make([]int, len(rows))
	for i, r := range rows {
		s.Rows[i] = d.Rows[r]
	}
	s.Terms = slices.Clone(d.Terms)
	s.Findings = nil
	for t := range s.Terms {
		term := &s.Terms[t]
		term.Z = pickRows(&d.Terms[t].Z, rows)
		renumber(term, rows)
		if len(term.Levels) < 2 {
			out.reason = fmt.Sprintf("without these rows %s has fewer than 2 levels", term.Group)
		}
	}
	out.columns(&s)
	if len(rows) <= len(out.kept) {
		out.reason = "without these rows nothing is left to estimate an error from"
	}
	out.design = &s
	return out
}

// columns drops the columns of X that depend on others now, and marks the
// coefficients that are no longer estimable: all that take part in a dependence.
func (x *deletion) columns(s *design.Design) {
	p := s.X.Cols
	r := triangleOf(&s.X, nil)
	basis := make([][]float64, 0, p) // orthonormal, of the columns kept
	for j := 0; j < p; j++ {
		col := make([]float64, p)
		for i := range col {
			col[i] = r[i*p+j]
		}
		size := math.Sqrt(dot(col, col))
		for range 2 {
			for _, b := range basis {
				axpy(-dot(b, col), b, col)
			}
		}
		left := math.Sqrt(dot(col, col))
		if left <= 1e-9*size {
			continue
		}
		scale(col, 1/left)
		basis = append(basis, col)
		x.kept = append(x.kept, j)
	}
	if len(x.kept) == p {
		return
	}
	full := s.X
	s.X = design.Matrix{Rows: full.Rows, Cols: len(x.kept)}
	s.XNames = nil
	for i := 0; i < full.Rows; i++ {
		for _, j := range x.kept {
			s.X.Data = append(s.X.Data, full.At(i, j))
		}
	}
	var dropped []int
	for j := 0; j < p; j++ {
		if !slices.Contains(x.kept, j) {
			dropped = append(dropped, j)
			x.lost[j] = true
		}
	}
	a, err := combinations(&s.X, &full, dropped)
	for i, j := range x.kept {
		for k := range dropped {
			if err != nil || math.Abs(a.at(i, k)) > 1e-8 {
				x.lost[j] = true
			}
		}
	}
	s.XNames = make([]string, len(x.kept))
	s.Aliased, s.FullNames = nil, s.XNames
}

// renumber keeps the levels that the rows use.
func renumber(t *design.Term, rows []int) {
	to := make([]int32, len(t.Levels))
	for _, r := range rows {
		to[t.Level[r]] = 1
	}
	var levels []string
	for l, used := range to {
		if used == 1 {
			to[l] = int32(len(levels))
			levels = append(levels, t.Levels[l])
		}
	}
	level := make([]int32, len(rows))
	for i, r := range rows {
		level[i] = to[t.Level[r]]
	}
	t.Levels, t.Level = levels, level
}

// deleted is what a fit without some rows gives; beta and se have a place for
// each column of X, NaN where it has no estimate.
type deleted struct {
	beta, se    []float64
	sigma2, det float64 // det: of the covariance of beta
	components  []float64
}

// solve estimates beta and sigma with the relative covariance factors of m;
// lambda is a term's, in the user's units.
func (x *deletion) solve(m *lmm.Model, lambda [][]float64) (*deleted, string) {
	var c interface {
		Blocks() []cone.Block
		Solve(cone.Point) *criterion.Solution
	}
	var co *suffstat.Coords
	if several(x.design) {
		s, err := suffstat.NewBlocked(x.design)
		if err != nil {
			return nil, err.Error()
		}
		c, co = criterion.NewBlocked(s, m.REML()), &s.Coords
	} else {
		s, err := suffstat.New(x.design)
		if err != nil {
			return nil, err.Error()
		}
		c, co = criterion.NewOneFactor(s, m.REML()), &s.Coords
	}
	point := make(cone.Point, len(lambda))
	for t, l := range lambda {
		point[t] = intoCoords(l, co.T[t], len(x.design.Terms[t].Names))
	}
	sol := c.Solve(point)
	sigma2 := sol.Sigma2 * co.YScale * co.YScale
	v := co.BetaCov(sol.BetaCov)
	scale(v, sigma2)
	return x.spread(co.Beta(sol.Beta), v, sigma2), ""
}

// refit estimates all parameters anew.
func (x *deletion) refit(m *lmm.Model) (*deleted, string) {
	f, err := lmm.FitDesign(x.design, likeIts(m, !m.REML()))
	if err != nil {
		return nil, err.Error()
	}
	if reason := settled(f); reason != "" {
		return nil, "the fit without it has no maximum: " + reason
	}
	if f.Separation() != nil {
		return nil, "without it the responses are separated, and an estimate runs to infinity"
	}
	var beta, v []float64
	for _, c := range f.FixedEffects() {
		beta = append(beta, c.Estimate)
	}
	for _, row := range f.Vcov() {
		v = append(v, row...)
	}
	out := x.spread(beta, v, f.Sigma()*f.Sigma())
	out.components = matched(componentNames(f), components(f), componentNames(m))
	return out, ""
}

// spread puts the estimates of the columns kept in their places.
func (x *deletion) spread(beta, v []float64, sigma2 float64) *deleted {
	out := &deleted{sigma2: sigma2}
	for range x.lost {
		out.beta, out.se = append(out.beta, math.NaN()), append(out.se, math.NaN())
	}
	p := len(x.kept)
	for i, j := range x.kept {
		if !x.lost[j] {
			out.beta[j], out.se[j] = beta[i], math.Sqrt(v[i*p+i])
		}
	}
	out.det = math.NaN()
	if p == len(x.lost) && p > 0 {
		var chol mat.Cholesky
		if chol.Factorize(mat.NewSymDense(p, v)) {
			out.det = chol.LogDet()
		}
	}
	return out
}

// components lists the variances and covariances of the random effects, the
// lower triangle of each term by rows, and the residual variance; of a generalised
// model the shape of its family, if it has one.
func components(m *lmm.Model) []float64 {
	var out []float64
	for _, c := range m.VarCorr() {
		for i := range c.Cov {
			out = append(out, c.Cov[i][:i+1]...)
		}
	}
	if fam := m.Family(); fam != nil {
		if fam.HasShape() {
			out = append(out, m.Shape())
		}
		return out
	}
	out = append(out, m.Sigma()*m.Sigma())
	if r := m.Residual(); r != nil {
		for _, p := range r.Params {
			out = append(out, p.Value)
		}
	}
	return out
}

func componentNames(m *lmm.Model) []string {
	var out []string
	for _, c := range m.VarCorr() {
		for i, a := range c.Names {
			for _, b := range c.Names[:i] {
				out = append(out, "covariance of "+b+" and "+a+" between levels of "+c.Group)
			}
			out = append(out, "variance of "+a+" between levels of "+c.Group)
		}
	}
	if fam := m.Family(); fam != nil {
		if fam.HasShape() {
			out = append(out, "shape of the "+fam.Name()+" family")
		}
		return out
	}
	out = append(out, "residual variance")
	if r := m.Residual(); r != nil {
		for _, p := range r.Params {
			out = append(out, p.Name)
		}
	}
	return out
}

// matched puts values in the places of names that stay: without some rows a
// structure may have fewer parameters.
func matched(have []string, values []float64, want []string) []float64 {
	out := make([]float64, len(want))
	for i, name := range want {
		out[i] = math.NaN()
		if k := slices.Index(have, name); k >= 0 {
			out[i] = values[k]
		}
	}
	return out
}

// several says that the terms have more than one grouping factor.
func several(d *design.Design) bool {
	return slices.ContainsFunc(d.Terms, func(t design.Term) bool { return t.Group != d.Terms[0].Group })
}

// userLambda returns the relative covariance factors of a model in the user's
// units, T Lambda.
func userLambda(obj *lmm.Objective) [][]float64 {
	out := make([][]float64, len(obj.Coords.T))
	for t := range out {
		l := obj.Point[t]
		k := obj.Blocks()[t].K
		var m mat.Dense
		m.Mul(mat.NewDense(k, k, obj.Coords.T[t]), mat.NewDense(k, k, l))
		out[t] = m.RawMatrix().Data
	}
	return out
}

// intoCoords returns T^-1 Lambda, T upper triangular.
func intoCoords(lambda, t []float64, k int) []float64 {
	l := append([]float64(nil), lambda...)
	for c := 0; c < k; c++ {
		for r := k - 1; r >= 0; r-- {
			v := l[r*k+c]
			for i := r + 1; i < k; i++ {
				v -= t[r*k+i] * l[i*k+c]
			}
			l[r*k+c] = v / t[r*k+r]
		}
	}
	return l
}
