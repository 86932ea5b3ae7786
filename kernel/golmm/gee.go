package main

import (
	"io"

	"github.com/golmm/golmm/lmm/gee"
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
	columns.define(u)
	rest, code, done := u.parse(args, 2, 2, stdout, stderr)
	if done {
		return code
	}
	opt.Contrasts = columns.contrasts
	data, err := readData(rest[1], stdin)
	if err == nil {
		data, err = columns.apply(data)
	}
	if err != nil {
		return fail(stderr, "gee", err)
	}
	r, err := gee.Fit(rest[0], data, &opt)
	if err != nil {
		return fail(stderr, "gee", err)
	}
	return written(stderr, func() error { return printed(stdout, *asJSON, r) })
}
