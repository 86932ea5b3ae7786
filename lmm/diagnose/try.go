package diagnose

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/infer"
)

// otherEffects says why there is no test.
const otherEffects = "its fixed effects are others, and criteria cannot be compared"

// try fits the models of the remedies, in parallel; the results stand in the
// order of the candidates.
func (s *subject) try(opt *Options) []Remedy {
	s.effects = tested(s.m)
	if found := s.searches(); len(found) > 0 {
		return found
	}
	list := s.candidates()
	limit := opt.MaxFits
	if limit <= 0 {
		limit = maxFits
	}
	list = list[:min(limit, len(list))]
	out := make([]Remedy, len(list))
	began := time.Now()
	var lock sync.Mutex
	done := 0
	spread(opt.Workers, len(list), func(i int) {
		if opt.Budget > 0 && time.Since(began) > opt.Budget {
			c := list[i]
			out[i] = Remedy{What: c.what, Formula: c.formula.Expanded(), Residual: c.residual, Estimand: c.estimand, Criterion: math.NaN(),
				Failed: fmt.Sprintf("it was not tried: the time of %v was spent", opt.Budget)}
			return
		}
		out[i] = s.attempt(list[i], opt)
		if opt.Progress != nil {
			lock.Lock()
			defer lock.Unlock()
			done++
			opt.Progress(done, len(list))
		}
	})
	if s.m.Residual() != nil {
		return out
	}
	if r, ok := s.prior(); ok {
		out = append(out, r)
	}
	if r, ok := s.marginal(); ok {
		out = append(out, r)
	}
	return out
}

// attempt fits one candidate and compares it with the fit.
func (s *subject) attempt(c candidate, opt *Options) Remedy {
	r := Remedy{What: c.what, Formula: c.formula.Expanded(), Residual: c.residual, Estimand: c.estimand, Criterion: math.NaN()}
	if c.residual != "" {
		s.attemptStructured(&r, c, opt)
		return r
	}
	d, err := s.redesign(c, opt.Contrasts)
	if err != nil {
		r.Failed = err.Error()
		return r
	}
	if len(c.formula.Random) == 0 && s.m.Family() != nil {
		s.attemptGeneral(&r, c, d, opt)
		return r
	}
	if len(c.formula.Random) == 0 {
		s.attemptLinear(&r, c, d, opt)
		return r
	}
	m, err := lmm.FitDesign(d, s.like())
	if err != nil {
		r.Failed = err.Error()
		return r
	}
	verdict := m.Verdict()
	criterion, effects := c.back(m, d)
	r.Verdict, r.Criterion, r.Params = &verdict, criterion, m.NPar()
	r.Fixed = shifts(s.effects, effects)
	if len(c.units) > 0 {
		r.NoTest = sameModel
		return r
	}
	r.Smaller = c.same && r.Params < s.m.NPar()
	if !c.same {
		r.NoTest = otherEffects
		return r
	}
	r.Test, err = infer.LRT(m, s.m, &infer.LRTOptions{Seed: opt.Seed, Workers: 1})
	if r.NoTest = reason(err); s.m.Residual() != nil {
		r.NoTest = otherStructure(err)
	}
	return r
}

// attemptLinear is attempt for a model without random effects.
func (s *subject) attemptLinear(r *Remedy, c candidate, d *design.Design, opt *Options) {
	ls := leastSquares(d, s.m.REML())
	if ls == nil {
		r.Failed = "nothing is left to estimate an error from, or there are no fixed effects"
		return
	}
	r.Criterion, r.Params, r.Method = ls.criterion, d.X.Cols+1, "least squares"
	r.Fixed = shifts(s.effects, plain(d.XNames, ls.beta, ls.se, float64(len(d.Y)-d.X.Cols)))
	s.testDropped(r, c, opt)
}

// testDropped tests the fit against the model without random effects that a
// remedy is.
func (s *subject) testDropped(r *Remedy, c candidate, opt *Options) {
	r.Smaller = c.same
	if !c.same {
		r.NoTest = otherEffects
		return
	}
	tests, err := infer.DropRandom(s.m, &infer.LRTOptions{Seed: opt.Seed, Workers: 1})
	if r.NoTest = reason(err); err != nil {
		return
	}
	if len(tests) != 1 {
		r.NoTest = "several variances of independent columns are tested one at a time"
		return
	}
	r.Test = tests[0]
}

// reason is the message of an error without the formulas that it compares.
func reason(err error) string {
	var c *infer.ComparisonError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &c):
		return c.Msg
	}
	return err.Error()
}

// redesign builds the design of a candidate for the rows, weights and offset of
// the fit; its fixed effects too, if they stay.
func (s *subject) redesign(c candidate, contrasts map[string]string) (*design.Design, error) {
	if c.same && len(c.formula.Random) == 0 {
		return s.d, nil
	}
	whole := *c.formula
	if len(whole.Random) == 0 {
		// A design has random terms; here its fixed effects alone are read.
		whole.Random = s.d.Formula.Random
	}
	f, err := formula.Parse(whole.Expanded())
	if err != nil {
		return nil, err
	}
	d, err := design.Build(f, s.d.Table().Take(s.d.Rows), &design.Options{Contrasts: contrasts})
	if err != nil {
		return nil, err
	}
	if len(d.Rows) != len(s.d.Rows) {
		return nil, fmt.Errorf("it would use %d of the %d rows of the fit", len(d.Rows), len(s.d.Rows))
	}
	d.Y, d.Weights, d.Offset = s.d.Y, s.d.Weights, s.d.Offset
	if c.same {
		d.X, d.XNames, d.Aliased, d.FullNames = s.d.X, s.d.XNames, s.d.Aliased, s.d.FullNames
	}
	return d, nil
}

// marginal is the model with the covariance matrix of a term without bounds, the
// one that gains most.
func (s *subject) marginal() (Remedy, bool) {
	u := s.farthest()
	if u == nil {
		return Remedy{}, false
	}
	term := &s.d.Terms[u.term]
	r := Remedy{What: "marginal model, " + term.Src + " without bounds",
		Formula:   term.Src + ", no bounds",
		Criterion: u.criterion, Params: s.m.NPar(), Fixed: shifts(s.effects, plain(s.d.XNames, u.beta, u.se, math.Inf(1))),
		NoTest: "it has the parameters of the fit, with a wider range", Method: "Fisher scoring", Unbounded: true,
	}
	if u.held {
		r.NoTest += "; the other variances stay at their estimates"
	}
	if term.Z.Cols > 1 {
		return r, true
	}
	r.Method = "golden section"
	r.Formula = fmt.Sprintf("%s, its variance %.4g", term.Src, u.sigma[0])
	r.What = "marginal model, the variance of " + term.Src + " free to be negative"
	if len(s.d.Terms) == 1 {
		r.What = "marginal model, rows of one " + term.Group + " exchangeable"
		if term.Names[0] == intercept && s.d.Weights == nil {
			r.Formula = fmt.Sprintf("correlation %.4g within a level of %s", u.psi[0]/(1+u.psi[0]), term.Group)
		}
	}
	if u.drop > u.limit {
		s.certifiedFree(&r)
	}
	return r, true
}

// certifiedFree makes the marginal model a fit of package lmm, with a verdict and
// degrees of freedom, where all terms are random intercepts.
func (s *subject) certifiedFree(r *Remedy) {
	m, err := lmm.FitDesign(s.d, &lmm.Options{ML: !s.m.REML(), Unbounded: true})
	if err != nil || m.Verdict().Convergence != certify.Converged || m.Criterion() > r.Criterion+betterBy {
		return
	}
	v := m.Verdict()
	r.Verdict, r.Method, r.Criterion = &v, "", m.Criterion()
	r.Fixed = shifts(s.effects, tested(m))
}
