package diagnose

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/solve"
)

// convergence is C1 to C4 and C7, each by its own cause. A fit that golmm has
// searched for is converged but in the rarest cases; the codes tell apart where
// points of other programs stand.
func (s *subject) convergence() []finding.Finding {
	v := s.verdict
	if v.Place == certify.NoFiniteMaximum {
		// D7 or D8 has told it, or the fit has no other name for it.
		return slices.DeleteFunc(s.m.Findings(), func(f finding.Finding) bool { return f.Code != "C2" })
	}
	f := finding.Finding{Severity: finding.Serious, Params: []string{"all variances"}, Evidence: []finding.Evidence{
		{Check: "Newton decrement", Found: v.Decrement, Limit: certify.ConvergedBelow},
		{Check: "drop on leaving the boundary", Found: v.EscapeDrop, Limit: certify.ConvergedBelow}}}
	if s.gap > 0 {
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "criterion above the best maximum known", Found: s.gap, Limit: betterBy})
	}
	const restart = "Search again from here and from other starts."
	if s.local.Convergence == certify.Converged && v.Convergence != certify.Converged {
		f.Code, f.Name = "C2", "NOT_CONV"
		f.Meaning = "The point is a maximum of the likelihood, but not the best one: another point is better by " + strconv.FormatFloat(s.gap, 'g', 3, 64) + " in the criterion."
		f.Remedies = []string{restart}
		return []finding.Finding{f}
	}
	switch f.Code = standing(s.m, v, s.obj.Local); f.Code {
	case "C0":
		return nil
	case "C7":
		f.Name = "NUMERIC"
		f.Meaning = "The search ended early (" + s.m.Log().Status + "): nothing is known of the maximum."
		f.Remedies = []string{"Search again from other starts.", "Use other units, in which the columns are of one size."}
	case "C4":
		f.Name, f.Params = "FALSE_EDGE", s.edges()
		f.Meaning = "The fit stopped on the boundary, but the boundary is not where the maximum is: a direction that leaves it leads down, which no gradient of the Cholesky factor shows."
		f.Remedies = []string{"Leave the boundary along that direction and search on."}
	case "C3":
		least, _, _ := s.eigenvalues()
		f.Name = "SADDLE"
		f.Meaning = "The gradient is 0, but the criterion bends down along a direction: the point is a saddle, not a maximum."
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "least eigenvalue of the scaled Hessian", Found: least})
		f.Remedies = []string{"Step along the direction of negative curvature and search on."}
	case "C1":
		f.Name, f.Severity = "POLISH", finding.Caution
		f.Meaning = "The fit is a few Newton steps from the maximum, less than a seventh of a standard error: the last digits are not final."
		f.Remedies = []string{"Take the Newton steps."}
	default:
		f.Name = "NOT_CONV"
		f.Meaning = "The fit is not at a maximum of the likelihood: the way down is still long."
		f.Remedies = []string{restart}
	}
	return []finding.Finding{f}
}

// endless says what goes on without end where the likelihood has no maximum.
func endless(m *lmm.Model) string {
	if m.Family() != nil {
		return "a variance grows without end"
	}
	return "the residual variance goes to 0"
}

// ended says why a search of the criterion of a model stopped.
func ended(m *lmm.Model, status solve.Status) string {
	if status == solve.Diverged {
		return endless(m)
	}
	return status.String()
}

// standing is the code of where a fit stands by a verdict and the Hessian, which
// may be nil: C0, C1 to C4, C7, or why there is no maximum, D7 and D8.
func standing(m *lmm.Model, v certify.Verdict, l *certify.Local) string {
	bends := l != nil && len(l.Values) > 0 && l.Values[0] < 0
	status := m.Log().Status
	switch worst := math.Max(v.Decrement, v.EscapeDrop); {
	case v.Place == certify.NoFiniteMaximum && m.Separation() != nil:
		return "D7"
	case v.Place == certify.NoFiniteMaximum && m.Family() == nil:
		return "D8"
	case v.Convergence == certify.Converged:
		return "C0"
	case v.Place == certify.NoFiniteMaximum:
		return "C2"
	case math.IsNaN(worst) || status == solve.IterationLimit.String() || status == solve.Failed.String():
		return "C7"
	case v.EscapeDrop >= certify.ConvergedBelow && v.EscapeDrop >= v.Decrement, v.Convergence == certify.NotConverged && zeroVariance(m):
		return "C4"
	case worst < certify.PolishBelow && bends:
		return "C3"
	case v.Convergence == certify.Polishable:
		return "C1"
	}
	return "C2"
}

// given says that the point is not one that golmm's own search ended at: it was
// given, or found by another optimiser, whose points are not polished.
func (s *subject) given() bool {
	log := s.m.Log()
	return log.Starts == 0 || !strings.HasPrefix(log.Optimizer, "trust-region Newton")
}

// zeroVariance says that a term is on the boundary with a variance of exactly 0: a
// bound of the Cholesky factor was met there, which is no bound of the covariance
// matrix.
func zeroVariance(m *lmm.Model) bool {
	for _, c := range m.VarCorr() {
		if slices.Contains(c.SD, 0) {
			return true
		}
	}
	return false
}

// edges names the effects of the terms on the boundary.
func (s *subject) edges() []string {
	var out []string
	for t := range s.d.Terms {
		if s.deficient[t] {
			out = append(out, effects(&s.d.Terms[t])...)
		}
	}
	return out
}

// compareWithBest searches for the maximum where a point was given, and takes
// the verdict back where it is better.
func (s *subject) compareWithBest() {
	if !s.given() || s.verdict.Place == certify.NoFiniteMaximum {
		return
	}
	best, err := lmm.FitDesign(s.d, s.like())
	if err != nil || best.Verdict().Place == certify.NoFiniteMaximum {
		return
	}
	s.best, s.gap = best, math.Max(0, s.m.Criterion()-best.Criterion())
	limit := betterBy
	if s.verdict.Convergence == certify.Polishable {
		limit = certify.PolishBelow // what the Newton steps are known to gain
	}
	if s.gap > limit {
		s.verdict.Convergence, s.verdict.Place = certify.NotConverged, certify.Unknown
	}
}
