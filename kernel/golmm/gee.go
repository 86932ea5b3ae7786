package main

import (
	"io"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/gee"
	"github.com/golmm/golmm/lmm/table"
)

// runGEE is `golmm gee [flags] FORMULA FILE`.
func runGEE(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("gee --subject COL [flags] FORMULA FILE")
	var opt gee.Options
	var columns columnFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	u.StringVar(&opt.Subject, "subject", "", "`COL` tells the subjects apart")
	u.StringVar(&opt.Time, "time", "", "`COL` orders the rows of a subject; the default is their order in the file")
	u.StringVar(&opt.Family, "family", "", "`NAME`: gaussian (the default), binomial, poisson, gamma")
	u.StringVar(&opt.Link, "link", "", "`NAME`: identity, log, logit, probit, cloglog; the default depends on the family")
	u.StringVar(&opt.Correlation, "correlation", "", "`NAME` of the working correlation: independence (the default), exchangeable, ar1, unstructured")
	u.StringVar((*string)(&opt.SE), "se", "", "`NAME` of the standard errors: robust, kauermann-carroll, mancl-derouen, model; the default depends on the number of subjects")
	u.StringVar(&opt.Weights, "weights", "", "`COL` holds the weights of the rows")
	u.StringVar(&opt.Offset, "offset", "", "`COL` is added to the linear predictor")
	var formulas, structures []string
	u.Func("beside", "put the model of the `FORMULA`, with random effects, beside the equations; may be given many times", func(s string) error {
		formulas = append(formulas, s)
		return nil
	})
	u.Func("residual", "put least squares with the `STRUCTURE` of the residuals beside the equations, such as 'ar1(time | subject)'; may be given many times", func(s string) error {
		structures = append(structures, s)
		return nil
	})
	columns.define(u)
	rest, code, done := u.parse(args, 2, 2, stdout, stderr)
	if done {
		return code
	}
	opt.Contrasts = columns.contrasts
	data, err := columns.read(rest[1], stdin)
	if err != nil {
		return u.fail(stderr, err)
	}
	r, err := gee.Fit(rest[0], data, &opt)
	if err != nil {
		return u.fail(stderr, err)
	}
	if len(formulas)+len(structures) == 0 {
		return u.written(stderr, func() error { return printed(stdout, *asJSON, r) })
	}
	beside, err := putBeside(r, rest[0], data, &opt, formulas, structures)
	if err != nil {
		return u.fail(stderr, err)
	}
	return u.written(stderr, func() error { return printed(stdout, *asJSON, beside) })
}

// putBeside fits models of the data of estimating equations: formulas, and the
// formula of the equations with structures of the residuals.
func putBeside(r *gee.Result, own string, data *table.Table, opt *gee.Options, formulas, structures []string) (*gee.Comparison, error) {
	fit := lmm.Options{Family: opt.Family, Link: opt.Link, Weights: opt.Weights, Offset: opt.Offset, Contrasts: opt.Contrasts}
	var models []*lmm.Model
	add := func(formula string) error {
		m, err := lmm.Fit(formula, data, &fit)
		models = append(models, m)
		return err
	}
	for _, f := range formulas {
		if err := add(f); err != nil {
			return nil, err
		}
	}
	for _, fit.Residual = range structures {
		if err := add(own); err != nil {
			return nil, err
		}
	}
	return r.Beside(models...)
}
