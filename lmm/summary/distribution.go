package summary

import (
	"math"
	"strconv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/report"
)

// fitted says by what a model was fitted, and the criterion.
func fitted(m Model) report.Inline {
	value := report.Criterion(m.Criterion())
	switch fam := m.Family(); {
	case fam != nil:
		line := report.Words(fam.Name() + " (" + fam.Link() + "), " + m.Approximation() + ", ")
		return append(line, deviance().Words(" ").Number(value)...)
	case m.REML():
		return report.Words("REML ").Number(value)
	}
	return append(report.Words("ML, "), deviance().Words(" ").Number(value)...)
}

// scale names the units of the standard deviations of the random effects.
func scale(m Model) string {
	if fam := m.Family(); fam != nil {
		return "sd on the scale of the " + fam.Link() + " link"
	}
	return "sd in units of " + m.ResponseName()
}

// statistic is the head of the estimates over their standard errors.
func statistic(m Model) string {
	if m.Family() != nil {
		return "z"
	}
	return "t"
}

// shapeRow adds the parameter that a distribution has beside its mean.
func shapeRow(out *report.Table, m Model, why *reasons) {
	fam := m.Family()
	if !fam.HasShape() {
		return
	}
	name, meaning, shape := "shape", "the variance is mean^2 / shape", m.Shape()
	if fam.Name() == "negbinomial" {
		name, meaning = "size", "the variance is mean + mean^2 / size"
	}
	out.Rows = append(out.Rows, report.Group("Distribution", fam.Name()),
		report.Row{Label: report.Words(name), Cells: []report.Cell{report.Num(report.Parameter(shape))}})
	switch {
	case math.IsInf(shape, 1):
		why.add(name, "without bound: the variance is the mean, as in a poisson model")
	case math.IsNaN(shape):
		why.add(name, "not identified")
	}
	out.Notes = append(out.Notes, report.Words("With mean the mean of a response, "+meaning+"."))
}

// quadrature tells the criterion by the numbers of nodes that were tried, empty
// where there was no choice.
func quadrature(log lmm.FitLog) report.Inline {
	var out report.Inline
	for i, q := range log.Quadrature {
		if i > 0 {
			out = out.Words(", ")
		}
		out = out.Words(strconv.Itoa(q.Nodes) + " nodes ").Number(strconv.FormatFloat(q.Criterion, 'f', 6, 64))
	}
	return out
}
