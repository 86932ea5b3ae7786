package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// runCompare is `golmm compare [flags] FORMULA FORMULA... FILE`.
func runCompare(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("compare [flags] FORMULA FORMULA... FILE")
	var fit lmm.Options
	var opt infer.CompareOptions
	var columns columnFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	u.BoolVar(&opt.ML, "ml", false, "compare by maximum likelihood; the default is REML where the fixed effects agree")
	u.StringVar(&fit.Weights, "weights", "", "`COL` holds the weights of the rows")
	u.StringVar(&fit.Offset, "offset", "", "`COL` is added to the linear predictor")
	defineReplicates(u, &opt.Test.Bootstrap, "test by a parametric bootstrap of `N` replicates")
	u.Uint64Var(&opt.Test.Seed, "seed", 0, "`SEED` of the draws")
	columns.define(u)
	rest, code, done := u.parse(args, 3, -1, stdout, stderr)
	if done {
		return code
	}
	fit.ML = opt.ML
	fit.Contrasts = columns.contrasts
	formulas, file := rest[:len(rest)-1], rest[len(rest)-1]
	data, err := readData(file, stdin)
	if err == nil {
		data, err = columns.apply(data)
	}
	if err != nil {
		return fail(stderr, "compare", err)
	}
	var models []*lmm.Model
	for _, f := range formulas {
		m, err := lmm.Fit(f, data, &fit)
		if err != nil {
			return fail(stderr, "compare", err)
		}
		models = append(models, m)
	}
	comparison, err := infer.Compare(models, &opt)
	if err != nil {
		return fail(stderr, "compare", err)
	}
	return written(stderr, func() error {
		if !*asJSON {
			_, err := io.WriteString(stdout, comparison.Document().Text())
			return err
		}
		b, err := json.MarshalIndent(comparison, "", "  ")
		if err == nil {
			_, err = fmt.Fprintf(stdout, "%s\n", b)
		}
		return err
	})
}
