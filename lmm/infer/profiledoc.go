package infer

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// Document returns the intervals as a table.
func (p *ProfileResult) Document() *report.Doc {
	doc := &report.Doc{Label: "Profile likelihood intervals"}
	percent := report.Shortest(100*p.Level) + " %"
	by := "by ML"
	if p.REML {
		by = "standard deviations and correlations by REML, fixed effects by ML"
	}
	tab := report.Table{Title: "Profile likelihood intervals", How: by, Columns: []report.Column{
		{}, figure("Estimate"),
		{Head: percent + " from", Over: percent + " interval", Kind: report.Figure},
		{Head: "to", Over: percent + " interval", Kind: report.Figure},
	}}
	var why reasons
	structured := slices.ContainsFunc(p.Curves, func(c Curve) bool { return c.Kind == StructureParameter })
	group := ""
	for _, c := range p.Curves {
		head := c.Group
		if structured && c.Kind == FixedEffect {
			head = "Fixed effects"
		}
		if head != group {
			group = head
			switch {
			case head == "" && structured:
				head = "Residual"
			case head == "":
				head = "Residual and fixed effects"
				if c.Kind == FixedEffect || c.Kind == ShapeParameter {
					head = "Fixed effects" // of a generalised model, or alone
				}
				if c.Kind == ShapeParameter {
					head = "Distribution and fixed effects"
				}
			}
			tab.Rows = append(tab.Rows, report.Group(head, ""))
		}
		width := (c.Upper.Value - c.Lower.Value) / 4 // as wide as 4 standard errors
		if math.IsNaN(width) && math.Abs(c.Estimate) < 1e-3 {
			width = c.Estimate
		}
		digits := report.DigitsFor(width)
		num := func(x float64) report.Cell { return report.Num(digits.Format(x)) }
		if c.Kind == Correlation {
			num = func(x float64) report.Cell { return report.Num(report.Correlation(x)) }
		}
		label := c.label()
		tab.Rows = append(tab.Rows, report.Row{Label: report.Words(label), Cells: []report.Cell{num(c.Estimate), num(c.Lower.Value), num(c.Upper.Value)}})
		switch {
		case c.Reason != "":
			why.add(label, c.Reason)
		default:
			for _, l := range []Limit{c.Lower, c.Upper} {
				if l.Boundary {
					tab.Notes = append(tab.Notes, report.Words(label+": "+l.Reason+"."))
				} else {
					why.add(label, l.Reason)
				}
			}
		}
	}
	tab.Notes = append(tab.Notes, why.notes()...)
	return doc.Add(tab).Add(remarks(p.Findings)...)
}

// label is the name of a parameter beside that of its group.
func (c *Curve) label() string {
	name := strings.TrimSuffix(c.Name, "|"+c.Group)
	switch c.Kind {
	case StandardDeviation:
		return "sd of " + strings.TrimPrefix(name, "sd_")
	case RelativeSD:
		return "theta of " + strings.TrimPrefix(name, "theta_")
	case Correlation:
		return "correlation of " + strings.TrimPrefix(name, "cor_")
	}
	return name
}

type jsonLimit struct {
	Value    jsonnum.Number `json:"value"`
	Boundary bool           `json:"boundary"`
	Reason   string         `json:"reason,omitempty"`
}

type jsonPoint struct {
	Value     jsonnum.Number   `json:"value"`
	Zeta      jsonnum.Number   `json:"zeta"`
	Criterion jsonnum.Number   `json:"criterion"`
	Params    []jsonnum.Number `json:"params"`
}

type jsonCurve struct {
	Name     string         `json:"name"`
	Kind     ParameterKind  `json:"kind"`
	Group    string         `json:"group,omitempty"`
	Estimate jsonnum.Number `json:"estimate"`
	Lower    jsonLimit      `json:"lower"`
	Upper    jsonLimit      `json:"upper"`
	Monotone bool           `json:"monotone"`
	Reason   string         `json:"reason,omitempty"`
	Points   []jsonPoint    `json:"points"`
}

// MarshalJSON writes the keys reml, level, names, curves and findings; a limit
// that does not exist is null with its reason.
func (p *ProfileResult) MarshalJSON() ([]byte, error) {
	out := struct {
		REML     bool              `json:"reml"`
		Level    float64           `json:"level"`
		Names    []string          `json:"names"`
		Curves   []jsonCurve       `json:"curves"`
		Findings []finding.Finding `json:"findings"`
	}{REML: p.REML, Level: p.Level, Names: p.Names, Findings: append([]finding.Finding{}, p.Findings...)}
	limit := func(l Limit) jsonLimit { return jsonLimit{jsonnum.Number(l.Value), l.Boundary, l.Reason} }
	for _, c := range p.Curves {
		j := jsonCurve{Name: c.Name, Kind: c.Kind, Group: c.Group, Estimate: jsonnum.Number(c.Estimate), Lower: limit(c.Lower), Upper: limit(c.Upper),
			Monotone: c.Monotone, Reason: c.Reason, Points: []jsonPoint{}}
		for _, q := range c.Points {
			j.Points = append(j.Points, jsonPoint{jsonnum.Number(q.Value), jsonnum.Number(q.Zeta), jsonnum.Number(q.Criterion), jsonnum.List(q.Params)})
		}
		out.Curves = append(out.Curves, j)
	}
	return json.Marshal(out)
}
