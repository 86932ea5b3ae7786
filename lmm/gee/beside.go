package gee

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
)

// Estimand is what a coefficient compares.
type Estimand string

// The estimands. With the identity link they are one and the same number.
const (
	PopulationAveraged Estimand = "population-averaged" // averages over the population
	GivenSubject       Estimand = "given the subject"   // two values in one subject
)

// Compared is a model beside others.
type Compared struct {
	Name     string // "GEE, exchangeable", "mixed, (1 | g)"
	Formula  string // with the structure of the residuals, if any
	Estimand Estimand
	// Approximate says that the coefficients are those of the mixed model before
	// it, taken to the population; SEs as if its variances were known.
	Approximate  bool
	Coefficients []Coefficient // NaN: not estimated
}

// Attenuation is how a mixed model with random intercepts and its averages over
// the population are related, x'beta_marginal = x'beta Factor + Shift with
//
//	logit   Factor = 1 / root(1 + c^2 v), c = 16 root(3) / (15 pi)   (approximately)
//	probit  Factor = 1 / root(1 + v)
//	log     Shift = v / 2 in the intercept
//
// v the variance of the random intercepts together.
//
// Source: Zeger, Liang and Albert (1988), Models for longitudinal data: a
// generalized estimating equation approach, Biometrics 44, 1049-1060.
type Attenuation struct {
	Model    string // its formula
	Variance float64
	Factor   float64
	Shift    float64
}

// Comparison holds estimating equations beside models of the same responses.
type Comparison struct {
	Family, Link, Subject, SE string
	Models                    []Compared // the estimating equations first
	Attenuations              []Attenuation
	Notes                     []string
}

// RowsError says that results are of other responses than those they should be
// compared with.
type RowsError struct{ Formula, Reason string }

func (e *RowsError) Error() string {
	return fmt.Sprintf("%q cannot stand beside the estimating equations: %s", e.Formula, e.Reason)
}

// Beside holds the result beside models of the same responses: by least squares,
// with a structure of the residuals, or with random effects. Coefficients with
// one estimand can be compared; those given the subject have another meaning
// unless the link is the identity, and stand apart.
//
// Errors: a *RowsError for a model of other rows, another response or another link.
func (r *Result) Beside(models ...*lmm.Model) (*Comparison, error) {
	if len(models) == 0 {
		return nil, fmt.Errorf("there is no model to put beside the estimating equations")
	}
	var list []besideModel
	for _, m := range models {
		b, err := newBeside(m)
		if err != nil {
			return nil, err
		}
		list = append(list, b)
	}
	return r.beside(list)
}

// besideModel is what a comparison reads of a model.
type besideModel struct {
	name, formula, family, link string
	y                           []float64
	random                      bool
	intercepts                  float64 // their variance; NaN where there are slopes too
	coefficients                []Coefficient
}

func newBeside(m *lmm.Model) (besideModel, error) {
	if m == nil {
		return besideModel{}, fmt.Errorf("a model to put beside the estimating equations is nil; was the error of lmm.Fit looked at?")
	}
	b := besideModel{name: "least squares", formula: m.Formula(), y: m.Frame().Y, family: "gaussian", link: "identity"}
	if f := m.Family(); f != nil {
		b.name, b.family, b.link = "regression", f.Name(), f.Link()
	}
	parts := m.VarCorr()
	b.random = len(parts) > 0
	for _, c := range parts {
		if len(c.Names) != 1 || c.Names[0] != "(Intercept)" {
			b.intercepts = math.NaN()
			break
		}
		b.intercepts += c.Cov[0][0]
	}
	res := m.Residual()
	switch {
	case b.random:
		var terms []string
		for _, t := range m.Frame().Terms {
			terms = append(terms, t.Src)
		}
		b.name = "mixed, " + strings.Join(terms, " + ")
	case res != nil:
		b.name = "GLS"
	}
	if res != nil {
		b.name += ", " + res.Structure
		b.formula += ", residuals " + res.Structure
	}
	for _, e := range m.FixedEffects() {
		b.coefficients = append(b.coefficients, wald(e.Name, e.Estimate, e.SE))
	}
	return b, nil
}

// wald is an estimate with normal quantiles.
func wald(name string, estimate, se float64) Coefficient {
	const z = 1.959963984540054
	c := Coefficient{Name: name, Estimate: estimate, SE: se, Statistic: estimate / se, Lower: estimate - z*se, Upper: estimate + z*se}
	c.P = math.Erfc(math.Abs(c.Statistic) / math.Sqrt2)
	return c
}

// beside compares.
func (r *Result) beside(models []besideModel) (*Comparison, error) {
	out := &Comparison{Family: r.Family, Link: r.Link, Subject: r.Subject, SE: r.SE.words()}
	own := Compared{Name: "GEE, " + r.Correlation, Formula: r.Formula, Estimand: PopulationAveraged, Coefficients: slices.Clone(r.Coefficients)}
	out.Models = append(out.Models, own)
	for _, m := range models {
		switch {
		case len(m.y) != r.Rows:
			return nil, &RowsError{m.formula, fmt.Sprintf("it has %d rows, they have %d; fit both to the rows that are complete in all columns", len(m.y), r.Rows)}
		case !slices.Equal(m.y, r.y):
			return nil, &RowsError{m.formula, "it has another response, or its rows in another order"}
		case m.link != r.Link || m.family != r.Family:
			return nil, &RowsError{m.formula, fmt.Sprintf("its family and link are %s and %s, theirs %s and %s; coefficients on two scales have nothing in common", m.family, m.link, r.Family, r.Link)}
		}
		c := Compared{Name: m.name, Formula: m.formula, Estimand: PopulationAveraged, Coefficients: m.coefficients}
		if m.random && r.Link != "identity" {
			c.Estimand = GivenSubject
		}
		out.Models = append(out.Models, c)
		if c.Estimand == GivenSubject {
			out.average(m)
		}
	}
	if !r.Converged {
		out.Notes = append(out.Notes, "The estimating equations are not solved: they have no estimates.")
	}
	return out, nil
}

// average takes a model with random intercepts to the population, where that has
// a formula.
func (c *Comparison) average(m besideModel) {
	v := m.intercepts
	a := Attenuation{Model: m.formula, Variance: v, Factor: 1}
	switch c.Link {
	case "logit":
		k := 16 * math.Sqrt(3) / (15 * math.Pi)
		a.Factor = 1 / math.Sqrt(1+k*k*v)
	case "probit":
		a.Factor = 1 / math.Sqrt(1+v)
	case "log":
		a.Shift = v / 2
	default:
		return
	}
	if math.IsNaN(v) {
		c.Notes = append(c.Notes, fmt.Sprintf("%s has more than random intercepts: how far its coefficients are from averages differs from row to row.", m.formula))
		return
	}
	c.Attenuations = append(c.Attenuations, a)
	row := Compared{Name: m.name + ", averaged", Formula: m.formula, Estimand: PopulationAveraged, Approximate: true}
	for _, e := range m.coefficients {
		est := e.Estimate * a.Factor
		if strings.Trim(e.Name, "()") == "Intercept" {
			est += a.Shift
		}
		row.Coefficients = append(row.Coefficients, wald(e.Name, est, e.SE*a.Factor))
	}
	c.Models = append(c.Models, row)
}

// coefficient is that of a model with a name; nil where it has none.
func (m *Compared) coefficient(name string) *Coefficient {
	if i := slices.IndexFunc(m.Coefficients, func(c Coefficient) bool { return c.Name == name }); i >= 0 {
		return &m.Coefficients[i]
	}
	return nil
}

// names lists the coefficients of all models, those of the first first.
func (c *Comparison) names() []string {
	var out []string
	for _, m := range c.Models {
		for _, e := range m.Coefficients {
			if !slices.Contains(out, e.Name) {
				out = append(out, e.Name)
			}
		}
	}
	return out
}
