package summary

import (
	"strconv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/report"
)

// Model is what a summary reads of a fit; *lmm.Model has these methods.
type Model interface {
	Formula() string
	ResponseName() string
	REML() bool
	Criterion() float64
	LogLik() float64
	AIC() float64
	BIC() float64
	Sigma() float64
	NPar() int
	NObs() int
	RowsDropped() int
	Theta() []float64
	ThetaNames() []string
	FixedEffects() []lmm.Coefficient
	VarCorr() []lmm.Component
	Residual() *lmm.Residual
	Family() *family.Family
	Approximation() string
	Shape() float64
	ResidualMatrix() *lmm.ResidualMatrix
	Verdict() certify.Verdict
	Findings() []finding.Finding
	Log() lmm.FitLog
}

// Of returns the summary of a model: the verdict, what was fitted, the fixed
// effects with Wald intervals, the random effects, what the fit found worth
// saying, and how it was obtained.
func Of(m Model) *report.Doc {
	v := read(m)
	doc := &report.Doc{Label: "Summary of the model: " + v.title, Tone: v.tone}
	sentence := report.Sentence{Text: v.sentence}
	verdict := report.Verdict{Title: v.title, Glyph: v.glyph, Behind: []report.Block{v.axes(), evidence(m)}}
	if v.tone == report.Good {
		verdict.Behind = append([]report.Block{sentence}, verdict.Behind...)
		doc.Add(verdict, report.Formula{Src: m.Formula()}, facts(m))
	} else {
		doc.Add(verdict, report.Formula{Src: m.Formula()}, facts(m), sentence)
	}
	doc.Add(fixedTable(m), randomTable(m))
	if matrix := residualMatrix(m); matrix != nil {
		doc.Add(matrix)
	}
	if findings := untold(m); len(findings.Items) > 0 {
		doc.Add(findings)
	}
	return doc.Add(report.Details{Title: "How it was obtained", Blocks: []report.Block{obtained(m)}})
}

// criterion names what was minimised, in a sentence.
func criterion(m Model) report.Inline {
	if m.REML() {
		return report.Words("the REML criterion")
	}
	return deviance()
}

func deviance() report.Inline { return report.Inline{}.Number("-2").Words(" log L") }

// facts is the line below the formula.
func facts(m Model) report.Facts {
	number := func(name string, x float64) report.Inline {
		return report.Inline{}.Words(name + " ").Number(report.Criterion(x))
	}
	items := []report.Inline{
		fitted(m), number("log L", m.LogLik()), number("AIC", m.AIC()), number("BIC", m.BIC()),
		count(m.NPar(), "parameter", "parameters"), count(m.NObs(), "row", "rows"),
	}
	seen := map[string]bool{}
	for _, c := range m.VarCorr() {
		if !seen[c.Group] {
			seen[c.Group] = true
			items = append(items, count(c.Levels, "level", "levels").Words(" of "+c.Group))
		}
	}
	return report.Facts{Items: items}
}

// obtained says how the estimates were obtained.
func obtained(m Model) report.Table {
	log, verdict := m.Log(), m.Verdict()
	var theta report.Inline
	for i, x := range m.Theta() {
		if i > 0 {
			theta = theta.Words(", ")
		}
		theta = theta.Words(m.ThetaNames()[i] + " ").Number(report.Parameter(x))
	}
	dropped := report.Inline{}.Number(strconv.Itoa(m.RowsDropped()))
	rows := []struct {
		label string
		value report.Inline
	}{
		{"theta", theta},
		{"optimiser", report.Words(log.Optimizer)},
		{"starts, evaluations, steps", report.Words(strconv.Itoa(log.Starts) + ", " + strconv.Itoa(log.Evaluations) + ", " + strconv.Itoa(len(log.Iterations)))},
		{"quadrature", quadrature(log)},
		{"stopped because", report.Words(log.Status)},
		{"Newton decrement", report.Inline{}.Number(report.Diagnostic(verdict.Decrement))},
		{"escape drop", report.Inline{}.Number(report.Diagnostic(verdict.EscapeDrop))},
		{"rows dropped", dropped},
		{"program", report.Words(program())},
	}
	out := report.Table{Label: "How it was obtained", Columns: make([]report.Column, 2)}
	for _, r := range rows {
		if r.value.String() != "" {
			out.Rows = append(out.Rows, report.Row{Label: report.Words(r.label), Cells: []report.Cell{{Text: r.value}}})
		}
	}
	return out
}
