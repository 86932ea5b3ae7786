package infer

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Inflation says how far the terms of the fixed effects share their
// information.
type Inflation struct {
	Term string
	DF   int
	// GVIF is det R_11 det R_22 / det R of the correlation matrix of the
	// coefficients without the intercept: of the term, of the others, of all
	// (Fox and Monette 1992). With one column it is the variance inflation
	// factor.
	GVIF float64
	// PerColumn is GVIF^(1 / (2 DF)): how much wider the intervals are.
	PerColumn float64
}

// MarshalJSON writes the keys term, df, gvif, per_column.
func (i Inflation) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Term      string         `json:"term"`
		DF        int            `json:"df"`
		GVIF      jsonnum.Number `json:"gvif"`
		PerColumn jsonnum.Number `json:"per_column"`
	}{i.Term, i.DF, jsonnum.Number(i.GVIF), jsonnum.Number(i.PerColumn)})
}

// VIF returns the variance inflation of each term of the fixed effects, none
// for fewer than two terms. Interactions inflate their main effects, and more
// so the farther covariates are from 0: that is no fault of the data. The
// result is nil where the fit has no standard errors.
func VIF(m *lmm.Model) []Inflation {
	f, err := newFixed(m, Normal)
	if err != nil || f.incomplete() != "" {
		return nil
	}
	var terms []design.FixedTerm
	var all []int
	for _, t := range m.Frame().FixedTerms() {
		if len(t.Columns) > 0 {
			terms = append(terms, t)
			all = append(all, t.Columns...)
		}
	}
	if len(terms) < 2 {
		return nil
	}
	cov := f.vcov()
	whole := logDetCorrelation(cov, all)
	var out []Inflation
	for _, t := range terms {
		var rest []int
		for _, j := range all {
			if !slices.Contains(t.Columns, j) {
				rest = append(rest, j)
			}
		}
		g := math.Exp(logDetCorrelation(cov, t.Columns) + logDetCorrelation(cov, rest) - whole)
		out = append(out, Inflation{t.Name, len(t.Columns), g, math.Pow(g, 1/(2*float64(len(t.Columns))))})
	}
	return out
}

// InflationDocument shows variance inflation factors.
func InflationDocument(rows []Inflation) *report.Doc {
	doc := &report.Doc{Label: "Variance inflation"}
	if len(rows) == 0 {
		return doc.Add(report.Sentence{Text: report.Words("There are no two terms with standard errors that could inflate each other.")})
	}
	tab := report.Table{Title: "Variance inflation", How: "GVIF, and per column as a factor of the intervals",
		Columns: []report.Column{{}, figure("df"), figure("GVIF"), figure("per column")}}
	for _, r := range rows {
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(r.Term), Cells: []report.Cell{
			report.Num(fmt.Sprint(r.DF)), report.Num(report.TValue(r.GVIF)), report.Num(report.TValue(r.PerColumn))}})
	}
	return doc.Add(tab)
}
