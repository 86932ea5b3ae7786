package infer

import (
	"encoding/json"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
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
	residual := "residual"
	if s.Distribution != "" {
		residual = "distribution"
		tab.Notes = append(tab.Notes, report.Words("On the scale of the link. Variance of the distribution: "+s.Distribution+"."))
	}
	add(residual, s.Residual, "")
	if s.Reason != "" {
		tab.Notes = append(tab.Notes, report.Inline{}.Number(report.Missing).Words(" "+s.Reason+"."))
	}
	r2 := report.Table{Title: "Summary", Columns: []report.Column{{}, figure("Estimate")}}
	if s.Observed != nil {
		r2.Columns = []report.Column{{}, figure("scale of the link"), figure("of the response")}
		r2.Notes = append(r2.Notes, report.Words(s.Observed.meaning()))
	}
	values := s.values()
	for i, name := range summaryNames() {
		cells := []report.Cell{report.Num(report.Correlation(values[i]))}
		if s.Observed != nil {
			cells = append(cells, report.Num(report.Correlation(s.Observed.values()[i])))
		}
		r2.Rows = append(r2.Rows, report.Row{Label: report.Words(name), Cells: cells})
	}
	doc := &report.Doc{Label: tab.Title}
	return doc.Add(tab, r2)
}

// MarshalJSON writes the keys fixed, random, residual, terms, icc,
// icc_unadjusted, r2_marginal, r2_conditional; null for what is not identified. Of a
// generalised model distribution and observed, too.
func (s *Shares) MarshalJSON() ([]byte, error) {
	type term struct {
		Group    string         `json:"group"`
		Src      string         `json:"term"`
		Variance jsonnum.Number `json:"variance"`
		ICC      jsonnum.Number `json:"icc"`
	}
	terms := []term{}
	for _, t := range s.Terms {
		terms = append(terms, term{t.Group, t.Src, jsonnum.Number(t.Variance), jsonnum.Number(t.ICC)})
	}
	return json.Marshal(struct {
		Fixed         jsonnum.Number `json:"fixed"`
		Random        jsonnum.Number `json:"random"`
		Residual      jsonnum.Number `json:"residual"`
		Terms         []term         `json:"terms"`
		ICC           jsonnum.Number `json:"icc"`
		ICCUnadjusted jsonnum.Number `json:"icc_unadjusted"`
		R2Marginal    jsonnum.Number `json:"r2_marginal"`
		R2Conditional jsonnum.Number `json:"r2_conditional"`
		Reason        string         `json:"reason,omitempty"`

		Distribution string          `json:"distribution,omitempty"`
		Observed     *ObservedShares `json:"observed,omitempty"`
	}{jsonnum.Number(s.Fixed), jsonnum.Number(s.Random), jsonnum.Number(s.Residual), terms, jsonnum.Number(s.ICC), jsonnum.Number(s.ICCUnadjusted),
		jsonnum.Number(s.R2Marginal), jsonnum.Number(s.R2Conditional), s.Reason,
		s.Distribution, s.Observed})
}
