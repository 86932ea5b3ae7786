package diagnose

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// Options of Run. The zero value, or nil, is the default of every field.
type Options struct {
	// Try fits the models of the remedies.
	Try bool
	// Starts is the number of starts from which other maxima are sought; 0 is 20 for
	// a linear model and, with Try, 6 for a generalised one, as long as that takes
	// seconds; below 0 is none. Residuals with a structure have none.
	Starts int
	// MaxFits is the largest number of models that Try fits; 0 is 12.
	MaxFits int
	// Workers is the number of goroutines of Try; 0 is one for each processor.
	// The result does not depend on it.
	Workers int
	// Budget is the time after which no further model is fitted; 0 is no limit.
	// What it leaves out depends on the machine.
	Budget time.Duration
	// Progress, if set, is called when a model of a remedy is done, with how many
	// are, never by two goroutines at once.
	Progress func(done, total int)
	// Seed of the draws in the tests that compare a remedy with the fit.
	Seed uint64
	// Contrasts are those that the model was fitted with. A remedy that changes
	// the fixed effects uses them.
	Contrasts map[string]string
}

// Report is the diagnosis of a fit.
type Report struct {
	Formula string
	// Family and Link are those of a generalised model, "" for a linear one.
	Family, Link string
	Residual     string // structure of the residuals, "" for none
	REML         bool
	Criterion    float64
	AIC          float64
	Params       int // as in lmm.Model.NPar
	Verdict      certify.Verdict
	// Unfitted says that nothing was fitted: Before. Criterion is then 0 and the
	// verdict empty, but for what cannot be identified.
	Unfitted bool
	// Findings in the order D, I, C, B, H, N.
	Findings []finding.Finding
	// Checks is what was held against a limit, passed or not: the evidence of
	// a clean bill.
	Checks []Check
	// Unsought says why no other maxima were sought, "" where they were or nothing
	// is to be said.
	Unsought string
	// Tried says that remedies were asked for.
	Tried    bool
	Remedies []Remedy
	// Advice is what to do with its reason.
	Advice Advice
}

// insert puts findings on convergence where they belong.
func (r *Report) insert(found []finding.Finding) {
	at := slices.IndexFunc(r.Findings, func(f finding.Finding) bool {
		return f.Code > "B" && f.Code < "C" || f.Code > "H" && f.Code < "I" || f.Code > "N"
	})
	if at < 0 {
		at = len(r.Findings)
	}
	r.Findings = slices.Insert(r.Findings, at, found...)
}

// Check is one number that was held against a limit.
type Check struct {
	Name   string
	Found  float64
	Limit  float64
	Passed bool
}

// Healthy says that there is nothing of caution or above.
func (r *Report) Healthy() bool { return r.Worst() == finding.Note }

// Worst is the largest severity among the findings, Note if there are none.
func (r *Report) Worst() finding.Severity {
	worst := finding.Note
	for _, f := range r.Findings {
		worst = max(worst, f.Severity)
	}
	return worst
}

var errNoModel = errors.New("there is no model to diagnose: fit one with lmm.Fit")

// Run diagnoses a fit. opt may be nil. Where the residuals have a structure, other
// structures are tried in any case, and no estimates beyond the boundary sought.
//
// Errors: a nil model. What a check cannot compute is left out of the findings
// and is no error; a remedy that cannot be fitted says why.
func Run(m *lmm.Model, opt *Options) (*Report, error) {
	if m == nil {
		return nil, errNoModel
	}
	if opt == nil {
		opt = &Options{}
	}
	s := study(m, opt)
	r := &Report{Formula: m.Formula(), REML: m.REML(), Criterion: m.Criterion(), AIC: m.AIC(), Params: m.NPar(), Verdict: s.verdict}
	if x := m.Residual(); x != nil {
		r.Residual = x.Structure
	}
	if fam := m.Family(); fam != nil {
		r.Family, r.Link = fam.Name(), fam.Link()
	}
	g := s.generalised()
	if g != nil && g.responses.anyPure() != "" {
		// What was found is a maximum of the approximation alone.
		s.verdict.Place, r.Verdict.Place = certify.NoFiniteMaximum, certify.NoFiniteMaximum
	}
	r.Findings = append(r.Findings, s.structure()...)
	if g != nil {
		r.Findings = append(r.Findings, g.data()...)
	}
	r.Findings = append(r.Findings, s.identification()...)
	r.Findings = append(r.Findings, s.fewSubjects()...)
	if g == nil || g.responses.anyPure() == "" {
		r.Findings = append(r.Findings, s.convergence()...)
	}
	r.Findings = append(r.Findings, s.rivals()...)
	r.Findings = append(r.Findings, s.boundary()...)
	r.Findings = append(r.Findings, s.residuals()...)
	r.Findings = append(r.Findings, s.hessian()...)
	r.Findings = append(r.Findings, s.negativeCovariances()...)
	for _, f := range m.Findings() {
		// A4 is found here, more closely.
		if f.Code == "N3" || strings.HasPrefix(f.Code, "A") && f.Code != "A4" {
			r.Findings = append(r.Findings, f)
		}
	}
	r.Checks = append(s.checks(), s.searched()...)
	r.Unsought = s.unsought
	if g != nil {
		r.Findings = append(r.Findings, g.fit()...)
		r.Checks = append(r.Checks, g.checks()...)
	}
	s.codes = map[string]bool{}
	for _, f := range r.Findings {
		s.codes[f.Code] = true
	}
	if opt.Try {
		began := time.Now()
		r.Tried = true
		if g == nil || !g.separated() && g.responses.anyPure() == "" {
			r.Remedies = s.try(opt)
		}
		if g != nil {
			s.effects = tested(m)
			r.Remedies = append(r.Remedies, g.remedies(r.Findings, opt)...)
		}
		if len(r.Remedies) > 0 || len(s.rivals()) > 0 {
			r.Remedies = append(r.Remedies, s.multistart()...)
		}
		if g == nil && len(r.Remedies) > 0 && m.Residual() == nil && !s.given() && (opt.Budget == 0 || time.Since(began) < opt.Budget) {
			if x, found, ok := s.optimisers(opt); ok {
				r.Remedies = append(r.Remedies, x)
				r.insert(found)
			}
		}
	}
	for i := range r.Remedies {
		x := &r.Remedies[i]
		x.AIC = x.Criterion + 2*float64(x.Params)
		if x.Failed != "" {
			x.AIC = math.NaN()
		}
	}
	r.Advice = s.advise(r)
	if g != nil {
		r.Advice = g.advise(r)
	}
	return r, nil
}
