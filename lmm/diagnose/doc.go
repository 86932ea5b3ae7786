// Package diagnose says what happened to a fit, names the cause, tries the ways
// out and shows what each does to the conclusions.
//
//	y = X beta + sum over terms t of Z_t b_t + e,  b_tj ~ N(0, Sigma_t)
//
// Findings come in the order in which they explain each other: the data (D),
// what they can tell apart (I), convergence (C), the boundary (B), the Hessian
// and the standard errors (H), what looks like a fault and is none (N). A symptom is reported under its cause: a term
// whose variance is not identified has no finding of its own for a variance at
// 0.
//
//	Psi_t   Sigma_t / sigma^2
//	G       derivative of the criterion with respect to Psi
//	M       I - X(X'X)^-X', what the fixed effects leave
//
// Of a model whose residuals have a structure the parameters of that are judged too,
// and other structures tried.
//
// Read run.go, at.go (points of other programs) and before.go, then the checks in
// their order: structure.go, waves.go (D), identify.go (I), convergence.go (C),
// boundary.go (B) with the estimates beyond the boundary, negative.go, whitened.go,
// freematrix.go, and of the residuals, residual.go; hessian.go, flat.go (I2, H, N).
// Then the ways out: remedy.go, candidates.go, residualcandidates.go,
// residualfit.go, units.go, try.go, leastsquares.go, prior.go, search.go (other
// maxima), shift.go and recommend.go; ladder.go and moves.go. Names of parameters
// are made in names.go, documents in document.go, remedydoc.go, ladderdoc.go and
// json.go.
//
// Generalised models have causes of their own. Before the fit, glmmbefore.go: separation
// (package separation), groups of one kind, events; after it, glmm.go and
// glmmspread.go: dispersion and zeros against draws of the model (V), large effects,
// gradients that are large for their units; glmmnodes.go: Laplace against
// quadrature (A). Their ways out: glmmremedy.go, glmmmerge.go, glmmprior.go, firth.go,
// glmmadvice.go.
//
// Messages of other programs: explain.go and the files named after it; the
// catalogue stands in messages*.go, a file a program.
//
// All optimizers from several starts are compared in allfit.go (the runs),
// allfitplaces.go (where they end), allfitfindings.go, contour.go. Data from a known
// truth: study.go, studytruth.go (drawing), studyrates.go, studydemo.go.
//
// The thresholds stand in thresholds.go, each with its source.
package diagnose
