package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
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
}

// Fit fits the model of a formula to a table.
//
// Errors: *formula.SyntaxError for the formula, the errors of package design
// for data that do not fit it, *suffstat.SaturatedError where nothing is left
// to estimate an error from, *suffstat.UnsupportedError for a structure that
// cannot be fitted. A fit that does not converge is no error: the verdict of
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
	d, err := design.Build(f, tab, &design.Options{Weights: opt.Weights, Offset: opt.Offset, Contrasts: opt.Contrasts})
	if err != nil {
		return nil, err
	}
	if d.Trials != nil {
		return nil, fmt.Errorf("the response %s is a pair of counts, which a Gaussian model cannot have: use the proportion of successes, or their number", f.Response)
	}
	stats, err := suffstat.New(d)
	if err != nil {
		return nil, err
	}
	obj := criterion.NewOneFactor(stats, !opt.ML)
	gram := obj.Gram()
	best, log := search(obj, gram)
	return newModel(d, stats, obj, certify.Identify(gram), best, log, *opt), nil
}

// search minimises from every start and returns the best point.
func search(obj *criterion.OneFactor, gram *criterion.Gram) (*solve.Result, FitLog) {
	log := FitLog{Optimizer: "trust-region Newton, exact Hessian"}
	var best *solve.Result
	for _, start := range solve.Starts(gram, obj.Blocks(), obj.Unit()) {
		r := solve.Minimize(obj, start, nil)
		log.Starts++
		log.Evaluations += r.Evaluations
		if better(r, best) {
			best = r
		}
	}
	before := best.Evaluations
	best = solve.Settle(obj, best)
	log.Evaluations += best.Evaluations - before
	log.Status = best.Status.String()
	for _, s := range best.Log {
		log.Iterations = append(log.Iterations, Iteration{Criterion: s.F + obj.Shift(), Decrement: s.Decrement, Step: s.Kind})
	}
	return best, log
}

// better prefers a point that was reached over one that was not, and the lower
// criterion; the earlier start where they agree to the rounding of the
// criterion.
func better(r, best *solve.Result) bool {
	if best == nil || best.Status == solve.Failed {
		return best == nil || r.Status != solve.Failed
	}
	return r.Status != solve.Failed && r.Derivs.F < best.Derivs.F-1e-10*(1+math.Abs(best.Derivs.F))
}
