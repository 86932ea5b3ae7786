// Package infer says what a fitted model tells: tests and intervals of fixed
// effects with degrees of freedom, marginal means, shares of variance,
// influence of rows and groups; profiles, bootstraps and comparisons of models.
//
// # Model and notation
//
//	y = X beta + Z b + e,   Var(y) = sigma^2 V,   V = I + sum over entries a of psi_a D_a
//
//	Phi    = sigma^2 (X'V^-1 X)^-1, the covariance of beta^ with the variances known
//	P      = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1
//	L      a hypothesis L beta = 0, q x p
//	x      L^-T R^-T l for a row l: Var(l'beta^) = sigma^2 x'x (white coordinates)
//	nu     n - p with REML, n with ML
//
// V is linear in its parameters, sigma^2 psi and sigma^2; the basis {D_a, V}
// serves as well as {D_a, I} and needs no power of V^-1 beyond the first two:
// all that follows is sums over the levels, never a matrix of n x n.
//
// Whatever the data do not determine is NaN with a Reason, and is printed as a
// dash with that reason.
//
// # Where R differs
//
//   - On the boundary Satterthwaite counts what is 0 as known, and so does
//     lmerTest where its coordinates allow (Dyestuff2: 29 df for the mean of 6
//     batches); Kenward-Roger, with 5, does not. Both are told.
//   - lmer may stop at a variance of 0 that is no optimum; lmerTest's df are
//     those of that point: 48.9 for the intercept of 10 groups in
//     testdata/false_edge.csv, where the optimum, inside, has 9.1.
//   - Fai and Cornelius' df of a hypothesis of several rows depend on how it is
//     split. lmerTest splits by the rows as it happens to write them: three
//     values for one hypothesis. Here the split depends on the hypothesis alone.
//   - lmerTest 3.1-3 gives F of the last term of factor(nitro) * Variety (Oats) in
//     type I as 0.3095; it is 0.3028, as in types II and III.
//   - ptukey of R 4.2 loses digits in the tail: 1.21e-5 where 1.02e-5 is right
//     (q = 30, 3 means, 5 df).
//   - lme4's Cook's distances of groups carry (n - p) / n, n the number of groups:
//     0 for as many groups as coefficients. performance gives NA to shares of
//     variance of a singular fit.
//
// # What is profiled
//
// Standard deviations, correlations, sigma and the fixed effects, and theta as sd over
// sigma. Of a term with one coefficient that is theta of lme4; the other entries of a
// Cholesky factor depend on the order of the coefficients, and have no profile here.
//
// Files, in the order to read them. Fixed effects: df.go (the choice of degrees of
// freedom), fixed.go, satterthwaite.go, kenwardroger.go, limit.go (separated
// responses); coefficients.go, contrast.go, anova.go (its hypotheses in
// hypotheses.go), emmeans.go, predict.go, newresponse.go.
// Parameters of the covariance: parameter.go names them; profile.go and, beneath
// it, profilespace.go (the criterion over factors and sigma), profilechart.go (a
// parameter as a coordinate), profilescale.go, profileridge.go, profilewalk.go;
// profilestructure.go (parameters of the residuals), profilegeneral.go; profileat.go;
// bootstrap.go, replicates.go, bootinterval.go; varinterval.go, structureinterval.go;
// moments.go. Shares: shares.go, sharesgeneral.go, shareinterval.go, inflation.go,
// repca.go. Comparisons: lrt.go, generallrt.go, nesting.go (is one within the other),
// asymptotic.go and chibar.go (the mixture), rlrt.go (the exact distribution),
// bootlrt.go; dropterm.go, compare.go. Checks: influence.go, influencestructured.go,
// deletion.go, outlying.go, dharma.go. paragraph.go writes methods and results.
package infer
