// Package covstruct is the Gaussian criterion of a model whose residuals are
// correlated within subjects or differ in variance:
//
//	y = X beta + Z b + e,   Cov(e) = sigma^2 R(phi),   V = R + Z (I (x) Psi) Z'
//
// within a subject R_ij = s_i s_j c_ij, where c is a correlation and s a
// standard deviation relative to that of a reference row.
//
// # Notation
//
// A structure is written as a product of a correlation and of variance
// functions, "ar1(time | subject) * varident(sex)":
//
//	id                  no correlation
//	cs(1 | g)           one correlation, from -1/(m-1) on in subjects of m rows
//	ar1(t | g)          rho^lag, t in equal steps; ar(t | g, 2) of higher order
//	car1(t | g)         rho^distance, any t
//	exp(t | g)          exp(-distance / range); exp(t | g, nugget)
//	gau(t | g)          exp(-(distance / range)^2); gau(t | g, nugget)
//	ma1(t | g)          a moving average of order 1
//	arma(t | g)         ARMA(1, 1)
//	toep(t | g)         one correlation a lag; toep(t | g, 2) for the first 2 lags, then 0
//	corr(t | g)         one correlation a pair of occasions
//	un(t | g)           corr with a variance of each occasion
//	csh, ar1h, toeph    cs, ar1, toep with a variance of each occasion
//	varident(f)         an sd for each level of f
//	varpower(x)         sd proportional to |x|^delta
//	varexp(x)           sd proportional to exp(delta x)
//	varpower(fitted)    of the fitted values; a column of that name: `fitted`
//
// and, added to it, "cs(1 | g) + free(1 | h)" or "free(1 | g)" alone:
//
//	free(1 | g)         a variance between the levels of g that may be negative, as long
//	                    as R is positive definite
//
// t is a column, or 1 for the order of the rows. The names are those of SAS
// and nlme (Pinheiro and Bates 2000, ch. 5).
//
// # Parameters
//
// Correlations are computed from real numbers phi without constraint, so that
// every phi gives a positive definite R (Pinheiro and Bates 1996): partial
// autocorrelations for stationary structures (Barndorff-Nielsen and Schou
// 1973), a normalised Cholesky factor for unstructured ones. What has a bound
// that can be attained, a nugget of 0, is a parameter that may be 0, and is
// certified there as a variance is.
//
// A variance that depends on the fitted values has no likelihood of its own:
// the values of one fit are the covariate of the next until they stay
// (Davidian and Giltinan 1995, sec. 2.4).
//
// Read spec.go, correlation.go and the files of the structures (exchangeable,
// autoregressive, decay, unstructured), variance.go, free.go, structure.go, places.go; then
// groups.go, objective.go, moments.go, derivs.go, hessian.go, bend.go; for what a
// fit asks gram.go, solution.go, rows.go, for inference sensitivity.go, curvature.go,
// score.go, deletion.go.
package covstruct
