package design

import (
	"slices"

	"github.com/golmm/golmm/lmm/formula"
)

// Random returns the term of the formula behind random term t of the design; ok
// is false for one that the design has split.
func (d *Design) Random(t int) (r formula.Random, ok bool) {
	for _, r := range d.Formula.Random {
		if r.String() == d.Terms[t].Src {
			return r, true
		}
	}
	return r, false
}

// Covariates says that every variable on the left of a random term is its own
// column of the term's Z, as a factor is not.
func (t *Term) Covariates(r formula.Random) bool {
	for _, v := range r.Terms {
		if !slices.Contains(t.Names, v.String()) {
			return false
		}
	}
	return true
}

// Factor says that a random term with any covariance matrix is about the levels of
// one factor, (f | g) or (0 + f | g).
func (t *Term) Factor(r formula.Random) bool {
	return r.Shape == formula.Full && len(t.Names) > 1 && len(r.Terms) == 1 && len(r.Terms[0].Vars) == 1 && !t.Covariates(r)
}

// Simpler is a remedy, a sentence, for random term t with any covariance matrix:
// fewer parameters with the same columns. "" for other terms. The levels of a factor
// get compound symmetry, which does not depend on their coding; (f || g) would be
// one variance a level and nothing in common, another model.
func (d *Design) Simpler(t int) string {
	r, ok := d.Random(t)
	term := &d.Terms[t]
	if !ok || r.Shape != formula.Full || len(term.Names) < 2 {
		return ""
	}
	switch {
	case term.Covariates(r):
		r.Shape = formula.Independent
	case term.Factor(r):
		r.Shape = formula.CompSymm
		return "Fit equal variances and equal covariances, " + r.String() + "."
	default:
		r.Shape = formula.Diag
	}
	return "Fit uncorrelated effects, " + r.String() + "."
}
