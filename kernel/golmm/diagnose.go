package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/diagnose"
)

// diagnosis is what `golmm diagnose` is asked for: the fit, or before, theta or
// ladder.
type diagnosis struct {
	model  modelFlags
	opt    diagnose.Options
	before bool
	theta  []float64
	ladder *diagnose.LadderOptions
	alpha  float64
}

func (d *diagnosis) define(u *usage) {
	u.BoolVar(&d.opt.Try, "try", false, "fit the models of the remedies and show what each does")
	d.model.define(u)
	u.BoolVar(&d.before, "before", false, "fit nothing: say what the data and the formula show")
	u.Func("ladder", "`WAY`, down or up: fit the models between these random effects and an intercept, and say where each rule stops", func(s string) error {
		if s != "down" && s != "up" {
			return errors.New("a ladder goes down or up")
		}
		d.ladder = &diagnose.LadderOptions{Up: s == "up"}
		return nil
	})
	u.Func("alpha", "`P` value below which a random effect stays on the ladder; 0.2 if not given", func(s string) error {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v > 0 && v < 1) {
			return errors.New("want a number between 0 and 1")
		}
		d.alpha = v
		return nil
	})
	u.Func("theta", "judge the `VALUES` of theta that another program stopped at, as 0.93,0.02,0.22", func(s string) error {
		d.theta = []float64{}
		for _, word := range strings.Split(s, ",") {
			v, err := strconv.ParseFloat(strings.TrimSpace(word), 64)
			if err != nil {
				return fmt.Errorf("%q is not a number: write the values as 0.93,0.02,0.22", word)
			}
			d.theta = append(d.theta, v)
		}
		return nil
	})
	u.Uint64Var(&d.opt.Seed, "seed", 0, "`SEED` of the draws")
}

// check says which flags do not go together.
func (d *diagnosis) check() error {
	var asked []string
	for _, q := range []struct {
		flag string
		set  bool
	}{{"--before", d.before}, {"--theta", d.theta != nil}, {"--ladder", d.ladder != nil}} {
		if q.set {
			asked = append(asked, q.flag)
		}
	}
	switch {
	case len(asked) > 1:
		return fmt.Errorf("%s are different questions: ask one of them", strings.Join(asked, " and "))
	case d.opt.Try && (d.before || d.ladder != nil):
		return fmt.Errorf("--try fits the remedies of a fit; %s has none", asked[0])
	case d.alpha != 0 && d.ladder == nil:
		return errors.New("--alpha is the p value of a --ladder, which is missing")
	}
	return nil
}

// run answers the question.
func (d *diagnosis) run(formula, file string, stdin io.Reader) (documented, error) {
	d.opt.Contrasts = d.model.columns.contrasts
	if d.before {
		data, err := d.model.columns.read(file, stdin)
		if err != nil {
			return nil, err
		}
		d.model.opt.Contrasts = d.opt.Contrasts
		return diagnose.Before(formula, data, &d.model.opt)
	}
	m, err := d.model.fit(formula, file, stdin)
	switch {
	case err != nil:
		return nil, err
	case d.ladder != nil:
		d.ladder.Alpha, d.ladder.Contrasts, d.ladder.Seed = d.alpha, d.opt.Contrasts, d.opt.Seed
		return diagnose.Climb(m, d.ladder)
	case d.theta != nil:
		return diagnose.At(m, d.theta, &d.opt)
	}
	return diagnose.Run(m, &d.opt)
}

// runDiagnose is `golmm diagnose [flags] FORMULA FILE`.
func runDiagnose(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("diagnose [flags] FORMULA FILE")
	var d diagnosis
	d.define(u)
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	rest, code, done := u.parse(args, 2, 2, stdout, stderr)
	if done {
		return code
	}
	if err := d.check(); err != nil {
		return u.misuse(stderr, err)
	}
	r, err := d.run(rest[0], rest[1], stdin)
	if err != nil {
		return u.fail(stderr, err)
	}
	return u.written(stderr, func() error { return printed(stdout, *asJSON, r) })
}
