package main

import (
	"io"
	"strings"

	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/solve"
)

// runAllFit is `golmm allfit [flags] FORMULA FILE`.
func runAllFit(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("allfit [flags] FORMULA FILE")
	var opt diagnose.AllFitOptions
	var model modelFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	u.Func("optimizer", "`NAME` of an optimizer; more than once for several; all are "+strings.Join(solve.Names(), ", "), func(s string) error {
		_, err := solve.ByName(s)
		opt.Optimizers = append(opt.Optimizers, s)
		return err
	})
	count(u, &opt.Starts, "starts", "`N` starts for each; 6 if not given")
	count(u, &opt.MaxEvaluations, "evaluations", "`N` evaluations for each run at most; 20000 if not given")
	u.Uint64Var(&opt.Seed, "seed", 0, "`SEED` of the starts that are drawn")
	model.define(u)
	rest, code, done := u.parse(args, 2, 2, stdout, stderr)
	if done {
		return code
	}
	m, err := model.fit(rest[0], rest[1], stdin)
	if err != nil {
		return u.fail(stderr, err)
	}
	r, err := diagnose.AllFit(m, &opt)
	if err != nil {
		return u.fail(stderr, err)
	}
	return u.written(stderr, func() error { return printed(stdout, *asJSON, r) })
}
