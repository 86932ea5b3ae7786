package infer

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/internal/jsonnum"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/version"
)

// ReportOptions of Report. The zero value, or nil, is the default of every field.
type ReportOptions struct {
	DF    DF
	Level float64 // of the intervals; 0: 0.95
}

// Paragraphs are what a paper says of a fit: how it was obtained and what came
// out. They claim what the verdict allows: of a fit that is not at a maximum
// nothing, of parameters that are not identified no value.
type Paragraphs struct {
	Methods string
	Results string
	Numbers []ReportedNumber // of the text, in its order
}

// ReportedNumber is a number of the text.
type ReportedNumber struct {
	Name    string // "beta Days", "beta Days lower", "sd_Days|Subject upper" ...
	Value   float64
	Printed string
}

// Report writes the paragraphs of a model: the fixed effects with tests, the
// random effects with profile intervals.
//
// Errors: those of Coefficients and Profile.
func Report(m *lmm.Model, opt *ReportOptions) (*Paragraphs, error) {
	var o ReportOptions
	if opt != nil {
		o = *opt
	}
	var err error
	if o.Level, err = levelOrDefault(o.Level); err != nil {
		return nil, err
	}
	p := &Paragraphs{Methods: fittedHow(m)}
	v := m.Verdict()
	if v.Place == certify.NoFiniteMaximum || v.Convergence != certify.Converged {
		p.Results = "No results are reported: " + noResults(m)
		return p, nil
	}
	effects, err := Coefficients(m, &Options{DF: o.DF, Level: o.Level})
	if err != nil {
		return nil, err
	}
	percent := report.Shortest(100*o.Level) + " %"
	if m.Residual() != nil {
		p.Methods += fmt.Sprintf(" Tests and %s intervals of fixed effects use the %s.", percent, how(effects.DF, ""))
		p.Results = strings.Join([]string{place(m), p.fixed(effects, percent), p.structure(m)}, " ")
		return p, nil
	}
	profile, err := Profile(m, &ProfileOptions{Params: varianceNames(m), Level: o.Level})
	if err != nil {
		return nil, err
	}
	why := ""
	if m.Family() != nil {
		why = zTests
	}
	p.Methods += fmt.Sprintf(" Tests and %s intervals of fixed effects use the %s; intervals of standard deviations and correlations are by profile likelihood.",
		percent, how(effects.DF, why))
	p.Results = strings.Join([]string{place(m), p.fixed(effects, percent), p.random(profile, percent)}, " ")
	for _, f := range profile.Findings {
		p.Results += " " + f.Meaning
	}
	return p, nil
}

func noResults(m *lmm.Model) string {
	if s := m.Separation(); s != nil {
		return "the fixed effects separate the responses, and not all estimates are finite. " + s.Sentence()
	}
	if msg := settled(m); msg != "" {
		return "the fit has no maximum to report, " + msg + "."
	}
	return "the fit is a few steps from its maximum; fit again before reporting."
}

// fittedHow is the methods without those of inference.
func fittedHow(m *lmm.Model) string {
	d := m.Frame()
	criterion := "restricted maximum likelihood (REML)"
	if !m.REML() {
		criterion = "maximum likelihood"
	}
	var terms []string
	for t := range d.Terms {
		term := &d.Terms[t]
		terms = append(terms, fmt.Sprintf("%s for the %d levels of %s", effectsOf(term.Names, term.Shape), len(term.Levels), term.Group))
	}
	if r := m.Residual(); r != nil {
		words := "residuals with the structure " + r.Structure
		if r.Subjects < m.NObs() {
			words += fmt.Sprintf(" in %d subjects", r.Subjects)
		}
		terms = append(terms, words)
	}
	kind := "linear mixed model"
	if len(d.Terms) == 0 {
		kind = "linear model"
	}
	if fam := m.Family(); fam != nil {
		kind = fmt.Sprintf("generalised linear mixed model, %s with the %s link,", familyWords(fam.Name()), fam.Link())
		criterion += ", by the " + m.Approximation() + ","
	}
	s := fmt.Sprintf("A %s was fitted to %s (%d rows) by %s with golmm %s; the model was %s, with %s.",
		kind, m.ResponseName(), m.NObs(), criterion, version.Golmm, m.Formula(), strings.Join(terms, " and "))
	if n := m.RowsDropped(); n > 0 {
		s += fmt.Sprintf(" %d of %d rows of the data were left out: a variable of the model was missing there, or the weight 0.", n, n+m.NObs())
	}
	switch {
	case d.Weights == nil:
	case m.Family() == nil:
		s += " Rows have weights: the residual variance is sigma^2 divided by them."
	case m.Family().Name() == "binomial":
		s += " The response is a proportion of the numbers of trials given as weights."
	default:
		s += " Rows have case weights."
	}
	if d.Offset != nil {
		s += " The mean has an offset, a part that is known."
	}
	if len(d.Aliased) > 0 {
		s += " " + list(d.Aliased) + " had no estimate of their own and were left out: their columns are combinations of others."
	}
	return s
}

// familyWords names a distribution.
func familyWords(name string) string {
	switch name {
	case "poisson":
		return "Poisson"
	case "negbinomial":
		return "negative binomial (NB2)"
	}
	return name
}

// effectsOf describes the coefficients of a term.
func effectsOf(names []string, shape formula.Shape) string {
	var slopes []string
	intercept := false
	for _, n := range names {
		if n == "(Intercept)" {
			intercept = true
		} else {
			slopes = append(slopes, n)
		}
	}
	var parts []string
	if intercept {
		parts = append(parts, "random intercepts")
	}
	if len(slopes) > 0 {
		parts = append(parts, "random coefficients of "+list(slopes))
	}
	s := strings.Join(parts, " and ")
	switch {
	case len(names) < 2:
		return s
	case shape == formula.CompSymm:
		return s + ", with equal variances and equal correlations,"
	case shape == formula.Independent || shape == formula.Diag:
		return s + ", independent,"
	case shape == formula.ReducedRank:
		return s + ", of reduced rank,"
	}
	return s + ", correlated,"
}

// place is the verdict in a sentence.
func place(m *lmm.Model) string {
	v := m.Verdict()
	switch v.Place {
	case certify.Boundary:
		return "The fit converged on the boundary: a variance is estimated as 0, or a covariance matrix has less than full rank, which is a valid estimate."
	case certify.NotIdentifiable:
		return "The fit converged, but the data cannot tell these parameters apart, which are not reported: " + strings.Join(v.NotIdentifiable, ", ") + "."
	}
	return "The fit converged to a maximum inside of the parameter space."
}

// fixed reports the fixed effects.
func (p *Paragraphs) fixed(e *Estimates, percent string) string {
	ses := make([]float64, len(e.Rows))
	for i, r := range e.Rows {
		ses[i] = r.SE
	}
	digits := report.ColumnDigits(ses)
	var parts []string
	for i, r := range e.Rows {
		if math.IsNaN(r.Value) || math.IsNaN(r.SE) {
			parts = append(parts, fmt.Sprintf("%s has no estimate (%s)", r.Name, r.Reason))
			continue
		}
		show := func(what string, x float64) string { return p.number("beta "+r.Name+what, x, digits[i].Format(x)) }
		s := fmt.Sprintf("%s %s (%s interval %s to %s", r.Name, show("", r.Value), percent, show(" lower", r.Lower), show(" upper", r.Upper))
		test := "t"
		if e.DF == Normal {
			test = "z"
		}
		s += ", " + test
		if !math.IsNaN(r.DF) && !math.IsInf(r.DF, 0) {
			s += "(" + p.number("df "+r.Name, r.DF, report.DF(r.DF)) + ")"
		}
		s += " = " + p.number(test+" "+r.Name, r.T, report.TValue(r.T))
		pv := p.number("p "+r.Name, r.P, report.PValue(r.P))
		if !strings.HasPrefix(pv, "<") {
			pv = "= " + pv
		}
		parts = append(parts, s+", p "+pv+")")
	}
	if len(parts) == 0 {
		return "There are no fixed effects."
	}
	return "Fixed effects: " + strings.Join(parts, "; ") + "."
}

// structure tells the parameters of the residuals.
func (p *Paragraphs) structure(m *lmm.Model) string {
	r := m.Residual()
	if r.Reason != "" {
		return fmt.Sprintf("The parameters of the residuals, %s, are not reported: %s.", r.Structure, r.Reason)
	}
	var parts []string
	for _, e := range r.Params {
		parts = append(parts, e.Name+" "+plain(e.Value))
	}
	s := fmt.Sprintf("The residual standard deviation was %s", plain(m.Sigma()))
	if r.Varies {
		s += " at the reference"
	}
	for _, c := range m.VarCorr() {
		for i, name := range c.Names {
			parts = append(parts, fmt.Sprintf("sd of %s between levels of %s %s", name, c.Group, plain(c.SD[i])))
		}
	}
	if len(parts) > 0 {
		s += "; " + strings.Join(parts, ", ")
	}
	return s + "."
}

// random reports the random effects and the residual.
func (p *Paragraphs) random(r *ProfileResult, percent string) string {
	var parts []string
	for _, c := range r.Curves {
		name := c.label()
		if c.Group != "" {
			name += " between levels of " + c.Group
		}
		switch {
		case c.Kind == ResidualSD:
			name = "residual standard deviation"
		case c.Kind == ShapeParameter && math.IsInf(c.Estimate, 1):
			parts = append(parts, name+" of the distribution without bound: the variance is the mean")
			continue
		case c.Kind == ShapeParameter:
			name += " of the distribution"
		}
		if math.IsNaN(c.Estimate) {
			parts = append(parts, name+" is not reported ("+c.Reason+")")
			continue
		}
		digits := report.DigitsFor((c.Upper.Value - c.Lower.Value) / 4)
		show := func(what string, x float64) string {
			printed := digits.Format(x)
			if c.Kind == Correlation {
				printed = report.Correlation(x)
			}
			return p.number(c.Name+what, x, printed)
		}
		s := name + " " + show("", c.Estimate)
		switch {
		case math.IsNaN(c.Lower.Value) && math.IsNaN(c.Upper.Value):
			s += " (no interval: " + c.Lower.Reason + ")"
		case math.IsNaN(c.Upper.Value):
			s += fmt.Sprintf(" (%s interval from %s, without an upper end that could be found)", percent, show(" lower", c.Lower.Value))
		case math.IsNaN(c.Lower.Value):
			s += fmt.Sprintf(" (%s interval up to %s, without a lower end that could be found)", percent, show(" upper", c.Upper.Value))
		case c.Lower.Boundary && c.Upper.Boundary:
			s += fmt.Sprintf(" (%s interval: all of its range, %s to %s)", percent, show(" lower", c.Lower.Value), show(" upper", c.Upper.Value))
		default:
			s += fmt.Sprintf(" (%s interval %s to %s)", percent, show(" lower", c.Lower.Value), show(" upper", c.Upper.Value))
		}
		parts = append(parts, s)
	}
	return "Random effects: " + strings.Join(parts, "; ") + "."
}

// number records a number of the text and returns how it is printed.
func (p *Paragraphs) number(name string, x float64, printed string) string {
	p.Numbers = append(p.Numbers, ReportedNumber{name, x, printed})
	return printed
}

// Document returns the paragraphs.
func (p *Paragraphs) Document() *report.Doc {
	return (&report.Doc{Label: "Methods and results"}).Add(
		report.Sentence{Text: report.Inline{}.Bold("Methods. ").Words(p.Methods)},
		report.Sentence{Text: report.Inline{}.Bold("Results. ").Words(p.Results)})
}

// MarshalJSON writes the keys methods, results and numbers.
func (p *Paragraphs) MarshalJSON() ([]byte, error) {
	type row struct {
		Name    string         `json:"name"`
		Value   jsonnum.Number `json:"value"`
		Printed string         `json:"printed"`
	}
	out := struct {
		Methods string `json:"methods"`
		Results string `json:"results"`
		Numbers []row  `json:"numbers"`
	}{Methods: p.Methods, Results: p.Results, Numbers: []row{}}
	for _, n := range p.Numbers {
		out.Numbers = append(out.Numbers, row{n.Name, jsonnum.Number(n.Value), n.Printed})
	}
	return json.Marshal(out)
}
