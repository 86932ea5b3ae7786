package diagnose

import (
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// Document is the diagnosis as a person reads it: the verdict, the findings
// under their causes, the remedies with what they did, the advice.
func (r *Report) Document() *report.Doc {
	title, glyph, tone := headline(r.Verdict)
	if r.Unfitted {
		title, glyph, tone = r.outlook()
	}
	doc := &report.Doc{Label: "Diagnosis: " + title, Tone: tone}
	doc.Add(report.Verdict{Title: title, Glyph: glyph, Behind: []report.Block{r.evidence()}}, report.Formula{Src: r.Formula})
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

// outlook is the headline of a report before the fit.
func (r *Report) outlook() (string, report.Glyph, report.Tone) {
	switch {
	case len(r.Verdict.NotIdentifiable) > 0:
		return "Before the fit: not identifiable", report.RidgeGlyph, report.Unidentified
	case r.Worst() == finding.Serious:
		return "Before the fit: nothing to fit", report.NoGlyph, report.Serious
	case r.Worst() == finding.Caution:
		return "Before the fit: with care", report.NoGlyph, report.Caution
	}
	return "Before the fit: all parameters can be told apart", report.NoGlyph, report.Good
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

// shownEffects is the number of fixed effects up to which each has a row for
// every remedy.
const shownEffects = 8

// addRemedies adds the two tables of the remedies: the models, and the fixed
// effects under each.
func (r *Report) addRemedies(doc *report.Doc) {
	if len(r.Remedies) == 0 {
		doc.Add(report.Note{Text: report.Words("No remedy was tried: nothing here calls for another model.")})
		return
	}
	models := report.Table{Title: "The ways out", How: "each fitted to the same rows",
		Columns: []report.Column{{}, {Head: "model"}, figure("criterion"), figure("parameters"), figure("p"), figure("largest change, SE"), {Head: "verdict"}}}
	models.Rows = append(models.Rows, report.Row{Label: report.Words("the fit"), Cells: []report.Cell{
		{Text: report.Inline{}.Code(r.Formula)}, report.Num(report.Criterion(r.Criterion)), report.Num(strconv.Itoa(r.Params)), {}, {}, report.Say(r.Verdict.Place.String())}})
	effects := report.Table{Title: "The fixed effects under each", How: "change in standard errors of the fit, and ratio to them",
		Columns: []report.Column{{}, figure("estimate"), figure("SE"), figure("change, SE"), figure("SE, ratio")}}
	var whys []string
	without := map[string][]string{}
	for i := range r.Remedies {
		x := &r.Remedies[i]
		models.Rows = append(models.Rows, x.row())
		if x.Failed != "" {
			models.Notes = append(models.Notes, report.Inline{}.Words(x.What+": ").Words(x.Failed+"."))
			continue
		}
		if x.Estimand != "" {
			models.Notes = append(models.Notes, report.Words(x.What+": the fixed effects mean something else, "+x.Estimand+"."))
		}
		if x.Test == nil || x.Test.P != x.Test.P {
			why := x.NoTest
			if x.Test != nil {
				why = x.Test.MixtureReason
			}
			if x.Estimand == "" && r.Verdict.Place == certify.NotIdentifiable {
				why = "the fit has parameters that the data cannot tell apart, so that the degrees of freedom are not known"
			}
			if _, ok := without[why]; !ok {
				whys = append(whys, why)
			}
			without[why] = append(without[why], x.What)
		}
		if len(x.Fixed) > shownEffects {
			continue
		}
		effects.Rows = append(effects.Rows, report.Group(x.What, ""))
		effects.Rows = append(effects.Rows, x.effectRows()...)
	}
	for _, why := range whys {
		models.Notes = append(models.Notes, report.Words("No p value for "+list(without[why])+": "+why+"."))
	}
	doc.Add(models)
	if len(effects.Rows) > 0 {
		doc.Add(effects)
	}
}

func (r *Remedy) row() report.Row {
	p, params, verdict := report.Missing, report.Missing, report.Missing
	if r.Test != nil && r.Test.P == r.Test.P {
		p = report.PValue(r.Test.P)
	}
	if r.Failed == "" {
		params, verdict = strconv.Itoa(r.Params), r.Method
	}
	if r.Verdict != nil {
		verdict = r.Verdict.Convergence.String()
		if r.Verdict.Convergence == certify.Converged {
			verdict = r.Verdict.Place.String()
		}
	}
	criterion := report.Criterion(r.Criterion)
	if r.NoTest == otherEffects {
		criterion = report.Missing
	}
	return report.Row{Label: report.Words(r.What), Cells: []report.Cell{
		{Text: report.Inline{}.Code(r.Formula)}, report.Num(criterion), report.Num(params),
		report.Num(p), report.Num(report.TValue(r.Largest())), report.Say(verdict)}}
}

func (r *Remedy) effectRows() []report.Row {
	var se []float64
	for _, f := range r.Fixed {
		se = append(se, f.AfterSE)
	}
	digits := report.ColumnDigits(se)
	var out []report.Row
	for i, f := range r.Fixed {
		out = append(out, report.Row{Label: report.Words(f.Name), Cells: []report.Cell{
			report.Num(digits[i].Format(f.After)), report.Num(digits[i].Format(f.AfterSE)), report.Num(report.TValue(f.InSE)), report.Num(report.TValue(f.AfterSE / f.BeforeSE))}})
	}
	return out
}
