// Package design turns a formula and a table into the matrices of a mixed model
//
//	y = X beta + offset + sum over terms t of Z_t b_t + e
//
//	n       rows used: complete in every variable, with a weight above 0
//	X       n x p, the columns of the fixed terms that do not depend on those before
//	Z_t     n x k_t, kept before it is spread over the levels of its grouping
//	        factor: row i belongs to level Level[i], and only to that
//	b_t     levels x k_t random effects, in rows independent N(0, Sigma_t)
//
// Names, coding and order are R's and lme4's: treatment contrasts for factors,
// orthogonal polynomials for ordered ones, indicators where a factor is not
// marginal to an earlier term; terms by decreasing number of levels. Two things
// differ from lme4: a factor behind || stands for its indicators, as
// independent columns and without the intercept, and so it does in cs().
//
// Build evaluates every variable once (eval, compare, call; learn, poly and
// spline for what remembers its training data), restricts all to the complete
// rows (frame, complete), codes terms as columns (plan, contrast), finds the
// columns to keep (rank) and the levels of the groups (group), and says what it
// noticed (finding). NewData repeats the columns for other rows.
//
// Sources: Chambers and Hastie (1992), Statistical Models in S, chapters 2 and
// 3; Bates et al. (2015), Fitting linear mixed-effects models using lme4, J.
// Stat. Software 67(1), section 2.
package design
