package diagnose

// nlminbMessages are the codes of R's nlminb (the PORT library), as nlme,
// glmmTMB and early versions of lme4 pass them on.
func nlminbMessages() []Message {
	const program, source = "nlminb (nlme, glmmTMB, lme4 0.99)", "R stats, nlminb; nlme 3.1, glmmTMB 1.0 and later, lme4 0.99 mer_finalize"
	forms := func(text string) []string {
		return []string{
			"nlminb problem, convergence error code = {#code} message = " + text,
			"Model convergence problem; " + text + ". See vignette('troubleshooting')",
			"convergence code {#code} from nlminbwrap: " + text,
			text,
		}
	}
	return []Message{
		{
			ID: "nlminb-singular-7", Program: program, Source: source, Forms: forms("singular convergence (7)"),
			Codes: []string{"I2", "B1", "B2", "C2", "D2"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the quadratic model of the optimiser is singular: it promises no better point within its step.",
			Means: "the surface is flat in some direction: a weak or unidentified parameter, a log standard deviation on its way to minus infinity, or rounding at a true maximum.",
			Not:   "a singular fit. \"Singular\" is said of the optimiser's matrix, not of a covariance matrix; the two often meet and neither implies the other.",
			Do:    "fit with a second optimiser and compare -2 log L, then look for the flat direction.",
			Check: runDiagnose + ": I2 and I1 name the direction, B1 to B3 the boundary.",
		},
		{
			ID: "nlminb-false-8", Program: program, Source: source, Forms: forms("false convergence (8)"),
			Codes: []string{"C2", "C7", "D2", "D7"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "steps became tiny although the gradient says there is a way down.",
			Means: "gradient and function disagree: rounding in the function, extreme units, a kink, or a stop short of the maximum.",
			Not:   "that the program converged to a wrong model. \"False\" is the code's name; the point is often right.",
			Do:    "scale covariates, restart from the estimate, compare with another optimiser.",
			Check: runDiagnose + ": the decrement.",
		},
		{
			ID: "nlminb-evaluations-9", Program: program, Source: source,
			Forms: forms("function evaluation limit reached without convergence (9)"),
			Codes: []string{"C2"}, Convergence: notConverged, Place: saysNothing,
			Saw: "the function evaluations were used up.", Means: "the search was stopped, not finished.",
			Not:   "that the model cannot be fitted.",
			Do:    "raise eval.max (msMaxEval in lmeControl).",
			Check: runDiagnose + ".",
		},
		{
			ID: "nlminb-iterations-10", Program: program, Source: source,
			Forms: append(forms("iteration limit reached without convergence (10)"), forms("iteration limit reached without convergence (9)")...),
			Codes: []string{"C2"}, Convergence: notConverged, Place: saysNothing,
			Saw: "the iterations were used up.", Means: "the search was stopped, not finished.",
			Not:   "that more iterations must help: a parameter that runs to minus infinity needs infinitely many.",
			Do:    "raise iter.max (msMaxIter in lmeControl); if it stays, look for a variance on its way to 0.",
			Check: runDiagnose + ".",
		},
		{
			ID: "nlminb-nan", Program: program, Source: "R stats, nlminb; glmmTMB 1.0 and later",
			Forms: []string{"In nlminb({*call}) : NA/NaN function evaluation", "NA/NaN function evaluation"},
			Codes: []string{"C7", "D7"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a trial step gave no number.",
			Means: "a step was too long and was shortened; harmless if the fit ends without another message.",
			Not:   "missing values in the data.",
			Do:    "look at the messages after it.",
			Check: "none is needed for this message alone.",
		},
		{
			ID: "nlminb-other", Program: program, Source: source,
			Forms: []string{"nlminb problem, convergence error code = {#code}", "Model convergence problem; see vignette('troubleshooting')"},
			Codes: []string{"C2"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "nlminb ended with an error code; the sentence after it says which.",
			Means: "code 1 only says that it did not end by its own rule.",
			Not:   "a cause.",
			Do:    "paste the line that follows as well.",
			Check: runDiagnose + ".",
		},
	}
}

// glmmTMBMessages are messages of glmmTMB and its diagnose().
func glmmTMBMessages() []Message {
	const program, source = "glmmTMB", "glmmTMB 0.2 to 1.1, fitTMB"
	return []Message{
		{
			ID: "glmmtmb-nonpd", Program: program, Source: source,
			Forms: []string{"Model convergence problem; non-positive-definite Hessian matrix. See vignette('troubleshooting')", "Model convergence problem; non-positive-definite Hessian matrix", "non-positive-definite Hessian matrix"},
			Codes: []string{"B1", "B2", "I2", "I1", "D7", "C2"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the Hessian at the end is not positive definite, so standard errors, AIC and log likelihood are shown as NA.",
			Means: "in log standard deviations a variance of 0 lies at minus infinity, where this Hessian is flat: most often a boundary. Else separation, an unused zero-inflation or dispersion, or a direction without data.",
			Not:   "a failed optimisation as such; nor that AIC does not exist.",
			Do:    "look for standard deviations near 0 and correlations near +-1, for huge coefficients, and drop what they belong to.",
			Check: runDiagnose + " (Gaussian models): golmm's parameters reach 0, so the boundary is told from the rest.",
		},
		{
			ID: "glmmtmb-eigenvalues", Program: program, Source: source,
			Forms: []string{"Model convergence problem; extreme or very small eigenvalues detected. See vignette('troubleshooting')", "extreme or very small eigenvalues detected", "extreme or very small eigen values detected"},
			Codes: []string{"I2", "D1", "D2", "B1"}, Convergence: saysNothing, Place: inDoubt,
			Saw:   "the smallest eigenvalue of the Hessian, on the internal scale, is below 2e-15.",
			Means: "a flat direction, aliased columns or units.",
			Not:   "non-convergence: flat directions have maxima too.",
			Do:    "drop aliased columns, scale covariates; if it stays, name the direction with diagnose().",
			Check: runDiagnose + ": I2, the ratio of the eigenvalues after scaling.",
		},
		{
			ID: "glmmtmb-rank", Program: program, Source: "glmmTMB 1.1, .checkRankX",
			Forms: []string{"fixed effects in {%part} model are rank deficient", "dropping columns from rank-deficient {%part} model"},
			Codes: []string{"D1"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "columns of a fixed-effects matrix are combinations of others.",
			Means: "some coefficients cannot be told apart; the warning about eigenvalues that follows has this cause.",
			Not:   "a problem of the random effects.",
			Do:    "control = glmmTMBControl(rank_check = \"adjust\"), or leave the columns out.",
			Check: runDiagnose + ": D1 names them.",
		},
		{
			ID: "glmmtmb-nan-start", Program: program, Source: source,
			Forms: []string{"negative log-likelihood is NaN at starting parameter values", "some elements of gradient are NaN at starting parameter values", "gradient function must return a numeric vector of length"},
			Codes: []string{"C7", "D2"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the likelihood has no value where the search begins.",
			Means: "a response outside the family's range, an infinite covariate or offset, or extreme units.",
			Not:   "a property of the maximum.",
			Do:    "check the range of the response for the family; scale the covariates; give starting values.",
			Check: runSeparation + "; a response outside the family's range is refused with its row.",
		},
		{
			ID: "glmmtmb-large-coefficients", Program: program, Source: "glmmTMB 1.1, diagnose",
			Forms: []string{"Unusually large coefficients (|x|>{#limit}):"},
			Codes: []string{"D7", "B1", "D2"}, Convergence: saysNothing, Place: inDoubt,
			Saw:   "estimates beyond a size, on the internal scale.",
			Means: "a theta far below 0 is a standard deviation at 0; a coefficient far out in a binomial model is separation; else units.",
			Not:   "that each listed coefficient is wrong: with covariates in small units large ones are right.",
			Do:    "read which part of the model each belongs to.",
			Check: tryWays + " for the variances.",
		},
		{
			ID: "glmmtmb-large-z", Program: program, Source: "glmmTMB 1.1, diagnose",
			Forms: []string{"Unusually large Z-statistics (|x|>{#limit}):"},
			Codes: []string{"C0"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "estimates many standard errors from 0.",
			Means: "mostly what a strong effect or an intercept far from 0 looks like.",
			Not:   "a sign of failure, though the heading reads like one.",
			Do:    "look only at those that should not be strong.",
			Check: "none is needed for this message alone.",
		},
	}
}
