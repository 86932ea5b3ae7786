package lmm

import (
	"math"
	"sync"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/separation"
	"github.com/golmm/golmm/lmm/solve"
)

// Model is a fitted linear or generalised linear mixed model. It is immutable and safe for
// concurrent use; the slices its methods return are the caller's.
type Model struct {
	design    *design.Design
	source    *source
	found     *solve.Result
	opt       Options
	criterion float64
	sigma     float64   // of the reference row; 1 for a generalised model
	scale     float64   // sigma over the sd that the criterion profiles
	beta      []float64 // p
	vcov      []float64 // p x p, theta taken as known
	inner     []float64 // p x p, the same over the variance that is profiled, for X~
	// uncertain is the covariance of the fixed effects of a generalised model, theta
	// uncertain, in the coordinates of source.coords and in the user's: computed
	// once, where asked for. It is nil for a linear model.
	uncertain func() (inner, user []float64)
	shape     float64      // of the family, NaN where it has none
	lambda    [][]float64  // a term: k x k lower triangular, in the user's units
	modes     [][]float64  // a term: levels x k
	blocks    []cone.Block // a term
	rank      []int        // a term: of Sigma
	deficient []bool       // a term: Sigma is on the boundary of what its shape allows
	factors   []factor
	condVar   func() [][]float64 // a factor: levels x K x K, computed once
	// noise makes errors with the structure of the residuals from independent
	// ones; nil without a structure.
	noise   func() func([]float64) []float64
	verdict certify.Verdict
	// separated says how the fixed effects separate the responses, nil where they
	// do not.
	separated *separation.Result
	findings  []finding.Finding
	log       FitLog
	// hidden marks, a term, the entries of Sigma that are not identified;
	// sigmaHidden the residual variance.
	hidden      [][]bool
	sigmaHidden bool
	// residualHidden marks the parameters of the structure of the residuals.
	residualHidden []bool
	stirs          []stir // a direction that is not identified
}

// newModel takes a point from internal coordinates to the user's terms.
func newModel(d *design.Design, src *source, obj Criterion, id *certify.Identifiability,
	best *solve.Result, log FitLog, opt Options) *Model {

	sol, co := obj.Solve(best.Point), src.coords
	m := &Model{design: d, source: src, found: best, opt: opt, log: log, blocks: obj.Blocks()[:len(d.Terms)], scale: 1}
	if src.residual != nil {
		m.scale = src.residual.Reference(m.residualPoint())
		m.noise = sync.OnceValue(func() func([]float64) []float64 { return m.structured().Noise(best.Point) })
	}
	m.criterion = best.Derivs.F + obj.Shift()
	middle := co.YScale * math.Sqrt(sol.Sigma2)
	m.sigma = m.scale * middle
	m.beta = co.Beta(sol.Beta)
	m.inner, m.vcov = sol.BetaCov, co.BetaCov(sol.BetaCov)
	for i := range m.vcov {
		m.vcov[i] *= middle * middle
	}
	if src.general != nil {
		m.generalise(best.Point)
	}
	for t, blk := range m.blocks {
		k := blk.K
		lam := make([]float64, k*k)
		dense.Mul(lam, co.T[t], best.Point[t], k, k, k)
		dense.LowerFactor(lam, k)
		for i := range lam {
			lam[i] /= m.scale
		}
		rank, deficient := cone.Rank(blk, best.Point[t])
		if deficient {
			clearZeroRows(lam, co.T[t], k)
		}
		m.lambda, m.rank, m.deficient = append(m.lambda, lam), append(m.rank, rank), append(m.deficient, deficient)
	}
	m.effects(sol)
	nulls := m.reachable(co, id.Null)
	m.hide(co, nulls)
	m.stirred(nulls)
	evidence := certify.Examine(best.Local, best.Derivs, obj.Blocks(), best.Point)
	m.verdict = certify.Judge(evidence, growing(obj, best), m.notIdentifiable())
	m.separate()
	if m.saturated() {
		m.criterion = math.NaN() // it has no minimum
	}
	m.findings = append(append([]finding.Finding(nil), d.Findings...), m.observe(evidence.Off, id.Least)...)
	return m
}

// clearZeroRows sets rows of Lambda to zero that are zero up to the rounding
// of the change of coordinates: a variance that is 0 there is 0 here.
func clearZeroRows(lam, t []float64, k int) {
	size := columnSizes(t, k)
	var top float64
	for r := 0; r < k; r++ {
		top = math.Max(top, size[r]*norm(lam[r*k:r*k+k]))
	}
	for r := 0; r < k; r++ {
		if row := lam[r*k : r*k+k]; size[r]*norm(row) < 1e-12*top {
			clear(row)
		}
	}
}

func norm(x []float64) float64 {
	var s float64
	for _, v := range x {
		s = math.Hypot(s, v)
	}
	return s
}

// Formula returns the formula as it was given.
func (m *Model) Formula() string { return m.design.Formula.Src }

// ResponseName returns the left-hand side of the formula.
func (m *Model) ResponseName() string { return m.design.Formula.Response.String() }

// REML says whether the restricted likelihood was maximised.
func (m *Model) REML() bool { return !m.opt.ML }

// Criterion is the REML criterion or, for a fit by ML, -2 log L:
//
//	log|V| + [REML: log|X'V^-1 X|] + nu (1 + log(2 pi r2 / nu)) - sum log w
//
// at the estimates, NaN if it has no minimum. For a generalised model it is -2 log
// L by Approximation, with all constants of the likelihood: values with different
// numbers of nodes can be compared.
func (m *Model) Criterion() float64 { return m.criterion }

// LogLik is the (restricted) log likelihood, -Criterion / 2.
func (m *Model) LogLik() float64 { return -m.criterion / 2 }

// NPar counts the fixed effects, the variance parameters, those of the structure
// of the residuals, and sigma; in a generalised model the shape of the family in
// place of sigma, where it has one.
func (m *Model) NPar() int {
	n := len(m.beta) + 1
	if g := m.source.general; g != nil && !g.fam.HasShape() {
		n--
	}
	for _, b := range m.blocks {
		n += b.Params()
	}
	if s := m.source.residual; s != nil {
		n += s.Params()
	}
	return n
}

// NObs is the number of rows in the model.
func (m *Model) NObs() int { return len(m.design.Y) }

// RowsDropped is the number of rows of the table that are not in the model.
func (m *Model) RowsDropped() int { return m.design.TableRows - len(m.design.Rows) }

// AIC is Criterion + 2 NPar.
func (m *Model) AIC() float64 { return m.criterion + 2*float64(m.NPar()) }

// BIC is Criterion + NPar log NObs, with REML too.
func (m *Model) BIC() float64 { return m.criterion + float64(m.NPar())*math.Log(float64(m.NObs())) }

// Sigma is the residual standard deviation, NaN where it is not identified. A
// generalised model has none: it is 1, and Theta is absolute.
func (m *Model) Sigma() float64 {
	if m.sigmaHidden || m.saturated() {
		return math.NaN()
	}
	return m.sigma
}

// Verdict says where the fit stands.
func (m *Model) Verdict() certify.Verdict {
	v := m.verdict
	v.NotIdentifiable = append([]string{}, v.NotIdentifiable...)
	return v
}

// Findings returns what the data and the fit want said.
func (m *Model) Findings() []finding.Finding {
	return append([]finding.Finding(nil), m.findings...)
}

// Log says how the estimates were obtained.
func (m *Model) Log() FitLog {
	l := m.log
	l.Iterations = append([]Iteration(nil), l.Iterations...)
	return l
}
