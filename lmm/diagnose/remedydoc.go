package diagnose

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// shownEffects is the number of fixed effects that are drawn under each remedy:
// those that move most.
const shownEffects = 4

// addRemedies adds what was tried: the models, and the fixed effects under each.
func (r *Report) addRemedies(doc *report.Doc) {
	if len(r.Remedies) == 0 {
		doc.Add(report.Note{Text: report.Words("No remedy was tried: nothing here calls for another model.")})
		return
	}
	doc.Add(r.models())
	if f := r.forest(); len(f.Groups) > 0 {
		doc.Add(f)
	}
}

// models is the table of the models that were tried.
func (r *Report) models() report.Table {
	out := report.Table{Title: "The ways out", How: "each fitted to the same rows; change: the largest of a fixed effect",
		Columns: []report.Column{{}, {Head: "model"}, figure("criterion"), figure("parameters"), figure("p"), figure("change, SE"), {Head: "verdict"}}}
	stands := report.Row{Label: report.Words("as it stands"), Cells: []report.Cell{
		{Text: report.Inline{}.Code(r.Formula)}, report.Num(report.Criterion(r.Criterion)), report.Num(strconv.Itoa(r.Params)), {}, {}, report.Say(verdictWord(r.Verdict))}}
	ranked := r.ranked()
	if ranked {
		if r.Residual != "" {
			stands.Cells[0].Text = modelText(r.Formula, r.Residual)
		}
		out.Columns = slices.Insert(out.Columns, 4, figure("AIC"))
		stands.Cells = slices.Insert(stands.Cells, 3, report.Num(report.Criterion(r.AIC)))
	}
	out.Rows = append(out.Rows, stands)
	var whys []string
	without := map[string][]string{}
	for i := range r.Remedies {
		x := &r.Remedies[i]
		row := x.row(r.Formula)
		if ranked {
			aic := report.Criterion(x.AIC)
			if x.NoTest == otherEffects {
				aic = report.Missing
			}
			switch {
			case x.Formula == r.Formula && (x.Residual == r.Residual || x.Again):
			case x.Residual != "":
				row.Cells[0].Text = modelText(x.Formula, x.Residual)
			case x.Formula == r.Formula:
				row.Cells[0].Text = report.Inline{}.Code(x.Formula)
			}
			row.Cells = slices.Insert(row.Cells, 3, report.Num(aic))
		}
		out.Rows = append(out.Rows, row)
		if x.Failed != "" {
			out.Notes = append(out.Notes, report.Inline{}.Words(x.What+": ").Words(x.Failed+"."))
			continue
		}
		if x.Estimand != "" {
			out.Notes = append(out.Notes, report.Words(x.What+": the fixed effects mean something else, "+x.Estimand+"."))
		}
		if x.Test == nil || math.IsNaN(x.Test.P) {
			why := x.NoTest
			if x.Test != nil {
				why = x.Test.MixtureReason
			}
			if x.Estimand == "" && r.Verdict.Place == certify.NotIdentifiable {
				why = "the fit has parameters that the data cannot tell apart, so that the degrees of freedom are not known"
			}
			if _, ok := without[why]; !ok {
				whys = append(whys, why)
			}
			without[why] = append(without[why], x.What)
		}
	}
	var reasons []string
	for _, why := range whys {
		reasons = append(reasons, list(without[why])+": "+why)
	}
	if len(reasons) > 0 {
		out.Notes = append(out.Notes, report.Words("No p value for "+strings.Join(reasons, "; ")+"."))
	}
	return out
}

// ranked says that structures of the residuals are compared: few are nested, and
// AIC ranks them.
func (r *Report) ranked() bool {
	return r.Residual != "" || slices.ContainsFunc(r.Remedies, func(x Remedy) bool { return x.Residual != "" })
}

func modelText(formula, residual string) report.Inline {
	return report.Inline{}.Code(formula).Words(", ").Code(residual)
}

func verdictWord(v certify.Verdict) string {
	if v.Convergence != certify.Converged && v.Place != certify.NoFiniteMaximum {
		return v.Convergence.String()
	}
	return v.Place.String()
}

func (r *Remedy) row(judged string) report.Row {
	p, params, verdict := report.Missing, report.Missing, report.Missing
	if r.Test != nil && !math.IsNaN(r.Test.P) {
		p = report.PValue(r.Test.P)
	}
	if r.Failed == "" {
		params, verdict = strconv.Itoa(r.Params), r.Method
	}
	if r.Verdict != nil {
		verdict = verdictWord(*r.Verdict)
	}
	criterion := report.Criterion(r.Criterion)
	if r.NoTest == otherEffects {
		criterion = report.Missing
	}
	model := report.Cell{Text: report.Inline{}.Code(r.Formula)}
	if r.Formula == judged {
		model = report.Say("the same")
	}
	return report.Row{Label: report.Words(r.What), Cells: []report.Cell{
		model, report.Num(criterion), report.Num(params),
		report.Num(p), report.Num(report.TValue(r.Largest())), report.Say(verdict)}}
}

// forest draws the fixed effects under each remedy, those of another estimand
// below a break.
func (r *Report) forest() report.Forest {
	out := report.Forest{Title: "The fixed effects under each", How: "95 % intervals; ring: as it stands, disc: same estimand, diamond: another",
		Heads: []string{"estimate", "SE", "change, SE", "p"}}
	ranked := r.ranked()
	if ranked {
		out.Heads = slices.Insert(out.Heads, 3, "df")
	}
	shown, all := r.mostMoved()
	for _, name := range shown {
		same, other := r.group(name, false, ranked), r.group(name, true, ranked)
		same.Rows = append([]report.ForestRow{r.stands(name, ranked)}, same.Rows...)
		out.Groups = append(out.Groups, same)
		if len(other.Rows) > 0 {
			other.Broken = true
			out.Groups = append(out.Groups, other)
		}
	}
	if len(shown) < all {
		out.Notes = append(out.Notes, report.Words("Of "+plural(all, "fixed effect")+" those that move most are shown."))
	}
	if len(shown) == 0 {
		out.Groups = nil
	}
	return out
}

// mostMoved lists the fixed effects to show, in their order, and counts all.
func (r *Report) mostMoved() (names []string, all int) {
	type effect struct {
		name  string
		moved float64
		at    int
	}
	var list []effect
	for i := range r.Remedies {
		for j, f := range r.Remedies[i].Fixed {
			k := slices.IndexFunc(list, func(e effect) bool { return e.name == f.Name })
			if k < 0 {
				if math.IsNaN(f.Before) && math.IsNaN(f.After) {
					continue
				}
				list = append(list, effect{f.Name, 0, j})
				k = len(list) - 1
			}
			if d := math.Abs(f.InSE); r.Remedies[i].Estimand == "" && d > list[k].moved {
				list[k].moved = d
			}
			// An SE that changes moves a conclusion too.
			if d := math.Abs(math.Log(f.AfterSE / f.BeforeSE)); r.Remedies[i].Estimand == "" && d > list[k].moved {
				list[k].moved = d
			}
		}
	}
	all = len(list)
	slices.SortStableFunc(list, func(a, b effect) int { return -compareFloats(a.moved, b.moved) })
	list = list[:min(shownEffects, len(list))]
	slices.SortFunc(list, func(a, b effect) int { return a.at - b.at })
	for _, e := range list {
		names = append(names, e.name)
	}
	return names, all
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// stands is the row of the fit as it stands.
func (r *Report) stands(name string, ranked bool) report.ForestRow {
	row := report.ForestRow{Label: report.Words("as it stands"), Mark: report.Judged}
	if r.Worst() == finding.Serious || r.Verdict.Convergence != certify.Converged {
		row.Mark = report.Doubted
	}
	for i := range r.Remedies {
		for _, f := range r.Remedies[i].Fixed {
			if f.Name != name {
				continue
			}
			d := f.digits()
			row.Value, row.Lower, row.Upper = f.Before, f.BeforeCI[0], f.BeforeCI[1]
			row.Cells = []report.Cell{report.Num(d.Format(f.Before)), report.Num(d.Format(f.BeforeSE)), {}, report.Num(pValue(f.BeforeP))}
			if ranked {
				row.Cells = slices.Insert(row.Cells, 3, report.Num(freedom(f.BeforeDF)))
			}
			return row
		}
	}
	return row
}

// group has the rows of a fixed effect under the remedies with its estimand, or
// with another.
func (r *Report) group(name string, other, ranked bool) report.ForestGroup {
	out := report.ForestGroup{Name: name}
	if other {
		out.Aside = "another estimand, on its own scale"
	}
	for i := range r.Remedies {
		x := &r.Remedies[i]
		if x.Failed != "" || (x.Estimand != "") != other || x.Again {
			continue
		}
		for _, f := range x.Fixed {
			if f.Name != name || math.IsNaN(f.After) {
				continue
			}
			row := report.ForestRow{Label: report.Words(x.What), Mark: report.Same, Value: f.After, Lower: f.AfterCI[0], Upper: f.AfterCI[1]}
			if other {
				row.Mark = report.Other
			}
			d := f.digits()
			row.Cells = []report.Cell{report.Num(d.Format(f.After)), report.Num(d.Format(f.AfterSE)), report.Num(report.TValue(f.InSE)), report.Num(pValue(f.AfterP))}
			if ranked {
				row.Cells = slices.Insert(row.Cells, 3, report.Num(freedom(f.AfterDF)))
			}
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// digits are those of an estimate with its standard error, under the remedy where
// the fit has none.
func (s *Shift) digits() report.Digits {
	if math.IsNaN(s.BeforeSE) {
		return report.DigitsFor(s.AfterSE)
	}
	return report.DigitsFor(s.BeforeSE)
}

// freedom prints degrees of freedom; a normal distribution has none.
func freedom(df float64) string {
	if math.IsInf(df, 0) {
		return report.Missing
	}
	return report.DF(df)
}

func pValue(p float64) string {
	if math.IsNaN(p) {
		return report.Missing
	}
	return report.PValue(p)
}
