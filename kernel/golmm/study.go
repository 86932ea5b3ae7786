package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"

	"github.com/golmm/golmm/lmm/diagnose"
	"github.com/golmm/golmm/lmm/solve"
)

// runStudy is `golmm study [flags]`.
func runStudy(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("study [flags]")
	opt := diagnose.StudyOptions{Replicates: 1000}
	asJSON := u.Bool("json", false, "print the whole result as JSON, which --continue reads")
	groups, rows := 15, 5
	count(u, &groups, "groups", "`N` groups; 15 if not given")
	count(u, &rows, "rows", "`N` rows in each, x from -1 to 1; 5 if not given")
	sd, correlation := u.Float64("sd", math.Sqrt(0.5), "true `SD` of intercepts and slopes; that of the errors is 1"), u.Float64("correlation", 0.9, "true `CORRELATION` of intercepts and slopes")
	u.Func("model", "`FORMULA` to fit, with y, x and g; more than once for several; y ~ x + (x | g) and y ~ x + (x || g) if not given", func(s string) error {
		opt.Models = append(opt.Models, diagnose.StudyModel{Formula: s})
		return nil
	})
	optimizer := u.String("optimizer", "", "`NAME` of another optimizer for all models")
	count(u, &opt.Replicates, "n", "`N` data sets; 1000 if not given")
	u.Uint64Var(&opt.Seed, "seed", 1, "`SEED` of the draws")
	from := u.String("continue", "", "`FILE` with a result of --json to go on from")
	_, code, done := u.parse(args, 0, 0, stdout, stderr)
	if done {
		return code
	}
	switch {
	case groups*rows > maxCount:
		return u.misuse(stderr, fmt.Errorf("%d groups of %d rows are more than %d rows", groups, rows, maxCount))
	case !(*sd >= 0):
		return u.misuse(stderr, errors.New("--sd is a standard deviation, 0 or more"))
	case !(math.Abs(*correlation) <= 1):
		return u.misuse(stderr, errors.New("--correlation is a number from -1 to 1"))
	}
	if _, err := solve.ByName(*optimizer); err != nil {
		return u.misuse(stderr, err)
	}
	if opt.Models == nil {
		opt.Models = []diagnose.StudyModel{{Formula: "y ~ x + (x | g)"}, {Formula: "y ~ x + (x || g)"}}
	}
	for i := range opt.Models {
		opt.Models[i].Optimizer = *optimizer
	}
	if *from != "" {
		b, err := os.ReadFile(*from)
		if err != nil {
			return u.fail(stderr, err)
		}
		opt.Continue = new(diagnose.StudyResult)
		if err := json.Unmarshal(b, opt.Continue); err != nil {
			return u.fail(stderr, fmt.Errorf("%s is not a result that `golmm study --json` printed: %w", *from, err))
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := diagnose.Study(ctx, diagnose.Layout(groups, rows), diagnose.SlopeTruth(*sd, *correlation), &opt)
	if r == nil || err != nil && !errors.Is(err, context.Canceled) {
		return u.fail(stderr, err)
	}
	return u.written(stderr, func() error { return printed(stdout, *asJSON, r) })
}
