package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/summary"
)

// runFit is `golmm fit [flags] FORMULA FILE`.
func runFit(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("fit [flags] FORMULA FILE")
	var opt lmm.Options
	var columns columnFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	u.BoolVar(&opt.ML, "ml", false, "maximise the likelihood, not the restricted likelihood (REML)")
	defineFit(u, &opt)
	u.StringVar(&opt.Optimizer, "optimizer", "", "`NAME` of another optimizer: "+strings.Join(solve.Names(), ", "))
	columns.define(u)
	var tests fixedTests
	tests.define(u)
	var more intervals
	more.define(u)
	var ends conclusions
	ends.define(u)
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
		return fail(stderr, "fit", err)
	}
	model, err := lmm.Fit(rest[0], data, &opt)
	if err != nil {
		return fail(stderr, "fit", err)
	}
	if err := tests.run(model); err != nil {
		return fail(stderr, "fit", err)
	}
	if err := more.run(model); err != nil {
		return fail(stderr, "fit", err)
	}
	if err := ends.run(model, tests.df, &more); err != nil {
		return fail(stderr, "fit", err)
	}
	if !*asJSON {
		return written(stderr, func() error {
			_, err := io.WriteString(stdout, summary.Of(model).Text()+tests.text()+more.text()+ends.text())
			return err
		})
	}
	return written(stderr, func() error {
		b, err := tests.join(model, append(more.parts(), ends.parts()...)...)
		if err == nil {
			_, err = fmt.Fprintf(stdout, "%s\n", b)
		}
		return err
	})
}

// written is the exit code of a command that ends with writing its result.
func written(stderr io.Writer, write func() error) int {
	if err := write(); err != nil {
		return fail(stderr, "fit", err)
	}
	return exitDone
}
