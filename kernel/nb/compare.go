package nb

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// Compare is infer.Compare at its first use, with its defaults: the models by
// AIC and BIC, and each tested within the next.
func Compare[M Fitted](models ...M) *Value[*infer.Comparison] {
	v := Later[*infer.Comparison](nil)
	v.compute = func() (*infer.Comparison, error) {
		fitted, err := modelsOf(models)
		if err != nil {
			return nil, err
		}
		value, from, err := remembered("Compare", fitted, nil, func() (*infer.Comparison, error) {
			return infer.Compare(fitted, nil)
		})
		v.origin = from
		return value, err
	}
	return v
}

// LRT is infer.LRT at its first use: the smaller of two nested models within
// the larger, in any order.
func LRT[A, B Fitted](a A, b B, opt ...*infer.LRTOptions) *Value[*infer.LRTest] {
	v := Later[*infer.LRTest](nil)
	v.compute = func() (*infer.LRTest, error) {
		o, err := single("LRT", opt)
		if err != nil {
			return nil, err
		}
		first, err := modelOf(a)
		if err != nil {
			return nil, err
		}
		second, err := modelOf(b)
		if err != nil {
			return nil, err
		}
		value, from, err := remembered("LRT", []*lmm.Model{first, second}, []any{o}, func() (*infer.LRTest, error) {
			return infer.LRT(first, second, o)
		})
		v.origin = from
		return value, err
	}
	return v
}

// DropRandom is infer.DropRandom at its first use: a test of each
// random-effects term.
func DropRandom[M Fitted](m M, opt ...*infer.LRTOptions) *Value[[]*infer.LRTest] {
	return verb("DropRandom", m, opt, func(m *lmm.Model, o *infer.LRTOptions) ([]*infer.LRTest, error) {
		return infer.DropRandom(m, o)
	})
}
