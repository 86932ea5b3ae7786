package main

import "github.com/golmm/golmm/lmm"

// defineColumns defines the flags that name columns of a fit.
func defineColumns(u *usage, opt *lmm.Options) {
	u.StringVar(&opt.Weights, "weights", "", "`COL` holds the weights of the rows")
	u.StringVar(&opt.Offset, "offset", "", "`COL` is added to the linear predictor")
}

// defineFit defines the flags that every command with one fit has.
func defineFit(u *usage, opt *lmm.Options) {
	defineColumns(u, opt)
	u.StringVar(&opt.Residual, "residual", "", "`STRUCTURE` of the residuals, such as 'ar1(time | subject)', 'un(age | child)', 'varident(sex)'")
	u.BoolVar(&opt.Unbounded, "unbounded", false, "let the variances of random intercepts be negative, as long as the covariance matrix of the rows stays positive definite")
}
