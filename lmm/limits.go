package lmm

import (
	"fmt"

	"github.com/golmm/golmm/lmm/finding"
)

// unlimited is D8: a linear model whose residual variance goes to 0.
func (m *Model) unlimited() finding.Finding {
	effects := 0
	for t := range m.design.Terms {
		effects += len(m.design.Terms[t].Levels) * m.design.Terms[t].Z.Cols
	}
	rows, fixed := len(m.design.Y), m.design.X.Cols
	f := finding.Finding{Code: "D8", Name: "SATURATED", Severity: finding.Serious, Params: []string{"residual variance"},
		Evidence: []finding.Evidence{{Check: "rows", Found: float64(rows)}, {Check: "random effects", Found: float64(effects)}, {Check: "fixed effects", Found: float64(fixed)}},
		Meaning:  "The likelihood grows without end as the residual variance goes to 0: nothing is left to estimate the error from.",
		Remedies: []string{"Look for a response that is the same in all rows of a group, such as a mean, and for rows that were entered twice.",
			"Fit the values that were measured, a row each."}}
	if effects+fixed >= rows {
		f.Remedies = []string{"Drop random slopes until there are fewer random effects than rows.", "Drop fixed effects."}
	}
	return f
}

// ScoreBelowZero is the evidence of B1 that stands with a last remedy for the fit alone: to
// have it diagnosed.
const ScoreBelowZero = "score test of a variance below 0"

// belowZeroScore adds to B1 of the one variance of a linear model what its score
// promises below 0, where that is more than chance gives: with g the slope of the
// criterion at 0 and h its expected curvature there, the residual variance at its
// best, g^2 / (2 h), of the distribution of a likelihood ratio (Rao 1948).
func (m *Model) belowZeroScore(f *finding.Finding) {
	if len(m.blocks) != 1 || m.blocks[0].K != 1 || m.source.general != nil || m.source.residual != nil || m.opt.Unbounded {
		return
	}
	gram := m.source.fork().Gram()
	n := len(gram.Scale)
	g := m.found.Derivs.G[0][0]
	cross, residual := gram.Inner[n-1], gram.Inner[n*n-1]
	h := gram.Inner[0] - cross*cross/residual
	score := g * g / (2 * h)
	if !(g > 0 && h > 0 && score > negativeDrop) {
		return
	}
	group := m.design.Terms[0].Group
	f.Evidence = append(f.Evidence, finding.Evidence{Check: ScoreBelowZero, Found: score, Limit: negativeDrop})
	f.Remedies = []string{f.Remedies[0],
		fmt.Sprintf("Diagnose the fit before the term is dropped: rows of one level of %s are less alike than rows of different levels, so that the variance may want to be negative (B4).", group)}
}
