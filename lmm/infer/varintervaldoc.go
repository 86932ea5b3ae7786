package infer

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Document returns the intervals as a table.
func (t *VarianceIntervalTable) Document() *report.Doc {
	percent := report.Shortest(100*t.Level) + " %"
	tab := report.Table{Title: t.Title, How: "by " + string(t.Method), Columns: []report.Column{
		{}, figure("Estimate"),
		{Head: percent + " from", Over: percent + " interval", Kind: report.Figure},
		{Head: "to", Over: percent + " interval", Kind: report.Figure}, figure("SE"),
	}}
	var why reasons
	for _, r := range t.Rows {
		digits := report.DigitsFor((r.Upper.Value - r.Lower.Value) / 4)
		num := func(x float64) report.Cell { return report.Num(digits.Format(x)) }
		if r.Kind == Correlation || r.Kind == Share {
			num = func(x float64) report.Cell { return report.Num(report.Correlation(x)) }
		}
		se := report.Cell{}
		if t.Method != ByProfile {
			se = num(r.SE)
		}
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(r.Name), Cells: []report.Cell{num(r.Estimate), num(r.Lower.Value), num(r.Upper.Value), se}})
		for _, l := range []Limit{r.Lower, r.Upper} {
			if l.Boundary {
				tab.Notes = append(tab.Notes, report.Words(r.Name+": "+l.Reason+"."))
			}
		}
		if !r.Lower.Boundary {
			why.add(r.Name, r.Lower.Reason)
		}
		if !r.Upper.Boundary && r.Upper.Reason != r.Lower.Reason {
			why.add(r.Name, r.Upper.Reason)
		}
	}
	if t.Method == ByProfile {
		tab.Columns = tab.Columns[:4]
		for i := range tab.Rows {
			tab.Rows[i].Cells = tab.Rows[i].Cells[:3]
		}
	}
	tab.Notes = append(tab.Notes, why.notes()...)
	return (&report.Doc{Label: tab.Title}).Add(tab).Add(remarks(t.Findings)...)
}

// MarshalJSON writes the keys method, level, reml, rows and findings.
func (t *VarianceIntervalTable) MarshalJSON() ([]byte, error) {
	type row struct {
		Name     string         `json:"name"`
		Kind     ParameterKind  `json:"kind"`
		Group    string         `json:"group,omitempty"`
		Estimate jsonnum.Number `json:"estimate"`
		SE       jsonnum.Number `json:"se"`
		Lower    jsonLimit      `json:"lower"`
		Upper    jsonLimit      `json:"upper"`
	}
	out := struct {
		Method   VarianceMethod    `json:"method"`
		Level    float64           `json:"level"`
		REML     bool              `json:"reml"`
		Rows     []row             `json:"rows"`
		Findings []finding.Finding `json:"findings"`
	}{Method: t.Method, Level: t.Level, REML: t.REML, Rows: []row{}, Findings: append([]finding.Finding{}, t.Findings...)}
	for _, r := range t.Rows {
		out.Rows = append(out.Rows, row{r.Name, r.Kind, r.Group, jsonnum.Number(r.Estimate), jsonnum.Number(r.SE),
			jsonLimit{jsonnum.Number(r.Lower.Value), r.Lower.Boundary, r.Lower.Reason}, jsonLimit{jsonnum.Number(r.Upper.Value), r.Upper.Boundary, r.Upper.Reason}})
	}
	return json.Marshal(out)
}
