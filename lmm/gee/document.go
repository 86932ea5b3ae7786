package gee

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// Document is the summary: whether the equations were solved, what was fitted,
// the coefficients with intervals, what was found, and behind a click the other
// standard errors and the working correlation.
func (r *Result) Document() *report.Doc {
	title, tone, glyph := "Equations solved", report.Good, report.InteriorGlyph
	for _, f := range r.Findings {
		if f.Severity == finding.Caution && tone == report.Good {
			tone = report.Caution
		}
	}
	if !r.Converged {
		title, tone, glyph = "Equations not solved", report.Serious, report.DescentGlyph
		for _, f := range r.Findings {
			if f.Code == "D7" {
				title, glyph = "No finite solution", report.UnboundedGlyph
			}
		}
	}
	doc := &report.Doc{Label: "Estimating equations: " + title, Tone: tone}
	doc.Add(report.Verdict{Title: title, Glyph: glyph}, report.Formula{Src: r.Formula}, r.facts())
	doc.Add(report.Sentence{Text: report.Words("Coefficients compare averages of the population" + map[bool]string{
		true:  ".",
		false: "; with the link " + r.Link + " they are not those of a mixed model, which compare within a subject.",
	}[r.Link == "identity"])})
	doc.Add(r.table())
	if len(r.Terms) > 1 && r.Converged {
		doc.Add(r.termTable())
	}
	if len(r.Findings) > 0 {
		var points report.Points
		for _, f := range r.Findings {
			points.Items = append(points.Items, point(f))
		}
		doc.Add(points)
	}
	if !r.Converged {
		return doc
	}
	doc.Add(report.Details{Title: "All standard errors", Blocks: []report.Block{r.errorTable()}})
	if t := len(r.working); t > 1 && t <= 12 && r.Correlation != "independence" {
		doc.Add(report.Details{Title: "Working correlation", Blocks: []report.Block{r.workingTable()}})
	}
	return doc
}

func (r *Result) facts() report.Facts {
	items := []report.Inline{
		report.Words(r.Family + ", " + r.Link),
		report.Words("working correlation " + r.Correlation),
	}
	if len(r.Alpha) == 1 {
		items[1] = items[1].Words(" ").Number(report.Correlation(r.Alpha[0]))
	}
	rows := fmt.Sprintf("%d to %d rows each", r.Smallest, r.Largest)
	if r.Smallest == r.Largest {
		rows = fmt.Sprintf("%d rows each", r.Largest)
	}
	items = append(items,
		report.Words("scale ").Number(report.Diagnostic(r.Scale)),
		report.Inline{}.Number(strconv.Itoa(r.Rows)).Words(" rows"),
		report.Inline{}.Number(strconv.Itoa(r.Subjects)).Words(" subjects of "+r.Subject+", "+rows))
	if !r.Converged {
		return report.Facts{Items: items}
	}
	items = append(items, report.Words("CIC ").Number(report.Criterion(r.CIC)))
	if r.Family == "binomial" || r.Family == "poisson" {
		items = append(items, report.Words("QIC ").Number(report.Criterion(r.QIC(1))))
	}
	return report.Facts{Items: items}
}

func figure(head string) report.Column { return report.Column{Head: head, Kind: report.Figure} }

// table is the table of the coefficients.
func (r *Result) table() report.Table {
	how := r.SE.words() + ", normal quantiles"
	statistic := "z"
	if !math.IsInf(r.DF, 1) {
		how, statistic = r.SE.words()+", t with "+report.Shortest(r.DF)+" degrees of freedom", "t"
	}
	out := report.Table{Title: "Coefficients", How: how, Columns: []report.Column{{}, figure("Estimate"),
		{Head: "95 % from", Over: "95 % interval", Kind: report.Figure}, {Head: "to", Over: "95 % interval", Kind: report.Figure},
		figure("SE"), figure(statistic), figure("p")}}
	var ses []float64
	for _, c := range r.Coefficients {
		ses = append(ses, c.SE)
	}
	digits := report.ColumnDigits(ses)
	missing := false
	for i, c := range r.Coefficients {
		missing = missing || math.IsNaN(c.SE)
		num := func(x float64) report.Cell { return report.Num(digits[i].Format(x)) }
		out.Rows = append(out.Rows, report.Row{Label: report.Words(c.Name), Cells: []report.Cell{num(c.Estimate), num(c.Lower), num(c.Upper), num(c.SE),
			report.Num(report.TValue(c.Statistic)), report.Num(report.PValue(c.P))}})
	}
	for _, name := range r.Aliased {
		cell := report.Num(report.Missing)
		out.Rows = append(out.Rows, report.Row{Label: report.Words(name), Cells: []report.Cell{cell, cell, cell, cell, cell, cell}})
	}
	dash := report.Inline{}.Number(report.Missing)
	if len(r.Aliased) > 0 {
		out.Notes = append(out.Notes, dash.Words(" "+strings.Join(r.Aliased, ", ")+": other columns make it up."))
	}
	switch {
	case missing && !r.Converged:
		out.Notes = append(out.Notes, dash.Words(" The equations are not solved: there are no estimates."))
	case missing:
		out.Notes = append(out.Notes, dash.Words(" These standard errors are not defined here: one subject alone determines a coefficient."))
	}
	return out
}

// words names a covariance in a sentence.
func (c Covariance) words() string {
	switch c {
	case KauermannCarroll, ManclDeRouen:
		return "robust standard errors after " + c.author()
	case ModelBased:
		return "model-based standard errors"
	}
	return "robust standard errors"
}

// author names who a corrected covariance is from.
func (c Covariance) author() string {
	if c == KauermannCarroll {
		return "Kauermann and Carroll"
	}
	return "Mancl and DeRouen"
}

func (r *Result) termTable() report.Table {
	out := report.Table{Title: "Terms", How: "Wald tests, each term given all others",
		Columns: []report.Column{{}, figure("df"), figure("F"), figure("p")}}
	for _, t := range r.Terms {
		out.Rows = append(out.Rows, report.Row{Label: report.Words(t.Term), Cells: []report.Cell{
			report.Num(strconv.Itoa(t.DF)), report.Num(report.TValue(t.F)), report.Num(report.PValue(t.P))}})
	}
	return out
}

// errorTable shows the standard errors side by side.
func (r *Result) errorTable() report.Table {
	out := report.Table{Label: "All standard errors", Columns: []report.Column{{}, figure("robust"), figure("Kauermann-Carroll"), figure("Mancl-DeRouen"), figure("model-based")}}
	var columns [][]float64
	for _, kind := range covariances() {
		columns = append(columns, r.StandardErrors(kind))
	}
	digits := report.ColumnDigits(columns[0])
	for i, name := range r.names {
		row := report.Row{Label: report.Words(name)}
		for _, c := range columns {
			row.Cells = append(row.Cells, report.Num(digits[i].Format(c[i])))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (r *Result) workingTable() report.Table {
	out := report.Table{Label: "Working correlation", Columns: []report.Column{{Head: r.Time}}}
	for _, name := range r.occasions {
		out.Columns = append(out.Columns, figure(name))
	}
	for j, row := range r.working {
		line := report.Row{Label: report.Words(r.occasions[j])}
		for _, x := range row {
			line.Cells = append(line.Cells, report.Num(report.Correlation(x)))
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// point is a finding as a statement with its reasons.
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
		aside = aside.Words("Concerns " + strings.Join(f.Params, ", ") + ". ")
	}
	for _, e := range f.Evidence {
		aside = aside.Words(e.Check + ": ").Number(report.Diagnostic(e.Found))
		if e.Limit != 0 {
			aside = aside.Words(" (limit ").Number(report.Diagnostic(e.Limit)).Words(")")
		}
		aside = aside.Words(". ")
	}
	p.Aside = aside.Words("Code " + f.Code + " " + f.Name + ".")
	return p
}
