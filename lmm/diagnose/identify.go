package diagnose

import (
	"fmt"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/finding"
)

// absorbed says for each term whether the fixed effects leave nothing of any of
// its variances: tr(M D M D) is rounding against tr(D D).
func absorbed(g *criterion.Gram, terms int) []bool {
	out := make([]bool, terms)
	for t := range out {
		out[t] = true
	}
	n := len(g.Pairs) + 1
	for a, p := range g.Pairs {
		if p.Row == p.Col && g.Inner[a*n+a] > certify.IdentifiedAbove*g.Scale[a] {
			out[p.Block] = false
		}
	}
	return out
}

func (s *subject) gramEvidence() finding.Evidence {
	return finding.Evidence{Check: "least eigenvalue of the scaled Gram matrix of the variances", Found: s.least, Limit: certify.IdentifiedAbove}
}

// identification is I1, told with its cause; where D4 or D6 is the cause, these
// have told it.
func (s *subject) identification() []finding.Finding {
	names := s.verdict.NotIdentifiable
	if len(names) == 0 {
		return nil
	}
	var taken, groups, many []string
	explained := true
	for t := range s.d.Terms {
		term := &s.d.Terms[t]
		if !s.hidden[t] {
			continue
		}
		if s.absorbed[t] {
			taken = append(taken, term.Src)
			groups = append(groups, term.Group)
		}
		if len(term.Levels)*term.Z.Cols >= len(s.d.Y) {
			many = append(many, term.Src)
		}
		explained = explained && (s.single[t] || len(s.constant[t]) > 0)
	}
	if explained && len(taken) == 0 {
		return nil
	}
	f := finding.Finding{Code: "I1", Name: "NOT_IDENT", Severity: finding.Serious, Params: names, Evidence: []finding.Evidence{s.gramEvidence()}}
	switch {
	case len(taken) > 0:
		f.Meaning = fmt.Sprintf("The fixed effects already have a value for every level of %s: nothing is left to estimate the variance of %s from.", list(groups), list(taken))
		f.Remedies = []string{"Drop " + list(taken) + ": the fixed effects stay.", "Or drop the fixed effects that are constant within its levels, if the question is about the population of levels."}
	case len(names) == 2 && twoVariances(names):
		f.Meaning = fmt.Sprintf("Two variances do one job: only a sum of the %s and the %s is known.", names[0], names[1])
		f.Remedies = []string{"Drop one of the terms: the fixed effects stay."}
	case len(many) > 0:
		f.Meaning = fmt.Sprintf("With as many random effects in %s as there are rows, what is a random effect and what is residual cannot be told apart. The fixed effects can still be estimated.", list(many))
		f.Remedies = []string{"Fit fewer random slopes."}
	default:
		f.Meaning = "The data cannot tell these apart: other values of them give the same distribution. The fixed effects can still be estimated."
		f.Remedies = []string{"Drop one of the terms concerned, or merge them."}
	}
	return []finding.Finding{f}
}

func twoVariances(names []string) bool {
	for _, n := range names {
		if !strings.HasPrefix(n, "variance of ") && n != "residual variance" {
			return false
		}
	}
	return true
}
