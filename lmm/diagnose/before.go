package diagnose

import (
	"errors"
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

// Before says what a formula and its data show before any fit: the findings on
// the data (D) and on what they can tell apart (I), for which the values of the
// response are not used. Report.Unfitted is set. Of the options ML, Weights,
// Offset, Contrasts, Family and Link are read; fit may be nil. Data that no model can be fitted
// to are findings of the report.
//
// Errors: a nil table, *formula.SyntaxError, those of package design that no code
// stands for.
func Before(src string, tab *table.Table, fit *lmm.Options) (*Report, error) {
	if fit == nil {
		fit = &lmm.Options{}
	}
	if tab == nil {
		return nil, fmt.Errorf("there is no table to read %q with: read one with table.ReadCSVFile or datasets.Load", src)
	}
	f, err := formula.Parse(src)
	if err != nil {
		return nil, err
	}
	fam, err := familyOf(fit)
	if err != nil {
		return nil, err
	}
	r := &Report{Formula: src, REML: !fit.ML && fam == nil, Unfitted: true, Verdict: certify.Verdict{NotIdentifiable: []string{}}}
	d, err := design.Build(f, tab, &design.Options{Weights: fit.Weights, Offset: fit.Offset, Contrasts: fit.Contrasts,
		BinaryResponse: fam != nil && fam.Name() == "binomial"})
	var m *lmm.Model
	if err == nil {
		m, err = lmm.Outline(d, fit)
	}
	if err != nil {
		refused, ok := refusal(err)
		if !ok {
			return nil, err
		}
		r.Findings = []finding.Finding{refused}
		r.Advice = Advice{Text: "There is nothing to fit.", Reason: refused.Meaning, Remedy: -1}
		return r, nil
	}
	s := survey(m)
	r.Params, r.Verdict.NotIdentifiable = m.NPar(), s.verdict.NotIdentifiable
	r.Findings = s.structure()
	r.Checks = s.designChecks()
	if fam != nil {
		responses := newResponses(d, fam)
		r.Findings = append(r.Findings, responses.findings()...)
		r.Checks = append(r.Checks, responses.checks()...)
	}
	r.Findings = append(r.Findings, s.identification()...)
	r.Advice = Advice{Text: "Fit the model.", Reason: "The data can tell all of its parameters apart.", Remedy: -1}
	switch {
	case r.infinite():
		r.Advice = Advice{Text: "Fit it, and do not read the estimates that run to infinity.", Reason: "The fixed effects separate the responses. A diagnosis after the fit tries the ways out.", Remedy: -1}
	case r.Worst() == finding.Serious:
		r.Advice = Advice{Text: "Change the model before fitting it.", Reason: "The data cannot tell all of its parameters apart, whatever the response.", Remedy: -1}
	case r.Worst() == finding.Caution:
		r.Advice.Reason += " See what is said above first."
	}
	return r, nil
}

// familyOf is the family of the options, nil for the linear model.
func familyOf(fit *lmm.Options) (*family.Family, error) {
	if fit.Family == "" || fit.Family == "gaussian" {
		return nil, nil
	}
	return family.New(fit.Family, fit.Link)
}

// refusal turns an error that a code stands for into a finding.
func refusal(err error) (finding.Finding, bool) {
	f := finding.Finding{Severity: finding.Serious, Evidence: []finding.Evidence{}}
	var d *design.Error
	var s *suffstat.SaturatedError
	var y *lmm.ResponseError
	switch {
	case errors.As(err, &s):
		f.Code, f.Name, f.Meaning = "D8", "SATURATED", upperFirst(s.Error())+"."
		f.Params = []string{"residual variance"}
		f.Evidence = []finding.Evidence{{Check: "rows", Found: float64(s.Rows)}, {Check: "fixed effects", Found: float64(s.Rank)}}
		f.Remedies = []string{"Use fewer fixed effects or more rows."}
		return f, true
	case errors.As(err, &d):
		f.Code, f.Meaning = d.Code, upperFirst(d.Msg)+"."
	case errors.As(err, &y):
		f.Code, f.Meaning = y.Code, upperFirst(y.Msg)+"."
	}
	remedies := map[string]string{"D3": "Drop the term, or use the factor that was meant.", "D4": "Drop the term, or group by a factor whose levels have several rows.",
		"D8": "Use fewer fixed effects or more rows.", "D9": "See whether this is the column that was meant."}
	if remedies[f.Code] == "" {
		return f, false
	}
	f.Name, f.Remedies = codeName(f.Code), []string{remedies[f.Code]}
	return f, true
}

// designChecks is the evidence that needs no fit.
func (s *subject) designChecks() []Check {
	columns := float64(len(s.d.FullNames))
	out := []Check{
		{"rank of X, of its columns", float64(len(s.d.XNames)), columns, len(s.d.XNames) == len(s.d.FullNames)},
		{"least eigenvalue of the scaled Gram matrix of the variances", s.least, certify.IdentifiedAbove, s.least >= certify.IdentifiedAbove},
	}
	for t := range s.d.Terms {
		term := &s.d.Terms[t]
		out = append(out,
			Check{"levels of " + term.Group, float64(len(term.Levels)), fewLevels, len(term.Levels) >= fewLevels},
			Check{"random effects of " + term.Src + ", fewer than rows", float64(len(term.Levels) * term.Z.Cols), float64(len(s.d.Y)), len(term.Levels)*term.Z.Cols < len(s.d.Y)})
	}
	return out
}
