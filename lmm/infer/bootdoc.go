package infer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Document returns percentile intervals as a table, and what became of the
// replicates.
func (r *BootstrapResult) Document() *report.Doc {
	const level = 0.95
	doc := &report.Doc{Label: "Bootstrap intervals"}
	tab := report.Table{
		Title: "Bootstrap intervals", How: fmt.Sprintf("%s, %d replicates, seed %d, percentiles", r.Kind, r.Replicates, r.Seed),
		Columns: []report.Column{{}, figure("Estimate"), {Head: "95 % from", Over: "95 % interval", Kind: report.Figure},
			{Head: "to", Over: "95 % interval", Kind: report.Figure}, figure("SE"), figure("bias")},
	}
	intervals, err := r.Intervals(Percentile, level)
	if err != nil {
		return doc.Add(report.Sentence{Text: report.Words(err.Error())})
	}
	var why reasons
	for _, b := range intervals {
		digits := report.DigitsFor(b.SE)
		num := func(x float64) report.Cell { return report.Num(digits.Format(x)) }
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(b.Name), Cells: []report.Cell{
			num(b.Estimate), num(b.Lower.Value), num(b.Upper.Value), num(b.SE), num(b.Mean - b.Estimate)}})
		why.add(b.Name, b.Lower.Reason)
		if b.Upper.Reason != b.Lower.Reason {
			why.add(b.Name, b.Upper.Reason)
		}
		if failed := r.failed(); b.Used+failed < r.Replicates {
			tab.Notes = append(tab.Notes, report.Words(fmt.Sprintf("%s: not defined in %d replicates, which are left out for it.", b.Name, r.Replicates-failed-b.Used)))
		}
	}
	tab.Notes = append(tab.Notes, why.notes()...)
	if r.Singular > 0 {
		tab.Notes = append(tab.Notes, report.Words(strconv.Itoa(r.Singular)+" replicates are on the boundary; they are valid fits and are kept."))
	}
	for _, code := range slices.Sorted(maps.Keys(r.Failures)) {
		tab.Notes = append(tab.Notes, report.Words(fmt.Sprintf("%d replicates failed and are left out. %s.", r.Failures[code], code)))
	}
	return doc.Add(tab)
}

// failed is the number of replicates without values.
func (r *BootstrapResult) failed() int {
	n := 0
	for _, v := range r.Failures {
		n += v
	}
	return n
}

type jsonInterval struct {
	Name     string         `json:"name"`
	Method   IntervalMethod `json:"method"`
	Estimate jsonnum.Number `json:"estimate"`
	Mean     jsonnum.Number `json:"mean"`
	SE       jsonnum.Number `json:"se"`
	Used     int            `json:"used"`
	Lower    jsonLimit      `json:"lower"`
	Upper    jsonLimit      `json:"upper"`
}

// MarshalJSON writes how the replicates were made, what became of them, 95 %
// percentile intervals and the values, a row for each replicate.
func (r *BootstrapResult) MarshalJSON() ([]byte, error) {
	out := struct {
		Kind       BootstrapKind      `json:"kind"`
		Seed       uint64             `json:"seed"`
		Replicates int                `json:"replicates"`
		Singular   int                `json:"singular"`
		Failures   map[string]int     `json:"failures"`
		Names      []string           `json:"names"`
		Intervals  []jsonInterval     `json:"intervals"`
		Values     [][]jsonnum.Number `json:"values"`
	}{Kind: r.Kind, Seed: r.Seed, Replicates: r.Replicates, Singular: r.Singular, Failures: r.Failures, Names: r.Names}
	intervals, err := r.Intervals(Percentile, 0.95)
	if err != nil {
		return nil, err
	}
	limit := func(l Limit) jsonLimit { return jsonLimit{jsonnum.Number(l.Value), l.Boundary, l.Reason} }
	for _, b := range intervals {
		out.Intervals = append(out.Intervals, jsonInterval{b.Name, b.Method, jsonnum.Number(b.Estimate), jsonnum.Number(b.Mean), jsonnum.Number(b.SE), b.Used, limit(b.Lower), limit(b.Upper)})
	}
	k := len(r.Names)
	for n := range r.Replicates {
		out.Values = append(out.Values, jsonnum.List(r.Values[n*k:n*k+k]))
	}
	return json.Marshal(out)
}
