// Package formula reads the formulas of mixed models.
//
//	y ~ x*f + I(x^2) + (x | g) + (1 | a/b)
//
// Left of ~ stands the response, right of it a sum of terms. A term is a
// product of variables, and a variable is a column or an expression of columns:
//
//	a + b        both                      a - b      a without b
//	a:b          interaction               a*b        a + b + a:b
//	a/b          a + a:b                   (a + b)^2  a + b + a:b
//	b %in% a     b:a                       0, -1      no intercept
//	I(a + b)     arithmetic                offset(o)  a known part of the mean
//	(x | g)      intercept and slope of x vary over the levels of g, correlated
//	(x || g)     the same, independent     diag(x | g) independent, coded as in (x | g)
//	(1 | a/b)    (1 | b:a) + (1 | a)       cs(f | g)  compound symmetry
//	(0 + x | g)  slope only                rr(f | g, 2) rank 2
//
// Precedence, from the tightest: ^, sign, :, %in%, * and /, + and -,
// comparisons, !, &, |. Terms are sorted by degree, and within a degree and
// within a term by first appearance, as in R.
//
// The files, in the order to read them: ast (what comes out), scan, parse,
// value and function (what may be computed), expand and random (the algebra of
// terms), print, error. After Wilkinson and Rogers (1973), Symbolic description
// of factorial models for analysis of variance, Applied Statistics 22, 392-399;
// Chambers and Hastie (1992), Statistical Models in S, chapter 2; Bates et al.
// (2015), Fitting linear mixed-effects models using lme4, J. Stat. Software 67(1).
package formula
