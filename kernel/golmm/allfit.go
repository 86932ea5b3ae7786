package main

import (
	"io"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/solve"
)

// runAllFit is `golmm allfit [flags] FORMULA FILE`.
func runAllFit(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("allfit [flags] FORMULA FILE")
	var fit lmm.Options
	var opt diagnose.AllFitOptions
	var columns columnFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	u.Func("optimizer", "`NAME` of an optimizer; more than once for several; all are "+strings.Join(solve.Names(), ", "), func(s string) error {
		_, err := solve.ByName(s)
		opt.Optimizers = append(opt.Optimizers, s)
		return err
	})
	u.IntVar(&opt.Starts, "starts", 0, "`N` starts for each; 6 if not given")
	u.IntVar(&opt.MaxEvaluations, "evaluations", 0, "`N` evaluations for each run at most; 20000 if not given")
	u.Uint64Var(&opt.Seed, "seed", 0, "`SEED` of the starts that are drawn")
	u.BoolVar(&fit.ML, "ml", false, "maximise the likelihood, not the restricted likelihood (REML)")
	defineFit(u, &fit)
	columns.define(u)
	rest, code, done := u.parse(args, 2, 2, stdout, stderr)
	if done {
		return code
	}
	fit.Contrasts = columns.contrasts
	data, err := readData(rest[1], stdin)
	if err == nil {
		data, err = columns.apply(data)
	}
	if err != nil {
		return fail(stderr, "allfit", err)
	}
	m, err := lmm.Fit(rest[0], data, &fit)
	if err != nil {
		return fail(stderr, "allfit", err)
	}
	r, err := diagnose.AllFit(m, &opt)
	if err != nil {
		return fail(stderr, "allfit", err)
	}
	return written(stderr, func() error { return printed(stdout, *asJSON, r) })
}
