package nb

import (
	"errors"

	"github.com/golmm/golmm/lmm/gee"
)

// Averaged is what has estimating equations solved: what GEE returns, or a
// result.
type Averaged interface {
	*Value[*gee.Result] | *gee.Result
}

// GEE is gee.Fit at its first use: a population-averaged model by estimating
// equations.
//
//	nb.GEE("Reaction ~ Days", sleep, &gee.Options{Subject: "Subject", Correlation: "exchangeable"})
func GEE[F Frame](formula string, data F, opt ...*gee.Options) *Value[*gee.Result] {
	return Later(func() (*gee.Result, error) {
		o, err := single("GEE", opt)
		if err != nil {
			return nil, err
		}
		tab, err := tableOf(data)
		if err != nil {
			return nil, err
		}
		return gee.Fit(formula, tab, o)
	})
}

// Beside is gee.Result.Beside at its first use: estimating equations beside models
// of the same responses.
func Beside[A Averaged, M Fitted](equations A, models ...M) *Value[*gee.Comparison] {
	return Later(func() (*gee.Comparison, error) {
		r, err := equationsOf(equations)
		if err != nil {
			return nil, err
		}
		fitted, err := modelsOf(models)
		if err != nil {
			return nil, err
		}
		return r.Beside(fitted...)
	})
}

func equationsOf[A Averaged](a A) (*gee.Result, error) {
	switch r := any(a).(type) {
	case *Value[*gee.Result]:
		if r != nil {
			return r.result()
		}
	case *gee.Result:
		if r != nil {
			return r, nil
		}
	}
	return nil, errors.New("the estimating equations are nil; solve them with nb.GEE")
}
