package nb

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/report"
)

// predictionDocument is a prediction as a table, a row for each row predicted.
func predictionDocument(p *lmm.Prediction) *report.Doc {
	t := report.Table{Title: "Predictions", Columns: []report.Column{{Head: "row", Kind: report.Figure}, {Head: "Mean", Kind: report.Figure}}}
	number := func(head, over string) {
		t.Columns = append(t.Columns, report.Column{Head: head, Over: over, Kind: report.Figure})
	}
	full := p.SE != nil
	if full {
		percent := strconv.FormatFloat(100*p.Level, 'g', 4, 64) + " %"
		t.How = "intervals by the normal distribution, the variances taken as known"
		number("SE", "")
		number("lower", percent+" of the mean")
		number("upper", percent+" of the mean")
		number("lower", percent+" of a response")
		number("upper", percent+" of a response")
	}
	digits := decimals(p.Mean)
	if full && len(p.SE) > 0 {
		digits = slices.Max(report.ColumnDigits(p.SE))
	}
	rows := min(len(p.Mean), structRows)
	missing := false
	for i := range rows {
		row := report.Row{Label: report.Inline{}.Number(strconv.Itoa(i + 1))}
		add := func(x float64) { row.Cells = append(row.Cells, report.Num(digits.Format(x))) }
		missing = missing || math.IsNaN(p.Mean[i])
		add(p.Mean[i])
		if full {
			add(p.SE[i])
			add(p.Confidence.Lower[i])
			add(p.Confidence.Upper[i])
			add(p.Response.Lower[i])
			add(p.Response.Upper[i])
		}
		t.Rows = append(t.Rows, row)
	}
	if more := len(p.Mean) - rows; more > 0 {
		t.Notes = append(t.Notes, report.Words(fmt.Sprintf("The first %d of %d rows.", rows, len(p.Mean))))
	}
	for _, n := range p.Notes {
		t.Notes = append(t.Notes, report.Words(fmt.Sprintf("%s: %d of the rows, the first is row %d.", n.What, n.Rows, n.First)))
	}
	if missing && len(p.Notes) == 0 {
		t.Notes = append(t.Notes, report.Words(report.Missing+": no prediction, a value is missing or not identified."))
	}
	return (&report.Doc{Label: "Predictions"}).Add(t)
}
