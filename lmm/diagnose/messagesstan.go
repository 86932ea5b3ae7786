package diagnose

// stanMessages are warnings of Stan, rstanarm and brms: they are about the
// sampler (M1).
func stanMessages() []Message {
	const program, source = "Stan (rstan, rstanarm, brms)", "rstan 2.17 to 2.3x, rstanarm 2.21, brms 2.18"
	const shows = "golmm diagnose FORMULA FILE on the same data: a variance at 0 or an unidentified term there is what funnels and slow chains come from."
	return []Message{
		{
			ID: "stan-divergent", Program: program, Source: source,
			Forms: []string{
				"There were {#n} divergent transitions after warmup. Increasing adapt_delta above {#delta} may help",
				"There were {#n} divergent transitions after warmup", "There were {#n} divergent transitions across all chains",
				"iterations ended with a divergence",
			},
			Codes: []string{"M1", "I2", "B1"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the simulated path left the energy surface at some draws.",
			Means: "a region of high curvature is not explored, in mixed models mostly the funnel at a standard deviation near 0.",
			Not:   "that the model is wrong, nor that a few are harmless.",
			Do:    "adapt_delta = 0.99, a non-centred parametrisation, a prior that keeps the standard deviation off 0, or drop the term.",
			Check: shows,
			judge: judgeDivergences,
		},
		{
			ID: "stan-treedepth", Program: program, Source: source,
			Forms: []string{
				"There were {#n} transitions after warmup that exceeded the maximum treedepth. Increase max_treedepth above {#depth}",
				"There were {#n} transitions after warmup that exceeded the maximum treedepth", "iterations saturated the maximum tree depth of {#depth}",
			},
			Codes: []string{"M1", "I2", "D2"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "paths were cut off at their longest.",
			Means: "slow, not invalid: correlated parameters or covariates of very different scale.",
			Not:   "biased draws, unlike divergences.",
			Do:    "scale the covariates; raise max_treedepth if the time is there.",
			Check: shows,
		},
		{
			ID: "stan-bfmi", Program: program, Source: source,
			Forms: []string{
				"There were {#n} chains where the estimated Bayesian Fraction of Missing Information was low", "E-BFMI indicated possible pathological behavior", "E-BFMI below 0.2 indicates you may need to reparameterize your model",
			},
			Codes: []string{"M1", "B1"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "the energy moves too little from draw to draw.",
			Means: "heavy tails or a funnel are explored slowly.",
			Not:   "missing data: the word is about energy.",
			Do:    "reparametrise the random effects; stronger priors on standard deviations.",
			Check: shows,
		},
		{
			ID: "stan-rhat", Program: program, Source: source,
			Forms: []string{
				"The largest R-hat is {#rhat}, indicating chains have not mixed", "The largest R-hat is {%rhat} indicating chains have not mixed",
				"Parts of the model have not converged (some Rhats are > 1.05)", "Parts of the model have not converged (some Rhats are > 1.1)", "Parts of the model have not converged",
				"Markov chains did not converge! Do not analyze results!",
			},
			Codes: []string{"M1", "C5", "I1"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the chains differ from each other.",
			Means: "they have not met: too short, two modes, or a direction that only the prior holds.",
			Not:   "a matter of a nicer trace plot: good ones look like noise.",
			Do:    "run longer; look which parameters; if two chains sit apart, look for two modes.",
			Check: shows,
			judge: judgeRhat,
		},
		{
			ID: "stan-bulk-ess", Program: program, Source: source,
			Forms: []string{"Bulk Effective Samples Size (ESS) is too low, indicating posterior means and medians may be unreliable", "Bulk Effective Samples Size (ESS) is too low"},
			Codes: []string{"M1"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "the draws of some parameter are worth fewer than 100 independent ones a chain.",
			Means: "means and medians carry Monte Carlo error that shows in the digits reported.",
			Not:   "bias.",
			Do:    "more iterations, scaled covariates.",
			Check: shows,
		},
		{
			ID: "stan-tail-ess", Program: program, Source: source,
			Forms: []string{"Tail Effective Samples Size (ESS) is too low, indicating posterior variances and tail quantiles may be unreliable", "Tail Effective Samples Size (ESS) is too low"},
			Codes: []string{"M1"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "few effective draws in the tails.",
			Means: "the ends of intervals are rough; the mean can be fine.",
			Not:   "a wrong centre.",
			Do:    "more iterations; report fewer digits of the limits.",
			Check: shows,
		},
		{
			ID: "stan-pairs", Program: program, Source: source,
			Forms: []string{"Examine the pairs() plot to diagnose sampling problems"},
			Codes: []string{"M1"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "another warning was given.",
			Means: "a hint where to look.",
			Not:   "a finding.",
			Do:    "plot the standard deviations of the random effects, by their logarithm, against an effect.",
			Check: shows,
		},
		{
			ID: "stan-pareto-k", Program: "loo (rstanarm, brms)", Source: "loo 2, rstanarm 2.21, brms 2.18",
			Forms: []string{"Found {#n} observations with a pareto_k > {#limit}", "Found {#n} observation(s) with a pareto_k > {#limit}", "Some Pareto k diagnostic values are too high", "Some Pareto k diagnostic values are slightly high"},
			Codes: []string{"M1"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "leaving out some rows changes the posterior too much for importance sampling.",
			Means: "influential rows, or rows with a random effect of their own.",
			Not:   "outliers by itself, nor a failed sampler.",
			Do:    "reloo, or K-fold by group; with one row a level the term is the cause.",
			Check: runDiagnose + ": D4 for terms with one row a level.",
		},
		{
			ID: "stan-initial", Program: program, Source: source,
			Forms: []string{"Rejecting initial value:", "Initialization between (-2, 2) failed after 100 attempts"},
			Codes: []string{"M1", "D2"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "the log density has no value at a start.",
			Means: "once or twice: chance. After 100 attempts: an outcome outside the family's range, or extreme units.",
			Not:   "a finding about the posterior.",
			Do:    "check the response, scale covariates, give init = 0.",
			Check: runDiagnose + ": D2.",
		},
	}
}

// mcmcMessages are messages of MCMCglmm.
func mcmcMessages() []Message {
	const program, source = "MCMCglmm", "MCMCglmm 2"
	return []Message{
		{
			ID: "mcmcglmm-g-r", Program: program, Source: source,
			Forms: []string{"ill-conditioned G/R structure (CN = {#cn}): use proper priors if you haven't or rescale data if you have", "ill-conditioned G/R structure"},
			Codes: []string{"M1", "B1", "B2", "D2"}, Convergence: notConverged, Place: boundary,
			Saw:   "a draw of a covariance matrix was singular.",
			Means: "a variance near 0 under a prior that lets it get there, or units.",
			Not:   "that the data cannot be analysed; likelihood methods reach such a boundary without harm.",
			Do:    "parameter expanded priors (alpha.V), scaled response.",
			Check: tryWays + ": which direction has no variance.",
		},
		{
			ID: "mcmcglmm-mme", Program: program, Source: source,
			Forms: []string{"Mixed model equations singular: use a (stronger) prior", "Mixed model equations singular"},
			Codes: []string{"M1", "D1", "D7"}, Convergence: notConverged, Place: inDoubt,
			Saw:   "the equations for fixed and random effects have no unique solution.",
			Means: "aliased fixed effects, or a category with one outcome only.",
			Not:   "that a stronger prior answers the question: it hides which column it was.",
			Do:    "drop aliased columns and empty levels first.",
			Check: runDiagnose + ": D1.",
		},
		{
			ID: "mcmcglmm-cross-product", Program: program, Source: source,
			Forms: []string{"ill-conditioned cross-product: can't form Cholesky factor"},
			Codes: []string{"M1", "B1", "D2"}, Convergence: notConverged, Place: inDoubt,
			Saw:   "the cross-product of the effects of a term is singular.",
			Means: "effects that do not vary, or a term with fewer levels than effects under an improper prior.",
			Not:   "a problem of the fixed effects.",
			Do:    "a proper prior (nu above the number of effects), fewer effects.",
			Check: runDiagnose + ": D3, I1, B1.",
		},
	}
}

// geeMessages are messages of R's gee and geepack.
func geeMessages() []Message {
	const program, source = "gee, geepack", "gee 4.13, geepack 1.3"
	return []Message{
		{
			ID: "gee-not-pd", Program: program, Source: source,
			Forms: []string{"Working correlation estimate not positive definite"},
			Codes: []string{"W1", "B4"}, Convergence: notConverged, Place: inDoubt,
			Saw:   "the estimated working correlation is no correlation matrix.",
			Means: "an exchangeable correlation below -1/(m-1), or an unstructured one from few subjects.",
			Not:   "that the mean model is wrong.",
			Do:    "corstr = \"independence\" with the robust standard errors.",
			Check: "golmm gee --subject COL --correlation exchangeable FORMULA FILE: W1 shows the estimate and its bound.",
		},
		{
			ID: "gee-diverging", Program: program, Source: source,
			Forms: []string{"Cgee: error: logistic model for probability has fitted value very close to 1. estimates diverging; iteration terminated.", "fitted value very close to 1. estimates diverging; iteration terminated", "Cgee: estimates diverging; iteration terminated"},
			Codes: []string{"D7"}, Convergence: notConverged, Place: noMaximum,
			Saw:   "fitted probabilities of 1.",
			Means: "separation: a coefficient runs to infinity.",
			Not:   "a matter of the working correlation.",
			Do:    "cross-tabulate, merge levels.",
			Check: runSeparation + ".",
		},
		{
			ID: "gee-not-achieved", Program: program, Source: source,
			Forms: []string{"Convergence not achieved; results suspect", "Maximum number of iterations consumed"},
			Codes: []string{"C2"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the iterations were used up.",
			Means: "mean and correlation swing, or a coefficient runs off.",
			Not:   "that these are estimates to report.",
			Do:    "corstr = \"independence\" first.",
			Check: runIndependence + ".",
		},
	}
}
