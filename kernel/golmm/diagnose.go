package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/table"
)

// runDiagnose is `golmm diagnose [flags] FORMULA FILE`.
func runDiagnose(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("diagnose [flags] FORMULA FILE")
	var fit lmm.Options
	var opt diagnose.Options
	var columns columnFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	u.BoolVar(&opt.Try, "try", false, "fit the models of the remedies and show what each does")
	u.BoolVar(&fit.ML, "ml", false, "maximise the likelihood, not the restricted likelihood (REML)")
	defineFit(u, &fit)
	before := u.Bool("before", false, "fit nothing: say what the data and the formula show")
	ladder := u.String("ladder", "", "`WAY`, down or up: fit the models between these random effects and an intercept, and say where each rule stops")
	alpha := u.Float64("alpha", 0.2, "p value below which a random effect stays on the ladder")
	theta := u.String("theta", "", "judge the `VALUES` of theta that another program stopped at, as 0.93,0.02,0.22")
	u.Uint64Var(&opt.Seed, "seed", 0, "`SEED` of the draws")
	columns.define(u)
	rest, code, done := u.parse(args, 2, 2, stdout, stderr)
	if done {
		return code
	}
	fit.Contrasts, opt.Contrasts = columns.contrasts, columns.contrasts
	data, err := readData(rest[1], stdin)
	if err == nil {
		data, err = columns.apply(data)
	}
	if err != nil {
		return fail(stderr, "diagnose", err)
	}
	if *ladder != "" {
		l, err := climbed(rest[0], data, &fit, *ladder, &diagnose.LadderOptions{Alpha: *alpha, Contrasts: columns.contrasts, Seed: opt.Seed})
		if err != nil {
			return fail(stderr, "diagnose", err)
		}
		return written(stderr, func() error { return printed(stdout, *asJSON, l) })
	}
	var r *diagnose.Report
	if *before {
		r, err = diagnose.Before(rest[0], data, &fit)
	} else {
		r, err = judged(rest[0], data, &fit, *theta, &opt)
	}
	if err != nil {
		return fail(stderr, "diagnose", err)
	}
	return written(stderr, func() error { return printed(stdout, *asJSON, r) })
}

// climbed fits a model and the ladder of its random effects.
func climbed(formula string, data *table.Table, fit *lmm.Options, way string, opt *diagnose.LadderOptions) (*diagnose.Ladder, error) {
	if way != "down" && way != "up" {
		return nil, fmt.Errorf("--ladder goes down or up, not %q", way)
	}
	opt.Up = way == "up"
	m, err := lmm.Fit(formula, data, fit)
	if err != nil {
		return nil, err
	}
	return diagnose.Climb(m, opt)
}

// judged fits a model and diagnoses the fit, or the point that was given.
func judged(formula string, data *table.Table, fit *lmm.Options, theta string, opt *diagnose.Options) (*diagnose.Report, error) {
	m, err := lmm.Fit(formula, data, fit)
	if err != nil {
		return nil, err
	}
	if theta == "" {
		return diagnose.Run(m, opt)
	}
	var values []float64
	for _, word := range strings.Split(theta, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
		if err != nil {
			return nil, fmt.Errorf("%q in --theta is not a number: write the values as 0.93,0.02,0.22", word)
		}
		values = append(values, v)
	}
	return diagnose.At(m, values, opt)
}
