package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/summary"
)

// runFit is `golmm fit [flags] FORMULA FILE`.
func runFit(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("fit [flags] FORMULA FILE")
	var model modelFlags
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	model.define(u)
	u.StringVar(&model.opt.Optimizer, "optimizer", "", "`NAME` of another optimizer: "+strings.Join(solve.Names(), ", "))
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
	m, err := model.fit(rest[0], rest[1], stdin)
	if err == nil {
		err = tests.run(m)
	}
	if err == nil {
		err = more.run(m)
	}
	if err == nil {
		err = ends.run(m, tests.df, &more)
	}
	if err != nil {
		return u.fail(stderr, err)
	}
	return u.written(stderr, func() error {
		if !*asJSON {
			_, err := io.WriteString(stdout, summary.Of(m).Text()+tests.text()+more.text()+ends.text())
			return err
		}
		b, err := tests.join(m, append(more.parts(), ends.parts()...)...)
		if err == nil {
			_, err = fmt.Fprintf(stdout, "%s\n", b)
		}
		return err
	})
}
