package infer

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
)

// FamilyError says that something is not computed for a generalised model.
type FamilyError struct{ What, Family, Instead string }

func (e *FamilyError) Error() string {
	return e.What + ": not computed for the " + e.Family + " family; " + e.Instead
}

// gaussianOnly refuses a generalised model.
func gaussianOnly(m *lmm.Model, what, instead string) error {
	if fam := m.Family(); fam != nil {
		return &FamilyError{What: what, Family: fam.Name(), Instead: instead}
	}
	return nil
}

// zTests is why the fixed effects of generalised models have no degrees of freedom.
const zTests = "with the uncertainty of the variances"

// chooseGeneral is choose for a generalised model.
func chooseGeneral(m *lmm.Model, d DF) (DF, string, error) {
	if d == Auto || d == Normal {
		return Normal, zTests, nil
	}
	return 0, "", &FamilyError{What: fmt.Sprintf("%v degrees of freedom", d), Family: m.Family().Name(),
		Instead: "there is no residual variance that they would be those of: take normal, or a parametric bootstrap"}
}

// general sets what a generalised model tests its fixed effects with: the
// covariance that includes the uncertainty of the variances, as (LL')^-1 in
// internal coordinates.
func (f *fixed) general() {
	p := f.p
	f.root, f.sigma, f.sigma2 = make([]float64, p*p), 1, 1
	if p == 0 {
		return
	}
	var chol mat.Cholesky
	var inverse mat.SymDense
	if !chol.Factorize(mat.NewSymDense(p, f.m.InnerVcov())) || chol.InverseTo(&inverse) != nil || !chol.Factorize(&inverse) {
		f.reason = "the covariance matrix of the fixed effects is not positive definite"
		return
	}
	var lower mat.TriDense
	chol.LTo(&lower)
	for r := range p {
		for c := 0; c <= r; c++ {
			f.root[r*p+c] = lower.At(r, c)
		}
	}
}

// trials returns those of some rows of a binomial response.
func trials(d *design.Design, rows []int) []float64 { return pick(d.Trials, rows) }

// endless is why a fit without a finite maximum has nothing to test.
func endless(m *lmm.Model) string {
	if m.Family() != nil {
		return "the likelihood has no finite maximum: an estimate grows without end"
	}
	return "no error is left to measure it with: the residual variance goes to 0"
}

// emptied is the best point of a model without its random effects: Psi is 0, the
// shape of a family the best.
func emptied(obj *lmm.Objective, terms int) [][]float64 {
	zero := obj.Point.Clone()
	for _, l := range zero[:terms] {
		clear(l)
	}
	if len(zero) == terms {
		return zero
	}
	free := zero[terms]
	at := func(x float64) float64 {
		free[0] = x
		return obj.Value(zero)
	}
	// Golden sections, in the log of a shape or the root of 1 / size: there is one
	// minimum, which may lie at the end.
	lo, hi := free[0]-12, free[0]+12
	if obj.Blocks()[terms].Shape != cone.Free {
		lo, hi = 0, 30
	}
	const golden = 0.6180339887498949
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := at(a), at(b)
	for hi-lo > 1e-9 {
		if fa < fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = at(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = at(b)
		}
	}
	free[0] = (lo + hi) / 2
	return zero
}
