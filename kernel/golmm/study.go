package main

import (
	"context"
	"encoding/json"
	"errors"
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
	groups, rows := u.Int("groups", 15, "`N` groups"), u.Int("rows", 5, "`N` rows in each, x from -1 to 1")
	sd, correlation := u.Float64("sd", math.Sqrt(0.5), "true `SD` of intercepts and slopes; that of the errors is 1"), u.Float64("correlation", 0.9, "true `CORRELATION` of intercepts and slopes")
	u.Func("model", "`FORMULA` to fit, with y, x and g; more than once for several; y ~ x + (x | g) and y ~ x + (x || g) if not given", func(s string) error {
		opt.Models = append(opt.Models, diagnose.StudyModel{Formula: s})
		return nil
	})
	optimizer := u.String("optimizer", "", "`NAME` of another optimizer for all models")
	u.IntVar(&opt.Replicates, "n", 1000, "`N` data sets")
	u.Uint64Var(&opt.Seed, "seed", 1, "`SEED` of the draws")
	from := u.String("continue", "", "`FILE` with a result of --json to go on from")
	_, code, done := u.parse(args, 0, 0, stdout, stderr)
	if done {
		return code
	}
	if *groups < 1 || *rows < 1 {
		return u.fail(stderr, errors.New("--groups and --rows are 1 or more"))
	}
	if _, err := solve.ByName(*optimizer); err != nil {
		return u.fail(stderr, err)
	}
	if opt.Models == nil {
		opt.Models = []diagnose.StudyModel{{Formula: "y ~ x + (x | g)"}, {Formula: "y ~ x + (x || g)"}}
	}
	for i := range opt.Models {
		opt.Models[i].Optimizer = *optimizer
	}
	if *from != "" {
		b, err := os.ReadFile(*from)
		if err == nil {
			opt.Continue = new(diagnose.StudyResult)
			err = json.Unmarshal(b, opt.Continue)
		}
		if err != nil {
			return fail(stderr, "study", err)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := diagnose.Study(ctx, diagnose.Layout(*groups, *rows), diagnose.SlopeTruth(*sd, *correlation), &opt)
	if r == nil || err != nil && !errors.Is(err, context.Canceled) {
		return fail(stderr, "study", err)
	}
	return written(stderr, func() error { return printed(stdout, *asJSON, r) })
}
