package diagnose

// Checks of golmm that messages point to.
const (
	runDiagnose = "golmm diagnose FORMULA FILE"
	tryWays     = "golmm diagnose FORMULA FILE --try"
	runProfile  = "golmm fit FORMULA FILE --profile"
	runBoot     = "golmm fit FORMULA FILE --bootstrap 1000"
	runKR       = "golmm fit FORMULA FILE --ddf kenward-roger"
	runCompare  = "golmm compare FORMULA FORMULA FILE"
	runAllFit   = "golmm allfit FORMULA FILE"
	// judgeTheta judges the point where another program stopped; theta is lme4's
	// and that of MixedModels.jl.
	judgeTheta = "golmm diagnose FORMULA FILE --theta VALUES"
	// runSeparation looks for separation before any fit.
	runSeparation = "golmm diagnose --before --family binomial FORMULA FILE: D7 names the coefficients that run to infinity, and the levels"
	// runIndependence is the fit that tells the mean from the correlation.
	runIndependence = "golmm gee --subject COL FORMULA FILE: solved under independence, it is the correlation; W1 and D7 say what else"
	// duplicates looks for rows that share a subject and a time.
	duplicates = "golmm gee --subject COL --time COL FORMULA FILE: names the subject and the rows"
)

// lme4Convergence are the checks that lme4 makes after a fit (checkConv,
// checkHess).
func lme4Convergence() []Message {
	const program, source = "lme4", "lme4 1.0 to 1.1-3x, checkConv"
	return []Message{
		{
			ID: "lme4-max-grad", Program: program, Source: source,
			Forms: []string{
				"Model failed to converge with max|grad| = {#grad} (tol = {#tol}, component {#component})",
				"Model failed to converge with max|grad| = {#grad} (tol = {#tol})",
				"Model failed to converge with max|grad| = {#grad}",
			},
			Codes: []string{"C0", "C1", "C2"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "after the optimiser stopped, the gradient of the deviance in theta, by finite differences, has an entry above the tolerance, both as it is and after scaling by a factor of the Hessian.",
			Means: "the fit may be short of the maximum, by a lot or by nothing that matters.",
			Not:   "that the estimates are wrong, or that the model is too complex. Raising the tolerance or changing optimisers until the warning goes away is folklore: silence proves nothing either, since lme4 skips this check for singular fits.",
			Do:    "fit the same formula in golmm, which ends with Newton steps to a decrement below 1e-8, and compare the criterion and the fixed effects. In lme4: allFit(), or a restart from the estimate.",
			Check: judgeTheta + ", the values of getME(m, \"theta\"): the decrement of the very point where lme4 stopped.",
			judge: judgeGradient,
		},
		{
			ID: "lme4-relative-grad", Program: program, Source: source,
			Forms: []string{"Model failed to converge with max|relative grad| = {#grad} (tol = {#tol})"},
			Codes: []string{"C0", "C1", "C2"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "the gradient divided by theta, entry by entry, is above the tolerance; the check is off unless it was asked for.",
			Means: "little: dividing by the estimate does not take the units off, and near a variance of 0 it divides by almost nothing.",
			Not:   "H^-1 g, which also goes by the name of relative gradient and is a step in theta.",
			Do:    "look at the decrement.",
			Check: judgeTheta + ", the values of getME(m, \"theta\"): the decrement.",
			judge: judgeGradient,
		},
		{
			ID: "lme4-relgrad", Program: program, Source: "lme4 1.1, the recipe of help(\"convergence\")",
			Forms: []string{"max(abs(relgrad)) [1] {#step}"},
			Codes: []string{"C0", "C1", "C2"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "the gradient multiplied by the inverse of the Hessian: the Newton step in theta.",
			Means: "theta would still move by that much.",
			Not:   "a distance in standard errors: theta has units, those of the covariates over those of the residual. The common limit of 0.001 is a habit.",
			Do:    "hold it against the gradient: half their product is about the drop of -2 log L still to be had.",
			Check: judgeTheta + ", the values of getME(m, \"theta\"): the decrement.",
			judge: judgeStep,
		},
		{
			ID: "lme4-singular", Program: program, Source: "lme4 1.1-15 to 1.1-3x; \"singular fit\" up to 1.1-19",
			Forms: []string{"boundary (singular) fit: see help('isSingular')", "boundary (singular) fit: see ?isSingular", "boundary (singular) fit", "singular fit"},
			Codes: []string{"B1", "B2", "B3", "C4", "I1", "D2"}, Convergence: saysNothing, Place: boundary,
			Saw:   "an entry on the diagonal of theta is below 1e-4.",
			Means: "some variance is estimated as 0 or some correlation as +-1, or the covariate has large units and the entry is small for that reason alone.",
			Not:   "a failure to converge, and not a proof of convergence either. That a singular fit must be simplified is folklore: a variance of 0 is a valid estimate, and where a term's whole variance is 0 the fixed effects are the same with or without it.",
			Do:    "learn which direction is missing and whether the edge is real, then keep the term with its interval or drop it, and say which.",
			Check: tryWays + ": place, the direction by name (B1, B2, B3), and what each way out does to the fixed effects; with --theta and the values of getME(m, \"theta\"), whether lme4 stands on a false edge (C4).",
		},
		{
			ID: "lme4-degenerate-hessian", Program: program, Source: source,
			Forms: []string{
				"Model failed to converge: degenerate Hessian with {#n} negative eigenvalues",
				"Model failed to converge: degenerate Hessian with {#n} negative eigenvalue",
				"Model failed to converge with {#n} negative eigenvalues in Hessian",
			},
			Codes: []string{"C3", "C2", "I2"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the Hessian by finite differences has eigenvalues below -1e-6.",
			Means: "the search stopped at a saddle, or before the maximum, or the surface is so flat that rounding decides the sign.",
			Not:   "that some variance is negative.",
			Do:    "step along the direction of the negative eigenvalue; if -2 log L falls the fit was a saddle, if it does not move the direction is flat.",
			Check: judgeTheta + ", the values of getME(m, \"theta\"): C3 for a saddle, I2 for a flat direction, in words.",
		},
		{
			ID: "lme4-hessian-singular", Program: program, Source: source,
			Forms: []string{"Hessian is numerically singular: parameters are not uniquely determined"},
			Codes: []string{"I1", "I2", "D7", "B1"}, Convergence: inDoubt, Place: notIdentified,
			Saw:   "an eigenvalue of the finite-difference Hessian is below 1e-6, a number with units, or its Cholesky factor fails.",
			Means: "a combination of parameters can move without changing the likelihood: two terms do one job, a fixed effect has taken a variance, or an estimate runs to infinity (separation).",
			Not:   "that all parameters are undetermined; often only one direction is, and the fixed effects are fine.",
			Do:    "name the direction. In a binomial model look first for a predictor that separates the outcomes.",
			Check: runDiagnose + ": I1 is decided from the design, without the response; I2 names the direction.",
		},
		{
			ID: "lme4-eigenvalue-ratio", Program: program, Source: source,
			Forms: []string{"Model is nearly unidentifiable: large eigenvalue ratio - Rescale variables?", "Model is nearly unidentifiable: large eigenvalue ratio"},
			Codes: []string{"D2", "I2"}, Convergence: saysNothing, Place: inDoubt,
			Saw:   "the largest eigenvalue of the Hessian is more than 1e6 times the smallest, in the units at hand.",
			Means: "most often units: one covariate in thousands, another in thousandths. Less often a direction that the data hardly determine.",
			Not:   "non-identifiability by itself: a change of units makes the ratio what one likes.",
			Do:    "standardise the covariates and fit again; if the ratio stays, the direction is weak.",
			Check: runDiagnose + ": golmm standardises inside and reports in your units; I2 is judged after scaling (limit 1e-5).",
		},
		{
			ID: "lme4-large-eigenvalue", Program: program, Source: source,
			Forms: []string{"Model is nearly unidentifiable: very large eigenvalue - Rescale variables?", "Model is nearly unidentifiable: very large eigenvalue"},
			Codes: []string{"D2", "C0"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "the largest eigenvalue of the Hessian is above 1e6, a number with units.",
			Means: "a covariate has large values. The maximum is where it is.",
			Not:   "what it says: large values of a covariate do not make a model unidentifiable.",
			Do:    "divide the covariate by its standard deviation, or ignore it once the decrement is known to be small.",
			Check: runDiagnose + ": D2 names the columns; the verdict does not depend on units.",
		},
		{
			ID: "lme4-scaled-gradient", Program: program, Source: source,
			Forms: []string{"unable to evaluate scaled gradient"},
			Codes: []string{"C3", "I2", "B1", "D7"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the Hessian could not be factorised, so the gradient could not be scaled by it.",
			Means: "the Hessian is not positive definite at the estimate: a saddle, a flat direction, a stop before the maximum or a variance at 0.",
			Not:   "a cause: it is a symptom, named again by the lines beside it.",
			Do:    "read the message about the Hessian that comes with it.",
			Check: runDiagnose,
		},
		{
			ID: "lme4-hessian-check", Program: program, Source: source,
			Forms: []string{"Problem with Hessian check (infinite or missing values?)", "Gradient contains NAs"},
			Codes: []string{"C7", "D2", "D10"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "a derivative by finite differences is not a number.",
			Means: "the criterion could not be evaluated close to the estimate: extreme units, an infinite value in the data, or a fit with nothing left for the residual.",
			Not:   "that the optimiser failed; the check did.",
			Do:    "look for infinite and enormous values in the columns of the model, then fit again.",
			Check: runDiagnose + ": derivatives are analytic there; C7 says where an evaluation failed.",
		},
		{
			ID: "lme4-vcov-rx", Program: program, Source: "lme4 1.1, vcov of glmer",
			Forms: []string{
				"variance-covariance matrix computed from finite-difference Hessian is not positive definite or contains NA values: falling back to var-cov estimated from RX",
				"variance-covariance matrix computed from finite-difference Hessian and from RX differ by",
			},
			Codes: []string{"H1", "C2", "D7", "I2"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the Hessian that standard errors come from is not positive definite, so others were printed, which take the variances as known.",
			Means: "the standard errors shown are too small by an unknown amount, and the fit itself is in doubt.",
			Not:   "that falling back repaired anything.",
			Do:    "settle convergence and separation first; then use profile or bootstrap intervals.",
			Check: runSeparation + ".",
		},
		{
			ID: "lmertest-negative-eigenvalue", Program: "lmerTest, pbkrtest", Source: "lmerTest 3.0 to 3.1, as_lmerModLmerTest; pbkrtest 0.5",
			Forms: []string{
				"Model failed to converge with {#n} negative eigenvalue: {#value}", "Model failed to converge with {#n} negative eigenvalues: {#value}",
				"Model failed to converge with {#n} negative eigenvalue(s): {#value}",
			},
			Codes: []string{"C3", "C2", "B1"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "a Hessian of its own, in theta and sigma, has an eigenvalue below -1e-8.",
			Means: "a saddle, a stop before the maximum, or a variance at 0, where this Hessian has no reason to be positive definite.",
			Not:   "that lmer's estimates changed; only the degrees of freedom rest on this Hessian.",
			Do:    "judge the fit first; on the boundary use Kenward-Roger instead of Satterthwaite.",
			Check: runDiagnose + ", then " + runKR + ".",
			judge: judgeEigenvalue,
		},
		{
			ID: "lmertest-eigenvalue-zero", Program: "lmerTest, pbkrtest", Source: "lmerTest 3.0 to 3.1, as_lmerModLmerTest; pbkrtest 0.5",
			Forms: []string{
				"Model may not have converged with {#n} eigenvalue close to zero: {#value}", "Model may not have converged with {#n} eigenvalues close to zero: {#value}",
				"Model may not have converged with {#n} eigenvalue(s) close to zero: {#value}",
			},
			Codes: []string{"I2", "B1", "D2"}, Convergence: saysNothing, Place: inDoubt,
			Saw:   "an eigenvalue of its Hessian in theta and sigma is within 1e-8 of 0.",
			Means: "a flat direction, a variance at 0 or large units; the degrees of freedom divide by that eigenvalue.",
			Not:   "a failure to converge: a flat direction can be at its exact maximum.",
			Do:    "trust neither the df nor the p values of Satterthwaite here.",
			Check: runKR + ", and " + runDiagnose + " for the direction.",
			judge: judgeEigenvalue,
		},
	}
}
