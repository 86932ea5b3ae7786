package gee

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// fewSubjects is the number of subjects below which the default covariance is
// the corrected one (Li and Redden 2015 find the plain sandwich too small below
// 40 to 50).
const fewSubjects = 50

// Coefficient is an estimate with the standard error that tests use; all NaN
// where the equations are not solved.
type Coefficient struct {
	Name         string
	Estimate, SE float64
	Statistic, P float64
	Lower, Upper float64 // 95 %
}

// TermTest is a Wald test of all coefficients of a term.
type TermTest struct {
	Term string
	DF   int
	// F is the Wald statistic over DF, with DF and Result.DF degrees of freedom;
	// where Result.DF is infinite, F times DF is chi-squared.
	F, P float64
}

// Result is a solution of the estimating equations. It does not change.
type Result struct {
	Formula, Family, Link string
	Correlation           string // the working correlation
	Subject, Time         string
	Coefficients          []Coefficient
	Aliased               []string // columns left out because others make them up
	Terms                 []TermTest
	// SE is the covariance that Coefficients and Terms use, and DF the degrees
	// of freedom of their tests: subjects less coefficients for the corrected
	// ones, else infinite.
	SE Covariance
	DF float64
	// Alpha are the estimates of the working correlation: one number, or the
	// upper triangle by rows for unstructured.
	Alpha []float64
	// Pulled is the share by which the working correlation was pulled towards
	// independence to be positive definite.
	Pulled float64
	Scale  float64 // phi
	// Rows, RowsDropped, Subjects: what was used. Smallest and Largest are
	// numbers of rows of a subject.
	Rows, RowsDropped, Subjects, Smallest, Largest int
	QuasiLik                                       float64 // under independence, scale 1
	CIC                                            float64
	Converged                                      bool
	Iterations                                     int
	Step                                           float64 // the last step in standard errors
	Findings                                       []finding.Finding

	names     []string
	vcov      map[Covariance][]float64
	occasions []string
	working   [][]float64
	y         []float64
}

func newResult(d *design.Design, s, base *state, p progress, opt Options) *Result {
	dat := s.d
	least, most := dat.sizes()
	r := &Result{Formula: d.Formula.String(), Family: s.fam.name, Link: s.fam.link, Correlation: s.work.name(),
		Subject: opt.Subject, Time: opt.Time, Aliased: d.Aliased, Alpha: s.work.alpha(), Pulled: s.pulled, Scale: s.phi,
		Rows: dat.n, RowsDropped: d.TableRows - dat.n, Subjects: len(dat.subject), Smallest: least, Largest: most,
		QuasiLik: s.quasi(), Converged: p.converged, Iterations: p.iterations, Step: p.length,
		names: d.XNames, y: d.Y, vcov: s.sandwich(), SE: opt.SE, DF: math.Inf(1)}
	r.CIC = math.NaN()
	if robust := r.vcov[Robust]; robust != nil && p.converged {
		r.CIC = cic(base, robust)
	}
	beta := append([]float64(nil), s.gamma...)
	solveUpper(dat.r, dat.p, beta, 1)
	for kind, v := range r.vcov {
		solveUpper(dat.r, dat.p, v, dat.p)
		transpose(v, dat.p)
		solveUpper(dat.r, dat.p, v, dat.p)
		r.vcov[kind] = v
	}
	if r.SE == "" {
		r.SE = Robust
		if r.Subjects < fewSubjects {
			r.SE = KauermannCarroll
		}
	}
	if r.SE == KauermannCarroll || r.SE == ManclDeRouen {
		r.DF = float64(r.Subjects - dat.p)
	}
	r.coefficients(beta)
	r.terms(d, beta)
	r.keepWorking(s)
	r.find(d, s, p)
	return r
}

// solveUpper overwrites the p x c matrix b with R^-1 b.
func solveUpper(upper []float64, p int, b []float64, c int) {
	for i := p - 1; i >= 0; i-- {
		for k := range c {
			for j := i + 1; j < p; j++ {
				b[i*c+k] -= upper[i*p+j] * b[j*c+k]
			}
			b[i*c+k] /= upper[i*p+i]
		}
	}
}

// Vcov returns a covariance of the coefficients, p x p; nil where it is not
// defined.
func (r *Result) Vcov(kind Covariance) [][]float64 {
	v, p := r.vcov[kind], len(r.names)
	if v == nil {
		return nil
	}
	out := make([][]float64, p)
	for i := range out {
		out[i] = append([]float64(nil), v[i*p:(i+1)*p]...)
	}
	return out
}

// StandardErrors returns the roots of the diagonal of a covariance, NaN where
// it is not defined.
func (r *Result) StandardErrors(kind Covariance) []float64 {
	p := len(r.names)
	out := make([]float64, p)
	for i := range out {
		out[i] = math.NaN()
		if v := r.vcov[kind]; v != nil && v[i*p+i] > 0 {
			out[i] = math.Sqrt(v[i*p+i])
		}
	}
	return out
}

// Working returns the working correlation over the occasions and their names;
// nil if there are more than fifty.
func (r *Result) Working() (matrix [][]float64, occasions []string) { return r.working, r.occasions }

func (r *Result) keepWorking(s *state) {
	t := len(s.d.occasions)
	if t > mostOccasions {
		return
	}
	r.occasions = s.d.occasions
	for j := range t {
		row := make([]float64, t)
		for k := range t {
			row[k] = s.work.entry(j, k, s.d.occasion[j], s.d.occasion[k])
		}
		r.working = append(r.working, row)
	}
}

// coefficients fills the table of the coefficients.
func (r *Result) coefficients(beta []float64) {
	z := r.quantile(0.975)
	for i, se := range r.StandardErrors(r.SE) {
		c := Coefficient{Name: r.names[i], Estimate: beta[i], SE: se, Statistic: beta[i] / se}
		if !r.Converged {
			c.Estimate, c.SE, c.Statistic = math.NaN(), math.NaN(), math.NaN()
		}
		c.P = r.tail(c.Statistic)
		c.Lower, c.Upper = c.Estimate-z*c.SE, c.Estimate+z*c.SE
		r.Coefficients = append(r.Coefficients, c)
	}
}

func (r *Result) quantile(p float64) float64 {
	if math.IsInf(r.DF, 1) {
		return distuv.UnitNormal.Quantile(p)
	}
	return distuv.StudentsT{Nu: r.DF, Sigma: 1}.Quantile(p)
}

// tail is the two-sided p value of a t or z value.
func (r *Result) tail(t float64) float64 {
	switch {
	case math.IsNaN(t):
		return math.NaN()
	case math.IsInf(r.DF, 1):
		return 2 * distuv.UnitNormal.Survival(math.Abs(t))
	}
	return 2 * distuv.StudentsT{Nu: r.DF, Sigma: 1}.Survival(math.Abs(t))
}

// terms fills the Wald tests of the terms.
func (r *Result) terms(d *design.Design, beta []float64) {
	v, p := r.vcov[r.SE], len(beta)
	for _, t := range d.FixedTerms() {
		q := len(t.Columns)
		test := TermTest{Term: t.Name, DF: q, F: math.NaN(), P: math.NaN()}
		if v != nil && q > 0 && r.Converged {
			l, b := make([]float64, q*q), make([]float64, q)
			for a, i := range t.Columns {
				b[a] = beta[i]
				for c, j := range t.Columns {
					l[a*q+c] = v[i*p+j]
				}
			}
			if dense.Cholesky(l, q) {
				dense.SolveLower(l, q, b, 1)
				test.F = 0
				for _, x := range b {
					test.F += x * x / float64(q)
				}
				if math.IsInf(r.DF, 1) {
					test.P = distuv.ChiSquared{K: float64(q)}.Survival(test.F * float64(q))
				} else {
					test.P = distuv.F{D1: float64(q), D2: r.DF}.Survival(test.F)
				}
			}
		}
		r.Terms = append(r.Terms, test)
	}
}

// smallestEigenvalue is that of the working correlation, NaN where it is not
// kept.
func (r *Result) smallestEigenvalue() float64 {
	t := len(r.working)
	if t == 0 {
		return math.NaN()
	}
	a := mat.NewSymDense(t, nil)
	for i, row := range r.working {
		for j := range i + 1 {
			a.SetSym(i, j, row[j])
		}
	}
	var e mat.EigenSym
	if !e.Factorize(a, false) {
		return math.NaN()
	}
	return e.Values(nil)[0]
}
