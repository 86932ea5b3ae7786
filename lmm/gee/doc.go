// Package gee estimates population-averaged models by generalised estimating
// equations.
//
// Unweighted estimating equations need data that are missing completely at
// random: where dropout depends on earlier responses, coefficients are biased.
// A mixed model, fitted by likelihood, needs missing at random only.
//
//	g(mu_ij) = x_ij' beta + offset_ij,  var(y_ij) = phi v(mu_ij) / w_ij
//	sum_i D_i' V_i^-1 (y_i - mu_i) = 0,  V_i = phi A_i^(1/2) R_i(alpha) A_i^(1/2)
//
//	i, j    subject, row within it; rows of different subjects are independent
//	g, v    link and variance function
//	D_i     d mu_i / d beta, n_i x p
//	A_i     diagonal of v(mu_ij) / w_ij
//	R_i     working correlation; beta is consistent whatever it is, so long as
//	        the mean is right
//	phi     scale, the mean of the squared Pearson residuals
//
// A coefficient is a difference between averages of the population. With a
// logit, probit, log or complementary log-log link it is not that of a mixed
// model, which is a difference within a subject.
//
// Order to read the files in: gee.go; data.go, family.go; solve.go;
// correlation.go, ar1.go, unstructured.go; sandwich.go, quasi.go; result.go,
// finding.go; document.go, json.go; beside.go, besidedoc.go.
//
// Sources: Liang and Zeger (1986), Longitudinal data analysis using generalized
// linear models, Biometrika 73; Yan and Fine (2004), Estimating equations for
// association structures, Stat. Med. 23, for the moments of alpha and phi.
package gee
