package summary

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/report"
)

// matrixOccasions bounds the columns of a matrix in a summary.
const matrixOccasions = 12

// residualMatrix is the fitted correlation of the residuals over the occasions;
// nil where they have none.
func residualMatrix(m Model) report.Block {
	r := m.ResidualMatrix()
	if r == nil || len(r.Occasions) < 2 {
		return nil
	}
	time := r.Time
	if time == "" {
		time = "row of the subject"
	}
	k := min(len(r.Occasions), matrixOccasions)
	const title = "Fitted correlation of the residuals"
	out := report.Table{Label: title,
		Columns: []report.Column{{Head: time}, {Head: "subjects", Kind: report.Figure}, {Head: "sd", Kind: report.Figure}}}
	occasions := rounded(r.Occasions)[:k]
	for _, name := range occasions {
		out.Columns = append(out.Columns, report.Column{Head: name, Kind: report.Figure})
	}
	digits := report.ColumnDigits(r.Least[:k])
	unseen := false
	for a, name := range occasions {
		row := report.Row{Label: report.Words(name), Cells: []report.Cell{report.Num(strconv.Itoa(r.Subjects[a][a])), sdRange(digits[a], r, a)}}
		for b := range a + 1 {
			unseen = unseen || r.Subjects[a][b] == 0
			row.Cells = append(row.Cells, report.Num(report.Correlation(r.Corr[a][b])))
		}
		for range k - a - 1 {
			row.Cells = append(row.Cells, report.Cell{})
		}
		out.Rows = append(out.Rows, row)
	}
	dash := report.Inline{}.Number(report.Missing)
	switch {
	case r.Reason != "":
		out.Notes = append(out.Notes, dash.Words(" "+r.Reason+"."))
	case math.IsNaN(r.Least[0]):
		out.Notes = append(out.Notes, dash.Words(" the residual variance is not identified."))
	case unseen:
		out.Notes = append(out.Notes, dash.Words(" no subject has both occasions."))
	}
	if n := len(r.Occasions); n > k {
		out.Notes = append(out.Notes, report.Words(fmt.Sprintf("The first %d of %d occasions.", k, n)))
	}
	out.Notes = append(out.Notes, report.Words("sd in units of "+m.ResponseName()+"."))
	return report.Details{Title: title, Blocks: []report.Block{out}}
}

// rounded rounds names that are numbers, where they stay apart.
func rounded(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		x, err := strconv.ParseFloat(name, 64)
		if err != nil {
			return names
		}
		if out[i] = report.Rounded(x); slices.Contains(out[:i], out[i]) {
			return names
		}
	}
	return out
}

// sdRange is the sd of an occasion, or from the smallest to the largest.
func sdRange(d report.Digits, r *lmm.ResidualMatrix, a int) report.Cell {
	least, most := d.Format(r.Least[a]), d.Format(r.Most[a])
	if least == most {
		return report.Num(least)
	}
	return report.Say(least + " to " + most)
}
