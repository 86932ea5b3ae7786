package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/family"
)

// defineColumns defines the flags that name columns of a fit.
func defineColumns(u *usage, opt *lmm.Options) {
	u.StringVar(&opt.Weights, "weights", "", "`COL` holds the weights of the rows; with --family binomial the numbers of trials of proportions")
	u.StringVar(&opt.Offset, "offset", "", "`COL` is added to the linear predictor")
}

// defineFamily defines the flags of generalised models.
func defineFamily(u *usage, opt *lmm.Options) {
	u.StringVar(&opt.Family, "family", "", "`NAME` of the distribution of the response: gaussian, "+strings.Join(family.Names(), ", "))
	u.StringVar(&opt.Link, "link", "", "`NAME` of the link of the family; the default is "+defaultLinks())
	u.Func("agq", "`K` nodes of adaptive quadrature, 1 is Laplace's approximation, the default; auto takes as many as it needs, 0 is lme4's joint approximation", func(s string) error {
		if s == "auto" {
			opt.Quadrature = lmm.AutoQuadrature
			return nil
		}
		k, err := strconv.Atoi(s)
		switch {
		case err != nil || k < 0:
			return errors.New("want a number of nodes such as 9, or auto")
		case k == 0:
			opt.Quadrature = lmm.JointApproximation
		default:
			opt.Quadrature = k
		}
		return nil
	})
}

// defaultLinks lists the link that each family has where none is named.
func defaultLinks() string {
	var out []string
	for _, name := range family.Names() {
		out = append(out, fmt.Sprintf("%s for %s", family.Links(name)[0], name))
	}
	return strings.Join(out, ", ")
}

// modelFlags are the flags of a command that fits one model: the options of the fit,
// and how the file is read.
type modelFlags struct {
	opt     lmm.Options
	columns columnFlags
}

func (f *modelFlags) define(u *usage) {
	u.BoolVar(&f.opt.ML, "ml", false, "maximise the likelihood, not the restricted likelihood (REML)")
	defineColumns(u, &f.opt)
	defineFamily(u, &f.opt)
	u.StringVar(&f.opt.Residual, "residual", "", "`STRUCTURE` of the residuals, such as 'ar1(time | subject)', 'un(age | child)', 'varident(sex)'")
	defineUnbounded(u, &f.opt)
	f.columns.define(u)
}

// fit reads the file and fits the model.
func (f *modelFlags) fit(formula, file string, stdin io.Reader) (*lmm.Model, error) {
	data, err := f.columns.read(file, stdin)
	if err != nil {
		return nil, err
	}
	f.opt.Contrasts = f.columns.contrasts
	return lmm.Fit(formula, data, &f.opt)
}

// defineUnbounded defines the flag of variances below 0.
func defineUnbounded(u *usage, opt *lmm.Options) {
	u.BoolVar(&opt.Unbounded, "unbounded", false, "let the variances of random intercepts be negative, as long as the covariance matrix of the rows stays positive definite")
}
