package lmm

import (
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Model is a fitted linear mixed model. It is immutable and safe for
// concurrent use; the slices its methods return are the caller's.
type Model struct {
	design    *design.Design
	opt       Options
	criterion float64
	sigma     float64
	beta      []float64   // p
	vcov      []float64   // p x p
	lambda    [][]float64 // a term: k x k lower triangular, in the user's units
	modes     [][]float64 // a term: levels x k
	rank      []int       // a term: the rank of Sigma
	condVar   []float64   // levels x K x K, the columns of all terms
	verdict   certify.Verdict
	findings  []finding.Finding
	log       FitLog
	// hidden marks, a term, the entries of Sigma that are not identified;
	// sigmaHidden the residual variance.
	hidden      [][]bool
	sigmaHidden bool
}

// newModel takes a point from internal coordinates to the user's terms.
func newModel(d *design.Design, st *suffstat.OneFactor, obj *criterion.OneFactor, id *certify.Identifiability,
	best *solve.Result, log FitLog, opt Options) *Model {

	sol := obj.Solve(best.Point)
	m := &Model{design: d, opt: opt, log: log}
	m.criterion = best.Derivs.F + obj.Shift()
	m.sigma = st.YScale * math.Sqrt(sol.Sigma2)
	m.beta = st.Beta(sol.Beta)
	m.vcov = st.BetaCov(sol.BetaCov)
	for i := range m.vcov {
		m.vcov[i] *= m.sigma * m.sigma
	}
	K, at := st.K, 0
	whole := make([]float64, K*K) // T of all terms, block-diagonal
	for t, blk := range st.Blocks {
		k := blk.K
		lam := make([]float64, k*k)
		dense.Mul(lam, st.T[t], best.Point[t], k, k, k)
		dense.LowerFactor(lam, k)
		rank := cone.Rank(best.Point[t], k)
		if rank < k {
			clearZeroRows(lam, st.T[t], k)
		}
		m.lambda, m.rank = append(m.lambda, lam), append(m.rank, rank)
		modes := make([]float64, st.Levels*k)
		for j := 0; j < st.Levels; j++ {
			dense.Mul(modes[j*k:][:k], st.T[t], sol.Modes[j*K+at:][:k], k, k, 1)
		}
		for i := range modes {
			modes[i] *= st.YScale
		}
		m.modes = append(m.modes, modes)
		for r := 0; r < k; r++ {
			copy(whole[(at+r)*K+at:][:k], st.T[t][r*k:][:k])
		}
		at += k
	}
	m.condVar = condVar(sol, whole, st, m.sigma)
	m.hide(st, id)
	evidence := certify.Examine(st.Blocks, best.Point, best.Derivs, obj.Unit())
	m.verdict = certify.Judge(evidence, best.Status == solve.Diverged, m.notIdentifiable())
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

// condVar takes the conditional covariance matrices to the user's terms:
// sigma^2 T v T'.
func condVar(sol *criterion.Solution, t []float64, st *suffstat.OneFactor, sigma float64) []float64 {
	k := st.K
	out := make([]float64, len(sol.CondVar))
	tmp, tt := make([]float64, k*k), make([]float64, k*k)
	for r := 0; r < k; r++ {
		for c := 0; c < k; c++ {
			tt[c*k+r] = t[r*k+c] * sigma * sigma
		}
	}
	for j := 0; j < st.Levels; j++ {
		dense.Mul(tmp, t, sol.CondVar[j*k*k:][:k*k], k, k, k)
		dense.Mul(out[j*k*k:][:k*k], tmp, tt, k, k, k)
	}
	return out
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
// at the estimates, NaN if it has no minimum.
func (m *Model) Criterion() float64 { return m.criterion }

// LogLik is the (restricted) log likelihood, -Criterion / 2.
func (m *Model) LogLik() float64 { return -m.criterion / 2 }

// NPar counts the fixed effects, the variance parameters and sigma.
func (m *Model) NPar() int { return len(m.beta) + len(m.Theta()) + 1 }

// NObs is the number of rows in the model.
func (m *Model) NObs() int { return len(m.design.Y) }

// RowsDropped is the number of rows of the table that are not in the model.
func (m *Model) RowsDropped() int { return m.design.TableRows - len(m.design.Rows) }

// AIC is Criterion + 2 NPar.
func (m *Model) AIC() float64 { return m.criterion + 2*float64(m.NPar()) }

// BIC is Criterion + NPar log NObs, with REML too.
func (m *Model) BIC() float64 { return m.criterion + float64(m.NPar())*math.Log(float64(m.NObs())) }

// Sigma is the residual standard deviation, NaN where it is not identified.
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
