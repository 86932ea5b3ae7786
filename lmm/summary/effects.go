package summary

import (
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/report"
)

// z975 is the 0.975 quantile of the normal distribution.
const z975 = 1.959963984540054

// fixedTable is the table of the fixed effects, with Wald intervals.
func fixedTable(m Model) report.Table {
	out := report.Table{
		Title: "Fixed effects", How: "Wald intervals, 1.96 SE to either side",
		Columns: []report.Column{
			{},
			{Head: "Estimate", Kind: report.Figure},
			{Head: "95 % from", Over: "95 % interval", Kind: report.Figure},
			{Head: "to", Over: "95 % interval", Kind: report.Figure},
			{Head: "SE", Kind: report.Figure},
			{Head: statistic(m), Kind: report.Figure},
		},
	}
	effects := m.FixedEffects()
	ses := make([]float64, len(effects))
	for i, e := range effects {
		ses[i] = e.SE
	}
	digits := report.ColumnDigits(ses)
	var why reasons
	for i, e := range effects {
		if m.Verdict().Place == certify.NoFiniteMaximum && e.Reason != "" {
			e.Estimate = math.NaN() // where the search ended
		}
		num := func(x float64) report.Cell { return report.Num(digits[i].Format(x)) }
		out.Rows = append(out.Rows, report.Row{Label: report.Words(e.Name), Cells: []report.Cell{
			num(e.Estimate), num(e.Estimate - z975*e.SE), num(e.Estimate + z975*e.SE), num(e.SE),
			report.Num(report.TValue(e.Estimate / e.SE)),
		}})
		switch {
		case e.Reason != "":
			why.add(e.Name, e.Reason)
		case math.IsNaN(e.Estimate):
			why.add(e.Name, "not identified")
		case math.IsNaN(e.SE):
			why.add(e.Name, "no standard error: the curvature does not give one here")
		}
	}
	out.Notes = why.notes()
	return out
}

// randomTable is the table of the standard deviations and correlations of the
// random effects, and of the residual.
func randomTable(m Model) report.Table {
	out := report.Table{
		Title: "Random effects", How: scale(m),
		Columns: []report.Column{{}, {Head: "Estimate", Kind: report.Figure}},
	}
	components := m.VarCorr()
	var sds []float64 // a tenth of each: the digits show one more than for an SE
	for _, c := range components {
		for _, sd := range c.SD {
			sds = append(sds, sd/10)
		}
	}
	if m.Family() == nil {
		sds = append(sds, m.Sigma()/10)
	}
	digits := report.ColumnDigits(sds)
	next := func(x float64) report.Cell {
		d := digits[0]
		digits = digits[1:]
		return report.Num(d.Format(x))
	}
	add := func(label report.Inline, c report.Cell) {
		out.Rows = append(out.Rows, report.Row{Label: label, Cells: []report.Cell{c}})
	}
	var why reasons
	fixedAtZero, independent := false, false
	for i, c := range components {
		independent = independent || c.Independent
		if i > 0 && components[i-1].Group == c.Group {
			fixedAtZero = true // another term of the same group
		} else {
			out.Rows = append(out.Rows, report.Group(c.Group, count(c.Levels, "level", "levels").String()))
		}
		for i, name := range c.Names {
			add(report.Words("sd of "+name), next(c.SD[i]))
		}
		if c.Reason != "" {
			why.add(c.Group, c.Reason)
		}
		fixedAtZero = correlations(c, add, &why) || fixedAtZero
	}
	residual := m.Residual()
	switch {
	case m.Family() != nil:
		shapeRow(&out, m, &why)
	case residual == nil:
		out.Rows = append(out.Rows, report.Group("Residual", count(m.NObs(), "row", "rows").String()))
		add(report.Words("sd"), next(m.Sigma()))
	default:
		if len(components) == 0 {
			out.Title = "Residuals"
		}
		structureRows(&out, m, next(m.Sigma()), &why)
	}
	out.Notes = append(out.Notes, why.notes()...)
	if fixedAtZero {
		out.Notes = append(out.Notes, report.Words("Correlations that the formula sets to 0 are not listed."))
	}
	if independent {
		out.Notes = append(out.Notes, report.Words("Independent columns: shifting a predictor or recoding a factor makes another model of them."))
	}
	return out
}

// structureRows adds the parameters of a structure of the residuals.
func structureRows(out *report.Table, m Model, sigma report.Cell, why *reasons) {
	r := m.Residual()
	add := func(name string, c report.Cell) {
		out.Rows = append(out.Rows, report.Row{Label: report.Words(name), Cells: []report.Cell{c}})
	}
	units := count(r.Subjects, "subject", "subjects")
	if r.Subjects == m.NObs() { // no two rows are of one subject
		units = count(m.NObs(), "row", "rows")
	}
	out.Rows = append(out.Rows, report.Group("Residual", r.Structure+", "+units.String()))
	name := "sd"
	if r.Varies {
		name = "sd of the reference"
		out.Notes = append(out.Notes, report.Words("The reference is "+reference(r.Structure)+"."))
	}
	add(name, sigma)
	for _, p := range r.Params {
		format := report.Parameter
		if p.Lower >= -1 && p.Upper <= 1 {
			format = report.Correlation
		}
		add(p.Name, report.Num(format(p.Value)))
	}
	for _, v := range r.Free {
		add("variance of (1 | "+v.Group+")", report.Num(report.Parameter(v.Variance)))
		add("correlation within "+v.Group, report.Num(report.Correlation(v.Correlation)))
	}
	if slices.ContainsFunc(r.Free, func(v lmm.FreeVariance) bool { return v.Variance < 0 }) {
		out.Notes = append(out.Notes, report.Words("A variance below 0 says that rows of one level are less alike than rows of different levels."))
	}
	if r.Reason != "" {
		why.add(r.Structure, r.Reason)
	}
}

// reference says which rows have the sd that those of others are relative to.
func reference(structure string) string {
	spec, err := covstruct.Parse(structure)
	if err != nil {
		return "the first row"
	}
	var parts []string
	if spec.ByOccasion {
		parts = append(parts, "the first occasion")
	}
	for _, v := range spec.Variances {
		column := v.Column
		if column == "" {
			column = "fitted value"
		}
		switch v.Kind {
		case "varident":
			parts = append(parts, "the first level of "+column)
		case "varpower":
			parts = append(parts, column+" = 1")
		default:
			parts = append(parts, column+" = 0")
		}
	}
	return strings.Join(parts, ", ")
}

// correlations adds a row for each pair of coefficients. It reports whether
// pairs were left out because the formula has no parameter for them: their
// correlation is exactly 0 where both variances are not.
func correlations(c lmm.Component, add func(report.Inline, report.Cell), why *reasons) bool {
	left := false
	undefined := false
	for i := range c.Names {
		for j := i + 1; j < len(c.Names); j++ {
			r := c.Corr[i][j]
			if r == 0 {
				left = true
				continue
			}
			label := "correlation"
			if len(c.Names) > 2 {
				label = "correlation of " + c.Names[i] + ", " + c.Names[j]
			}
			undefined = undefined || math.IsNaN(r)
			add(report.Words(label), report.Num(report.Correlation(r)))
		}
	}
	if undefined && c.Reason == "" {
		why.add(c.Group, "a correlation with a variance of 0 is not defined")
	}
	return left
}

// reasons collects why numbers are missing, the names by their reason.
type reasons struct {
	order []string
	names map[string][]string
}

func (r *reasons) add(name, reason string) {
	if r.names == nil {
		r.names = map[string][]string{}
	}
	if r.names[reason] == nil {
		r.order = append(r.order, reason)
	}
	if !slices.Contains(r.names[reason], name) {
		r.names[reason] = append(r.names[reason], name)
	}
}

func (r *reasons) notes() []report.Inline {
	var out []report.Inline
	for _, reason := range r.order {
		out = append(out, report.Inline{}.Number(report.Missing).
			Words(" "+strings.Join(r.names[reason], ", ")+": "+strings.TrimSuffix(reason, ".")+"."))
	}
	return out
}
