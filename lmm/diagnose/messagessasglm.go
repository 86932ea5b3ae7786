package diagnose

// sasGeneralized are notes and warnings of GLIMMIX, GENMOD and LOGISTIC.
func sasGeneralized() []Message {
	const glimmix, genmod = "SAS (GLIMMIX)", "SAS (GENMOD)"
	const source, gee = "SAS/STAT 9, log of PROC GLIMMIX", "SAS/STAT 9, log of PROC GENMOD"
	return []Message{
		{
			ID: "sas-pseudo-likelihood", Program: glimmix, Source: source,
			Forms: []string{"Pseudo-likelihood update fails in outer iteration {#iteration}", "Pseudo-likelihood update fails"},
			Codes: []string{"C7", "D7"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "new pseudo-data could not be made from the last estimates.",
			Means: "linear predictors run off: separation, very large variances or extreme units.",
			Not:   "a matter of the covariance structure alone.",
			Do:    "METHOD=LAPLACE or QUAD, scaled covariates; cross-tabulate the outcome.",
			Check: runSeparation + ".",
		},
		{
			ID: "sas-initial-estimates", Program: glimmix, Source: source,
			Forms: []string{"The initial estimates did not yield a valid objective function"},
			Codes: []string{"C7", "D7", "D8"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the criterion has no value at the start.",
			Means: "starting values from MIVQUE0 or the data are invalid: duplicates in a subject, an outcome outside the family's range, separation.",
			Not:   "that the model has no maximum.",
			Do:    "give PARMS; INITGLM; check duplicates by subject and time.",
			Check: duplicates + ".",
		},
		{
			ID: "sas-mivque", Program: glimmix, Source: source,
			Forms: []string{
				"MIVQUE0 estimate of profiled variance is zero", "MIVQUE0 estimate of profiled variance",
				"Obtaining minimum variance quadratic unbiased estimates as starting values for the covariance parameters failed",
			},
			Codes: []string{"D8", "B1"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "the moment estimate that the search starts from is 0 or does not exist.",
			Means: "a remark on the start; a residual variance of 0 at the start points to saturation.",
			Not:   "the final estimate.",
			Do:    "give starting values with PARMS.",
			Check: runDiagnose + " for Gaussian models: D8.",
		},
		{
			ID: "sas-optimization-incomplete", Program: glimmix, Source: "SAS/STAT 9, log of GLIMMIX and NLMIXED",
			Forms: []string{"QUANEW Optimization cannot be completed", "NEWRAP Optimization cannot be completed", "NEWRAP cannot improve the objective function", "The optimization routine cannot improve the function value", "Optimization routine cannot improve the function value"},
			Codes: []string{"C7", "C1", "C2"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "no step lowered the criterion any more, or the technique gave up.",
			Means: "either the maximum to rounding, or a place from which this technique finds no way.",
			Not:   "either of the two by itself.",
			Do:    "NLOPTIONS TECH=NRRIDG or TRUREG from the last estimates; compare -2 log L.",
			Check: runDiagnose + " for Gaussian models: the decrement.",
		},
		{
			ID: "sas-quadrature", Program: glimmix, Source: "SAS/STAT 9, log of GLIMMIX and NLMIXED",
			Forms: []string{"Quadrature accuracy of {#accuracy} could not be achieved with {#points} points. The achieved accuracy was {#achieved}", "Quadrature accuracy of {#accuracy} could not be achieved with {#points} points"},
			Codes: []string{"C7", "D7", "D2"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "the integral over the random effects still changed with more points.",
			Means: "at these values the variance is enormous or the scale extreme; often at poor starting values.",
			Not:   "that more points are the remedy.",
			Do:    "better starting values, scaled covariates, fewer random effects.",
			Check: "in SAS: compare 1, 5 and 15 points at the estimate.",
			judge: func(said []Saying) string {
				x := said[0].value("achieved")
				if x >= 0.5 {
					return "an accuracy of " + said[0].text("achieved") + " is no accuracy: the integral was not found at all."
				}
				return ""
			},
		},
		{
			ID: "sas-generalized-hessian", Program: genmod, Source: gee,
			Forms: []string{"The generalized Hessian matrix is not positive definite. Iteration will be terminated", "The generalized Hessian matrix is not positive definite"},
			Codes: []string{"W1", "D7", "D1"}, Convergence: notConverged, Place: inDoubt,
			Saw:   "in the estimating equations the matrix of the fixed effects lost its definiteness.",
			Means: "a working correlation that is no correlation (exchangeable below -1/(m-1), unstructured from few subjects), separation, or sparse cells.",
			Not:   "a finding about random effects: GEE has none.",
			Do:    "TYPE=IND first; it tells the mean structure from the correlation.",
			Check: runIndependence + ".",
		},
		{
			ID: "sas-genmod-covariance", Program: genmod, Source: gee,
			Forms: []string{"Error in parameter estimate covariance computation", "Error in computing the variance function", "Error in estimation routine"},
			Codes: []string{"D7", "D1"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the estimating equations could not be continued.",
			Means: "the cause is in the line before: as a rule the working correlation or separation.",
			Not:   "a cause by itself.",
			Do:    "read the line before; fit with TYPE=IND.",
			Check: runIndependence + ".",
		},
		{
			ID: "sas-negative-hessian", Program: genmod, Source: gee,
			Forms: []string{"The negative of the Hessian is not positive definite. The convergence is questionable", "The negative of the Hessian is not positive definite"},
			Codes: []string{"D7", "D1", "C2"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the information of the coefficients is not positive definite at the end.",
			Means: "separation (a coefficient on its way to infinity) or aliased columns.",
			Not:   "a matter of correlation.",
			Do:    "cross-tabulate; penalise or merge levels.",
			Check: runSeparation + ".",
		},
		{
			ID: "sas-relative-hessian", Program: genmod, Source: gee,
			Forms: []string{"The relative Hessian convergence criterion of {#criterion} is greater than the limit of {#limit}. The convergence is questionable", "The relative Hessian convergence criterion of {#criterion} is greater than the limit of {#limit}"},
			Codes: []string{"C1", "C2", "D7"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "g'H^-1 g over the log likelihood is above its limit.",
			Means: "the fit is short of the maximum by that share; this criterion has no units and deserves belief.",
			Not:   "a false alarm of the kind that raw gradients give.",
			Do:    "more iterations; if it stays, look for separation.",
			Check: runSeparation + ".",
			judge: judgeHessian,
		},
		{
			ID: "sas-not-converge-model", Program: genmod, Source: gee,
			Forms: []string{"The specified model did not converge", "The procedure is continuing but the validity of the model fit is questionable", "Iteration limit exceeded"},
			Codes: []string{"C2", "D7"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the iterations were used up.",
			Means: "estimates of the last iteration are printed.",
			Not:   "that these are estimates to report.",
			Do:    "look for separation and sparse cells.",
			Check: runSeparation + ".",
		},
		{
			ID: "sas-response-pairs", Program: genmod, Source: gee,
			Forms: []string{"The number of response pairs for estimating correlation is less than or equal to the number of regression parameters", "The number of response pairs for estimating correlation is less than or equal to number of regression parameters"},
			Codes: []string{"I1", "D3"}, Convergence: saysNothing, Place: notIdentified,
			Saw:   "some correlation of the working matrix has too few pairs of rows.",
			Means: "TYPE=UN or MDEP asks for more than the data hold at some pair of times.",
			Not:   "a problem of the mean.",
			Do:    "TYPE=EXCH, AR or IND; the robust standard errors allow for it.",
			Check: "golmm gee --subject COL --correlation exchangeable FORMULA FILE.",
		},
		{
			ID: "sas-ridged", Program: genmod, Source: gee,
			Forms: []string{"The working correlation has been ridged with a maximum value of {#ridge} to avoid a singularity", "The working correlation has been ridged with ridge factor {#ridge}", "The working correlation has been ridged"},
			Codes: []string{"W1", "B4"}, Convergence: saysNothing, Place: inDoubt,
			Saw:   "the estimated working correlation was no correlation matrix.",
			Means: "a negative exchangeable correlation below -1/(m-1), or an unstructured one from few subjects.",
			Not:   "that it is harmless: what was fitted is another working correlation than the one asked for.",
			Do:    "take a simpler structure.",
			Check: runIndependence + ".",
			judge: judgeRidge,
		},
		{
			ID: "sas-separation", Program: "SAS (LOGISTIC)", Source: "SAS/STAT 9, log of PROC LOGISTIC",
			Forms: []string{
				"There is possibly a quasi-complete separation of data points. The maximum likelihood estimate may not exist",
				"There is a complete separation of data points. The maximum likelihood estimate does not exist",
				"Quasi-complete separation of data points detected", "Complete separation of data points detected",
			},
			Codes: []string{"D7"}, Convergence: notConverged, Place: noMaximum,
			Saw:   "a combination of predictors splits the outcomes.",
			Means: "a coefficient is infinite; what is printed depends on when the iterations stopped.",
			Not:   "that the predictor has no effect because its p value is large: the Wald test breaks down.",
			Do:    "FIRTH, EXACT, or merge levels; profile limits on the finite side.",
			Check: runSeparation + ".",
		},
	}
}

// spssMessages are warnings of the SPSS procedures for mixed models.
func spssMessages() []Message {
	const mixed, genlin = "SPSS (MIXED)", "SPSS (GENLIN, NOMREG)"
	const source = "SPSS Statistics 12 to 29, MIXED"
	return []Message{
		{
			ID: "spss-final-hessian", Program: mixed, Source: source,
			Forms: []string{
				"The final Hessian matrix is not positive definite although all convergence criteria are satisfied. The MIXED procedure continues despite this warning. Validity of subsequent results cannot be ascertained",
				"The final Hessian matrix is not positive definite although all convergence criteria are satisfied",
			},
			Codes: []string{"B1", "I1", "I2", "C3"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "parameters stopped moving, but the Hessian of the covariance parameters is not positive definite.",
			Means: "most often a variance at 0, which SPSS marks as redundant in the table; else two parameters that do one job.",
			Not:   "that nothing can be used. The fixed effects usually can; and raising MXSTEP or SCORING, which is often advised, cannot change a boundary.",
			Do:    "look for the covariance parameter without a standard error in the table, and drop it or its twin.",
			Check: runDiagnose + ": B1, I1 or C3, and which parameters.",
		},
		{
			ID: "spss-no-convergence", Program: mixed, Source: source,
			Forms: []string{
				"Iteration was terminated but convergence has not been achieved. The MIXED procedure continues despite this warning. Subsequent results produced are based on the last iteration. Validity of the model fit is uncertain",
				"Iteration was terminated but convergence has not been achieved",
			},
			Codes: []string{"C2", "B1", "I2"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "MXITER or the step halvings were used up.",
			Means: "the results are those of the last iteration.",
			Not:   "that these are results to report.",
			Do:    "simplify the structure from UN to DIAG or ID and see at which step it converges.",
			Check: tryWays + ".",
		},
		{
			ID: "spss-redundant", Program: mixed, Source: source,
			Forms: []string{"This covariance parameter is redundant. The test statistic and confidence interval cannot be computed", "This covariance parameter is redundant"},
			Codes: []string{"B1", "I1"}, Convergence: saysNothing, Place: boundary,
			Saw:   "the derivative matrix has no information on a covariance parameter.",
			Means: "with an estimate of 0: a variance on the boundary. With an estimate above 0: it does the job of another one.",
			Not:   "that the parameter is superfluous: a zero variance was estimated, and its upper limit may be far from 0.",
			Do:    "see which of the two it is by its estimate.",
			Check: runProfile + " for the upper limit; " + runDiagnose + " for I1.",
		},
		{
			ID: "spss-g-nonpd", Program: "SPSS (GENLINMIXED)", Source: "SPSS Statistics 19 to 29, GENLINMIXED",
			Forms: []string{"The estimated G matrix is not positive definite", "The G matrix is not positive definite"},
			Codes: []string{"B1", "B2", "B3"}, Convergence: saysNothing, Place: boundary,
			Saw:   "the covariance matrix of the random effects has an eigenvalue of 0 or below.",
			Means: "a variance of 0 or a correlation of +-1.",
			Not:   "a failure to converge.",
			Do:    "see which direction has no variance.",
			Check: tryWays + " for Gaussian models.",
		},
		{
			ID: "spss-repeated-levels", Program: mixed, Source: source,
			Forms: []string{"The levels of the repeated effect are not different for each observation within a repeated subject"},
			Codes: nil, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a subject has two rows with the same value of the REPEATED effect.",
			Means: "the position of a row within its subject is not given, so no residual structure is defined.",
			Not:   "a problem of convergence.",
			Do:    "name all factors that tell the rows of a subject apart, or fix the duplicates.",
			Check: duplicates + ".",
		},
		{
			ID: "spss-hessian-singular", Program: genlin, Source: "SPSS Statistics 15 to 29, GENLIN and NOMREG",
			Forms: []string{"Unexpected singularities in the Hessian matrix are encountered", "The Hessian matrix is singular"},
			Codes: []string{"D7", "D1"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the information of the coefficients has no inverse.",
			Means: "separation, empty cells or aliased columns.",
			Not:   "a problem of the correlation.",
			Do:    "cross-tabulate the outcome with each factor; merge levels.",
			Check: runSeparation + ".",
		},
		{
			ID: "spss-separation", Program: genlin, Source: "SPSS Statistics 15 to 29, GENLIN and NOMREG",
			Forms: []string{
				"There is possibly a quasi-complete separation in the data. Either the maximum likelihood estimates do not exist or some parameter estimates are infinite",
				"There is possibly a quasi-complete separation in the data", "A quasi-complete separation may exist in the data. The maximum likelihood estimates do not exist", "A quasi-complete separation may exist in the data",
			},
			Codes: []string{"D7"}, Convergence: notConverged, Place: noMaximum,
			Saw:   "a predictor splits the outcomes.",
			Means: "an infinite coefficient.",
			Not:   "that the predictor is useless.",
			Do:    "penalise, merge levels, or report the finite limit of a profile interval.",
			Check: runSeparation + ".",
		},
	}
}
