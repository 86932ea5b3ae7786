package diagnose

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
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
	inner, outer := s.contained()
	switch {
	case len(taken) > 0:
		f.Meaning = fmt.Sprintf("The fixed effects already have a value for every level of %s: nothing is left to estimate the variance of %s from. %s", list(groups), list(taken), s.m.EffectsLeft())
		f.Remedies = []string{"Drop " + list(taken) + ": the fixed effects stay.", "Or drop the fixed effects that are constant within its levels, if the question is about the population of levels."}
	case len(names) == 2 && twoVariances(names):
		f.Meaning = fmt.Sprintf("Two variances do one job: only a sum of the %s and the %s is known.", names[0], names[1])
		f.Remedies = []string{"Drop one of the terms: the fixed effects stay."}
	case inner != "":
		f.Meaning = fmt.Sprintf("%s is already part of %s: what it adds, the other can take over. %s", inner, outer, s.m.EffectsLeft())
		f.Remedies = []string{"Drop " + inner + ": the model stays the same."}
	case len(many) > 0:
		f.Meaning = fmt.Sprintf("With as many random effects in %s as there are rows, what is a random effect and what is residual cannot be told apart. %s", list(many), s.m.EffectsLeft())
		f.Remedies = []string{"Fit fewer random slopes."}
	default:
		f.Meaning = "The data cannot tell these apart: other values of them give the same distribution. " + s.m.EffectsLeft()
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

// contained finds a term whose columns are combinations of those of another of
// the same grouping factor with a full covariance matrix; "" if there is none.
func (s *subject) contained() (inner, outer string) {
	for t := range s.d.Terms {
		for u := range s.d.Terms {
			a, b := &s.d.Terms[t], &s.d.Terms[u]
			if t == u || a.Group != b.Group || !s.hidden[t] || !s.hidden[u] || b.Shape != formula.Full {
				continue
			}
			if a.Z.Cols <= b.Z.Cols && spans(&b.Z, &a.Z) {
				return a.Src, b.Src
			}
		}
	}
	return "", ""
}

// spans reports whether every column of a is a combination of those of b.
func spans(b, a *design.Matrix) bool {
	if b.Rows <= b.Cols {
		return false
	}
	var qr mat.QR
	qr.Factorize(mat.NewDense(b.Rows, b.Cols, b.Data))
	z := mat.NewDense(a.Rows, a.Cols, a.Data)
	var coef, fitted mat.Dense
	// A large condition number comes with a solution.
	if err := qr.SolveTo(&coef, false, z); err != nil && coef.IsEmpty() {
		return false
	}
	fitted.Mul(mat.NewDense(b.Rows, b.Cols, b.Data), &coef)
	fitted.Sub(&fitted, z)
	size, rest := mat.Norm(z, 2), mat.Norm(&fitted, 2)
	return rest*rest <= noiseShare*size*size
}
