package infer

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Document returns the correlations and the mean products as tables.
func (x *Moments) Document() *report.Doc {
	tab := report.Table{Title: "Correlations between levels of " + x.Group, How: "raw: from mean products, without bounds; fit: with its profile interval",
		Columns: []report.Column{{}, figure("raw"), figure("fit"), {Head: "from", Over: "interval", Kind: report.Figure}, {Head: "to", Over: "interval", Kind: report.Figure}}}
	var why reasons
	for _, p := range x.Pairs {
		label := p.First + ", " + p.Second
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(label), Cells: []report.Cell{
			report.Num(report.Digits(3).Format(p.Raw)), report.Num(report.Correlation(p.Fit)), report.Num(report.Correlation(p.Lower.Value)), report.Num(report.Correlation(p.Upper.Value))}})
		why.add("raw correlation of "+label, p.Reason)
		if !p.Lower.Boundary {
			why.add("interval of "+label, p.Lower.Reason)
		}
		if math.Abs(p.Raw) > 1 {
			tab.Notes = append(tab.Notes, report.Words(fmt.Sprintf("%s: the raw estimate is beyond %+.0f, which no covariance matrix has; the fit stays within.", label, math.Copysign(1, p.Raw))))
		}
	}
	tab.Notes = append(tab.Notes, why.notes()...)
	products := report.Table{Title: "Mean products", How: fmt.Sprintf("%d of %s in %d of %s, n0 %.4g", x.Units, x.Unit, x.Groups, x.Group, x.N0),
		Columns: []report.Column{{}, figure("between"), figure("within"), figure("estimate")}}
	for a, name := range x.Names {
		for b := range a + 1 {
			label := "variance of " + name
			if b < a {
				label = "covariance of " + x.Names[b] + ", " + name
			}
			num := func(v float64) report.Cell { return report.Num(report.Parameter(v)) }
			products.Rows = append(products.Rows, report.Row{Label: report.Words(label), Cells: []report.Cell{num(x.Between[a][b]), num(x.Within[a][b]), num(x.Cov[a][b])}})
		}
	}
	if x.Dropped > 0 {
		products.Notes = append(products.Notes, report.Words(fmt.Sprintf("%d of %s without a row of every trait are left out.", x.Dropped, x.Unit)))
	}
	doc := &report.Doc{Label: "Raw moments"}
	return doc.Add(tab).Add(products)
}

// MarshalJSON writes the keys group, unit, groups, units, dropped, n0, names,
// between, within, cov, pairs; what does not exist is null.
func (x *Moments) MarshalJSON() ([]byte, error) {
	type pair struct {
		First  string         `json:"first"`
		Second string         `json:"second"`
		Raw    jsonnum.Number `json:"raw"`
		Reason string         `json:"reason,omitempty"`
		Fit    jsonnum.Number `json:"fit"`
		Lower  jsonLimit      `json:"lower"`
		Upper  jsonLimit      `json:"upper"`
	}
	pairs := []pair{}
	limit := func(l Limit) jsonLimit { return jsonLimit{jsonnum.Number(l.Value), l.Boundary, l.Reason} }
	for _, p := range x.Pairs {
		pairs = append(pairs, pair{p.First, p.Second, jsonnum.Number(p.Raw), p.Reason, jsonnum.Number(p.Fit), limit(p.Lower), limit(p.Upper)})
	}
	return json.Marshal(struct {
		Group   string             `json:"group"`
		Unit    string             `json:"unit"`
		Groups  int                `json:"groups"`
		Units   int                `json:"units"`
		Dropped int                `json:"dropped"`
		N0      jsonnum.Number     `json:"n0"`
		Names   []string           `json:"names"`
		Between [][]jsonnum.Number `json:"between"`
		Within  [][]jsonnum.Number `json:"within"`
		Cov     [][]jsonnum.Number `json:"cov"`
		Pairs   []pair             `json:"pairs"`
	}{x.Group, x.Unit, x.Groups, x.Units, x.Dropped, jsonnum.Number(x.N0), x.Names, jsonnum.Rows(x.Between), jsonnum.Rows(x.Within), jsonnum.Rows(x.Cov), pairs})
}
