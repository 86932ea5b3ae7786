package diagnose

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/gee"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/separation"
	"github.com/golmm/golmm/lmm/table"
)

const (
	withPriorCriterion = "its criterion includes the prior"
	otherScale         = "they average over the levels of %s: smaller than those within a level where levels differ"
	otherFamily        = "another distribution is not a special case"
)

// remedies are the ways out of what the findings say, each tried.
func (g *general) remedies(found []finding.Finding, opt *Options) []Remedy {
	has := map[string]bool{}
	for _, f := range found {
		has[f.Code] = has[f.Code] || f.Severity > finding.Note || f.Code == "D14"
	}
	var out []Remedy
	add := func(r Remedy, ok bool) {
		if ok {
			out = append(out, r)
		}
	}
	if has["D7"] || has["D14"] || has["H5"] {
		add(g.weakPrior())
	}
	if g.separated() {
		out = append(out, g.merges()...)
		add(g.jeffreysAlone())
	}
	if has["V1"] && g.ratio > 1 && (g.fam.Name() == "poisson" || g.fam.Name() == "binomial") {
		add(g.eachRow(opt))
	}
	if (has["V1"] && g.ratio > 1 || has["V2"]) && g.fam.Name() == "poisson" {
		add(g.negativeBinomial(opt))
	}
	if slices.ContainsFunc(found, func(f finding.Finding) bool { return f.Severity > finding.Note || f.Code == "D13" }) && !g.separated() && g.responses.anyPure() == "" {
		g.finer = nil
		g.refine(lmm.AutoQuadrature, dearTried)
		add(g.moreNodes())
	}
	if has["V1"] || has["A4"] || has["D13"] || has["V2"] {
		add(g.marginalMeans())
	}
	return out
}

// weakPrior is the fit with a weakly informative prior on the fixed effects.
func (g *general) weakPrior() (Remedy, bool) {
	d := withPrior(g.d, g.fam)
	if d == nil {
		return Remedy{}, false
	}
	r := Remedy{What: "weak prior on the fixed effects", Formula: g.m.Formula(), Params: g.m.NPar(), Criterion: math.NaN(),
		Method: "penalised likelihood", NoTest: withPriorCriterion}
	m, err := lmm.FitDesign(d, g.like())
	if err != nil {
		r.Failed = err.Error()
		return r, true
	}
	v := m.Verdict()
	r.Verdict, r.Fixed = &v, shifts(g.effects, tested(m))
	return r, true
}

// jeffreysAlone is the model without random effects under Jeffreys' prior.
func (g *general) jeffreysAlone() (Remedy, bool) {
	if g.fam.HasShape() {
		return Remedy{}, false
	}
	j := jeffreys{x: &g.d.X, y: g.d.Y, off: g.d.Offset, fam: g.fam, shape: 1, w: make([]float64, len(g.d.Y))}
	for i := range j.w {
		j.w[i] = g.m.RowWeight(i)
	}
	r := Remedy{What: "Firth's penalty, without random effects", Formula: withoutRandom(g.d.Formula), Criterion: math.NaN(), Params: g.d.X.Cols,
		Method: "penalised likelihood", NoTest: withPriorCriterion,
		Estimand: fmt.Sprintf(otherScale, list(groups(g.d))) + ", and rows count as independent"}
	fit, err := j.fit()
	if err != nil {
		r.Failed = err.Error()
		return r, true
	}
	r.Fixed = shifts(g.effects, plain(g.d.XNames, fit.beta, fit.se, math.Inf(1)))
	return r, true
}

// attemptGeneral is attempt for a generalised model without random effects.
func (s *subject) attemptGeneral(r *Remedy, c candidate, d *design.Design, opt *Options) {
	fam := s.m.Family()
	if fam.HasShape() {
		r.Failed = "without random effects the " + fam.Name() + " family is not fitted here"
		return
	}
	if found, err := separation.Find(d, fam.Name(), fam.Link()); err != nil || found.Separated() {
		r.Failed = "its fixed effects separate the responses: there are no finite estimates"
		return
	}
	j := jeffreys{x: &d.X, y: d.Y, off: d.Offset, fam: fam, shape: 1, w: make([]float64, len(d.Y)), plain: true}
	for i := range j.w {
		j.w[i] = s.m.RowWeight(i)
	}
	fit, err := j.fit()
	if err != nil {
		r.Failed = "the search for a maximum of its likelihood did not end at one"
		return
	}
	r.Criterion, r.Params, r.Method = -2*fit.penalised, d.X.Cols, "maximum likelihood"
	r.Fixed = shifts(s.effects, plain(d.XNames, fit.beta, fit.se, math.Inf(1)))
	s.testDropped(r, c, opt)
}

func groups(d *design.Design) []string {
	var out []string
	for t := range d.Terms {
		if !slices.Contains(out, d.Terms[t].Group) {
			out = append(out, d.Terms[t].Group)
		}
	}
	return out
}

// withoutRandom is a formula without its random terms.
func withoutRandom(f *formula.Formula) string {
	own := *f
	own.Random = nil
	return own.Expanded()
}

// refit fits a formula to a table with the options of the fit, and compares.
func (g *general) refit(r *Remedy, src string, tab *table.Table, change func(*lmm.Options)) *lmm.Model {
	opt := g.m.Options()
	opt.Saved = nil
	change(&opt)
	m, err := lmm.Fit(src, tab, &opt)
	if err != nil {
		r.Failed = err.Error()
		return nil
	}
	v := m.Verdict()
	r.Verdict, r.Criterion, r.Params = &v, m.Criterion(), m.NPar()
	r.Fixed = shifts(g.effects, tested(m))
	return m
}

// eachRow adds a random intercept for each row.
func (g *general) eachRow(opt *Options) (Remedy, bool) {
	name := "row"
	for g.d.Table().Column(name) != nil {
		name += "_"
	}
	codes := make([]int64, g.d.Table().Rows())
	for i := range codes {
		codes[i] = int64(i + 1)
	}
	tab, err := g.d.Table().With(table.NewInts(name, codes).AsFactor())
	src := g.m.Formula() + " + (1 | " + name + ")"
	r := Remedy{What: "a random intercept for each row", Formula: src, Criterion: math.NaN(),
		NoTest: otherFamily}
	if err != nil {
		r.Failed = err.Error()
		return r, true
	}
	m := g.refit(&r, src, tab, func(o *lmm.Options) { o.Quadrature = 1 })
	if m != nil {
		r.Test, err = infer.LRT(g.m, m, &infer.LRTOptions{Seed: opt.Seed, Workers: 1})
		r.NoTest = reason(err)
	}
	return r, true
}

// negativeBinomial fits the family with a variance of its own.
func (g *general) negativeBinomial(opt *Options) (Remedy, bool) {
	r := Remedy{What: "negative binomial", Formula: g.m.Formula(), Criterion: math.NaN(), NoTest: otherFamily}
	m := g.refit(&r, g.m.Formula(), g.d.Table(), func(o *lmm.Options) { o.Family, o.Link = "negbinomial", g.fam.Link() })
	if m != nil {
		r.Formula += fmt.Sprintf(", size %.3g", m.Shape())
		if math.IsInf(m.Shape(), 1) {
			r.Formula = g.m.Formula() + ", size without bound"
		}
		var err error
		r.Test, err = infer.LRT(g.m, m, &infer.LRTOptions{Seed: opt.Seed, Workers: 1})
		r.NoTest = reason(err)
	}
	return r, true
}

// moreNodes is the fit with as many nodes as the criterion needs.
func (g *general) moreNodes() (Remedy, bool) {
	if g.finer == nil {
		return Remedy{}, false
	}
	v := g.finer.Verdict()
	return Remedy{What: fmt.Sprintf("%d nodes of quadrature", g.finer.Nodes()), Formula: g.m.Formula(), Criterion: g.finer.Criterion(), Params: g.m.NPar(),
		NoTest: "it is the same model, its likelihood computed more closely", Verdict: &v, Fixed: shifts(g.effects, tested(g.finer))}, true
}

// marginalMeans solves estimating equations with the levels of the one grouping
// factor as subjects.
func (g *general) marginalMeans() (Remedy, bool) {
	subject := g.d.Terms[0].Group
	if len(groups(g.d)) != 1 || g.responses.anyPure() != "" || g.d.Table().Column(subject) == nil {
		return Remedy{}, false
	}
	own := g.m.Options()
	r := Remedy{What: "estimating equations (GEE), " + subject, Formula: withoutRandom(g.d.Formula), Criterion: math.NaN(), Params: g.d.X.Cols,
		Method: "GEE, exchangeable", NoTest: "estimating equations have no likelihood", Estimand: fmt.Sprintf(otherScale, subject)}
	fam := g.fam.Name()
	if fam == "negbinomial" {
		fam = "poisson"
	}
	res, err := gee.Fit(r.Formula, g.d.Table().Take(g.d.Rows), &gee.Options{Subject: subject, Family: fam, Link: g.fam.Link(), Correlation: "exchangeable",
		Weights: own.Weights, Offset: own.Offset, Contrasts: own.Contrasts})
	switch {
	case err != nil:
		r.Failed = err.Error()
		return r, true
	case !res.Converged:
		r.Failed = "the equations have no finite solution"
		return r, true
	}
	var names []string
	var beta, se []float64
	for _, c := range res.Coefficients {
		names, beta, se = append(names, c.Name), append(beta, c.Estimate), append(se, c.SE)
	}
	r.Fixed = shifts(g.effects, plain(names, beta, se, res.DF))
	return r, true
}
