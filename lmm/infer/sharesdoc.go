package infer

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/report"
)

// Document shows the shares.
func (s *Shares) Document() *report.Doc {
	tab := report.Table{Title: "Shares of variance", How: "random terms as the mean over the rows of z'Sigma z",
		Columns: []report.Column{{}, figure("Variance"), figure("ICC")}}
	digits := report.ColumnDigits([]float64{s.Residual / 100})[0]
	add := func(name string, v float64, icc string) {
		cells := []report.Cell{report.Num(digits.Format(v))}
		if icc != "" {
			cells = append(cells, report.Num(icc))
		}
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(name), Cells: cells})
	}
	add("fixed effects", s.Fixed, "")
	for _, t := range s.Terms {
		add(t.Src, t.Variance, report.Correlation(t.ICC))
	}
	add("residual", s.Residual, "")
	if s.Reason != "" {
		tab.Notes = append(tab.Notes, report.Inline{}.Number(report.Missing).Words(" "+s.Reason+"."))
	}
	r2 := report.Table{Title: "Summary", Columns: []report.Column{{}, figure("Estimate")}}
	values := s.values()
	for i, name := range summaryNames() {
		r2.Rows = append(r2.Rows, report.Row{Label: report.Words(name), Cells: []report.Cell{report.Num(report.Correlation(values[i]))}})
	}
	doc := &report.Doc{Label: tab.Title}
	return doc.Add(tab, r2)
}

// MarshalJSON writes the keys fixed, random, residual, terms, icc,
// icc_unadjusted, r2_marginal, r2_conditional; null for what is not identified.
func (s *Shares) MarshalJSON() ([]byte, error) {
	type term struct {
		Group    string `json:"group"`
		Src      string `json:"term"`
		Variance number `json:"variance"`
		ICC      number `json:"icc"`
	}
	terms := []term{}
	for _, t := range s.Terms {
		terms = append(terms, term{t.Group, t.Src, number(t.Variance), number(t.ICC)})
	}
	return json.Marshal(struct {
		Fixed         number `json:"fixed"`
		Random        number `json:"random"`
		Residual      number `json:"residual"`
		Terms         []term `json:"terms"`
		ICC           number `json:"icc"`
		ICCUnadjusted number `json:"icc_unadjusted"`
		R2Marginal    number `json:"r2_marginal"`
		R2Conditional number `json:"r2_conditional"`
		Reason        string `json:"reason,omitempty"`
	}{number(s.Fixed), number(s.Random), number(s.Residual), terms, number(s.ICC), number(s.ICCUnadjusted),
		number(s.R2Marginal), number(s.R2Conditional), s.Reason})
}
