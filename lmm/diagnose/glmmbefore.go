package diagnose

import (
	"errors"
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/separation"
)

// responses is what the responses of a generalised model show before a fit: the
// separation of the fixed effects and within groups (D7), groups of one kind
// (D13), and how many events there are for each coefficient (D14).
type responses struct {
	d   *design.Design
	fam *family.Family
	// fixed is the result for the fixed effects, within that for the grouping
	// factor of each term with an intercept, nil for others.
	fixed    *separation.Result
	within   []*separation.Result
	unproved []string // what could not be settled
}

func newResponses(d *design.Design, fam *family.Family) *responses {
	s := &responses{d: d, fam: fam, within: make([]*separation.Result, len(d.Terms))}
	note := func(err error) {
		var u *separation.UnsettledError
		if errors.As(err, &u) {
			s.unproved = append(s.unproved, upperFirst(u.Error())+".")
		}
	}
	var err error
	s.fixed, err = separation.Find(d, fam.Name(), fam.Link())
	note(err)
	for t := range d.Terms {
		if d.Terms[t].Names[0] != intercept || len(d.Y)*d.X.Cols > maxWithin {
			continue
		}
		s.within[t], err = separation.Within(d, fam.Name(), fam.Link(), t)
		note(err)
	}
	return s
}

// findings are D7, D13 and D14.
func (s *responses) findings() []finding.Finding {
	var out []finding.Finding
	if s.fixed.Separated() {
		out = append(out, s.fixed.Finding())
	}
	for _, text := range s.unproved {
		out = append(out, finding.Finding{Code: "D7", Name: "SEPARATION", Severity: finding.Note, Meaning: text, Evidence: []finding.Evidence{}})
	}
	for t, r := range s.within {
		if r == nil {
			continue
		}
		if r.Separated() && !s.fixed.Separated() {
			out = append(out, r.Finding())
		}
		if f, ok := s.oneKind(t); ok && (f.Severity > finding.Note || !s.fixed.Separated()) {
			out = append(out, f)
		}
	}
	if f, ok := s.fewEvents(); ok {
		out = append(out, f)
	}
	return out
}

// oneKind is D13: levels of a grouping factor whose responses are all alike.
func (s *responses) oneKind(t int) (finding.Finding, bool) {
	term, r := &s.d.Terms[t], s.within[t]
	pure, levels := len(r.Low)+len(r.High), len(term.Levels)
	if pure == 0 || float64(pure) < oneKindShare*float64(levels) || levels == len(s.d.Y) {
		return finding.Finding{}, false
	}
	what := plural(len(r.Low), "level") + " with 0 alone"
	if s.twoSided() {
		what += fmt.Sprintf(", %d with 1 alone", len(r.High))
	}
	f := finding.Finding{Code: "D13", Name: "ONE_KIND", Severity: finding.Note, Params: []string{term.Group},
		Evidence: []finding.Evidence{{Check: "levels of " + term.Group + " whose responses are all 0 or all 1", Found: float64(pure)}, {Check: "levels of " + term.Group, Found: float64(levels)}},
		Meaning: fmt.Sprintf("Of %s of %s, %d have responses of one kind (%s): what is known of the effects within %s comes from the other %d.",
			plural(levels, "level"), term.Group, pure, what, term.Group, levels-pure),
		Remedies: []string{"Compare Laplace with adaptive quadrature: such levels are where they differ most."}}
	if s.pure(t) {
		f.Severity, f.Params = finding.Serious, effects(term)[:1]
		f.Meaning = fmt.Sprintf("Every level of %s has responses of one kind (%s): knowing the level is knowing the response, and the variance between levels runs to infinity.", term.Group, what)
		f.Remedies = []string{"Analyse one row for each level of " + term.Group + ".", "Put a weak prior on the variance."}
	}
	return f, true
}

// pure says that the levels of a term's group have responses of one kind, all of
// them. The likelihood is then at most that of the first rows of the levels, and
// without other predictors comes to that as the variance between levels grows without
// end.
func (s *responses) pure(t int) bool {
	r, term := s.within[t], &s.d.Terms[t]
	return r != nil && s.twoSided() && len(r.Low)+len(r.High) == len(term.Levels) && len(term.Levels) < len(s.d.Y)
}

// anyPure is the first such group, "" if there is none.
func (s *responses) anyPure() string {
	for t := range s.d.Terms {
		if s.pure(t) {
			return s.d.Terms[t].Group
		}
	}
	return ""
}

func (s *responses) twoSided() bool { return s.fam.Name() == "binomial" }

// events counts the rarer outcome of a binomial model, all events of counts;
// NaN for families without events.
func (s *responses) events() float64 {
	var ones, all float64
	for i, y := range s.d.Y {
		w := 1.0
		if s.d.Weights != nil {
			w = s.d.Weights[i]
		}
		if s.d.Trials != nil {
			w *= s.d.Trials[i]
		}
		ones, all = ones+w*y, all+w
	}
	switch s.fam.Name() {
	case "binomial":
		return math.Min(ones, all-ones)
	case "poisson", "negbinomial":
		return ones
	}
	return math.NaN()
}

// slopes is the number of coefficients without the intercept.
func (s *responses) slopes() int {
	n := len(s.d.XNames)
	if s.d.Formula.Intercept {
		n--
	}
	return n
}

// fewEvents is D14.
func (s *responses) fewEvents() (finding.Finding, bool) {
	each := s.events() / float64(s.slopes())
	if s.slopes() == 0 || !(each < eventsEach) {
		return finding.Finding{}, false
	}
	kind := "events"
	if s.twoSided() {
		kind = "responses of the rarer kind"
	}
	return finding.Finding{Code: "D14", Name: "FEW_EVENTS", Severity: finding.Note, Params: []string{},
		Evidence: []finding.Evidence{{Check: kind, Found: s.events()}, {Check: kind + " for each coefficient", Found: each, Limit: eventsEach}},
		Meaning: fmt.Sprintf("There are %.4g %s for %s: estimates tend to lie too far from 0, and normal intervals are rough.",
			s.events(), kind, plural(s.slopes(), "coefficient")),
		Remedies: []string{"Use profile intervals.", "Compare with a weakly informative prior on the coefficients, which shrinks them."}}, true
}

// checks is the evidence of what was found, or not.
func (s *responses) checks() []Check {
	if !s.fixed.Applies {
		return nil
	}
	out := []Check{{"rows separated by the fixed effects", float64(len(s.fixed.Rows)), 0, !s.fixed.Separated()}}
	for t, r := range s.within {
		term := &s.d.Terms[t]
		if r == nil || len(term.Levels) == len(s.d.Y) {
			continue
		}
		pure, limit := float64(len(r.Low)+len(r.High)), math.Ceil(oneKindShare*float64(len(term.Levels)))
		out = append(out,
			Check{"rows separated within levels of " + term.Group, float64(len(r.Rows)), 0, !r.Separated()},
			Check{"levels of " + term.Group + " whose responses are of one kind", pure, limit, pure < limit})
	}
	if each := s.events() / float64(s.slopes()); s.slopes() > 0 && !math.IsNaN(each) {
		out = append(out, Check{"events for each coefficient", each, eventsEach, each >= eventsEach})
	}
	return out
}
