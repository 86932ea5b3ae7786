package summary

import (
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// reading is a verdict in words.
type reading struct {
	verdict  certify.Verdict
	tone     report.Tone
	glyph    report.Glyph
	title    string
	sentence report.Inline
}

// read puts the verdict of a model into words.
func read(m Model) reading {
	r := reading{verdict: m.Verdict()}
	v := r.verdict
	if v.Place == certify.NoFiniteMaximum && separated(m) {
		r.tone, r.glyph, r.title = report.Serious, report.UnboundedGlyph, "No finite maximum"
		r.sentence = report.Words("The fixed effects separate the responses: some estimates run to infinity, and have none here. " +
			"The others, the variances and the criterion are at their limits and can be used.")
		return r
	}
	if v.Place == certify.NoFiniteMaximum && m.Family() != nil {
		r.tone, r.glyph, r.title = report.Serious, report.UnboundedGlyph, "No finite maximum"
		r.sentence = report.Words("The likelihood grows without end as an estimate moves away, so there is no best one: " +
			"some combination of the predictors, or a group, tells the responses apart without error. The numbers should not be used.")
		return r
	}
	if v.Place == certify.NoFiniteMaximum {
		r.tone, r.glyph, r.title = report.Serious, report.UnboundedGlyph, "No finite maximum"
		r.sentence = report.Words("The likelihood grows without end as the residual variance goes to 0, so there is no best estimate: " +
			"the model leaves nothing to estimate the error from. Its numbers should not be used.")
		return r
	}
	switch v.Convergence {
	case certify.NotConverged:
		r.tone, r.glyph, r.title = report.Serious, report.DescentGlyph, "Not converged"
		r.sentence = notConverged(m)
		return r
	case certify.Polishable:
		r.tone, r.glyph, r.title = report.Caution, report.PolishGlyph, "Almost converged"
		r.sentence = drop(m, "The fit is a few Newton steps from the maximum: a drop of ",
			" is left. The estimates are close, their last digits are not final.")
		return r
	}
	switch v.Place {
	case certify.Boundary:
		r.tone, r.glyph, r.title = report.Caution, report.BoundaryGlyph, "Converged, on the boundary"
		r.sentence = report.Words(boundarySentence(m.VarCorr()))
		if math.IsInf(m.Shape(), 1) {
			r.sentence = poissonSentence(r.sentence)
		}
	case certify.NotIdentifiable:
		r.tone, r.glyph, r.title = report.Unidentified, report.RidgeGlyph, "Converged, not identifiable"
		r.sentence = report.Words(ridgeSentence(v.NotIdentifiable))
	default:
		r.tone, r.glyph, r.title = report.Good, report.InteriorGlyph, "Converged, interior"
		r.sentence = report.Words("The fit stands at the maximum and no variance is at its limit. " +
			"Estimates, standard errors and intervals can be used.")
	}
	return r
}

// notConverged says why a fit is not at the maximum.
func notConverged(m Model) report.Inline {
	const use = " Estimates and standard errors should not be used as they stand."
	v := m.Verdict()
	switch worst := max(v.Decrement, v.EscapeDrop); {
	case math.IsNaN(worst):
		return report.Words("The fit has not reached the maximum, and how far it is away could not be computed." + use)
	case worst < certify.PolishBelow:
		return append(report.Words("The fit stopped at a saddle: it is level there, but "), criterion(m)...).
			Words(" falls further on." + use)
	case v.EscapeDrop > v.Decrement:
		return drop(m, "The fit stopped on a boundary that is not the maximum: leaving it promises a drop of ", "."+use)
	}
	return drop(m, "The fit has not reached the maximum: a drop of ", " is still in sight."+use)
}

// drop says how far the criterion of a fit could still fall.
func drop(m Model, before, after string) report.Inline {
	v := m.Verdict()
	line := report.Words(before).Number(report.Diagnostic(max(v.Decrement, v.EscapeDrop))).Words(" in ")
	return append(line, criterion(m)...).Words(after)
}

// edgeSentence is of a boundary that nothing names.
const edgeSentence = "The best estimate lies at the edge of what a covariance matrix can be."

// poissonSentence adds that a size is at its limit to what else is, if anything.
func poissonSentence(others report.Inline) report.Inline {
	const size = "The best estimate of the size of the negative binomial is without bound: the response varies no more than a Poisson one."
	if strings.HasPrefix(others.String(), edgeSentence) {
		return report.Words(size + " It is a valid estimate, not a failure.")
	}
	return append(others, report.Words(" "+size)...)
}

// boundarySentence names what is at its limit: variances that are 0, and
// otherwise correlations of 1 or -1, or covariance matrices of lower rank.
func boundarySentence(components []lmm.Component) string {
	var zero, flat []string
	var limit lmm.Component // the last of those in flat
	whole := true           // every variance of the terms concerned is 0
	for _, c := range components {
		var names []string
		for i, sd := range c.SD {
			if sd == 0 {
				names = append(names, c.Names[i])
			}
		}
		switch {
		case len(names) == 1 && names[0] == "(Intercept)":
			zero = append(zero, "between levels of "+c.Group)
		case len(names) > 0:
			zero = append(zero, "of "+strings.Join(names, ", ")+" between levels of "+c.Group)
		case atLimit(c):
			flat, limit = append(flat, c.Group), c
		}
		whole = whole && (len(names) == 0 || len(names) == len(c.SD))
	}
	const valid = " It is a valid estimate, not a failure."
	switch {
	case len(zero) > 0:
		s := "The best estimate of the variance " + strings.Join(zero, ", and of the variance ") + " is 0." + valid
		if whole && len(flat) == 0 {
			s += " The fixed effects and their standard errors are the same with or without it."
		}
		return s
	case len(flat) == 1 && len(limit.Names) == 2:
		sign := "1"
		if limit.Corr[0][1] < 0 {
			sign = "-1"
		}
		return "The best estimate of the correlation of " + limit.Names[0] + " and " + limit.Names[1] +
			" between levels of " + limit.Group + " is " + sign + ", at its limit." + valid
	case len(flat) > 0:
		return "The best estimate of the covariance matrix of " + strings.Join(flat, ", ") +
			" has a lower rank than its size: some combination of its coefficients does not vary." + valid
	}
	return edgeSentence + valid
}

// atLimit reports whether a correlation matrix without zero variances is
// singular: a pivot of its Cholesky factorisation vanishes.
func atLimit(c lmm.Component) bool {
	k := len(c.Corr)
	l := make([][]float64, k)
	for i := range l {
		l[i] = make([]float64, k)
		for j := 0; j <= i; j++ {
			s := c.Corr[i][j]
			for r := range j {
				s -= l[i][r] * l[j][r]
			}
			if i == j {
				if s < 1e-10 {
					return true
				}
				l[i][i] = math.Sqrt(s)
			} else {
				l[i][j] = s / l[j][j]
			}
		}
	}
	return false
}

// ridgeSentence names the parameters that the data cannot tell apart.
func ridgeSentence(names []string) string {
	if len(names) == 0 {
		return "The data cannot tell some of the parameters apart: many values fit equally well."
	}
	return "The data cannot tell these apart: " + strings.Join(names, "; ") + ". Many values of them fit equally well, " +
		"so theirs should not be used; the other numbers can."
}

// axes shows the verdict on its two axes.
func (r reading) axes() report.Axes {
	convergence := report.Axis{Name: "Convergence", Words: []string{"not converged", "polishable", "converged"}, At: -1}
	switch r.verdict.Convergence {
	case certify.NotConverged:
		convergence.At = 0
	case certify.Polishable:
		convergence.At = 1
	case certify.Converged:
		convergence.At = 2
	}
	place := report.Axis{Name: "Place", At: -1, Else: "not known before convergence"}
	if r.verdict.Place != certify.Unknown {
		place.Words = []string{"interior", "on the boundary", "not identifiable", "no finite maximum"}
		place.At = int(r.verdict.Place) - int(certify.Interior)
	}
	return report.Axes{Items: []report.Axis{convergence, place}}
}

// evidence is the table behind the verdict.
func evidence(m Model) report.Table {
	v := m.Verdict()
	out := report.Table{Label: "Evidence", Columns: []report.Column{
		{Head: "Check"}, {Head: "Found", Kind: report.Figure}, {Head: "Limit", Kind: report.Figure}, {Head: "What it says"},
	}}
	add := func(check string, found, limit float64, says report.Inline) {
		out.Rows = append(out.Rows, report.Row{Label: report.Words(check), Cells: []report.Cell{
			report.Num(report.Diagnostic(found)), report.Num(report.Diagnostic(limit)), {Text: says},
		}})
	}
	says := append(report.Words("no drop in "), criterion(m)...).Words(" is left to gain")
	switch {
	case math.IsNaN(v.Decrement):
		says = report.Words("it could not be computed")
	case v.Decrement >= certify.ConvergedBelow:
		says = append(report.Words("a Newton step promises this drop in "), criterion(m)...)
	}
	add("Newton decrement", v.Decrement, certify.ConvergedBelow, says)
	switch {
	case v.EscapeDrop >= certify.ConvergedBelow:
		add("Drop on leaving the boundary", v.EscapeDrop, certify.ConvergedBelow, report.Words("a direction inward leads down"))
	case v.Place == certify.Boundary:
		add("Drop on leaving the boundary", v.EscapeDrop, certify.ConvergedBelow, report.Words("no allowed direction leads down"))
	}
	return out
}

// separated says that the fit found D7.
func separated(m Model) bool {
	return slices.ContainsFunc(m.Findings(), func(f finding.Finding) bool { return f.Code == "D7" && f.Severity == finding.Serious })
}
