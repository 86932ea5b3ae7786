package nb

import (
	"errors"
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// Fitted is what has a fitted model: what Fit returns, or a model.
type Fitted interface{ *Model | *lmm.Model }

// modelOf is the model of a fit.
func modelOf[M Fitted](fit M) (*lmm.Model, error) {
	switch f := any(fit).(type) {
	case *Model:
		if f != nil {
			return f.result()
		}
	case *lmm.Model:
		if f != nil {
			return f, nil
		}
	}
	return nil, errors.New("the model is nil; fit one with nb.Fit")
}

// Profile is infer.Profile at its first use; no options are the defaults.
func Profile[M Fitted](m M, opt ...*infer.ProfileOptions) *Value[*infer.ProfileResult] {
	return Later(func() (*infer.ProfileResult, error) {
		model, err := modelOf(m)
		if err != nil {
			return nil, err
		}
		if len(opt) > 1 {
			return nil, fmt.Errorf("nb.Profile: %d sets of options; give one", len(opt))
		}
		return infer.Profile(model, append(opt, nil)[0])
	})
}

// Bootstrap is infer.Bootstrap at its first use, with a bar of progress unless
// the options bring their own.
func Bootstrap[M Fitted](m M, opt *infer.BootstrapOptions) *Value[*infer.BootstrapResult] {
	return Later(func() (*infer.BootstrapResult, error) {
		model, err := modelOf(m)
		if err != nil {
			return nil, err
		}
		if opt == nil {
			return nil, errors.New("nb.Bootstrap: say how many replicates: &infer.BootstrapOptions{Replicates: 1000, Seed: 1}")
		}
		own := *opt
		if own.Progress == nil && own.Replicates > 0 {
			bar := Progress("Bootstrap", own.Replicates)
			own.Progress = func(done, _ int) { bar.Set(done) }
			defer bar.Done()
		}
		return infer.Bootstrap(model, &own)
	})
}

// Compare is infer.Compare at its first use, with its defaults.
func Compare[M Fitted](models ...M) *Value[*infer.Comparison] {
	return Later(func() (*infer.Comparison, error) {
		fitted := make([]*lmm.Model, len(models))
		for i, m := range models {
			var err error
			if fitted[i], err = modelOf(m); err != nil {
				return nil, err
			}
		}
		return infer.Compare(fitted, nil)
	})
}
