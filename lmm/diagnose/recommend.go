package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
)

// Advice is what to do next. Nothing of it is applied.
type Advice struct {
	Text   string // what to do, a sentence
	Reason string // why
	// Remedy is the index in Report.Remedies of the model advised, -1 for the
	// fit as it stands.
	Remedy int
}

// advise chooses among the remedies that were tried.
func (s *subject) advise(r *Report) Advice {
	has := map[string]bool{}
	for _, f := range r.Findings {
		has[f.Code] = true
	}
	keep := func(text, why string) Advice { return Advice{Text: text, Reason: why, Remedy: -1} }
	switch {
	case r.Verdict.Convergence != certify.Converged && r.Verdict.Place != certify.NoFiniteMaximum && s.best != nil:
		best := slices.IndexFunc(r.Remedies, func(x Remedy) bool { return x.Failed == "" && x.Criterion <= s.best.Criterion()+betterBy })
		return Advice{Text: "Do not use the numbers of this point; use the fit that the search ends at.", Remedy: best,
			Reason: fmt.Sprintf("Its criterion is lower by %.3g.", s.gap)}
	case r.Verdict.Convergence == certify.NotConverged:
		return keep("Do not use the numbers of this fit.", "It is not at a maximum of the likelihood.")
	case has["C5"]:
		i := slices.IndexFunc(r.Remedies, func(x Remedy) bool { return x.What == otherMaximum })
		all := "both"
		if n := s.others.rivals(); n > 1 {
			all = fmt.Sprintf("all %d", n+1)
		}
		return Advice{Text: "Report " + all + " maxima, and what each means for the conclusions.", Remedy: i,
			Reason: "The data hardly prefer one; no optimiser and no start decides between them."}
	case has["B4"] || has["B5"]:
		u := s.farthest()
		if i := slices.IndexFunc(r.Remedies, func(x Remedy) bool { return x.Unbounded }); i >= 0 {
			return Advice{Text: "Report the fixed effects of the marginal model.", Remedy: i,
				Reason: fmt.Sprintf("Without the bounds the criterion is lower by %.1f, more than %.2f.", u.drop, u.limit)}
		}
		return keep("Read the fixed effects from a marginal model.", "An estimate beyond the boundary fits clearly better.")
	case r.Verdict.Place == certify.NotIdentifiable || r.Verdict.Place == certify.NoFiniteMaximum:
		if i := closest(r.Remedies); i >= 0 {
			return Advice{Text: "Use the model of the remedy \"" + r.Remedies[i].What + "\".", Remedy: i,
				Reason: "It is the closest model tried whose parameters are all identified, with the maximum in the interior."}
		}
		return keep("Simplify the random effects: their variances cannot be used.", "The data do not determine them.")
	case r.Verdict.Place == certify.Boundary && has["B1"] && s.doubled() != "":
		return Advice{Text: "Drop " + s.doubled() + ".", Reason: "Another term does what it does.",
			Remedy: slices.IndexFunc(r.Remedies, func(x Remedy) bool { return strings.HasPrefix(x.What, "drop "+s.doubled()+",") })}
	case r.Verdict.Place == certify.Boundary && has["B1"] && !has["B2"] && !has["B3"]:
		return keep("Keep the term if the design has its groups, and report the variance 0 with its interval.",
			"A variance of 0 is a valid estimate; dropping the term changes the degrees of freedom of predictors that are measured on groups.")
	case r.Residual != "" && (has["B6"] || has["B7"] || has["I3"]):
		if i := lowestAIC(r); i >= 0 {
			return Advice{Text: "Use the model of the remedy \"" + r.Remedies[i].What + "\".", Remedy: i,
				Reason: fmt.Sprintf("Its AIC is lower by %.1f, and its parameters are inside of their ranges.", r.AIC-r.Remedies[i].AIC)}
		}
		if r.Tried {
			return keep("Keep the structure, and report which parameter is at its limit.", fmt.Sprintf("No structure tried has an AIC lower by %g or more.", lowerAIC))
		}
		return keep("Have other structures tried.", "A parameter of the residuals is at the limit of its range, or hardly told by the data.")
	case r.Verdict.Place == certify.Boundary || has["I2"]:
		if i := simplest(r.Remedies); i >= 0 {
			t := r.Remedies[i].Test
			return Advice{Text: "Use the model of the remedy \"" + r.Remedies[i].What + "\".", Remedy: i,
				Reason: fmt.Sprintf("It is the simplest model tried with its maximum in the interior that is not rejected: p = %.3f, at least %.1f (Matuschek et al. 2017).", t.P, simplerP)}
		}
		if r.Tried {
			return keep("Keep the fit.", fmt.Sprintf("No smaller model in the interior has a p value of %.1f or more; the estimates at the limit are valid.", simplerP))
		}
		return keep("Keep the fit, or have the remedies tried.", "The estimates at the limit are valid; a smaller model may fit as well.")
	}
	if i := lowestAIC(r); i >= 0 {
		return Advice{Text: "Compare with \"" + r.Remedies[i].What + "\" before the fit is used.", Remedy: i,
			Reason: fmt.Sprintf("Its AIC is lower by %.1f.", r.AIC-r.Remedies[i].AIC)}
	}
	if has["D3"] {
		return keep("Use the fit, but read what it says of levels in general with the few degrees of freedom that they leave (Kenward-Roger).",
			"Every check of the computation has passed; the design has few levels.")
	}
	return keep("Use the fit as it stands.", "Every check has passed.")
}

// doubled is the term on the boundary whose grouping factor is another's under a
// second name, "" without one.
func (s *subject) doubled() string {
	for t := range s.d.Terms {
		if group, _ := s.twin(t); s.deficient[t] && group != "" {
			return s.d.Terms[t].Src
		}
	}
	return ""
}

// lowerAIC is the drop in AIC that is told (Burnham and Anderson 2002, sec. 2.6: a
// model 2 above the best has some support still).
const lowerAIC = 2.0

// lowestAIC is the sound remedy with the lowest AIC of those below the fit by
// lowerAIC, where structures of the residuals are compared; -1 if there is none.
func lowestAIC(r *Report) int {
	best := -1
	if r.Residual == "" {
		return best
	}
	for i := range r.Remedies {
		x := &r.Remedies[i]
		if x.Failed == "" && x.NoTest != otherEffects && x.sound() && x.AIC < r.AIC-lowerAIC && (best < 0 || x.AIC < r.Remedies[best].AIC) {
			best = i
		}
	}
	return best
}

// farthest is the term that gains most beyond the boundary.
func (s *subject) farthest() *unbounded {
	var best *unbounded
	for _, u := range s.free {
		if u != nil && (best == nil || u.drop-u.limit > best.drop-best.limit) {
			best = u
		}
	}
	return best
}

// closest is the sound remedy with the most parameters among those with the
// fixed effects of the fit, the first of equals; -1 if there is none.
func closest(rs []Remedy) int {
	best := -1
	for i := range rs {
		if rs[i].Smaller && rs[i].sound() && (best < 0 || rs[i].Params > rs[best].Params) {
			best = i
		}
	}
	return best
}

// simplest is the sound remedy with the fewest parameters that the test does
// not reject in favour of the fit, the first of equals; -1 if there is none.
func simplest(rs []Remedy) int {
	best := -1
	for i := range rs {
		r := &rs[i]
		if !r.Smaller || !r.sound() || r.Test == nil || !(r.Test.P >= simplerP) {
			continue
		}
		if best < 0 || r.Params < rs[best].Params {
			best = i
		}
	}
	return best
}
