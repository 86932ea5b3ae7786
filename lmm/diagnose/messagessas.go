package diagnose

// sasMixed are notes and warnings of PROC MIXED, as the log prints them.
func sasMixed() []Message {
	const program, source = "SAS (MIXED)", "SAS/STAT 9, log of PROC MIXED; most also of GLIMMIX and HPMIXED"
	return []Message{
		{
			ID: "sas-final-hessian", Program: program, Source: source,
			Forms: []string{"Convergence criteria met but final hessian is not positive definite", "Final Hessian is not positive definite", "The final Hessian matrix is not positive definite, and therefore the estimated covariance matrix is not full rank and may be unreliable"},
			Codes: []string{"B1", "I1", "I2", "C3"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "steps became small, but the Hessian of the variances is not positive definite there.",
			Means: "a variance held at 0, two parameters that do one job (a RANDOM intercept beside REPEATED TYPE=CS or UN is the classic), or a saddle.",
			Not:   "that one cause is known. The advice to distrust all results is too wide: fixed effects are often untouched, the standard errors of the variances are not to be used.",
			Do:    "look for a covariance parameter that is 0 or printed without a standard error; drop the one that repeats another.",
			Check: runDiagnose + ": I1 names two variances that do one job, B1 a zero, C3 a saddle.",
		},
		{
			ID: "sas-met", Program: "SAS", Source: "SAS/STAT 9, log of MIXED, GLIMMIX, NLMIXED, HPMIXED",
			Forms: []string{"Convergence criteria met.", "Convergence criterion ({%criterion} satisfied", "GCONV convergence criterion satisfied", "FCONV convergence criterion satisfied"},
			Codes: []string{"C0"}, Convergence: isConverged, Place: saysNothing,
			Saw:   "g'H^-1 g over the size of the criterion is below 1e-8 (MIXED, GCONV), or the criterion stopped changing (FCONV).",
			Means: "the first of the two has no units: it is the decrement in proportion, and deserves belief at an interior point.",
			Not:   "that the point is a maximum: a saddle and a boundary satisfy it too, as the notes after it tell.",
			Do:    "read the notes that follow.",
			Check: runDiagnose + ": the decrement, and the place.",
		},
		{
			ID: "sas-unable-hessian", Program: program, Source: source,
			Forms: []string{"Unable to make hessian positive definite"},
			Codes: []string{"C2", "I1", "C7"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "on the way the Hessian could not be ridged into a positive definite one.",
			Means: "the search stands far from a maximum, on a flat stretch, or on parameters that do one job.",
			Not:   "a boundary by itself.",
			Do:    "starting values with PARMS, fewer covariance parameters, scaled covariates.",
			Check: runDiagnose + ": I1 for parameters that do one job.",
		},
		{
			ID: "sas-full-rank-negative", Program: program, Source: "SAS/STAT 9, log of NLMIXED and GLIMMIX",
			Forms: []string{"The final Hessian matrix is full rank but has at least one negative eigenvalue", "The final Hessian matrix is full rank but has at least one negative eigen value"},
			Codes: []string{"C3", "C2"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the Hessian at the end has a clear negative eigenvalue.",
			Means: "second-order conditions fail: a saddle or a stop before the maximum.",
			Not:   "a boundary.",
			Do:    "other starting values (PARMS), then compare -2 log L.",
			Check: runDiagnose + ": C3.",
		},
		{
			ID: "sas-g-nonpd", Program: program, Source: source,
			Forms: []string{"Estimated G matrix is not positive definite"},
			Codes: []string{"B1", "B2", "B3", "B4"}, Convergence: saysNothing, Place: boundary,
			Saw:   "the estimated covariance matrix of the random effects has an eigenvalue of 0, or below 0 under NOBOUND and TYPE=UN.",
			Means: "a variance is 0, a correlation is +-1, or a combination of effects does not vary. TYPE=UN of SAS may even leave the cone: a correlation outside [-1, 1].",
			Not:   "a failure to converge, nor that the model is void. That it must be removed is folklore; a variance of 0 is an estimate.",
			Do:    "see which direction has no variance; report it with an interval, or simplify the structure; if the raw estimate is negative by far, use a marginal model with compound symmetry.",
			Check: tryWays + ": B1 to B3 name the direction, B4 says whether the variance wants to be negative.",
		},
		{
			ID: "sas-r-nonpd", Program: program, Source: source,
			Forms: []string{"Estimated R matrix is not positive definite", "Estimated V matrix is not positive definite"},
			Codes: []string{"I1", "D8", "C7"}, Convergence: inDoubt, Place: inDoubt,
			Saw:   "the residual covariance of some subject is singular.",
			Means: "two rows of a subject at the same time, or a structure with more parameters than the data support, or a correlation at its bound.",
			Not:   "a fault of the random effects.",
			Do:    "count rows by subject and time; take a simpler TYPE=.",
			Check: duplicates + ".",
		},
		{
			ID: "sas-infinite-iteration", Program: program, Source: source,
			Forms: []string{
				"An infinite likelihood is assumed in iteration {#iteration} because of a nonpositive definite estimated {%matrix} matrix for {*subject}.",
				"An infinite likelihood is assumed in iteration {#iteration} because of a nonpositive definite estimated {%matrix} matrix",
				"An infinite likelihood is assumed in iteration {#iteration}",
			},
			Codes: []string{"C7", "D8"}, Convergence: saysNothing, Place: saysNothing,
			Saw:   "a trial step left the positive definite matrices; it was given the value infinity and shortened.",
			Means: "harmless on the way if convergence follows; in iteration 0 the start itself is invalid, most often because a subject has two rows at one time.",
			Not:   "that the likelihood of the final model is infinite.",
			Do:    "if it says iteration 0, look at the named subject for duplicate times.",
			Check: duplicates + ".",
			judge: func(said []Saying) string {
				for _, s := range said {
					if s.value("iteration") == 0 {
						return "it was iteration 0: the start is invalid; look at the data of " + orWord(s.text("subject"), "the subject") + "."
					}
				}
				return "it was on the way, not at the start: judge by how the fit ended."
			},
		},
		{
			ID: "sas-infinite", Program: program, Source: source,
			Forms: []string{"Stopped because of infinite likelihood"},
			Codes: []string{"D8", "C7"}, Convergence: notConverged, Place: noMaximum,
			Saw:   "no valid step was left.",
			Means: "duplicate rows for a subject and time under REPEATED, a residual variance that runs to 0, or a structure too rich for the data.",
			Not:   "bad luck with starting values, most of the time.",
			Do:    "check duplicates first, then whether the random effects leave anything for the residual.",
			Check: runDiagnose + ": D8 says where the residual variance has no information.",
		},
		{
			ID: "sas-did-not-converge", Program: program, Source: source,
			Forms: []string{"WARNING: Did not converge", "NOTE: Did not converge"},
			Codes: []string{"C2", "I2", "B1"}, Convergence: notConverged, Place: saysNothing,
			Saw:   "the iterations were used up (MAXITER) before the criterion was met.",
			Means: "no maximum was reached. Estimates printed are those of the last iteration.",
			Not:   "that no maximum exists.",
			Do:    "scale covariates, give PARMS, look whether -2 log L still falls or only one parameter drifts.",
			Check: runDiagnose + ".",
		},
		{
			ID: "sas-too-many-evaluations", Program: program, Source: source,
			Forms: []string{"Stopped because of too many likelihood evaluations"},
			Codes: []string{"C2", "C7"}, Convergence: notConverged, Place: saysNothing,
			Saw: "MAXFUNC was used up.", Means: "the search was stopped, not finished.",
			Not:   "a property of the data.",
			Do:    "raise MAXFUNC; start from the last estimates.",
			Check: runDiagnose + ".",
		},
		{
			ID: "sas-asymptotic-singular", Program: program, Source: source,
			Forms: []string{"Asymptotic variance matrix of covariance parameter estimates has been found to be singular and a generalized inverse was used", "Asymptotic variance matrix of covariance parameter estimates has been found to be singular"},
			Codes: []string{"B1", "I1"}, Convergence: saysNothing, Place: inDoubt,
			Saw:   "DDFM=KENWARDROGER or SATTERTHWAITE met a covariance matrix of the variances without inverse.",
			Means: "a variance at 0 was left out of the degrees of freedom, or two variances do one job.",
			Not:   "that the fixed effects are wrong; their df depend on whether the term stays.",
			Do:    "report the tests with and without the term if they differ.",
			Check: runKR + " on both models.",
		},
		{
			ID: "sas-confounded", Program: program, Source: source,
			Forms: []string{"A linear combination of covariance parameters is confounded with the residual"},
			Codes: []string{"I1"}, Convergence: saysNothing, Place: notIdentified,
			Saw:   "some variances add up to the residual variance in every row.",
			Means: "two parameters do one job; only their sum is known.",
			Not:   "a numerical problem: no optimiser can help.",
			Do:    "drop one of them (a random intercept with one row a group, or a residual beside REPEATED TYPE=UN).",
			Check: runDiagnose + ": I1 names them from the design.",
		},
		{
			ID: "sas-gradient", Program: "SAS (NLMIXED, GLIMMIX)", Source: "SAS/STAT 9, log of NLMIXED and GLIMMIX",
			Forms: []string{"At least one element of the (projected) gradient is greater than {#limit}", "At least one element of the gradient is greater than {#limit}"},
			Codes: []string{"C0", "C1", "C2"}, Convergence: inDoubt, Place: saysNothing,
			Saw:   "a gradient entry is above a fixed limit.",
			Means: "perhaps short of the maximum, perhaps only units.",
			Not:   "a verdict: a gradient has units. \"GCONV satisfied\" in the line before is the one without units.",
			Do:    "scale the parameters and continue from the estimates.",
			Check: runDiagnose + ": the decrement, which is what GCONV measures too.",
		},
		{
			ID: "sas-moore-penrose", Program: "SAS (NLMIXED, GLIMMIX)", Source: "SAS/STAT 9, log of NLMIXED and GLIMMIX",
			Forms: []string{"Moore-Penrose inverse is used in covariance matrix", "Moore-Penrose inverse is used in the covariance matrix"},
			Codes: []string{"I1", "H2", "B1"}, Convergence: saysNothing, Place: notIdentified,
			Saw:   "the Hessian has no inverse, so a generalised one was taken.",
			Means: "a direction is not determined; standard errors along it are an artefact, often 0.",
			Not:   "that the standard errors printed are usable.",
			Do:    "find the direction, drop what repeats.",
			Check: runDiagnose + ": I1 and H2; such standard errors are printed as a dash.",
		},
		{
			ID: "sas-memory", Program: "SAS", Source: "SAS 9 log",
			Forms: []string{"The SAS System stopped processing this step because of insufficient memory"},
			Codes: nil, Convergence: saysNothing, Place: saysNothing,
			Saw:   "matrices of the size of the data were too large.",
			Means: "usually a RANDOM statement without SUBJECT=, so that the whole data set is one block.",
			Not:   "that the model is too large.",
			Do:    "write the grouping as SUBJECT=, or use HPMIXED.",
			Check: "golmm fit FORMULA FILE: work grows with rows and groups, not with their square.",
		},
	}
}

// orWord is s, or word where s is empty.
func orWord(s, word string) string {
	if s == "" {
		return word
	}
	return s
}
