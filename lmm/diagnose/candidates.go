package diagnose

import (
	"fmt"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
)

// candidate is a model to try.
type candidate struct {
	what     string
	formula  *formula.Formula // not parsed again yet
	estimand string
	// same says that the fixed effects are those of the fit.
	same bool
	// units are those of covariates that were changed.
	units []unit
	// residual is the structure of the residuals, "" for none.
	residual string
}

// candidates lists the models to try for the terms in trouble, the mildest
// change of a term first.
func (s *subject) candidates() []candidate {
	var out []candidate
	own := ""
	if spec := s.spec(); spec != nil {
		own = spec.Src
	}
	seen := map[string]bool{described(s.d.Formula.Expanded(), own): true}
	add := func(c candidate) {
		if key := described(c.formula.Expanded(), c.residual); !seen[key] {
			seen[key] = true
			out = append(out, c)
		}
	}
	if c, ok := s.rescaled(); ok && own == "" {
		add(c)
	}
	for i := range s.d.Formula.Random {
		t := s.termOf(i)
		if t < 0 || !s.troubled(t) {
			continue
		}
		for _, c := range s.forTerm(i, t) {
			if c.same {
				c.residual = own
			}
			if c.same || own == "" {
				add(c)
			}
		}
	}
	for _, c := range append(s.structures(), s.marginals(s.codes)...) {
		add(c)
	}
	return out
}

// termOf is the term of the design behind a term of the formula, -1 if there is
// none.
func (s *subject) termOf(i int) int {
	src := s.d.Formula.Random[i].String()
	return slices.IndexFunc(s.d.Terms, func(t design.Term) bool { return t.Src == src })
}

func (s *subject) troubled(t int) bool {
	if s.verdict.Convergence != certify.Converged || s.verdict.Place == certify.NoFiniteMaximum {
		return true
	}
	if s.deficient[t] || s.hidden[t] || len(s.constant[t]) > 0 || len(s.d.Terms[t].Levels) < fewLevels {
		return true
	}
	f, weak := s.curvature()
	return weak && slices.Contains(f.Params, s.d.Terms[t].Src)
}

func (s *subject) forTerm(i, t int) []candidate {
	r, term := s.d.Formula.Random[i], &s.d.Terms[t]
	var out []candidate
	change := func(what string, edit func(*formula.Random)) {
		f := s.edited(i, edit)
		out = append(out, candidate{what: what, formula: f, same: true})
	}
	k := len(term.Names)
	if k > 1 && r.Shape == formula.Full {
		numeric := term.Covariates(r)
		if rank := s.rank[t]; s.deficient[t] && !s.hidden[t] && rank > 0 && rank < k {
			change(fmt.Sprintf("write the rank that was found, %d", rank), func(r *formula.Random) { r.Shape, r.Rank = formula.ReducedRank, rank })
		}
		if numeric {
			change("drop the correlations of "+term.Src, func(r *formula.Random) { r.Shape = formula.Independent })
		}
		if term.Factor(r) {
			change("equal variances and covariances, "+r.Terms[0].String()+" within "+term.Group, func(r *formula.Random) { r.Shape = formula.CompSymm })
		}
	}
	if n := len(r.Terms); n > 0 && (r.Intercept || n > 1) {
		// Interactions come last: a term goes before those it is part of.
		last := r.Terms[n-1].String()
		change("drop the slope of "+last+" within "+term.Group, func(r *formula.Random) {
			r.Terms = slices.Clone(r.Terms[:n-1])
			if len(r.Terms) == 0 || r.Shape == formula.CompSymm || r.Shape == formula.ReducedRank {
				r.Shape = formula.Full
			}
		})
	}
	whole := *s.d.Formula
	whole.Random = slices.Delete(slices.Clone(whole.Random), i, i+1)
	drop := "drop " + term.Src
	if other := s.taker(t); other != "" {
		drop += ", merged into " + other
	}
	out = append(out, candidate{what: drop, formula: &whole, same: true})
	if k == 1 && len(r.Terms) == 0 && len(term.Levels) <= fewFixedLevels && !s.single[t] && !s.absorbed[t] && s.alone(t) {
		fixed := whole
		fixed.Fixed = append(slices.Clone(whole.Fixed), formula.Term{Vars: r.Group})
		out = append(out, candidate{what: term.Group + " as a fixed effect", formula: &fixed,
			estimand: "they are about these levels of " + term.Group + " alone, and compare rows within a level"})
	}
	return out
}

// taker is the term that does what term t does: of a grouping factor that divides
// the rows alike, or of the same factor with columns that span its columns; "" if
// there is none.
func (s *subject) taker(t int) string {
	if group, _ := s.twin(t); group != "" {
		for u := range s.d.Terms {
			if s.d.Terms[u].Group == group {
				return s.d.Terms[u].Src
			}
		}
	}
	if inner, outer := s.contained(); inner == s.d.Terms[t].Src {
		return outer
	}
	return ""
}

// alone says that no other term has the grouping factor of a term.
func (s *subject) alone(t int) bool {
	for u := range s.d.Terms {
		if u != t && s.d.Terms[u].Group == s.d.Terms[t].Group {
			return false
		}
	}
	return true
}

// edited is the formula of the fit with one random term changed.
func (s *subject) edited(i int, edit func(*formula.Random)) *formula.Formula {
	f := *s.d.Formula
	f.Random = slices.Clone(f.Random)
	edit(&f.Random[i])
	return &f
}
