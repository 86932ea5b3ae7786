package main

import (
	"errors"
	"io"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// runCompare is `golmm compare [flags] FORMULA... FILE`.
func runCompare(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("compare [flags] FORMULA... FILE")
	var fit lmm.Options
	var opt infer.CompareOptions
	var columns columnFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	u.BoolVar(&opt.ML, "ml", false, "compare by maximum likelihood; the default is REML where the fixed effects agree")
	defineColumns(u, &fit)
	defineFamily(u, &fit)
	defineUnbounded(u, &fit)
	var structures []string
	u.Func("residual", "`STRUCTURE` of the residuals, as for golmm fit; given several times, each formula is fitted with each: id is none", func(s string) error {
		structures = append(structures, s)
		return nil
	})
	count(u, &opt.Test.Bootstrap, "bootstrap", "test by a parametric bootstrap of `N` replicates")
	u.Uint64Var(&opt.Test.Seed, "seed", 0, "`SEED` of the draws")
	columns.define(u)
	rest, code, done := u.parse(args, 2, -1, stdout, stderr)
	if done {
		return code
	}
	if len(rest) < 3 && len(structures) < 2 {
		return u.misuse(stderr, errors.New("something is missing: a comparison needs two formulas, or two structures of the residuals"))
	}
	fit.ML = opt.ML
	fit.Contrasts = columns.contrasts
	formulas, file := rest[:len(rest)-1], rest[len(rest)-1]
	data, err := columns.read(file, stdin)
	if err != nil {
		return u.fail(stderr, err)
	}
	var models []*lmm.Model
	if len(structures) == 0 {
		structures = []string{""}
	}
	for _, f := range formulas {
		for _, fit.Residual = range structures {
			m, err := lmm.Fit(f, data, &fit)
			if err != nil {
				return u.fail(stderr, err)
			}
			models = append(models, m)
		}
	}
	comparison, err := infer.Compare(models, &opt)
	if err != nil {
		return u.fail(stderr, err)
	}
	return u.written(stderr, func() error { return printed(stdout, *asJSON, comparison) })
}
