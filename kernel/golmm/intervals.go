package main

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// intervals are what the flags --profile, --bootstrap and --seed ask for, and
// their results.
type intervals struct {
	profile    bool
	replicates int
	seed       uint64
	curves     *infer.ProfileResult
	bootstrap  *infer.BootstrapResult
}

func (v *intervals) define(u *usage) {
	u.BoolVar(&v.profile, "profile", false, "add intervals by profile likelihood")
	count(u, &v.replicates, "bootstrap", "add intervals by a parametric bootstrap of `N` replicates")
	u.Uint64Var(&v.seed, "seed", 0, "`SEED` of all draws")
}

// run computes what was asked for.
func (v *intervals) run(m *lmm.Model) error {
	var err error
	if v.profile {
		if v.curves, err = infer.Profile(m, nil); err != nil {
			return err
		}
	}
	if v.replicates > 0 {
		v.bootstrap, err = infer.Bootstrap(m, &infer.BootstrapOptions{Replicates: v.replicates, Seed: v.seed})
	}
	return err
}

// text is what follows the summary.
func (v *intervals) text() string {
	var s string
	if v.curves != nil {
		s += "\n" + v.curves.Document().Text()
	}
	if v.bootstrap != nil {
		s += "\n" + v.bootstrap.Document().Text()
	}
	return s
}

// parts are the objects whose keys follow those of the model.
func (v *intervals) parts() []any {
	var out []any
	if v.curves != nil {
		out = append(out, struct {
			Profile *infer.ProfileResult `json:"profile"`
		}{v.curves})
	}
	if v.bootstrap != nil {
		out = append(out, struct {
			Bootstrap *infer.BootstrapResult `json:"bootstrap"`
		}{v.bootstrap})
	}
	return out
}
