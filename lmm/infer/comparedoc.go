package infer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/report"
)

// Document returns the comparison as tables: the models, and the tests of each
// in the next.
func (c *Comparison) Document() *report.Doc {
	doc := &report.Doc{Label: "Comparison of models"}
	how := "maximum likelihood"
	if c.REML {
		how = "restricted likelihood (REML), the fixed effects being the same"
	}
	models := report.Table{Title: "Models", How: how, Columns: []report.Column{
		{}, {Head: "parameters", Kind: report.Figure}, {Head: "-2 log L", Kind: report.Figure}, {Head: "AIC", Kind: report.Figure},
		{Head: "AICc", Kind: report.Figure}, {Head: "BIC", Kind: report.Figure}, {Head: "above least AIC", Kind: report.Figure}, {Head: "weight", Kind: report.Figure},
	}}
	if c.REML {
		models.Columns[2].Head = "REML"
	}
	var tests []*LRTest
	var labels []string
	var notes []report.Inline
	for i, m := range c.Models {
		models.Rows = append(models.Rows, report.Row{Label: report.Words(strconv.Itoa(i + 1)), Cells: []report.Cell{
			report.Num(strconv.Itoa(m.NPar)), report.Num(report.Criterion(m.Criterion)), report.Num(report.Criterion(m.AIC)),
			report.Num(report.Criterion(m.AICc)), report.Num(report.Criterion(m.BIC)), report.Num(report.Criterion(m.Delta)), report.Num(report.Correlation(m.Weight)),
		}})
		models.Notes = append(models.Notes, report.Words(strconv.Itoa(i+1)+"  ").Code(m.Formula).Words(standing(m)))
		label := fmt.Sprintf("%d in %d", i, i+1)
		switch {
		case m.Test != nil:
			tests, labels = append(tests, m.Test), append(labels, label)
		case m.Reason != "":
			notes = append(notes, report.Words("No test of "+label+": "+m.Reason+"."))
		}
	}
	models.Notes = append(models.Notes, report.Words("BIC and AICc with n = "+strconv.Itoa(c.NObs)+", the rows."))
	for _, n := range c.Notes {
		models.Notes = append(models.Notes, report.Words(n))
	}
	doc.Add(models)
	if len(tests) > 0 {
		t := testTable(tests, labels)
		t.Notes = append(t.Notes, notes...)
		return doc.Add(t)
	}
	for _, n := range notes {
		doc.Add(report.Note{Text: n})
	}
	return doc
}

// standing says what is special about where a fit stands.
func standing(m Compared) string {
	switch {
	case m.Convergence != "converged":
		return ", " + m.Convergence
	case m.Place != "interior":
		return ", " + m.Place
	}
	return ""
}

// Document returns the test as a table with the distributions it rests on.
func (t *LRTest) Document() *report.Doc {
	doc := &report.Doc{Label: "Likelihood ratio test"}
	doc.Add(report.Facts{Items: []report.Inline{
		report.Words("smaller ").Code(t.Null), report.Words("larger ").Code(t.Alternative),
	}})
	return doc.Add(testTable([]*LRTest{t}, []string{"smaller in larger"}))
}

// TestsDocument returns the tests of DropRandom as one table.
func TestsDocument(tests []*LRTest) *report.Doc {
	var labels []string
	for _, t := range tests {
		labels = append(labels, t.Null)
	}
	return (&report.Doc{Label: "Tests of the random effects"}).Add(testTable(tests, labels))
}

func testTable(tests []*LRTest, labels []string) report.Table {
	out := report.Table{Title: "Likelihood ratio tests", Columns: []report.Column{
		{}, {Head: "LR", Kind: report.Figure}, {Head: "df", Kind: report.Figure}, {Head: "p", Kind: report.Figure},
		{Head: "p mixture", Kind: report.Figure}, {Head: "p naive", Kind: report.Figure}, {Head: "reference"},
	}}
	for i, t := range tests {
		out.Rows = append(out.Rows, report.Row{Label: report.Words(labels[i]), Cells: []report.Cell{
			report.Num(report.Criterion(t.Statistic)), report.Num(strconv.Itoa(t.DF)), report.Num(report.PValue(t.P)),
			report.Num(report.PValue(t.MixtureP)), report.Num(report.PValue(t.Naive)), report.Say(t.Mixture.String()),
		}})
		label := labels[i] + ": "
		if s := t.Simulated; s != nil {
			text := fmt.Sprintf("%sp by %s, %d draws, Monte Carlo SE %s", label, s.Method, s.Draws, report.Diagnostic(s.SE))
			if s.Failed > 0 {
				text += fmt.Sprintf("; %d replicates failed and are left out", s.Failed)
			}
			out.Notes = append(out.Notes, report.Words(text+"."))
		}
		if t.MixtureReason != "" {
			out.Notes = append(out.Notes, report.Words(label+"no p by theory, "+t.MixtureReason+". A parametric bootstrap gives one."))
		}
		if t.Refitted {
			out.Notes = append(out.Notes, report.Words(label+"both models refitted by maximum likelihood."))
		}
		for _, n := range t.Notes {
			out.Notes = append(out.Notes, report.Words(label+n))
		}
	}
	return out
}

// String writes the mixture, "0.50 chi2(0) + 0.50 chi2(1)".
func (c ChiBar) String() string {
	if c.Weights == nil {
		if c.draws == nil {
			return report.Missing
		}
		return fmt.Sprintf("chi2(%d) + a projection on a cone, by draws", c.free)
	}
	var terms []string
	for df, w := range c.Weights {
		switch {
		case w == 1:
			return fmt.Sprintf("chi2(%d)", df)
		case w > 0:
			terms = append(terms, fmt.Sprintf("%.2f chi2(%d)", w, df))
		}
	}
	return strings.Join(terms, " + ")
}
