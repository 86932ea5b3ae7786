package gee

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
)

// shownCoefficients bounds the groups of the forest.
const shownCoefficients = 12

// Document shows the coefficients beside each other, those with another estimand
// below a break and on a scale of their own.
func (c *Comparison) Document() *report.Doc {
	doc := &report.Doc{Label: "Population-averaged and mixed models"}
	doc.Add(report.Sentence{Text: report.Words(c.sentence())})
	forest := report.Forest{Title: "Coefficients", How: "95 % intervals: GEE with " + c.SE + ", models ± 1.96 SE; ring: GEE, disc: same estimand",
		Heads: []string{"estimate", "SE", "from GEE, SE"}}
	if c.given() {
		forest.How += ", diamond: another"
	}
	missing := false
	names := c.names()
	if n := len(names); n > shownCoefficients {
		names = names[:shownCoefficients]
		forest.Notes = append(forest.Notes, report.Words(fmt.Sprintf("The first %d of %d coefficients.", shownCoefficients, n)))
	}
	for _, name := range names {
		for _, estimand := range []Estimand{PopulationAveraged, GivenSubject} {
			g := c.group(name, estimand)
			for _, r := range g.Rows {
				missing = missing || math.IsNaN(r.Value)
			}
			if len(g.Rows) > 0 {
				forest.Groups = append(forest.Groups, g)
			}
		}
	}
	if missing {
		forest.Notes = append(forest.Notes, report.Inline{}.Number(report.Missing).Words(" not estimated."))
	}
	for _, n := range c.Notes {
		forest.Notes = append(forest.Notes, report.Words(n))
	}
	doc.Add(forest)
	if len(c.Attenuations) > 0 {
		doc.Add(c.attenuation())
	}
	models := report.Table{Title: "Models", Columns: []report.Column{{}, {Head: "coefficients"}, {Head: "formula"}}}
	for _, m := range c.Models {
		what := string(m.Estimand)
		switch {
		case c.Link == "identity":
			what = "averages, and given the subject"
		case m.Approximate:
			what += ", approximately"
		}
		models.Rows = append(models.Rows, report.Row{Label: report.Words(m.Name), Cells: []report.Cell{report.Say(what), {Text: report.Inline{}.Code(m.Formula)}}})
	}
	return doc.Add(models)
}

// sentence says what can be compared.
func (c *Comparison) sentence() string {
	switch {
	case c.Link == "identity":
		return "With the identity link all models estimate the same coefficients; they differ in how they weight the rows and in their standard errors."
	case len(c.Models) > 0 && c.given():
		return fmt.Sprintf("With the link %s a coefficient of the mixed model compares two values in one subject, one of the estimating equations averages of the population: they are different numbers, and neither is wrong.", c.Link)
	}
	return "All models estimate averages of the population."
}

// given says that a model is given the subject.
func (c *Comparison) given() bool {
	for _, m := range c.Models {
		if m.Estimand == GivenSubject {
			return true
		}
	}
	return false
}

// group has the rows of a coefficient with an estimand.
func (c *Comparison) group(name string, estimand Estimand) report.ForestGroup {
	out := report.ForestGroup{Name: name}
	if c.given() {
		out.Aside = string(estimand)
	}
	if estimand == GivenSubject {
		out.Broken, out.Aside = true, "given the subject, own scale"
	}
	own := c.Models[0].coefficient(name)
	for i := range c.Models {
		m := &c.Models[i]
		e := m.coefficient(name)
		if m.Estimand != estimand || e == nil {
			continue
		}
		row := report.ForestRow{Label: report.Words(m.Name), Mark: report.Same, Value: e.Estimate, Lower: e.Lower, Upper: e.Upper}
		switch {
		case i == 0 && math.IsNaN(e.Estimate):
			row.Mark = report.Doubted
		case i == 0:
			row.Mark = report.Judged
		case estimand == GivenSubject:
			row.Mark = report.Other
		}
		d := report.DigitsFor(e.SE)
		change := report.Cell{}
		if i > 0 && own != nil && estimand == PopulationAveraged {
			change = report.Num(report.TValue((e.Estimate - own.Estimate) / own.SE))
		}
		row.Cells = []report.Cell{report.Num(d.Format(e.Estimate)), report.Num(d.Format(e.SE)), change}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// attenuation shows why the estimands differ, and by how much.
func (c *Comparison) attenuation() report.Table {
	out := report.Table{Title: "From the subject to the population", How: "what random intercepts do to averages",
		Columns: []report.Column{{}, figure("sd"), figure("factor")}}
	if c.Link == "log" {
		out.Columns[2].Head = "added to the intercept"
		out.Notes = append(out.Notes, report.Words("With the link log the other coefficients are averages as they are."))
	}
	for _, a := range c.Attenuations {
		effect := a.Factor
		if c.Link == "log" {
			effect = a.Shift
		}
		out.Rows = append(out.Rows, report.Row{Label: report.Inline{}.Code(a.Model), Cells: []report.Cell{
			report.Num(report.Correlation(math.Sqrt(a.Variance))), report.Num(report.Correlation(effect))}})
	}
	switch c.Link {
	case "logit":
		out.Notes = append(out.Notes, report.Words("sd of the random intercepts together. Factor 1 / root(1 + c² sd²), c = 16 root(3) / (15 pi), an approximation (Zeger, Liang and Albert 1988)."))
	case "probit":
		out.Notes = append(out.Notes, report.Words("sd of the random intercepts together. Factor 1 / root(1 + sd²) (Zeger, Liang and Albert 1988)."))
	}
	return out
}

// MarshalJSON writes the keys family, link, subject, se_kind, models (name,
// formula, estimand, approximate, beta_names, beta, se, lower, upper),
// attenuation (formula, variance, factor, shift) and notes.
func (c *Comparison) MarshalJSON() ([]byte, error) {
	type model struct {
		Name        string           `json:"name"`
		Formula     string           `json:"formula"`
		Estimand    Estimand         `json:"estimand"`
		Approximate bool             `json:"approximate"`
		Names       []string         `json:"beta_names"`
		Beta        []jsonnum.Number `json:"beta"`
		SE          []jsonnum.Number `json:"se"`
		Lower       []jsonnum.Number `json:"lower"`
		Upper       []jsonnum.Number `json:"upper"`
	}
	type attenuation struct {
		Formula  string         `json:"formula"`
		Variance jsonnum.Number `json:"variance"`
		Factor   jsonnum.Number `json:"factor"`
		Shift    jsonnum.Number `json:"shift"`
	}
	models, attenuations := []model{}, []attenuation{}
	for _, m := range c.Models {
		out := model{Name: m.Name, Formula: m.Formula, Estimand: m.Estimand, Approximate: m.Approximate}
		for _, e := range m.Coefficients {
			out.Names, out.Beta = append(out.Names, e.Name), append(out.Beta, jsonnum.Number(e.Estimate))
			out.SE, out.Lower, out.Upper = append(out.SE, jsonnum.Number(e.SE)), append(out.Lower, jsonnum.Number(e.Lower)), append(out.Upper, jsonnum.Number(e.Upper))
		}
		models = append(models, out)
	}
	for _, a := range c.Attenuations {
		attenuations = append(attenuations, attenuation{a.Model, jsonnum.Number(a.Variance), jsonnum.Number(a.Factor), jsonnum.Number(a.Shift)})
	}
	return json.Marshal(struct {
		Family       string        `json:"family"`
		Link         string        `json:"link"`
		Subject      string        `json:"subject"`
		SE           string        `json:"se_kind"`
		Models       []model       `json:"models"`
		Attenuations []attenuation `json:"attenuation"`
		Notes        []string      `json:"notes"`
	}{c.Family, c.Link, c.Subject, c.SE, models, attenuations, append([]string{}, c.Notes...)})
}
