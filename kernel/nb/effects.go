package nb

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/report"
)

// coefficientsDocument is a table of fixed effects.
func coefficientsDocument(effects []lmm.Coefficient) *report.Doc {
	t := report.Table{Title: "Fixed effects", How: "estimates and standard errors",
		Columns: []report.Column{{}, {Head: "Estimate", Kind: report.Figure}, {Head: "SE", Kind: report.Figure}}}
	ses := make([]float64, len(effects))
	for i, e := range effects {
		ses[i] = e.SE
	}
	digits := report.ColumnDigits(ses)
	for i, e := range effects {
		t.Rows = append(t.Rows, report.Row{Label: report.Words(e.Name), Cells: []report.Cell{
			report.Num(digits[i].Format(e.Estimate)), report.Num(digits[i].Format(e.SE))}})
		if e.Reason != "" {
			t.Notes = append(t.Notes, report.Words(e.Name+": "+e.Reason+"."))
		}
	}
	return (&report.Doc{Label: "Fixed effects"}).Add(t)
}

// componentsDocument is a table of covariance matrices of random effects.
func componentsDocument(components []lmm.Component) *report.Doc {
	t := report.Table{Title: "Random effects", How: "variances, standard deviations and correlations",
		Columns: []report.Column{{}, {Head: "Variance", Kind: report.Figure}, {Head: "sd", Kind: report.Figure}, {Head: "Correlation", Kind: report.Figure}}}
	var variances, sds []float64
	for _, c := range components {
		for k, sd := range c.SD {
			variances, sds = append(variances, c.Cov[k][k]), append(sds, sd/10) // a digit more than for an SE
		}
	}
	digits, at := report.ColumnDigits(sds), 0
	wide := decimals(variances)
	for _, c := range components {
		t.Rows = append(t.Rows, report.Group(c.Group, fmt.Sprintf("%d levels", c.Levels)))
		for k, name := range c.Names {
			t.Rows = append(t.Rows, report.Row{Label: report.Words(name), Cells: []report.Cell{
				report.Num(wide.Format(c.Cov[k][k])), report.Num(digits[at].Format(c.SD[k]))}})
			at++
		}
		for k := range c.Names {
			for l := 0; l < k && !c.Independent; l++ {
				t.Rows = append(t.Rows, report.Row{Label: report.Words(c.Names[k] + ", " + c.Names[l]), Cells: []report.Cell{
					{}, {}, report.Num(report.Correlation(c.Corr[k][l]))}})
				if math.IsNaN(c.Corr[k][l]) && c.Reason == "" {
					t.Notes = append(t.Notes, report.Words(c.Names[k]+", "+c.Names[l]+": there is no correlation beside a variance of 0."))
				}
			}
		}
		if c.Reason != "" {
			t.Notes = append(t.Notes, report.Words(c.Group+": "+c.Reason+"."))
		}
	}
	return (&report.Doc{Label: "Random effects"}).Add(t)
}

// modesDocument shows the conditional modes, a table for each grouping factor.
func modesDocument(all []lmm.Modes) *report.Doc {
	doc := &report.Doc{Label: "Random effects"}
	for _, m := range all {
		t := report.Table{Title: "Random effects of " + m.Group, How: "conditional modes and their standard deviations",
			Columns: []report.Column{{Head: "level"}}}
		rows := min(len(m.Levels), structRows)
		digits := make([]report.Digits, len(m.Names))
		for k, name := range m.Names {
			t.Columns = append(t.Columns, report.Column{Head: name, Over: name, Kind: report.Figure}, report.Column{Head: "sd", Over: name, Kind: report.Figure})
			sd := make([]float64, rows)
			for i := range sd {
				sd[i] = math.Sqrt(m.CondVar[i][k][k])
			}
			digits[k] = slices.Max(append(report.ColumnDigits(sd), 0))
		}
		for i, level := range m.Levels[:rows] {
			row := report.Row{Label: report.Words(level)}
			for k := range m.Names {
				row.Cells = append(row.Cells, report.Num(digits[k].Format(m.Mode[i][k])), report.Num(digits[k].Format(math.Sqrt(m.CondVar[i][k][k]))))
			}
			t.Rows = append(t.Rows, row)
		}
		if len(m.Levels) > rows {
			t.Notes = append(t.Notes, report.Words(fmt.Sprintf("The first %d of %d levels.", rows, len(m.Levels))))
		}
		doc.Add(t)
	}
	if len(all) == 0 {
		doc.Add(report.Sentence{Text: report.Words("There are no random effects.")})
	}
	return doc
}
