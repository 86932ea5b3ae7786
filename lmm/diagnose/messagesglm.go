package diagnose

// glmMessages are messages about models for counts and proportions: R's glm and
// what is built on it, SAS LOGISTIC, GENMOD and GLIMMIX, Stata's logit.
func glmMessages() []Message {
	return append(glmOfR(), glmElsewhere()...)
}

func glmOfR() []Message {
	const program, source = "R (glm)", "R stats, glm.fit"
	return []Message{
		{
			ID: "glm-boundary", Program: program, Source: source,
			Forms: []string{"glm.fit: algorithm stopped at boundary value"},
			Codes: []string{"C7", "D7"}, Convergence: inDoubt, Place: boundary,
			Saw:   "the last step had to be cut so that fitted means stay within the range of the family.",
			Means: "with the log, identity or square root link the best means lie at the edge: probabilities of 1, counts of 0.",
			Not:   "a boundary of a variance: glm has none.",
			Do:    "look which rows are at the edge; take the canonical link, or a prior.",
			Check: runSeparation + ".",
		},
		{
			ID: "glm-step-truncated", Program: program, Source: source,
			Forms: []string{"step size truncated due to divergence", "step size truncated: out of bounds", "inner loop {#n}; cannot correct step size"},
			Codes: []string{"C7", "D7", "D2"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a scoring step made the deviance infinite, or means impossible, and was halved.",
			Means: "a poor start, extreme units, or a link whose means can leave the range. If the fit then converges nothing is wrong.",
			Not:   "separation as such: that does not need halving, its deviance falls at each step.",
			Do:    "centre and scale the covariates; give start values.",
			Check: runSeparation + ".",
		},
		{
			ID: "glm-no-start", Program: program, Source: source,
			Forms: []string{"no valid set of coefficients has been found: please supply starting values", "cannot find valid starting values: please specify some"},
			Codes: []string{"C7"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the first means are outside of the range of the family.",
			Means: "almost always the log or identity link of a binomial, or the identity of a count.",
			Not:   "that no estimates exist.",
			Do:    "start = c(log(mean(y)), 0, ...); or the canonical link, and risk ratios from predictions.",
			Check: "golmm diagnose --family binomial FORMULA FILE: its links keep means inside.",
		},
		{
			ID: "glm-out-of-range", Program: program, Source: "R stats, binomial(), poisson(), Gamma()",
			Forms: []string{"y values must be 0 <= y <= 1", "negative values not allowed for the {%family} family", "non-positive values not allowed for the {%family} family"},
			Codes: nil, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a response that the family cannot have.",
			Means: "1 and 2 in place of 0 and 1, percentages in place of shares, a code for missing values (-9), differences taken for counts.",
			Not:   "that another family should be tried until one is quiet.",
			Do:    "look at the smallest and the largest response.",
			Check: "golmm diagnose --before --family NAME FORMULA FILE: names the first row and its value.",
		},
		{
			ID: "r-non-integer-count", Program: "R", Source: "R stats, dpois and dbinom; from glm, glmer and logLik",
			Forms: []string{"non-integer x = {#x}"},
			Codes: nil, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a count that is no whole number.",
			Means: "a rate or a mean was given where the model needs the count, or weights that are no numbers of trials.",
			Not:   "a warning that can be passed over: the likelihood of that row is 0.",
			Do:    "model the count with the log of its denominator as an offset.",
			Check: "golmm diagnose --family poisson --offset COL FORMULA FILE.",
		},
		{
			ID: "glmnb-limit", Program: "R (MASS)", Source: "MASS 7, glm.nb and theta.ml",
			Forms: []string{"theta.ml: iteration limit reached", "iteration limit reached", "alternation limit reached"},
			Codes: []string{"V1", "C7"}, Convergence: notConverged, Place: boundary,
			Saw:   "the size theta of the negative binomial was still growing when the iterations ended.",
			Means: "as a rule theta runs to infinity: the counts vary no more than Poisson ones.",
			Not:   "a failure of the regression coefficients: they are those of the Poisson model.",
			Do:    "fit the Poisson model and look at its dispersion.",
			Check: "golmm diagnose --family poisson FORMULA FILE: V1 says whether counts vary more than Poisson ones.",
		},
		{
			ID: "lme4-glmer-gaussian", Program: "lme4 (glmer)", Source: "lme4 1.1, glmer",
			Forms: []string{"calling glmer() with family=gaussian (identity link) as a shortcut to lmer() is deprecated; please call lmer() directly"},
			Codes: nil, Convergence: saysNothing, Place: saysNothing,
			Saw:   "glmer was called without a family, or with the Gaussian one.",
			Means: "a linear mixed model was fitted, to whatever the response is.",
			Not:   "a matter of style: where a binomial or a Poisson model was meant, the family was forgotten.",
			Do:    "name the family, or call lmer.",
			Check: "golmm fit --family binomial FORMULA FILE.",
		},
		{
			ID: "r-separation-found", Program: "R (safeBinaryRegression, spaMM)", Source: "safeBinaryRegression 0.1, glm; spaMM 3 and 4",
			Forms: []string{
				"Separation exists among the sample points. This model cannot be fit by maximum likelihood", "Separation exists among the sample points",
				"The following terms are causing separation among the sample points",
				"Separation or quasi-separation exists among the sample points",
			},
			Codes: []string{"D7"}, Convergence: saysNothing, Place: noMaximum,
			Saw:   "a linear programme found a combination of predictors that splits the outcomes.",
			Means: "some coefficients have no finite estimate; those of terms that are not named may have one.",
			Not:   "a verdict of the optimiser: it holds whatever is done to the iterations.",
			Do:    "penalise (Firth, weak prior), merge levels, or test by likelihood ratio.",
			Check: runSeparation + ".",
		},
	}
}

func glmElsewhere() []Message {
	const logistic, genmod, glimmix = "SAS (LOGISTIC)", "SAS (GENMOD)", "SAS (GLIMMIX)"
	const stata, source = "Stata", "Stata 8 to 18, logit, logistic, probit"
	return []Message{
		{
			ID: "sas-logistic-continues", Program: logistic, Source: "SAS/STAT 9, PROC LOGISTIC",
			Forms: []string{
				"The LOGISTIC procedure continues in spite of the above warning. Results shown are based on the last maximum likelihood iteration. Validity of the model fit is questionable",
				"The validity of the model fit is questionable",
			},
			Codes: []string{"D7"}, Convergence: notConverged, Place: noMaximum,
			Saw:   "separation, told in the line before; the tables below come from wherever the iterations stopped.",
			Means: "coefficients and standard errors that run to infinity have values of no meaning; those of the others are near their limits.",
			Not:   "that the whole model is useless: likelihood ratio tests, and estimates of effects that are not separated, hold.",
			Do:    "FIRTH, EXACT, or merge levels.",
			Check: runSeparation + ".",
		},
		{
			ID: "sas-mean-range", Program: genmod, Source: "SAS/STAT 9, PROC GENMOD",
			Forms: []string{"The mean parameter is either invalid or at a limit of its range for some observations"},
			Codes: []string{"C7", "D7"}, Convergence: notConverged, Place: inDoubt,
			Saw:   "a fitted mean outside of the range of the distribution, or at its edge.",
			Means: "the log or identity link of a binomial; with the logit link, separation.",
			Not:   "an invalid response: those are named apart.",
			Do:    "INTERCEPT= and INITIAL= values, a Poisson model with REPEATED for risk ratios, or the logit link.",
			Check: runSeparation + ".",
		},
		{
			ID: "sas-scale-fixed", Program: genmod, Source: "SAS/STAT 9, PROC GENMOD",
			Forms: []string{"The scale parameter was held fixed"},
			Codes: nil, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a family without a free dispersion: binomial or Poisson.",
			Means: "standard errors take the variance from the mean. Deviance or Pearson statistic over its df near 1 supports that.",
			Not:   "a constraint of yours, or a fault.",
			Do:    "look at Pearson chi-square by df; well above 1 take the negative binomial or a random effect for each row.",
			Check: "golmm diagnose --family poisson FORMULA FILE: V1, against draws of the model.",
		},
		{
			ID: "sas-glimmix-infeasible", Program: glimmix, Source: "SAS/STAT 9, PROC GLIMMIX, METHOD=QUAD and LAPLACE",
			Forms: []string{"Infeasible parameter values for evaluation of objective function with {#n} quadrature points", "Infeasible parameter values for evaluation of objective function with {#n} quadrature point"},
			Codes: []string{"C7", "D7", "D2"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "no likelihood at the starting values.",
			Means: "starting values from a linear approximation that went wrong: rare events, extreme units, separation.",
			Not:   "that more points are needed.",
			Do:    "PARMS with small variances; scale covariates; look for groups and cells with one outcome.",
			Check: runSeparation + ".",
		},
		{
			ID: "sas-glimmix-large", Program: glimmix, Source: "SAS/STAT 9, PROC GLIMMIX",
			Forms: []string{"Model is too large to be fit by PROC GLIMMIX in a reasonable amount of time on this system. Consider changing your model"},
			Codes: nil, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a matrix with more elements than memory, as a rule a random effect without SUBJECT=.",
			Means: "levels were not told apart as subjects, so that all of Z is one block.",
			Not:   "that the data are too many.",
			Do:    "RANDOM intercept / SUBJECT=id; and id in the CLASS statement.",
			Check: "golmm fit --family NAME FORMULA FILE.",
		},
		{
			ID: "stata-predicts-perfectly", Program: stata, Source: source,
			Forms: []string{
				"predicts success perfectly; {*name} omitted and {#n} obs not used", "predicts failure perfectly; {*name} omitted and {#n} obs not used",
				"predicts success perfectly", "predicts failure perfectly", "predicts data perfectly",
			},
			Codes: []string{"D7"}, Convergence: saysNothing, Place: noMaximum,
			Saw:   "one value of a predictor has one outcome only; it left the predictor out, and those rows.",
			Means: "quasi-complete separation by one predictor. What is printed is a fit to the other rows.",
			Not:   "that the predictor is irrelevant: it was the best of all.",
			Do:    "report the counts; firthlogit, or a prior; asis keeps the rows.",
			Check: runSeparation + ".",
		},
		{
			ID: "stata-determined", Program: stata, Source: source,
			Forms: []string{"note: {#failures} failures and {#successes} successes completely determined", "note: {#failures} failure and {#successes} successes completely determined"},
			Codes: []string{"D7", "D1"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "some fitted probabilities are 0 or 1 to rounding.",
			Means: "separation by a combination of predictors, if a standard error is missing or huge; else one very good predictor, and nothing is wrong.",
			Not:   "that those rows should be dropped.",
			Do:    "look at the standard errors; cross-tabulate.",
			Check: runSeparation + ".",
		},
	}
}
