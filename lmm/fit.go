package lmm

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/laplace"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/table"
)

// Options of Fit. The zero value, or nil, is the default of every field.
type Options struct {
	// ML maximises the likelihood; the default is the restricted likelihood.
	ML bool
	// Weights names a column of precision weights: the residual variance of a
	// row is sigma^2 / w. Rows with weight 0 are dropped.
	Weights string
	// Offset names a column that is a known part of the mean.
	Offset string
	// Contrasts chooses the coding of factors in the fixed effects: treatment
	// (the default), sum, helmert or poly.
	Contrasts map[string]string
	// Optimizer is the name of a method of package solve; "" is "newton". That
	// one polishes its points and leaves false maxima. The point of another is
	// judged as it is: the verdict says where it stands.
	Optimizer string
	// MaxEvaluations is the budget of another optimizer than newton for each
	// start; 0: 20000.
	MaxEvaluations int
	// Residual is the covariance structure of the residuals within subjects, and
	// how their variance changes: "ar1(time | subject)", "un(age | child)", "cs(1
	// | group) * varident(sex)"; package covstruct lists them. With it a formula
	// need not have random terms: the model is then generalised least squares.
	// The default is independent residuals with one variance.
	Residual string
	// Unbounded lets the variances of random intercepts be negative, as long as the
	// covariance matrix of the rows, V, stays positive definite: the model is then
	// one of V alone, without random effects, as covstruct's free(1 | g) says it,
	// and Residual().Free has the variances. Terms with slopes are refused.
	Unbounded bool
	// Family is the distribution of the response: "binomial", "poisson",
	// "negbinomial" (NB2) or "gamma"; "" and "gaussian" are the linear model. A
	// generalised model is fitted by maximum likelihood whatever ML says. A binomial
	// response is 0 and 1, a factor or logical whose first level is 0,
	// cbind(successes, failures), or a proportion with the number of trials in
	// Weights; elsewhere Weights are case weights.
	Family string
	// Link takes the mean to the linear predictor; "" is the default of the family:
	// logit for binomial, log for the others. Package family lists them.
	Link string
	// Quadrature is the number of nodes, for each random effect of a level, of the
	// adaptive Gauss-Hermite quadrature that stands for the likelihood of a
	// generalised model; 0 and 1 are Laplace's approximation, the only one with
	// several grouping factors. See AutoQuadrature and JointApproximation.
	Quadrature int
	// Saved is the search of an earlier fit of the same model to the same
	// data, Model.Save. Where the criterion there is not what it was, the
	// search is done again.
	Saved *Saved
}

// Fit fits the model of a formula to a table.
//
// Errors: *formula.SyntaxError for the formula, *covstruct.SpecError for
// Residual, *family.UnknownError for Family and Link, *OptionError for options
// that exclude each other, *ResponseError for a response that the family cannot
// have, the errors of package design
// for data that do not fit it, *suffstat.SaturatedError where nothing is left
// to estimate an error from, *suffstat.UnsupportedError for more crossed
// random effects than can be held, *solve.UnknownError for the optimizer, *UnboundedError for Unbounded.
// A fit that does not converge is no error: the verdict of
// the model says so.
func Fit(src string, tab *table.Table, opt *Options) (*Model, error) {
	if opt == nil {
		opt = &Options{}
	}
	if tab == nil {
		return nil, fmt.Errorf("there is no table to fit %q to: read one with table.ReadCSVFile or datasets.Load", src)
	}
	f, err := formula.Parse(src)
	if err != nil {
		return nil, err
	}
	fam, err := opt.distribution()
	if err != nil {
		return nil, err
	}
	build := design.Options{Weights: opt.Weights, Offset: opt.Offset, Contrasts: opt.Contrasts}
	if opt.Residual != "" {
		spec, err := covstruct.Parse(opt.Residual)
		if err != nil {
			return nil, err
		}
		build.FixedOnly, build.Complete = true, spec.Columns()
	}
	build.BinaryResponse = fam != nil && fam.Name() == "binomial"
	d, err := design.Build(f, tab, &build)
	if err != nil {
		return nil, err
	}
	if d.Trials != nil && fam == nil {
		return nil, fmt.Errorf("the response %s is a pair of counts, which a Gaussian model cannot have: set Family to \"binomial\", or use the proportion of successes, or their number", f.Response)
	}
	return FitDesign(d, opt)
}

// FitDesign fits a design as it is: of the options, ML, Residual, Unbounded, Family,
// Link, Quadrature, Optimizer, MaxEvaluations and Saved alone are read. The model
// keeps the design, which must not be changed any more.
//
// Errors: as Fit, but for those of the formula and the data.
func FitDesign(d *design.Design, opt *Options) (*Model, error) {
	if opt == nil {
		opt = &Options{}
	}
	if _, err := opt.distribution(); err != nil {
		return nil, err
	}
	if opt.Unbounded {
		return fitUnbounded(d, *opt)
	}
	src, err := newSource(d, opt)
	if err != nil {
		return nil, err
	}
	own := *opt
	own.ML = own.ML || src.general != nil
	return fit(d, src, own, nil)
}

// fit fits a design, from a known point in its coordinates if there is one.
func fit(d *design.Design, src *source, opt Options, known cone.Point) (*Model, error) {
	method, err := solve.ByName(opt.Optimizer)
	if err != nil {
		return nil, err
	}
	switch {
	case opt.Quadrature == AutoQuadrature && opt.Saved != nil:
		if src, err = src.general.grow(opt.Saved.Nodes); err != nil {
			return nil, err
		}
		return fitOnce(d, src, opt, method, known), nil
	case opt.Quadrature == AutoQuadrature:
		return fitOnce(d, src, opt, method, known).grow(method)
	case src.reweigh == nil:
		return fitOnce(d, src, opt, method, known), nil
	}
	opt.Saved = nil // it is of the last of many fits
	return fitOnce(d, src, opt, method, known).reweigh(method)
}

// fitOnce minimises the criterion of a design.
func fitOnce(d *design.Design, src *source, opt Options, method solve.Method, known cone.Point) *Model {
	obj := src.fork()
	gram := obj.Gram()
	saved := opt.Saved
	opt.Saved = nil // it is of this response, and no part of the model
	if best := restore(obj, saved); best != nil {
		return newModel(d, src, obj, identify(obj, gram, best), best, saved.Log, opt)
	}
	// At an interior point every direction is open.
	flat := len(certify.Identify(gram, cone.Span(obj.Blocks(), cone.Identity(obj.Blocks(), 1))).Null) > 0
	from, tried := beginnings(d, obj, gram, known, flat)
	best, log := search(obj, method, from, &solve.Settings{Flat: flat, MaxEvaluations: opt.MaxEvaluations})
	log.Evaluations += tried
	return newModel(d, src, obj, identify(obj, gram, best), best, log, opt)
}

// beginnings returns the points from which a fit is searched for, and the
// number of evaluations it took to find them.
func beginnings(d *design.Design, obj Criterion, gram *criterion.Gram, known cone.Point, flat bool) (from []cone.Point, tried int) {
	if s, ok := obj.(starter); ok {
		from = s.Starts()
		if known != nil {
			from = append([]cone.Point{known}, from[0])
		}
		return from, 0
	}
	switch {
	case known != nil:
		return []cone.Point{known, solve.FirstStart(obj, gram)}, 0
	case coefficients(d) > manyCoefficients:
		return []cone.Point{solve.FirstStart(obj, gram)}, 0
	}
	from, tried = solve.Starts(obj, gram)
	if severalMaxima(d) {
		reach := 1000.0
		if flat {
			reach = flatFar
		}
		from = append(from, solve.Scattered(obj, furtherStarts, 1, reach)...)
	}
	if flat {
		near := slices.DeleteFunc(slices.Clone(from), func(p cone.Point) bool { return cone.NewChart(obj.Blocks(), p).Largest() > flatFar })
		if len(near) > 0 {
			return near, tried
		}
	}
	return from, tried
}

// starter is a criterion that knows where to begin.
type starter interface{ Starts() []cone.Point }

// flatFar is the size of Lambda, in units, up to which a design that cannot
// tell all variances apart is searched: the same distribution stands nearer on
// the flat curve, where it has more digits.
const flatFar = 30

// identify says what the data can tell apart of the parameters that can move
// at a point.
func identify(obj Criterion, g *criterion.Gram, r *solve.Result) *certify.Identifiability {
	return certify.Identify(g, cone.Span(obj.Blocks(), r.Point))
}

// manyCoefficients: above it a fit has one start, for each costs as much as the
// fit.
const manyCoefficients = 2000

const (
	// furtherStarts is the number of random starts of a model whose likelihood may
	// have several maxima. Without them the fit missed the best one in 4 of 3000
	// simulated data sets with 3 to 7 levels; there a random start finds it with a
	// chance of 0.2 to 1.
	furtherStarts = 12
	// fewLevels is the number of levels up to which the covariance matrix of several
	// columns often has several maxima.
	fewLevels = 10
)

// severalMaxima says that the likelihood may have several maxima, or none: there
// are half as many random effects as rows, or more; few levels have to tell a
// covariance matrix; or it has a reduced rank, and such matrices are no convex set.
func severalMaxima(d *design.Design) bool {
	if 2*coefficients(d) >= len(d.Y) {
		return true
	}
	for i := range d.Terms {
		t := &d.Terms[i]
		if t.Shape == formula.ReducedRank || t.Z.Cols > 1 && len(t.Levels) <= fewLevels {
			return true
		}
	}
	return false
}

// coefficients counts the random effects.
func coefficients(d *design.Design) int {
	q := 0
	for i := range d.Terms {
		q += len(d.Terms[i].Levels) * d.Terms[i].Z.Cols
	}
	return q
}

// search minimises from every start and returns the best point. Newton settles
// it on the boundary; other methods have done so themselves.
func search(obj Criterion, method solve.Method, starts []cone.Point, set *solve.Settings) (*solve.Result, FitLog) {
	var log FitLog
	var best *solve.Result
	_, newton := method.(solve.Newton)
	for _, start := range starts {
		var r *solve.Result
		if newton {
			r = solve.Minimize(obj, start, &solve.Settings{Known: best, Flat: set.Flat})
		} else {
			r = method.Minimize(obj, start, set)
		}
		log.Starts++
		log.Evaluations += r.Evaluations
		if better(r, best, set.Flat) {
			best = r
		}
	}
	log.Optimizer = method.Describe()
	if newton {
		if _, general := obj.(*laplace.Objective); general {
			log.Optimizer = "trust-region Newton, exact gradients, then a Hessian by differences of them"
		} else if best.Derivs.Approx {
			log.Optimizer = "trust-region Newton, average information, then a Hessian by differences of exact gradients"
		}
		before := best.Evaluations
		best = solve.Settle(obj, best, set)
		log.Evaluations += best.Evaluations - before
	}
	log.Status = ended(obj, best)
	for _, s := range best.Log {
		log.Iterations = append(log.Iterations, Iteration{Criterion: s.F + obj.Shift(), Decrement: s.Decrement, Step: s.Kind, Evaluations: s.Evaluations})
	}
	return best, log
}

// ended says why a search stopped. A generalised model has no residual variance to
// go to 0: there Lambda grows, or the parameter of a shape.
func ended(obj Criterion, r *solve.Result) string {
	_, general := obj.(*laplace.Objective)
	switch {
	case general && r.Status == solve.Failed && !math.IsInf(r.Derivs.F, 1):
		return "no step leads on from where the search ended"
	case !general || r.Status != solve.Diverged:
		return r.Status.String()
	case !growing(obj, r):
		return "the criterion is so large that rounding hides the way on"
	}
	return "a variance parameter grows without end"
}

// growing says that a search ended on its way to infinity.
func growing(obj Criterion, r *solve.Result) bool {
	o, general := obj.(*laplace.Objective)
	return r.Status == solve.Diverged && (!general || o.Endless(r.Point))
}

// better prefers a point that was reached over one that was not, and the lower
// criterion; the earlier start where they agree to the rounding of the
// criterion, which is larger far out on a flat curve. An iteration that gave up
// for the minimum known has no point.
func better(r, best *solve.Result, flat bool) bool {
	rounding := 1e-10
	if flat {
		rounding = 1e-8
	}
	switch {
	case best == nil:
		return true
	case r.Status == solve.NoBetter, r.Status == solve.Failed && best.Status != solve.Failed:
		return false
	case best.Status == solve.Failed && r.Status != solve.Failed:
		return true
	case math.IsInf(best.Derivs.F, 1):
		return !math.IsInf(r.Derivs.F, 1)
	}
	return r.Derivs.F < best.Derivs.F-rounding*(1+math.Abs(best.Derivs.F))
}
