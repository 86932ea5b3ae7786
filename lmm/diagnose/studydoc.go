package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/report"
)

// Document is the study as a person reads it: for each model a sentence, the
// rates of verdicts and codes with their intervals, and how the fixed effects
// did.
func (r *StudyResult) Document() *report.Doc {
	title := fmt.Sprintf("%s from a known truth", plural(r.Replicates, "data set"))
	doc := &report.Doc{Label: "Simulation study: " + title}
	doc.Add(report.Sentence{Text: report.Words(title + ", " + plural(r.Rows, "row") + " each.")}, report.Formula{Src: r.Truth.Formula}, r.truthTable())
	if r.Replicates == 0 {
		return doc
	}
	for i := range r.Models {
		doc.Add(report.Sentence{Text: report.Words(r.Sentence(i))})
		doc.Add(r.rateTable(i))
	}
	return doc.Add(r.effectTable(), report.Note{Text: report.Words(fmt.Sprintf(
		"Rates with Wilson intervals, %s %%: another %s would give others. Data set r draws from PCG(%d, r).",
		report.Shortest(100*r.Level), plural(r.Replicates, "data set"), r.Seed))})
}

// name of a model, with what sets it apart.
func (m StudyModel) name() string {
	var how []string
	if m.ML {
		how = append(how, "ML")
	}
	if m.Optimizer != "" {
		how = append(how, "by "+m.Optimizer)
	}
	if len(how) == 0 {
		return m.Formula
	}
	return m.Formula + ", " + strings.Join(how, ", ")
}

// Sentence says in plain words what the fits of model i showed.
func (r *StudyResult) Sentence(i int) string {
	c := &r.Models[i]
	away, edge, blind := 0, 0, 0
	for _, o := range c.Of {
		switch x := &c.Outcomes[o]; {
		case x.Failed != "" || x.Convergence != "converged":
			away++
		case x.Place == "boundary":
			edge++
		case x.Place == "not identifiable":
			blind++
		}
	}
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, text))
		}
	}
	add(edge, "are on the boundary, which is a valid estimate")
	add(blind, "are not identifiable")
	add(away, "have not converged")
	if away == 0 {
		parts = append(parts, "all have converged")
	}
	if edge+blind+away == 0 {
		parts = []string{"all have converged, in the interior"}
	}
	return fmt.Sprintf("%s: of %s, %s.", c.Model.name(), plural(len(c.Of), "fit"), strings.Join(parts, "; "))
}

func (r *StudyResult) truthTable() report.Table {
	t := report.Table{Title: "The truth", Columns: []report.Column{{}, figure("value")}}
	for i, name := range r.Names {
		t.Rows = append(t.Rows, report.Row{Label: report.Words(name), Cells: []report.Cell{report.Num(report.Shortest(r.Truth.Beta[i]))}})
	}
	var terms []string
	for src := range r.Truth.Random {
		terms = append(terms, src)
	}
	slices.Sort(terms)
	for _, src := range terms {
		sigma := r.Truth.Random[src]
		t.Rows = append(t.Rows, report.Group(src, ""))
		for i := range sigma {
			if sigma[i][i] < 0 {
				t.Rows = append(t.Rows, report.Row{Label: report.Words("variance"), Cells: []report.Cell{report.Num(report.Shortest(sigma[i][i]))}})
				continue
			}
			t.Rows = append(t.Rows, report.Row{Label: report.Words(fmt.Sprintf("standard deviation %d", i+1)), Cells: []report.Cell{report.Num(report.Digits(4).Format(math.Sqrt(sigma[i][i])))}})
			for j := range i {
				if d := sigma[i][i] * sigma[j][j]; d > 0 {
					t.Rows = append(t.Rows, report.Row{Label: report.Words(fmt.Sprintf("correlation of %d and %d", j+1, i+1)), Cells: []report.Cell{report.Num(report.Digits(4).Format(sigma[i][j] / math.Sqrt(d)))}})
				}
			}
		}
	}
	t.Rows = append(t.Rows, report.Row{Label: report.Words("sigma"), Cells: []report.Cell{report.Num(report.Shortest(r.Truth.Sigma))}})
	return t
}

func percent(x float64) string { return report.Digits(1).Format(100*x) + " %" }

// interval is "40.8 to 47.0".
func (r *StudyRate) interval() string {
	return report.Digits(1).Format(100*r.Low) + " to " + report.Digits(1).Format(100*r.High)
}

func (r *StudyResult) rateTable(i int) report.Table {
	c := &r.Models[i]
	t := report.Table{Label: c.Model.name(), Columns: []report.Column{{}, figure("data sets"), figure("rate"), figure("interval, %"), {Head: "first seen in"}}}
	rows := func(rates []StudyRate) {
		for _, x := range rates {
			var first []string
			for _, s := range x.First[:min(3, len(x.First))] {
				first = append(first, strconv.Itoa(s))
			}
			label := x.What
			if name := r.CodeNames[label]; name != "" {
				label += " " + name
			}
			t.Rows = append(t.Rows, report.Row{Label: report.Words(label), Cells: []report.Cell{report.Num(strconv.Itoa(x.Count)),
				report.Num(percent(x.Rate)), report.Num(x.interval()), report.Say(strings.Join(first, ", "))}})
		}
	}
	rows(c.Verdicts(r.Level))
	if codes := c.Codes(r.Level); len(codes) > 0 {
		t.Rows = append(t.Rows, report.Group("Codes", ""))
		rows(codes)
	}
	return t
}

// effectTable compares the fixed effects with the truth.
func (r *StudyResult) effectTable() report.Table {
	t := report.Table{Title: "The fixed effects", How: "over all data sets, those on the boundary too",
		Columns: []report.Column{{}, figure("truth"), figure("mean"), figure("SD"), figure("SE"), figure("covered"), figure("interval, %"), figure("covered where flagged"), figure("of")}}
	for i := range r.Models {
		t.Rows = append(t.Rows, report.Group(r.Models[i].Model.name(), ""))
		for _, e := range r.EffectsOf(i) {
			digits := report.DigitsFor(e.MeanSE)
			row := report.Row{Label: report.Words(e.Name), Cells: []report.Cell{report.Num(digits.Format(e.Truth)), report.Num(digits.Format(e.Mean)),
				report.Num(report.Digits(3).Format(e.SD)), report.Num(report.Digits(3).Format(e.SE))}}
			if e.Coverage.Of > 0 {
				row.Cells = append(row.Cells, report.Num(percent(e.Coverage.Rate)), report.Num(e.Coverage.interval()))
			}
			if e.Flagged.Of > 0 {
				row.Cells = append(row.Cells, report.Num(percent(e.Flagged.Rate)), report.Num(strconv.Itoa(e.Flagged.Of)))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	t.Notes = append(t.Notes, report.Words("SD: of the estimates; SE: root mean square of the standard errors. Covered: the interval estimate -+ z SE has the truth in it; with few groups z is too short. Flagged: a fit on the boundary, not identifiable or not converged."))
	return t
}
