package lmm

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// observe lists what the fit itself shows: I1, C1, C2, B1, B2, B3.
func (m *Model) observe(off certify.Escape, least float64) []finding.Finding {
	out := m.generalFindings()
	v := m.verdict
	if len(v.NotIdentifiable) > 0 {
		out = append(out, finding.Finding{
			Code: "I1", Name: "NOT_IDENT", Severity: finding.Serious, Params: v.NotIdentifiable,
			Evidence: []finding.Evidence{{Check: "least eigenvalue of the scaled Gram matrix of the variances", Found: least, Limit: certify.IdentifiedAbove}},
			Meaning:  "The data cannot tell these apart: other values of them give the same distribution. " + m.EffectsLeft(),
			Remedies: []string{"Drop one of the terms concerned, or merge them."},
		})
	}
	switch {
	case m.separated != nil && v.Convergence != certify.Converged:
		return out // D7 is the cause
	case v.Place == certify.NoFiniteMaximum && m.source.general == nil:
		return append(out, m.unlimited())
	case v.Convergence != certify.Converged:
		f := finding.Finding{
			Code: "C2", Name: "NOT_CONV", Severity: finding.Serious,
			Evidence: []finding.Evidence{
				{Check: "Newton decrement", Found: v.Decrement, Limit: certify.ConvergedBelow},
				{Check: "promised drop off the boundary", Found: v.EscapeDrop, Limit: certify.ConvergedBelow}},
			Meaning: "No maximum of the likelihood was found: " + m.log.Status + ".",
		}
		if v.Convergence == certify.Polishable {
			f.Code, f.Name, f.Severity = "C1", "POLISH", finding.Caution
			f.Meaning = "The estimates are close to a maximum of the likelihood, but not at it: a few Newton steps away."
		}
		if m.opt.Optimizer != "" {
			f.Remedies = []string{"Fit without naming an optimizer: Newton's method polishes its points and leaves false maxima."}
		}
		return append(out, f)
	}
	if math.IsInf(off.Slope, 1) {
		return out
	}
	evidence := []finding.Evidence{{Check: "promised drop of the criterion off the boundary", Found: v.EscapeDrop, Limit: certify.ConvergedBelow}}
	for t := range m.design.Terms {
		if f, ok := m.edge(t); ok {
			f.Evidence = slices.Clip(evidence)
			if f.Code == "B1" && t == 0 {
				m.belowZeroScore(&f)
			}
			out = append(out, f)
		}
	}
	return out
}

// EffectsLeft says in a sentence what of the fixed effects is known beside variances
// that are not identified.
func (m *Model) EffectsLeft() string {
	errors := 0
	for _, c := range m.FixedEffects() {
		switch c.Reason {
		case moving:
			return "Some of the fixed effects depend on them, and have no estimate."
		case unmeasured:
			errors++
		}
	}
	if errors > 0 {
		return "The fixed effects can still be estimated, but not all of their standard errors."
	}
	return "The fixed effects can still be estimated."
}

// edge describes the covariance matrix of a term that is on the boundary; one that is
// not identified has no place of its own.
func (m *Model) edge(t int) (finding.Finding, bool) {
	term := &m.design.Terms[t]
	k := len(term.Names)
	if !m.deficient[t] || slices.Contains(m.hidden[t], true) {
		return finding.Finding{}, false
	}
	var zero []string
	for r, name := range term.Names {
		if norm(m.lambda[t][r*k:r*k+k]) == 0 {
			zero = append(zero, name)
		}
	}
	switch {
	case len(zero) > 0:
		return finding.Finding{
			Code: "B1", Name: "ZERO_VAR", Severity: finding.Note, Params: zero,
			Meaning: fmt.Sprintf("The best estimate of the variance of %s between levels of %s is 0. It is a valid estimate, not a failure.",
				strings.Join(zero, ", "), term.Group),
			Remedies: []string{"Keep the term and report the variance with an interval.", "Drop it: the fixed effects and their standard errors stay."},
		}, true
	case k == 2:
		r := "+1"
		if m.lambda[t][0]*m.lambda[t][2] < 0 {
			r = "-1"
		}
		return finding.Finding{
			Code: "B2", Name: "CORR_1", Severity: finding.Note, Params: term.Names,
			Meaning: fmt.Sprintf("The best estimate of the correlation of %s and %s between levels of %s is %s, at the limit.",
				term.Names[0], term.Names[1], term.Group, r),
			Remedies: m.simpler(t, "Keep it and report the correlation with an interval."),
		}, true
	}
	return finding.Finding{
		Code: "B3", Name: "LOW_RANK", Severity: finding.Note, Params: term.Names,
		Meaning: fmt.Sprintf("The covariance matrix of the %d effects of %s has rank %d: some combination of them does not vary between its levels.",
			k, term.Group, m.rank[t]),
		Remedies: m.simpler(t, "Fit fewer random slopes."),
	}, true
}

// simpler puts a smaller model of a term before another remedy.
func (m *Model) simpler(t int, other string) []string {
	if s := m.design.Simpler(t); s != "" {
		return []string{s, other}
	}
	return []string{other}
}
