package gee

import (
	"fmt"
	"slices"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/table"
)

// Options of Fit. Subject must be given; the zero value of the others is the
// documented default.
type Options struct {
	// Subject names the column whose values are the subjects (clusters).
	Subject string
	// Time names the column with the occasions within a subject: numbers, or a
	// factor whose levels are in order. Without it the order of the rows counts.
	Time string
	// Family: "gaussian" (the default), "binomial", "poisson", "gamma".
	Family string
	// Link: "identity", "log", "logit", "probit", "cloglog". The default is
	// identity for gaussian, logit for binomial, log for poisson and gamma.
	Link string
	// Correlation is the working correlation: "independence" (the default),
	// "exchangeable", "ar1", "unstructured". An AR(1) correlation is
	// alpha^|difference in Time|.
	Correlation string
	// Given is a working correlation of your own, one row and column for each
	// occasion in order; Correlation must then be "" or "given".
	Given [][]float64
	// Weights names a column of weights: the variance of a row is phi v / w.
	Weights string
	// Offset names a column that is added to the linear predictor.
	Offset string
	// Contrasts chooses the coding of factors: treatment, sum, helmert, poly.
	Contrasts map[string]string
	// Scale fixes phi; 0 estimates it.
	Scale float64
	// SE chooses the covariance of the coefficients that tests and intervals
	// use; "" takes KauermannCarroll below 50 subjects and Robust from 50 on.
	SE Covariance
	// MaxIterations is the number of iterations allowed; 0: 200.
	MaxIterations int
}

// Fit estimates the model of a formula without random terms. The error says
// what in the formula, the data or the options does not fit; equations without
// a solution are no error, Result.Converged tells.
func Fit(src string, tab *table.Table, opt *Options) (*Result, error) {
	if opt == nil || opt.Subject == "" {
		return nil, fmt.Errorf("the subjects are missing: give the column that tells them apart as Options.Subject")
	}
	if tab == nil {
		return nil, fmt.Errorf("there is no table to fit %q to: read one with table.ReadCSVFile or datasets.Load", src)
	}
	if kinds := covariances(); opt.SE != "" && !slices.Contains(kinds, opt.SE) {
		return nil, unknownName("kind of standard error", string(opt.SE), names(kinds))
	}
	fam, err := newFamily(opt.Family, opt.Link)
	if err != nil {
		return nil, err
	}
	f, err := formula.Parse(src)
	if err != nil {
		return nil, err
	}
	if len(f.Random) > 0 {
		return nil, fmt.Errorf("%s is a random term; estimating equations have none: leave it out, and name the subjects as Options.Subject", f.Random[0])
	}
	build := design.Options{Weights: opt.Weights, Offset: opt.Offset, Contrasts: opt.Contrasts,
		FixedOnly: true, BinaryResponse: fam.name == "binomial", Complete: complete(opt)}
	for _, name := range build.Complete {
		if _, err := tab.Lookup(name); err != nil {
			return nil, err
		}
	}
	d, err := design.Build(f, tab, &build)
	if err != nil {
		return nil, err
	}
	dat, err := newData(d, opt)
	if err != nil {
		return nil, err
	}
	if err := fam.check(dat, f.Response.String()); err != nil {
		return nil, err
	}
	work, err := newCorrelation(opt, dat)
	if err != nil {
		return nil, err
	}
	return solve(d, dat, fam, work, *opt)
}

func complete(opt *Options) []string {
	out := []string{opt.Subject}
	if opt.Time != "" {
		out = append(out, opt.Time)
	}
	return out
}

func names(kinds []Covariance) []string {
	var out []string
	for _, k := range kinds {
		out = append(out, string(k))
	}
	return out
}
