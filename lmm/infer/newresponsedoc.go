package infer

import (
	"encoding/json"
	"fmt"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Document returns the table of the intervals.
func (r *ResponseIntervals) Document() *report.Doc {
	percent := report.Shortest(100*r.Level) + " %"
	of := "for the levels of the rows"
	if r.Population {
		of = "for levels that are not known"
	}
	tab := report.Table{Title: "New responses " + r.Response, How: of + ", variances as estimated", Columns: []report.Column{{},
		{Head: percent + " from", Over: percent + " interval", Kind: report.Figure},
		{Head: "to", Over: percent + " interval", Kind: report.Figure}, figure("coverage")}}
	var why reasons
	for i, row := range r.Rows {
		name := fmt.Sprintf("row %d", i+1)
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(name), Cells: []report.Cell{
			report.Num(report.Rounded(row.Lower)), report.Num(report.Rounded(row.Upper)), report.Num(report.Correlation(row.Coverage))}})
		why.add(name, row.Reason)
	}
	tab.Notes = why.notes()
	return (&report.Doc{Label: tab.Title}).Add(tab)
}

// MarshalJSON writes lower, upper, coverage, reason; null for what does not exist.
func (r ResponseInterval) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Lower    jsonnum.Number `json:"lower"`
		Upper    jsonnum.Number `json:"upper"`
		Coverage jsonnum.Number `json:"coverage"`
		Reason   string         `json:"reason,omitempty"`
	}{jsonnum.Number(r.Lower), jsonnum.Number(r.Upper), jsonnum.Number(r.Coverage), r.Reason})
}
