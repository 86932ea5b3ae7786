package diagnose

import (
	"slices"

	"github.com/golmm/golmm/lmm/formula"
)

// move is a step of a ladder.
type move struct {
	what string
	f    *formula.Formula
}

// partOf says that an interaction has all variables of another term.
func partOf(t, whole formula.Term) bool {
	if len(t.Vars) >= len(whole.Vars) {
		return false
	}
	for _, v := range t.Vars {
		if !slices.ContainsFunc(whole.Vars, func(w formula.Node) bool { return w.String() == v.String() }) {
			return false
		}
	}
	return true
}

// simpler lists the steps down: one piece of one term less, an interaction before
// what it is part of.
func (s *subject) simpler(f *formula.Formula) []move {
	var out []move
	for i := range f.Random {
		r := f.Random[i]
		switch {
		case r.Shape != formula.Full || len(r.Terms) == 0:
		case s.numeric(r):
			out = append(out, move{"drop the correlations of " + r.String(), with(f, i, func(r *formula.Random) { r.Shape = formula.Independent })})
		case oneVariable(r):
			out = append(out, move{"equal variances and covariances, " + r.Terms[0].String() + " within " + r.GroupName, with(f, i, func(r *formula.Random) { r.Shape = formula.CompSymm })})
		}
		for k, slope := range r.Terms {
			if !r.Intercept && len(r.Terms) == 1 || slices.ContainsFunc(r.Terms, func(t formula.Term) bool { return partOf(slope, t) }) {
				continue
			}
			out = append(out, move{"drop the slope of " + slope.String() + " within " + r.GroupName, with(f, i, func(r *formula.Random) {
				r.Terms = slices.Delete(slices.Clone(r.Terms), k, k+1)
				if len(r.Terms) == 0 || r.Shape == formula.CompSymm || r.Shape == formula.ReducedRank {
					r.Shape = formula.Full
				}
			})})
		}
		if len(r.Terms) == 0 && len(f.Random) > 1 {
			g := *f
			g.Random = slices.Delete(slices.Clone(f.Random), i, i+1)
			out = append(out, move{"drop " + r.String(), &g})
		}
	}
	return out
}

// richer lists the steps up towards a target: a slope comes in without
// correlations, the levels of a factor with equal ones, an interaction after what
// it is part of.
func (s *subject) richer(f, target *formula.Formula) []move {
	var out []move
	for i := range f.Random {
		r, want := f.Random[i], target.Random[i]
		in := func(t formula.Term) bool {
			return slices.ContainsFunc(r.Terms, func(u formula.Term) bool { return u.String() == t.String() })
		}
		for _, slope := range want.Terms {
			if in(slope) || slices.ContainsFunc(want.Terms, func(t formula.Term) bool { return partOf(t, slope) && !in(t) }) {
				continue
			}
			out = append(out, move{"add the slope of " + slope.String() + " within " + r.GroupName, with(f, i, func(r *formula.Random) {
				r.Terms = slices.DeleteFunc(slices.Clone(want.Terms), func(t formula.Term) bool { return !in(t) && t.String() != slope.String() })
				r.Shape = want.Shape
				switch {
				case want.Shape != formula.Full:
				case s.numeric(*r):
					r.Shape = formula.Independent
				case r.Intercept && oneVariable(*r):
					r.Shape = formula.CompSymm
				}
			})})
		}
		if r.Shape != formula.Full && want.Shape == formula.Full && len(r.Terms) > 0 {
			out = append(out, move{"any covariance matrix for " + r.String(), with(f, i, func(r *formula.Random) { r.Shape = formula.Full })})
		}
	}
	return out
}

// bottom has of each term the intercept, or the first slope where there is none.
func bottom(f *formula.Formula) *formula.Formula {
	g := *f
	g.Random = slices.Clone(f.Random)
	for i := range g.Random {
		r := &g.Random[i]
		r.Shape = formula.Full
		if r.Intercept {
			r.Terms = nil
		} else {
			r.Terms = slices.Clone(r.Terms[:min(1, len(r.Terms))])
		}
	}
	return &g
}

func with(f *formula.Formula, i int, edit func(*formula.Random)) *formula.Formula {
	g := *f
	g.Random = slices.Clone(f.Random)
	edit(&g.Random[i])
	return &g
}

// oneVariable says that a term is about one variable.
func oneVariable(r formula.Random) bool { return len(r.Terms) == 1 && len(r.Terms[0].Vars) == 1 }

// numeric says that every variable of a random term is a column of the design.
func (s *subject) numeric(r formula.Random) bool {
	for t := range s.d.Terms {
		if term := &s.d.Terms[t]; term.Group == r.GroupName && term.Covariates(r) {
			return true
		}
	}
	return false
}
