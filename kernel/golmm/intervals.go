package main

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// intervals are what the flags --profile and --bootstrap ask for, and their
// results.
type intervals struct {
	profile bool
	curves  *infer.ProfileResult
}

func (v *intervals) define(u *usage) {
	u.BoolVar(&v.profile, "profile", false, "add intervals by profile likelihood")
}

// run computes what was asked for.
func (v *intervals) run(m *lmm.Model) error {
	var err error
	if v.profile {
		v.curves, err = infer.Profile(m, nil)
	}
	return err
}

// text is what follows the summary.
func (v *intervals) text() string {
	if v.curves == nil {
		return ""
	}
	return "\n" + v.curves.Document().Text()
}

// parts are the objects whose keys follow those of the model.
func (v *intervals) parts() []any {
	if v.curves == nil {
		return nil
	}
	return []any{struct {
		Profile *infer.ProfileResult `json:"profile"`
	}{v.curves}}
}
