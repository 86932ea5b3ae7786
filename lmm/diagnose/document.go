package diagnose

import (
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// Document is the diagnosis as a person reads it: the verdict on its two axes, the
// findings under their causes, the remedies with what they did, the advice, and
// behind it the evidence.
func (r *Report) Document() *report.Doc {
	title, glyph, tone := headline(r.Verdict)
	if r.Unfitted {
		title, glyph, tone = r.outlook()
	}
	doc := &report.Doc{Label: "Diagnosis: " + title, Tone: tone}
	var behind []report.Block
	if len(r.Checks) > 0 {
		behind = append(behind, r.evidence())
	}
	doc.Add(report.Verdict{Title: title, Glyph: glyph, Behind: behind}, report.Formula{Src: described(r.Formula, r.Residual)}, r.facts())
	if !r.Unfitted {
		doc.Add(axes(r.Verdict))
	}
	if len(r.Findings) == 0 {
		words := "Nothing was found that needs saying: estimates, standard errors and intervals can be used."
		if r.Unfitted {
			words = "Nothing in the data stands in the way of a fit."
		}
		doc.Add(report.Sentence{Text: report.Words(words)})
	} else {
		var points report.Points
		for _, f := range r.Findings {
			points.Items = append(points.Items, point(f))
		}
		doc.Add(points)
	}
	if r.Tried {
		r.addRemedies(doc)
	}
	return doc.Add(report.Suggestion{Text: report.Words(r.Advice.Text + " " + r.Advice.Reason)})
}

// facts is the line below the formula.
func (r *Report) facts() report.Facts {
	name := "REML "
	if !r.REML {
		name = "ML, -2 log L "
	}
	items := []report.Inline{report.Words(plural(r.Params, "parameter"))}
	if !r.Unfitted {
		items = append([]report.Inline{report.Words(name).Number(report.Criterion(r.Criterion))}, items...)
	}
	return report.Facts{Items: items}
}

// axes shows a verdict on its two axes.
func axes(v certify.Verdict) report.Axes {
	convergence := report.Axis{Name: "Convergence", Words: []string{"not converged", "polishable", "converged"}, At: int(v.Convergence)}
	place := report.Axis{Name: "Place", At: -1, Else: "not known before convergence"}
	if v.Place != certify.Unknown {
		place.Words = []string{"interior", "on the boundary", "not identifiable", "no finite maximum"}
		place.At = int(v.Place) - int(certify.Interior)
	}
	return report.Axes{Items: []report.Axis{convergence, place}}
}

// outlook is the headline of a report before the fit.
func (r *Report) outlook() (string, report.Glyph, report.Tone) {
	switch {
	case len(r.Verdict.NotIdentifiable) > 0:
		return "Before the fit: not identifiable", report.RidgeGlyph, report.Unidentified
	case r.infinite():
		return "Before the fit: no finite estimate", report.UnboundedGlyph, report.Serious
	case r.Worst() == finding.Serious:
		return "Before the fit: nothing to fit", report.NoGlyph, report.Serious
	case r.Worst() == finding.Caution:
		return "Before the fit: with care", report.NoGlyph, report.Caution
	}
	return "Before the fit: all parameters can be told apart", report.NoGlyph, report.Good
}

// infinite says that the fixed effects separate the responses.
func (r *Report) infinite() bool {
	return slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Code == "D7" && f.Severity == finding.Serious })
}

// headline puts a verdict into a few words.
func headline(v certify.Verdict) (string, report.Glyph, report.Tone) {
	switch {
	case v.Place == certify.NoFiniteMaximum:
		return "No finite maximum", report.UnboundedGlyph, report.Serious
	case v.Convergence == certify.NotConverged:
		return "Not converged", report.DescentGlyph, report.Serious
	case v.Convergence == certify.Polishable:
		return "Almost converged", report.PolishGlyph, report.Caution
	case v.Place == certify.Boundary:
		return "Converged, on the boundary", report.BoundaryGlyph, report.Caution
	case v.Place == certify.NotIdentifiable:
		return "Converged, not identifiable", report.RidgeGlyph, report.Unidentified
	}
	return "Converged, interior", report.InteriorGlyph, report.Good
}

func figure(head string) report.Column { return report.Column{Head: head, Kind: report.Figure} }

// evidence is the table of the checks.
func (r *Report) evidence() report.Table {
	out := report.Table{Label: "Evidence", Columns: []report.Column{{Head: "Check"}, figure("Found"), figure("Limit"), {Head: "Passed"}}}
	for _, c := range r.Checks {
		passed := "yes"
		if !c.Passed {
			passed = "no"
		}
		out.Rows = append(out.Rows, report.Row{Label: report.Words(c.Name), Cells: []report.Cell{
			report.Num(report.Diagnostic(c.Found)), report.Num(report.Diagnostic(c.Limit)), report.Say(passed)}})
	}
	if r.Unsought != "" {
		out.Notes = append(out.Notes, report.Words(r.Unsought))
	}
	return out
}

// point is a finding: the meaning, what to try, and behind it the parameters
// and the numbers.
func point(f finding.Finding) report.Point {
	p := report.Point{Word: f.Severity.String(), Head: report.Words(f.Meaning)}
	switch f.Severity {
	case finding.Serious:
		p.Tone = report.Serious
	case finding.Caution:
		p.Tone = report.Caution
	}
	if len(f.Remedies) > 0 {
		p.Reasons = append(p.Reasons, report.Words("Try: "+strings.Join(f.Remedies, " ")))
	}
	var aside report.Inline
	if len(f.Params) > 0 {
		aside = aside.Words("Concerns " + list(f.Params) + ". ")
	}
	for _, e := range f.Evidence {
		aside = aside.Words(upperFirst(e.Check) + ": ").Number(report.Diagnostic(e.Found))
		if e.Limit != 0 {
			aside = aside.Words(" (limit ").Number(report.Diagnostic(e.Limit)).Words(")")
		}
		aside = aside.Words(". ")
	}
	p.Aside = aside.Words("Code " + f.Code + " " + f.Name + ".")
	return p
}
