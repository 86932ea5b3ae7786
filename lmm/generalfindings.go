package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/finding"
)

// generalFindings lists what a generalised model shows beside a linear one: D7, A1, A2,
// A5, D11.
func (m *Model) generalFindings() []finding.Finding {
	g := m.source.general
	if g == nil {
		return nil
	}
	var out []finding.Finding
	if m.separated != nil {
		out = append(out, m.separated.Finding())
	}
	if g.nodes == 0 {
		out = append(out, finding.Finding{
			Code: "A1", Name: "JOINT", Severity: finding.Caution,
			Meaning:  "The fixed effects are those of the joint approximation (nAGQ = 0): the maximum of the joint density with the random effects, not of the likelihood. They are drawn towards 0, and criteria of other approximations cannot be compared with this one.",
			Remedies: []string{"Fit with Quadrature 1 (--agq 1), Laplace's approximation, or with more nodes."},
		})
	}
	if g.fam.HasShape() && math.IsInf(m.shape, 1) {
		out = append(out, finding.Finding{
			Code: "A2", Name: "SHAPE_LIMIT", Severity: finding.Note, Params: []string{"shape"},
			Meaning:  "The best estimate of the size of the negative binomial is without bound: the response varies no more than a Poisson one. It is a valid estimate, not a failure.",
			Remedies: []string{"Fit the poisson family: the same model with one parameter less."},
		})
	}
	if m.uncomputable() {
		out = append(out, m.uncomputed())
	} else if lost := m.rounding(); lost > certify.ConvergedBelow {
		out = append(out, finding.Finding{
			Code: "C7", Name: "NUMERIC", Severity: finding.Caution,
			Evidence: []finding.Evidence{{Check: "rounding of the criterion", Found: lost, Limit: certify.ConvergedBelow}},
			Meaning:  fmt.Sprintf("The counts are so large that rounding hides changes of the criterion below about %.1g: the search has no finer view of its maximum, and tests of such differences mean nothing.", lost),
			Remedies: []string{"Look at the counts and weights: such large ones say that a distribution without a dispersion of its own cannot hold.", "Fit the logarithm of the response by a linear model, or the gamma family."},
		})
	}
	if m.verdict.Convergence != certify.Converged && !m.uncomputable() && g.limited() {
		out = append(out, finding.Finding{
			Code: "A6", Name: "LINK_LIMIT", Severity: finding.Serious,
			Meaning:  fmt.Sprintf("With the link %s larger random effects give a mean that the %s family cannot have, and the search ended before them: the likelihood may have no maximum inside.", g.fam.Link(), g.fam.Name()),
			Remedies: []string{g.usualLink()},
		})
	}
	for _, n := range g.fam.Notes(m.design.Y, g.weights) {
		out = append(out, m.fractions(&n))
	}
	return out
}

// rounding is about that of the criterion of counts: of a sum over rows in which
// terms of the size of log(y!), log(n!) of n trials, all but cancel.
func (m *Model) rounding() float64 {
	g := m.source.general
	if !g.fam.Discrete() {
		return 0
	}
	var sum float64
	for i, w := range g.weights {
		count, times := w, 1.0
		if g.fam.Name() != "binomial" {
			count, times = m.design.Y[i], w
		}
		size, _ := math.Lgamma(count + 1)
		sum = math.Hypot(sum, times*size)
	}
	return 1e-15 * sum
}

// uncomputed says why the criterion has no value where every search began.
func (m *Model) uncomputed() finding.Finding {
	o := m.laplace()
	o.Value(m.found.Point)
	f := finding.Finding{
		Code: "A5", Name: "NO_CRITERION", Severity: finding.Serious,
		Meaning:  "The criterion could not be computed at any start of the search: " + o.Reason() + ". There are no estimates.",
		Remedies: []string{"Look at the response and the offset for rows that lie far from all others.", "Bring the predictors to a common size, and drop random slopes."},
	}
	if g := m.source.general; g.limited() {
		f.Remedies = append([]string{g.usualLink()}, f.Remedies...)
	}
	return f
}

// limited says that not every linear predictor gives a mean that the family can have.
func (g *generalised) limited() bool {
	return g.fam.Link() == "identity" || g.fam.Link() == "inverse"
}

func (g *generalised) usualLink() string {
	return fmt.Sprintf("Take the link %s: with %s a linear predictor can give a mean that the %s family cannot have.", family.Links(g.fam.Name())[0], g.fam.Link(), g.fam.Name())
}

// fractions tells of counts and numbers of trials that are not whole.
func (m *Model) fractions(n *family.Note) finding.Finding {
	f := finding.Finding{Code: "D11", Name: "FRACTIONS", Severity: finding.Caution}
	row := m.design.Rows[n.Row] + 1
	switch {
	case n.Kind == family.NotTrials:
		f.Evidence = []finding.Evidence{{Check: "rows whose number of trials is not whole", Found: float64(n.Rows), Limit: 0}}
		f.Meaning = fmt.Sprintf("The weights of a binomial response are numbers of trials, and in %d rows they are not whole, %g in row %d of the table first: the likelihood is not that of counts.", n.Rows, n.Value, row)
		f.Remedies = []string{"Give the number of trials as Weights (--weights COL), or the response as cbind(successes, failures)."}
	case m.source.general.fam.Name() == "binomial":
		f.Evidence = []finding.Evidence{{Check: "rows whose number of successes is not whole", Found: float64(n.Rows), Limit: 0}}
		f.Meaning = fmt.Sprintf("In %d rows the proportion times the number of trials is not a whole number, %.4g in row %d of the table first: no count of successes gives it.", n.Rows, n.Value, row)
		f.Remedies = []string{"Give the number of trials as Weights (--weights COL), or the response as cbind(successes, failures)."}
	default:
		f.Evidence = []finding.Evidence{{Check: "rows whose response is not whole", Found: float64(n.Rows), Limit: 0}}
		f.Meaning = fmt.Sprintf("In %d rows the response is no count, %.4g in row %d of the table first.", n.Rows, n.Value, row)
		f.Remedies = []string{"Give the count as the response, and log of the denominator as an offset.", "Fit the gamma family to measurements above 0."}
	}
	return f
}

// unsettled says that no number of nodes was enough.
func unsettled(tried []Quadrature) finding.Finding {
	last := tried[len(tried)-1]
	f := finding.Finding{
		Code: "A3", Name: "NODES", Severity: finding.Caution,
		Meaning:  fmt.Sprintf("The criterion still moves with the number of nodes at %d.", last.Nodes),
		Remedies: []string{"Look at the variance: a very large one, or one at its limit, is what quadrature cannot resolve."},
	}
	if len(tried) == 1 {
		f.Meaning = "The levels have too many random effects, or the rows are too many, for more than one node: this is Laplace's approximation."
		f.Remedies = []string{"Drop random slopes, or give a number of nodes as Quadrature (--agq K) and wait."}
		return f
	}
	f.Evidence = []finding.Evidence{{Check: "change of the criterion by the last nodes", Found: math.Abs(last.Criterion - tried[len(tried)-2].Criterion), Limit: agreed}}
	return f
}
