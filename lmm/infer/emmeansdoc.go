package infer

import (
	"encoding/json"
	"strings"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Document shows the means and their differences.
func (s *Means) Document() *report.Doc {
	title := "Marginal means of " + s.Response
	if s.Slope != "" {
		title = "Slopes of " + s.Response + " in " + s.Slope
	}
	rows := Estimates{Title: title, DF: s.DF, Why: s.Why, Level: s.Level}
	for _, r := range s.Rows {
		rows.Rows = append(rows.Rows, r.Estimate)
	}
	doc := rows.Document()
	tab := doc.Blocks[0].(report.Table)
	if s.Slope == "" { // whether a mean is 0 is rarely a question
		tab.Columns = tab.Columns[:len(tab.Columns)-2]
		for i := range tab.Rows {
			tab.Rows[i].Cells = tab.Rows[i].Cells[:len(tab.Rows[i].Cells)-2]
		}
	}
	for _, n := range s.footnotes() {
		tab.Notes = append(tab.Notes, report.Words(n))
	}
	doc.Blocks[0] = tab
	if len(s.Pairs) > 0 {
		doc.Add(s.pairs())
	}
	return doc
}

func (s *Means) footnotes() []string {
	var out []string
	if len(s.Averaged) > 0 {
		how := "with equal weights"
		if s.Weights == ProportionalWeights {
			how = "as often as they occur"
		}
		out = append(out, "Averaged over the levels of "+strings.Join(s.Averaged, ", ")+" "+how+".")
	}
	var held, means []string
	for _, h := range s.Held {
		words := h.Name + " = " + report.Rounded(h.Value)
		switch {
		case h.Name == s.Slope:
		case h.Mean:
			means = append(means, words)
		default:
			held = append(held, words)
		}
	}
	if len(held) > 0 {
		out = append(out, "At "+strings.Join(held, ", ")+".")
	}
	switch len(means) {
	case 0:
	case 1:
		out = append(out, "The covariate at its mean: "+means[0]+".")
	default:
		out = append(out, "Covariates at their means: "+strings.Join(means, ", ")+".")
	}
	return append(out, s.Notes...)
}

func (s *Means) pairs() report.Table {
	how := "p values adjusted by " + s.Adjust.String()
	if s.Adjust == NoAdjustment {
		how = "p values not adjusted"
	}
	tab := report.Table{Title: "Differences", How: how,
		Columns: append([]report.Column{{}, figure("Estimate"), figure("SE")}, testColumns(s.DF)...)}
	ratios := s.Slope == "" && s.Pairs[0].Ratio != nil
	if ratios {
		percent := report.Shortest(100*s.Level) + " %"
		tab.Columns = append(tab.Columns, figure("Ratio"),
			report.Column{Head: percent + " from", Over: percent + " interval", Kind: report.Figure},
			report.Column{Head: "to", Over: percent + " interval", Kind: report.Figure})
	}
	ses := make([]float64, len(s.Pairs))
	for i, p := range s.Pairs {
		ses[i] = p.SE
	}
	digits := report.ColumnDigits(ses)
	var why reasons
	last := ""
	for i, p := range s.Pairs {
		if by := strings.Join(p.By, ", "); by != last {
			tab.Rows = append(tab.Rows, report.Group(by, strings.Join(s.By, ", ")))
			last = by
		}
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(p.Name), Cells: append([]report.Cell{
			report.Num(digits[i].Format(p.Value)), report.Num(digits[i].Format(p.SE))}, testCells(s.DF, p.Estimate, p.PAdjusted)...)})
		if ratios {
			r := p.Ratio
			d := report.DigitsFor((r.Upper - r.Lower) / 4)
			last := &tab.Rows[len(tab.Rows)-1]
			last.Cells = append(last.Cells, report.Num(d.Format(r.Value)), report.Num(d.Format(r.Lower)), report.Num(d.Format(r.Upper)))
		}
		why.add(p.Name, p.Reason)
	}
	tab.Notes = why.notes()
	if ratios {
		tab.Notes = append(tab.Notes, report.Words("The differences are of logarithms: Ratio is that of the odds with the logit link, of the means with the log link."))
	}
	return tab
}

// MarshalJSON writes the keys of the estimate and by, p_adjusted, ratio.
func (p Pair) MarshalJSON() ([]byte, error) {
	out := struct {
		By        []string        `json:"by"`
		Estimate  Estimate        `json:"difference"`
		PAdjusted jsonnum.Number  `json:"p_adjusted"`
		Ratio     *jsonnum.Number `json:"ratio,omitempty"`
		Lower     *jsonnum.Number `json:"ratio_lower,omitempty"`
		Upper     *jsonnum.Number `json:"ratio_upper,omitempty"`
	}{By: append([]string{}, p.By...), Estimate: p.Estimate, PAdjusted: jsonnum.Number(p.PAdjusted)}
	if r := p.Ratio; r != nil {
		v, l, u := jsonnum.Number(r.Value), jsonnum.Number(r.Lower), jsonnum.Number(r.Upper)
		out.Ratio, out.Lower, out.Upper = &v, &l, &u
	}
	return json.Marshal(out)
}

// MarshalJSON writes the levels and the keys of the estimate.
func (r Mean) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Of       []string `json:"of"`
		By       []string `json:"by"`
		Estimate Estimate `json:"mean"`
	}{append([]string{}, r.Of...), append([]string{}, r.By...), r.Estimate})
}
