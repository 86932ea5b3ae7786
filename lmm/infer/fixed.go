package infer

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
	"github.com/golmm/golmm/lmm/suffstat"
)

// sensitive is a criterion that knows its sensitivities.
type sensitive interface {
	Sensitivity(p cone.Point, depth int) *criterion.Sensitivity
	FixedModes(p cone.Point) [][]float64
	CondVar(p cone.Point) [][]float64
}

// fixed tests linear combinations of the fixed effects of a model.
type fixed struct {
	m      *lmm.Model
	df     DF     // never Auto
	why    string // it was chosen
	co     *suffstat.Coords
	p      int
	beta   []float64
	sigma  float64 // its square may be beyond what a float holds
	sigma2 float64
	root   []float64 // p x p
	crit   sensitive
	sat    *satterthwaite
	kr     *kenwardRoger
	reason string // why nothing can be tested, "" where it can
	limit  *limit // of separated responses, nil for others
}

// maxSecond bounds the numbers that Kenward-Roger holds: 0.5 GB.
const maxSecond = 60_000_000

func newFixed(m *lmm.Model, asked DF) (*fixed, error) {
	d, why, err := choose(m, asked)
	if err != nil {
		return nil, err
	}
	obj := m.Objective()
	f := &fixed{m: m, co: obj.Coords, p: obj.Coords.P}
	if n := len(cone.Pairs(obj.Blocks())); d == KenwardRoger && n*(n+1)/2 > maxSecond/max(1, f.p*f.p) {
		if asked == KenwardRoger {
			return nil, fmt.Errorf("Kenward-Roger needs %d matrices of %d x %d here, more than can be held: take Satterthwaite", n*(n+1)/2, f.p, f.p)
		}
		d, why = Satterthwaite, "the default for so many variance parameters"
	}
	f.df, f.why, f.beta = d, why, m.Beta()
	v := m.Verdict()
	switch {
	case m.Separation() != nil && v.Convergence == certify.Converged:
		f.sigma, f.sigma2 = 1, 1
		f.limit, f.reason = newLimit(m)
		return f, nil
	case v.Place == certify.NoFiniteMaximum:
		f.reason = endless(m)
		for i := range f.beta { // where the search ended, no estimates
			f.beta[i] = math.NaN()
		}
		return f, nil
	case v.Convergence == certify.NotConverged:
		f.reason = "the fit has not converged"
		return f, nil
	}
	if m.Family() != nil {
		f.general()
		return f, nil
	}
	s, ok := obj.Criterion.(sensitive)
	if !ok {
		return nil, fmt.Errorf("infer: the criterion of %s has no sensitivities", m.Formula())
	}
	f.crit = s
	depth := map[DF]int{Satterthwaite: 1, KenwardRoger: 2}[d]
	sens := s.Sensitivity(obj.Point, depth)
	if sens == nil || obj.Local == nil {
		f.reason = "the criterion cannot be computed at the estimates"
		return f, nil
	}
	f.root, f.sigma = sens.Root, math.Sqrt(sens.Sigma2)*f.co.YScale
	f.sigma2 = f.sigma * f.sigma
	nu := float64(f.co.N)
	if m.REML() {
		nu -= float64(f.p)
	}
	switch d {
	case Satterthwaite:
		f.sat, err = newSatterthwaite(sens, obj.Local, nu)
	case KenwardRoger:
		f.kr, err = newKenwardRoger(sens, cone.Span(obj.Blocks(), obj.Point), nu, f.p)
	}
	return f, err
}

// white returns x = L^-1 R^-T l for a combination l of the columns of X.
func (f *fixed) white(l []float64) []float64 {
	x := f.solveR(l)
	if f.limit != nil {
		return f.limit.white(x)
	}
	dense.SolveLower(f.root, f.p, x, 1)
	return x
}

// solveR returns R^-T l.
func (f *fixed) solveR(l []float64) []float64 {
	x := append([]float64(nil), l...)
	for i := range x {
		for j := 0; j < i; j++ {
			x[i] -= f.co.R[j*f.p+i] * x[j]
		}
		x[i] /= f.co.R[i*f.p+i]
	}
	return x
}

// covariance returns that of two combinations in white coordinates.
func (f *fixed) covariance(x, y []float64) float64 { return f.sigma2 * f.relative(x, y) }

// relative is their covariance over sigma^2.
func (f *fixed) relative(x, y []float64) float64 {
	v := dot(x, y)
	if f.kr != nil {
		v += 2 * bilinear(x, f.kr.extra, y)
	}
	return v
}

// vcov is the covariance matrix of the fixed effects, adjusted with
// Kenward-Roger; nil where there is none. What lmm.Model.Vcov leaves out is NaN.
func (f *fixed) vcov() [][]float64 {
	switch {
	case f.reason != "":
		return nil
	case f.limit != nil:
		return f.m.Vcov()
	}
	xs := make([][]float64, f.p)
	for i := range xs {
		l := make([]float64, f.p)
		l[i] = 1
		xs[i] = f.white(l)
	}
	out := f.m.Vcov()
	for i := range out {
		for j := range out[i] {
			if !math.IsNaN(out[i][j]) {
				out[i][j] = f.covariance(xs[i], xs[j])
			}
		}
	}
	return out
}

// without is why combinations of the columns of X have no test, "" where they have.
func (f *fixed) without(rows ...[]float64) string {
	for _, l := range rows {
		if f.endless(l) {
			return "the responses are separated, and it changes with a coefficient that runs to infinity"
		}
	}
	switch {
	case f.reason != "" || f.limit != nil:
		return f.reason
	case slices.ContainsFunc(rows, func(l []float64) bool { return !f.m.Estimable(l) }):
		return "it depends on variances that the data do not determine"
	case !f.settled(rows...):
		return "its standard error depends on variances that the data do not determine"
	}
	return ""
}

// endless says that a combination of the columns of X has no finite estimate.
func (f *fixed) endless(l []float64) bool { return f.limit != nil && f.limit.endless(f.solveR(l)) }

// settled says that the covariances of combinations of the columns of X do not
// depend on variances that are not identified.
func (f *fixed) settled(rows ...[]float64) bool {
	for i, l := range rows {
		for _, k := range rows[:i+1] {
			if !f.m.CovarianceEstimable(l, k) {
				return false
			}
		}
	}
	return true
}

// incomplete is why not all fixed effects have a covariance matrix, "" where they have.
func (f *fixed) incomplete() string {
	if f.limit != nil {
		return endless(f.m)
	}
	var all [][]float64
	for i := range f.p {
		l := make([]float64, f.p)
		l[i] = 1
		all = append(all, l)
	}
	return f.without(all...)
}

// one returns the standard error of l'beta^ and its degrees of freedom; the
// reason says why they are NaN.
func (f *fixed) one(l []float64) (se, df float64, reason string) {
	if reason := f.without(l); reason != "" {
		return math.NaN(), math.NaN(), reason
	}
	x := f.white(l)
	size := unit(x)
	if size == 0 {
		return 0, math.NaN(), "it is 0 whatever the fixed effects are"
	}
	se = f.sigma * size * math.Sqrt(f.relative(x, x))
	switch {
	case f.sat != nil:
		df, reason = f.sat.df(x)
	case f.kr != nil:
		df, _, reason = f.kr.df([][]float64{x})
	default:
		df = math.Inf(1)
	}
	if reason != "" {
		se = math.NaN()
	}
	return se, df, reason
}

// FTest is the test of one hypothesis of one row or more.
type FTest struct {
	Name  string
	NumDF int     // rank of the hypothesis
	DenDF float64 // +Inf with Normal: F times NumDF is a chi-square value
	F     float64 // Kenward-Roger's scaling included
	// Scaling is the factor lambda of Kenward-Roger, 1 elsewhere.
	Scaling float64
	P       float64
	Reason  string // why F, DenDF or P is NaN; "" otherwise
}

// many tests rows l'beta = 0 together.
func (f *fixed) many(rows [][]float64) FTest {
	nan := math.NaN()
	out := FTest{DenDF: nan, F: nan, Scaling: nan, P: nan, Reason: f.without(rows...)}
	ls := f.rotated(rows)
	out.NumDF = len(ls)
	switch {
	case out.Reason != "":
		return out
	case len(ls) == 0:
		out.Reason = "the hypothesis has no estimable part"
		return out
	}
	rotated, span := independent(ls, f.white)
	q := len(span)
	out.NumDF = q
	cov := mat.NewSymDense(q, nil)
	value := mat.NewVecDense(q, nil)
	for i, x := range span {
		value.SetVec(i, dot(rotated[i], f.beta)/unit(x)/f.sigma)
		for j := 0; j <= i; j++ {
			cov.SetSym(i, j, f.relative(x, span[j]))
		}
	}
	var chol mat.Cholesky
	var solved mat.VecDense
	if !chol.Factorize(cov) || chol.SolveVecTo(&solved, value) != nil {
		out.Reason = "the covariance of the rows cannot be inverted"
		return out
	}
	out.F, out.Scaling = mat.Dot(value, &solved)/float64(q), 1
	switch {
	case f.sat != nil:
		out.DenDF, out.Reason = f.sat.split(span)
	case f.kr != nil:
		out.DenDF, out.Scaling, out.Reason = f.kr.df(span)
		out.F *= out.Scaling
	default:
		out.DenDF = math.Inf(1)
	}
	out.P = tailF(out.F, float64(q), out.DenDF)
	return out
}

// rotated returns as many rows with the span of the given ones as are independent,
// orthonormal in the least squares metric l'(X'X)^-1 l. Made orthogonal in
// that of Phi, too, they depend on the hypothesis alone, neither on its rows nor on
// the coding of factors.
func (f *fixed) rotated(rows [][]float64) [][]float64 {
	ls, us := independent(rows, f.solveR)
	for i, u := range us {
		size := unit(u)
		for k := range ls[i] {
			ls[i][k] /= size
		}
	}
	return ls
}

// independent rotates rows so that their images are orthogonal, and drops those
// whose image depends on the others.
func independent(rows [][]float64, image func([]float64) []float64) (rotated, images [][]float64) {
	var at [][]float64
	for _, l := range rows {
		at = append(at, image(l))
	}
	var svd mat.SVD
	if len(rows) == 0 || !svd.Factorize(matrixOf(at), mat.SVDThinU) {
		return nil, nil
	}
	var u mat.Dense
	svd.UTo(&u)
	values := svd.Values(nil)
	for i, s := range values {
		if s <= 1e-9*values[0] {
			break
		}
		x, l := make([]float64, len(at[0])), make([]float64, len(rows[0]))
		for r := range at {
			axpy(u.At(r, i), at[r], x)
			axpy(u.At(r, i), rows[r], l)
		}
		images, rotated = append(images, x), append(rotated, l)
	}
	return rotated, images
}

// unit scales a vector to length 1 and returns the length that it had, without
// squares that no float holds.
func unit(x []float64) float64 {
	size := floats.Norm(x, 2)
	for i := range x {
		if size > 0 {
			x[i] /= size
		}
	}
	return size
}

func matrixOf(rows [][]float64) *mat.Dense {
	m := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, r := range rows {
		m.SetRow(i, r)
	}
	return m
}
