package infer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// Document returns the table of the estimates.
func (e *Estimates) Document() *report.Doc {
	doc := &report.Doc{Label: e.Title}
	percent := report.Shortest(100*e.Level) + " %"
	tab := report.Table{Title: e.Title, How: how(e.DF, e.Why), Columns: append([]report.Column{
		{}, figure("Estimate"),
		{Head: percent + " from", Over: percent + " interval", Kind: report.Figure},
		{Head: "to", Over: percent + " interval", Kind: report.Figure},
		figure("SE"),
	}, testColumns(e.DF)...)}
	ses := make([]float64, len(e.Rows))
	for i, r := range e.Rows {
		ses[i] = r.SE
	}
	digits := report.ColumnDigits(ses)
	var why reasons
	for i, r := range e.Rows {
		num := func(x float64) report.Cell { return report.Num(digits[i].Format(x)) }
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(r.Name), Cells: append([]report.Cell{
			num(r.Value), num(r.Lower), num(r.Upper), num(r.SE),
		}, testCells(e.DF, r, r.P)...)})
		why.add(r.Name, r.Reason)
	}
	tab.Notes = why.notes()
	return doc.Add(tab).Add(remarks(e.Findings)...)
}

// testColumns are the columns of a test: z has no degrees of freedom.
func testColumns(d DF) []report.Column {
	if d == Normal {
		return []report.Column{figure("z"), figure("p")}
	}
	return []report.Column{figure("df"), figure("t"), figure("p")}
}

// testCells are the cells of testColumns.
func testCells(d DF, e Estimate, p float64) []report.Cell {
	out := []report.Cell{report.Num(report.TValue(e.T)), report.Num(report.PValue(p))}
	if d == Normal {
		return out
	}
	return append([]report.Cell{report.Num(report.DF(e.DF))}, out...)
}

// Document returns the table of the tests: of F, or of chi-square values, which
// are F times its degrees of freedom where those of the denominator are infinite.
func (a *AnovaTable) Document() *report.Doc {
	tab := report.Table{Title: "Analysis of variance, type " + a.Type.String(), How: how(a.DF, a.Why),
		Columns: []report.Column{{}, figure("df"), figure("den. df"), figure("F"), figure("p")}}
	if a.DF == Normal {
		tab.Columns = []report.Column{{}, figure("df"), figure("chi-square"), figure("p")}
	}
	var why reasons
	for _, r := range a.Rows {
		df, p := report.Num(report.Shortest(float64(r.NumDF))), report.Num(report.PValue(r.P))
		cells := []report.Cell{df, report.Num(report.DF(r.DenDF)), report.Num(report.TValue(r.F)), p}
		if a.DF == Normal {
			cells = []report.Cell{df, report.Num(report.TValue(float64(r.NumDF) * r.F)), p}
		}
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(r.Name), Cells: cells})
		why.add(r.Name, r.Reason)
	}
	tab.Notes = why.notes()
	doc := &report.Doc{Label: tab.Title}
	if len(a.Rows) == 0 {
		return doc.Add(report.Sentence{Text: report.Words("The model has no fixed effect beside the intercept: there is no term to test.")})
	}
	return doc.Add(tab).Add(remarks(a.Findings)...)
}

// Document returns the test as a table of one row.
func (f *FTest) Document() *report.Doc {
	a := AnovaTable{Rows: []FTest{*f}}
	if math.IsInf(f.DenDF, 1) {
		a.DF = Normal
	}
	doc := a.Document()
	tab := doc.Blocks[0].(report.Table)
	tab.Title, tab.How, doc.Label = "Joint test", "", "Joint test"
	doc.Blocks[0] = tab
	return doc
}

func figure(head string) report.Column { return report.Column{Head: head, Kind: report.Figure} }

func how(d DF, why string) string {
	s := d.String() + " degrees of freedom"
	if why == zTests {
		return "normal distribution, " + why
	}
	if d == Normal {
		s = "normal distribution, the variances taken as known"
	}
	if why != "" {
		s += ", " + why
	}
	return s
}

// remarks shows findings.
func remarks(fs []finding.Finding) []report.Block {
	if len(fs) == 0 {
		return nil
	}
	var points report.Points
	for _, f := range fs {
		p := report.Point{Tone: report.Caution, Word: f.Severity.String(), Head: report.Words(f.Meaning)}
		if f.Severity == finding.Note {
			p.Tone = report.Plain
		}
		if len(f.Remedies) > 0 {
			p.Reasons = append(p.Reasons, report.Words("Try: "+strings.Join(f.Remedies, " ")))
		}
		var about report.Inline
		for _, e := range f.Evidence {
			about = about.Words(e.Check + ": ").Number(report.Diagnostic(e.Found)).Words(". ")
		}
		p.Aside = about.Words("Code " + f.Code + " " + f.Name + ".")
		points.Items = append(points.Items, p)
	}
	return []report.Block{points}
}

// reasons collects why numbers are missing, the names by their reason.
type reasons struct {
	order []string
	names map[string][]string
}

func (r *reasons) add(name, reason string) {
	if reason == "" {
		return
	}
	if r.names == nil {
		r.names = map[string][]string{}
	}
	if r.names[reason] == nil {
		r.order = append(r.order, reason)
	}
	if !slices.Contains(r.names[reason], name) {
		r.names[reason] = append(r.names[reason], name)
	}
}

func (r *reasons) notes() []report.Inline {
	var out []report.Inline
	for _, reason := range r.order {
		out = append(out, report.Inline{}.Number(report.Missing).
			Words(fmt.Sprintf(" %s: %s.", strings.Join(r.names[reason], ", "), reason)))
	}
	return out
}
