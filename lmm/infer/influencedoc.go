package infer

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// shownUnits is the number of units in a document.
const shownUnits = 10

// shownCoefficients is the number of coefficients up to which each has a column.
const shownCoefficients = 4

// Document shows the units with the largest distances.
func (f *InfluenceTable) Document() *report.Doc {
	what := f.Group
	if what == "" {
		what = "row"
	}
	way := "one step, the variances kept"
	if f.Refit {
		way = "refitted"
	}
	tab := report.Table{Title: "Influence of each " + what, How: way,
		Columns: []report.Column{{}, figure("Cook"), figure("leverage"), figure("cov. ratio")}}
	all := len(f.Names) <= shownCoefficients
	if all {
		for _, n := range f.Names {
			tab.Columns = append(tab.Columns, figure("DFBETAS "+n))
		}
	} else {
		tab.Columns = append(tab.Columns, figure("largest DFBETAS"), report.Column{Head: "of"})
	}
	order := make([]int, len(f.Units))
	for i := range order {
		order[i] = i
	}
	size := func(i int) float64 {
		if math.IsNaN(f.Units[i].Cook) {
			return math.Inf(1)
		}
		return f.Units[i].Cook
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case size(a) > size(b):
			return -1
		case size(a) < size(b):
			return 1
		}
		return 0
	})
	var why reasons
	for _, i := range order[:min(shownUnits, len(order))] {
		u := &f.Units[i]
		cells := []report.Cell{report.Num(plain(u.Cook)), report.Num(plain(u.Leverage)), report.Num(plain(u.CovRatio))}
		if all {
			for _, v := range u.DFBETAS {
				cells = append(cells, report.Num(report.TValue(v)))
			}
		} else if at := largest(u.DFBETAS); at >= 0 {
			cells = append(cells, report.Num(report.TValue(u.DFBETAS[at])), report.Say(f.Names[at]))
		}
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(u.Label), Cells: cells})
		why.add(u.Label, strings.TrimSuffix(u.Reason, "."))
	}
	tab.Notes = why.notes()
	if len(f.Units) > shownUnits {
		tab.Notes = append(tab.Notes, report.Words("The largest distances of "+report.Shortest(float64(len(f.Units)))+"."))
	}
	doc := &report.Doc{Label: tab.Title}
	return doc.Add(tab)
}

// largest is the index of the number farthest from 0, -1 if there is none.
func largest(x []float64) int {
	at := -1
	for i, v := range x {
		if !math.IsNaN(v) && (at < 0 || math.Abs(v) > math.Abs(x[at])) {
			at = i
		}
	}
	return at
}

// plain prints a number with three decimals, or what is left of it there.
func plain(x float64) string {
	if x != 0 && math.Abs(x) < 5e-4 {
		return report.Diagnostic(x)
	}
	return report.Digits(3).Format(x)
}

// OutlierDocument shows the levels with the largest distances.
func OutlierDocument(groups []GroupOutlier) *report.Doc {
	doc := &report.Doc{Label: "Outlying groups"}
	if len(groups) == 0 {
		return doc.Add(report.Sentence{Text: report.Words("No grouping factor has a variance above 0: no level lies away from the others.")})
	}
	rows := slices.Clone(groups)
	slices.SortStableFunc(rows, func(a, b GroupOutlier) int {
		switch {
		case a.P < b.P:
			return -1
		case a.P > b.P:
			return 1
		}
		return 0
	})
	tab := report.Table{Title: "Outlying groups", How: "distance of the conditional modes, p adjusted by Holm for the levels of the group",
		Columns: []report.Column{{}, figure("distance"), figure("df"), figure("p"), figure("p adjusted")}}
	for _, g := range rows[:min(shownUnits, len(rows))] {
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(g.Group + " " + g.Level), Cells: []report.Cell{
			report.Num(report.TValue(g.Distance)), report.Num(report.Shortest(float64(g.DF))),
			report.Num(report.PValue(g.P)), report.Num(report.PValue(g.PHolm))}})
	}
	if len(rows) > shownUnits {
		tab.Notes = append(tab.Notes, report.Words("The largest distances of "+report.Shortest(float64(len(rows)))+"."))
	}
	return doc.Add(tab)
}

// MarshalJSON writes the keys group, refit, names, components, units.
func (f *InfluenceTable) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Group      string   `json:"group"`
		Refit      bool     `json:"refit"`
		Names      []string `json:"names"`
		Components []string `json:"components,omitempty"`
		Units      []Unit   `json:"units"`
	}{f.Group, f.Refit, f.Names, f.ComponentNames, f.Units})
}

// MarshalJSON writes null for what is not finite, with a reason.
func (u Unit) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Label       string           `json:"label"`
		Rows        int              `json:"rows"`
		Leverage    jsonnum.Number   `json:"leverage"`
		Beta        []jsonnum.Number `json:"beta"`
		DFBETA      []jsonnum.Number `json:"dfbeta"`
		DFBETAS     []jsonnum.Number `json:"dfbetas"`
		Cook        jsonnum.Number   `json:"cook"`
		Conditional jsonnum.Number   `json:"cook_conditional"`
		CovRatio    jsonnum.Number   `json:"cov_ratio"`
		Sigma       jsonnum.Number   `json:"sigma"`
		Components  []jsonnum.Number `json:"components,omitempty"`
		Reason      string           `json:"reason,omitempty"`
	}{u.Label, u.Rows, jsonnum.Number(u.Leverage), jsonnum.List(u.Beta), jsonnum.List(u.DFBETA), jsonnum.List(u.DFBETAS), jsonnum.Number(u.Cook),
		jsonnum.Number(u.Conditional), jsonnum.Number(u.CovRatio), jsonnum.Number(u.Sigma), jsonnum.List(u.Components), u.Reason})
}
