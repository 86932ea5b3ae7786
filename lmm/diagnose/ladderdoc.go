package diagnose

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Document returns the ladder as a table and where each rule stops.
func (l *Ladder) Document() *report.Doc {
	way := "from the model down"
	if l.Up {
		way = "from the intercepts up"
	}
	t := report.Table{Title: "Ladder of random effects", How: way + ", each step tested against the rung before",
		Columns: []report.Column{{}, {Head: "random effects"}, {Head: "step"}, figure("criterion"), figure("parameters"), figure("AIC"), figure("p"), {Head: "varying"}, {Head: "verdict"}}}
	for i := range l.Rungs {
		r := &l.Rungs[i]
		p := report.Cell{}
		if i > 0 {
			p = report.Num(report.Missing)
			if r.Test != nil && !math.IsNaN(r.Test.P) {
				p = report.Num(report.PValue(r.Test.P))
			} else {
				t.Notes = append(t.Notes, report.Words(fmt.Sprintf("No p value at rung %d: %s.", i+1, r.NoTest)))
			}
		}
		t.Rows = append(t.Rows, report.Row{Label: report.Words(strconv.Itoa(i + 1)), Cells: []report.Cell{
			{Text: report.Inline{}.Code(r.Random)}, report.Say(r.What), report.Num(report.Criterion(r.Criterion)), report.Num(strconv.Itoa(r.Params)),
			report.Num(report.Criterion(r.AIC)), p, report.Say(dimensions(r.Dimensions)), report.Say(verdictWord(r.Verdict))}})
	}
	doc := &report.Doc{Label: "Ladder of models", Tone: report.Plain}
	doc.Add(t)
	var points report.Points
	for _, c := range l.Choices {
		p := report.Point{Head: report.Words(upperFirst(c.Rule) + ": none of these"), Aside: report.Words(c.Source + ": " + c.Why + ".")}
		if c.Rung >= 0 {
			p.Head = report.Words(upperFirst(c.Rule) + fmt.Sprintf(": rung %d, ", c.Rung+1)).Code(l.Rungs[c.Rung].Formula)
		}
		points.Items = append(points.Items, p)
	}
	return doc.Add(points)
}

// dimensions writes "2 of 3 for Worker".
func dimensions(ds []Dimension) string {
	var out []string
	for _, d := range ds {
		out = append(out, fmt.Sprintf("%d of %d", d.Varying, d.Of))
		if len(ds) > 1 {
			out[len(out)-1] += " for " + d.Group
		}
	}
	return strings.Join(out, ", ")
}

// MarshalJSON writes the keys up, alpha, rungs, choices, fits.
func (l *Ladder) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Up      bool     `json:"up"`
		Alpha   float64  `json:"alpha"`
		Rungs   []Rung   `json:"rungs"`
		Choices []Choice `json:"choices"`
		Fits    int      `json:"fits"`
	}{l.Up, l.Alpha, append([]Rung{}, l.Rungs...), append([]Choice{}, l.Choices...), l.Fits})
}

// MarshalJSON writes the keys what, formula, criterion, npar, AIC, verdict,
// dimensions, test, no_test, alternatives.
func (r Rung) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		What         string          `json:"what,omitempty"`
		Formula      string          `json:"formula"`
		Criterion    jsonnum.Number  `json:"criterion"`
		Params       int             `json:"npar"`
		AIC          jsonnum.Number  `json:"AIC"`
		Verdict      certify.Verdict `json:"verdict"`
		Dimensions   []Dimension     `json:"dimensions"`
		Test         *infer.LRTest   `json:"test"`
		NoTest       string          `json:"no_test,omitempty"`
		Alternatives int             `json:"alternatives"`
	}{r.What, r.Formula, jsonnum.Number(r.Criterion), r.Params, jsonnum.Number(r.AIC), r.Verdict, append([]Dimension{}, r.Dimensions...), r.Test, r.NoTest, r.Alternatives})
}
