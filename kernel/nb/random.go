package nb

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// Profile is infer.Profile at its first use; no options are the defaults.
func Profile[M Fitted](m M, opt ...*infer.ProfileOptions) *Value[*infer.ProfileResult] {
	return verb("Profile", m, opt, infer.Profile)
}

// ProfileParameters is infer.ProfileParameters: the names that Profile knows.
func ProfileParameters[M Fitted](m M) []string { return infer.ProfileParameters(Must(modelOf(m))) }

// ProfileAt is infer.ProfileAt at its first use: the profile of one parameter
// at some values.
func ProfileAt[M Fitted](m M, name string, values []float64) *Value[[]infer.CurvePoint] {
	return verb("ProfileAt", m, []*struct{}(nil), func(m *lmm.Model, _ *struct{}) ([]infer.CurvePoint, error) {
		return infer.ProfileAt(m, name, values)
	}, name, values)
}

// Slice is infer.Slice at its first use: the criterion along one parameter, the
// others kept.
func Slice[M Fitted](m M, name string, values []float64) *Value[[]infer.CurvePoint] {
	return verb("Slice", m, []*struct{}(nil), func(m *lmm.Model, _ *struct{}) ([]infer.CurvePoint, error) {
		return infer.Slice(m, name, values)
	}, name, values)
}

// VarianceIntervals is infer.VarianceIntervals at its first use: intervals of
// standard deviations and correlations.
func VarianceIntervals[M Fitted](m M, opt ...*infer.VarianceOptions) *Value[*infer.VarianceIntervalTable] {
	return verb("VarianceIntervals", m, opt, infer.VarianceIntervals)
}

// RawMoments is infer.RawMoments at its first use: the covariance of traits between
// groups from mean products, beside that of the fit.
func RawMoments[M Fitted](m M, opt ...*infer.MomentsOptions) *Value[*infer.Moments] {
	return verb("RawMoments", m, opt, infer.RawMoments)
}

// VarianceShares is infer.VarianceShares at its first use: intraclass
// correlations and R2.
func VarianceShares[M Fitted](m M) *Value[*infer.Shares] {
	return verb("VarianceShares", m, []*struct{}(nil), func(m *lmm.Model, _ *struct{}) (*infer.Shares, error) {
		return infer.VarianceShares(m), nil
	})
}

// ShareIntervals is infer.ShareIntervals at its first use: intervals of what
// VarianceShares tells.
func ShareIntervals[M Fitted](m M, opt ...*infer.VarianceOptions) *Value[*infer.VarianceIntervalTable] {
	return verb("ShareIntervals", m, opt, infer.ShareIntervals)
}

// RandomPCA is infer.RandomPCA at its first use: the principal components of
// the random effects.
func RandomPCA[M Fitted](m M) *Value[[]infer.PCA] {
	return verb("RandomPCA", m, []*struct{}(nil), func(m *lmm.Model, _ *struct{}) ([]infer.PCA, error) {
		return infer.RandomPCA(m), nil
	})
}

// Bootstrap is infer.Bootstrap at its first use, with a bar of progress unless
// the options bring their own:
//
//	nb.Bootstrap(m, &infer.BootstrapOptions{Replicates: 2000, Seed: 1})
//
// 0 replicates are 1000. The replicates of a statistic that is a function of the
// cell are not kept for the next time.
func Bootstrap[M Fitted](m M, options ...*infer.BootstrapOptions) *Value[*infer.BootstrapResult] {
	v := Later[*infer.BootstrapResult](nil)
	v.compute = func() (*infer.BootstrapResult, error) {
		given, err := single("Bootstrap", options)
		if err != nil {
			return nil, err
		}
		model, err := modelOf(m)
		if err != nil {
			return nil, err
		}
		opt := new(infer.BootstrapOptions)
		if given != nil {
			*opt = *given
		}
		if opt.Replicates == 0 {
			opt.Replicates = 1000
		}
		var made *infer.BootstrapResult
		kept, from, err := remembered("Bootstrap", []*lmm.Model{model}, []any{opt}, func() (replicates, error) {
			var err error
			if made, err = bootstrapWithBar(model, *opt); err != nil {
				return replicates{}, err
			}
			return replicatesOf(made), nil
		})
		if v.origin = from; err != nil || !from.Cached {
			return made, err
		}
		return kept.result(model, *opt)
	}
	return v
}

func bootstrapWithBar(m *lmm.Model, opt infer.BootstrapOptions) (*infer.BootstrapResult, error) {
	if opt.Progress == nil && opt.Replicates > 0 {
		bar := Progress("Bootstrap", opt.Replicates)
		opt.Progress = func(done, _ int) { bar.Set(done) }
		defer bar.Done()
	}
	return infer.Bootstrap(m, &opt)
}

// replicates is what the cache keeps of a bootstrap.
type replicates struct {
	Estimate, Values     []float64
	Names                []string
	Replicates, Singular int
	Failures             map[string]int
}

func replicatesOf(r *infer.BootstrapResult) replicates {
	return replicates{r.Estimate, r.Values, r.Names, r.Replicates, r.Singular, r.Failures}
}

// result is the bootstrap of a model that has these replicates: it is continued
// from them with none to run, which proves that they are of the same model.
func (r replicates) result(m *lmm.Model, opt infer.BootstrapOptions) (*infer.BootstrapResult, error) {
	kind := opt.Kind
	if kind == "" {
		kind = infer.Parametric
	}
	opt.Continue = &infer.BootstrapResult{Formula: m.Formula(), REML: m.REML(), Kind: kind, Seed: opt.Seed, Names: r.Names,
		Estimate: r.Estimate, Values: r.Values, Replicates: r.Replicates, Failures: r.Failures, Singular: r.Singular}
	if got, err := infer.Bootstrap(m, &opt); err == nil && r.Replicates == opt.Replicates {
		return got, nil
	}
	opt.Continue = nil
	return bootstrapWithBar(m, opt)
}
