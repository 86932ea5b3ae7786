// Package lmm fits linear and generalised linear mixed models and certifies where
// the fit stands.
//
//	y = X beta + Z b + e,   b_j ~ N(0, Sigma),   e ~ N(0, sigma^2 W^-1)
//
// Sigma = sigma^2 Lambda Lambda' with the relative covariance factor Lambda,
// lower triangular; theta holds its entries, term by term, column by column.
// The fit minimises the REML criterion, or -2 log L with Options.ML.
//
// With Options.Family the response has another distribution, of mean h(X beta +
// offset + Z b); there is no sigma, Sigma = Lambda Lambda' is on the scale of the
// link, and -2 log L is Laplace's approximation or by adaptive quadrature.
//
// The pipeline is Fit, and each stage is a package: table, formula, design,
// suffstat, criterion, certify, solve. Read fit.go, then model.go; generalised.go,
// response.go, covariance.go and predictmean.go for other families.
package lmm
