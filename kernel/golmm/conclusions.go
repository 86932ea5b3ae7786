package main

import (
	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// conclusions are what the flags --tests, --shares, --moments and --report ask for,
// and their results.
type conclusions struct {
	askTests, askShares, askReport bool
	unit                           string // of the raw moments

	tests     []*infer.LRTest
	shares    *infer.Shares
	intervals *infer.VarianceIntervalTable // of the shares
	moments   *infer.Moments
	report    *infer.Paragraphs
}

func (c *conclusions) define(u *usage) {
	u.BoolVar(&c.askTests, "tests", false, "test each random term: the model without it within the model; by a parametric bootstrap with --bootstrap")
	u.BoolVar(&c.askShares, "shares", false, "add intraclass correlations and R2; intervals of them with --bootstrap, of the ICC of one random coefficient with --profile")
	u.StringVar(&c.unit, "moments", "", "add the correlations of traits between groups from mean products, which may be beyond 1; each value of `COL` has a row of each trait")
	u.BoolVar(&c.askReport, "report", false, "add methods and results as paragraphs of a paper")
}

// run computes what was asked for; the degrees of freedom, the replicates and the
// profiles are those of the other flags.
func (c *conclusions) run(m *lmm.Model, df infer.DF, more *intervals) error {
	var err error
	if c.askTests {
		if c.tests, err = infer.DropRandom(m, &infer.LRTOptions{Bootstrap: more.replicates, Seed: more.seed}); err != nil {
			return err
		}
	}
	if c.askShares {
		c.shares = infer.VarianceShares(m)
		opt := infer.VarianceOptions{Method: infer.ByBootstrap, Replicates: more.replicates, Seed: more.seed}
		if more.replicates == 0 {
			opt.Method = infer.ByProfile
		}
		if more.replicates > 0 || more.profile {
			if c.intervals, err = infer.ShareIntervals(m, &opt); err != nil {
				return err
			}
		}
	}
	if c.unit != "" {
		if c.moments, err = infer.RawMoments(m, &infer.MomentsOptions{Unit: c.unit}); err != nil {
			return err
		}
	}
	if c.askReport {
		c.report, err = infer.Report(m, &infer.ReportOptions{DF: df})
	}
	return err
}

// text is what follows the summary.
func (c *conclusions) text() string {
	var s string
	if c.tests != nil {
		s += "\n" + infer.TestsDocument(c.tests).Text()
	}
	if c.shares != nil {
		s += "\n" + c.shares.Document().Text()
	}
	if c.intervals != nil {
		s += "\n" + c.intervals.Document().Text()
	}
	if c.moments != nil {
		s += "\n" + c.moments.Document().Text()
	}
	if c.report != nil {
		s += "\n" + c.report.Document().Text()
	}
	return s
}

// parts are the objects whose keys follow those of the model.
func (c *conclusions) parts() []any {
	var out []any
	add := func(asked bool, object any) {
		if asked {
			out = append(out, object)
		}
	}
	add(c.tests != nil, map[string]any{"random_tests": c.tests})
	add(c.shares != nil, map[string]any{"shares": c.shares})
	add(c.intervals != nil, map[string]any{"share_intervals": c.intervals})
	add(c.moments != nil, map[string]any{"moments": c.moments})
	add(c.report != nil, map[string]any{"report": c.report})
	return out
}
