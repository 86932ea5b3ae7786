package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/report"
)

// Document is the comparison as a person reads it: what the runs have in common,
// the findings, a row for each optimizer, the maxima with their parameters, and
// behind a click every run.
func (r *AllFitResult) Document() *report.Doc {
	title, glyph, tone := r.headline()
	doc := &report.Doc{Label: "All optimizers: " + title, Tone: tone}
	doc.Add(report.Verdict{Title: title, Glyph: glyph, Behind: []report.Block{r.runTable()}}, report.Formula{Src: r.Formula},
		report.Sentence{Text: report.Words(r.Sentence())})
	if len(r.Findings) > 0 {
		var points report.Points
		for _, f := range r.Findings {
			points.Items = append(points.Items, point(f))
		}
		doc.Add(points)
	}
	doc.Add(r.optimizerTable())
	if len(r.Maxima) > 0 {
		doc.Add(r.maximaTable())
	}
	return doc
}

func (r *AllFitResult) headline() (string, report.Glyph, report.Tone) {
	glyph := report.DescentGlyph
	if len(r.Maxima) > 0 {
		_, glyph, _ = headline(r.Maxima[0].Verdict)
	}
	switch r.Agreement {
	case OnePoint:
		if r.Verdict.Place == certify.NotIdentifiable {
			return "One point of a ridge", report.RidgeGlyph, report.Unidentified
		}
		if slices.ContainsFunc(r.Runs, func(x OptimizerRun) bool { return x.Maximum < 0 }) {
			return "One maximum, missed by some runs", glyph, report.Good
		}
		return "All optimizers agree", glyph, report.Good
	case OtherParameters:
		return "One criterion, many parameters", report.RidgeGlyph, report.Unidentified
	case SeveralMaxima:
		if r.Maxima[1].Above <= rivalBelow {
			return "Several maxima", report.DescentGlyph, report.Caution
		}
		return "A maximum, and lesser ones far below", glyph, report.Good
	}
	return "No run ends at a maximum", glyph, report.Serious
}

// reached writes how many runs ended at a maximum.
func reached(runs []OptimizerRun) string {
	n := 0
	for i := range runs {
		if runs[i].Maximum >= 0 {
			n++
		}
	}
	return fmt.Sprintf("%d of %d", n, len(runs))
}

// byOptimizer groups the runs.
func (r *AllFitResult) byOptimizer() [][]OptimizerRun {
	var out [][]OptimizerRun
	for i := range r.Runs {
		if i == 0 || r.Runs[i].Optimizer != r.Runs[i-1].Optimizer {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], r.Runs[i])
	}
	return out
}

func (r *AllFitResult) optimizerTable() report.Table {
	t := report.Table{Title: "The optimizers", How: fmt.Sprintf("each from %s", plural(len(r.Runs)/len(r.byOptimizer()), "start")),
		Columns: []report.Column{{}, figure("at a maximum"), figure("best, above the lowest"), figure("worst"), figure("evaluations, median"), {Head: "where else"}}}
	for _, runs := range r.byOptimizer() {
		best, worst := math.Inf(1), math.Inf(-1)
		var evaluations []int
		var codes []string
		for _, x := range runs {
			best, worst = math.Min(best, x.Above), math.Max(worst, x.Above)
			evaluations = append(evaluations, x.Evaluations)
			if x.Maximum < 0 && !slices.Contains(codes, elsewhere(x.Code)) {
				codes = append(codes, elsewhere(x.Code))
			}
		}
		slices.Sort(evaluations)
		slices.Sort(codes)
		t.Rows = append(t.Rows, report.Row{Label: report.Words(runs[0].Optimizer), Cells: []report.Cell{
			report.Num(reached(runs)), report.Num(report.Diagnostic(orZeroBelow(best))), report.Num(report.Diagnostic(orZeroBelow(worst))),
			report.Num(strconv.Itoa(evaluations[len(evaluations)/2])), report.Say(strings.Join(codes, "; "))}})
	}
	t.Notes = append(t.Notes, report.Words("Each point is judged by the same certificate, exact derivatives of the criterion. Newton polishes its points; the others are judged where they ended."))
	return t
}

// orZeroBelow is 0 for differences that no digit of a criterion shows.
func orZeroBelow(x float64) float64 {
	if math.Abs(x) < 1e-6 {
		return 0
	}
	return x
}

// elsewhere says in words where a run stopped that is at no maximum.
func elsewhere(code string) string {
	switch code {
	case "C1":
		return "close to a maximum (C1)"
	case "C3":
		return "a saddle (C3)"
	case "C4":
		return "a false edge (C4)"
	case "C7":
		return "out of evaluations (C7)"
	case "D7":
		return "separated (D7)"
	case "D8":
		return "residual variance to 0 (D8)"
	}
	return "on a slope (" + code + ")"
}

// maximaTable has a column for each maximum.
func (r *AllFitResult) maximaTable() report.Table {
	t := report.Table{Title: "The maximum", Columns: []report.Column{{}}}
	if len(r.Maxima) > 1 {
		t.Title = "The maxima"
	}
	criterion := "-2 log likelihood"
	if r.REML {
		criterion = "REML criterion"
	}
	rows := []report.Row{{Label: report.Words(criterion)}, {Label: report.Words("runs")}, {Label: report.Words("place")}}
	rows = append(rows, report.Group("Fixed effects", ""))
	effects := len(rows)
	for _, name := range r.FixedNames {
		rows = append(rows, report.Row{Label: report.Words(name)})
	}
	rows = append(rows, report.Group("Variance parameters", "relative to sigma"))
	thetas := len(rows)
	for _, name := range r.ThetaNames {
		rows = append(rows, report.Row{Label: report.Words(name)})
	}
	shown := r.Maxima[:min(len(r.Maxima), shownMaxima)]
	for i := range shown {
		x := &shown[i]
		t.Columns = append(t.Columns, figure(strconv.Itoa(i+1)))
		add := func(row int, text string) { rows[row].Cells = append(rows[row].Cells, report.Num(text)) }
		add(0, report.Criterion(x.Criterion))
		add(1, strconv.Itoa(len(x.Runs)))
		add(2, x.Verdict.Place.String())
		digits := report.ColumnDigits(x.SE)
		for j, v := range x.Fixed {
			add(effects+j, digits[j].Format(v))
		}
		for j, v := range x.Theta {
			add(thetas+j, report.Digits(4).Format(v))
		}
		if x.Way != nil && x.Way.Barrier > 0 {
			t.Notes = append(t.Notes, report.Words(fmt.Sprintf("On the straight way from 1 to %d the criterion rises by ", i+1)).Number(report.Diagnostic(x.Way.Barrier)).Words("."))
		}
	}
	if n := len(r.Maxima) - len(shown); n > 0 {
		t.Notes = append(t.Notes, report.Words(fmt.Sprintf("%d more lie above these.", n)))
	}
	if hasNaN(r.Maxima[0].Theta) {
		t.Notes = append(t.Notes, report.Words("Variance parameters without a value cannot be told from others by these data."))
	}
	t.Rows = rows
	return t
}

// shownMaxima is the number of maxima that have a column.
const shownMaxima = 4

func hasNaN(x []float64) bool { return slices.ContainsFunc(x, math.IsNaN) }

// runTable has a row for each run.
func (r *AllFitResult) runTable() report.Table {
	t := report.Table{Label: "Every run", Columns: []report.Column{{}, {Head: "start"}, figure("criterion"), figure("above the lowest"),
		figure("decrement"), figure("drop off the boundary"), figure("least G"), figure("evaluations"), {Head: "code"}}}
	for _, runs := range r.byOptimizer() {
		for i, x := range runs {
			label := ""
			if i == 0 {
				label = x.Optimizer
			}
			t.Rows = append(t.Rows, report.Row{Label: report.Words(label), Cells: []report.Cell{
				report.Say(x.Start), report.Num(report.Digits(4).Format(x.Criterion)), report.Num(report.Diagnostic(orZeroBelow(x.Above))),
				report.Num(report.Diagnostic(x.Verdict.Decrement)), report.Num(report.Diagnostic(x.Verdict.EscapeDrop)), report.Num(report.Diagnostic(x.LeastG)),
				report.Num(strconv.Itoa(x.Evaluations)), report.Say(x.Code)}})
		}
	}
	return t
}
