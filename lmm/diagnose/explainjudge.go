package diagnose

import (
	"math"

	"github.com/golmm/golmm/lmm/report"
)

// Judgements of the numbers in messages. The thresholds of the decrement are
// those of the verdict: below 1e-4 converged, from 1e-2 on not.

// largest returns the saying with the largest number of a name.
func largest(said []Saying, name string) Saying {
	best := said[0]
	for _, s := range said[1:] {
		if x := s.value(name); !(x <= best.value(name)) {
			best = s
		}
	}
	return best
}

// ratio says how a number stands to the tolerance printed beside it.
func ratio(x, tol float64) string {
	if !(tol > 0) {
		return report.Diagnostic(x)
	}
	return report.Diagnostic(x) + ", " + report.Diagnostic(x/tol) + " times the tolerance " + report.Diagnostic(tol)
}

// judgeGradient reads a gradient in the units of the parameters: it says
// nothing that is free of units.
func judgeGradient(said []Saying) string {
	worst := largest(said, "grad")
	g := worst.value("grad")
	if math.IsNaN(g) {
		return "the gradient is not a number: the criterion could not be evaluated around the estimate."
	}
	s := ratio(g, worst.value("tol")) + ". A gradient changes with the units of the variables, so its size alone decides nothing: " +
		"0.004 can be a false alarm, and 35 a fifth of a standard error from the maximum or far off. What decides is the Newton decrement g'H^-1 g / 2, " +
		"the drop of -2 log L that is still to be had: below 1e-4 the fit has converged, from 1e-2 on it has not."
	if worst.text("component") == "1" {
		s += " \"component 1\" is printed whichever component it is (lme4 1.1-31)."
	}
	if len(said) > 1 {
		s = "the largest of " + report.Shortest(float64(len(said))) + " is " + s
	}
	return s
}

// judgeStep reads H^-1 g, a step in theta.
func judgeStep(said []Saying) string {
	return "a step of " + report.Diagnostic(largest(said, "step").value("step")) + " in theta, small or large by theta's own units. " +
		"Half of step times gradient is the decrement if one component dominates."
}

// judgeLevels compares rows with random effects.
func judgeLevels(said []Saying) string {
	s := said[0]
	n, q := s.value("n"), s.value("q")
	out := report.Diagnostic(n) + " rows for " + report.Diagnostic(q) + " random effects"
	switch {
	case n == q:
		out += ": as many as rows, so that random effects and residual can exchange variance unless the groups differ in design"
	case n < q:
		out += ": more effects than rows"
	}
	if t := s.text("term"); t != "" {
		out += "; the term is (" + t + ")"
	}
	return out + ". Counting is a suspicion, not a proof: the information matrix of the variances decides (I1)."
}

// judgeEigenvalue reads the negative eigenvalue of a Hessian.
func judgeEigenvalue(said []Saying) string {
	x := largest(said, "value").value("value")
	if math.IsNaN(x) {
		return ""
	}
	return "the eigenvalue " + report.Diagnostic(x) + " has the units of the parameters: whether it is a saddle or the rounding of a difference shows only beside the largest eigenvalue. " +
		"A ratio of size below 1e-5 is a flat direction, not a descent."
}

// judgeCondition reads a reciprocal condition number.
func judgeCondition(said []Saying) string {
	x := said[0].value("rcond")
	switch {
	case math.IsNaN(x):
		return ""
	case x < 2.3e-16:
		return "the reciprocal condition number " + report.Diagnostic(x) + " is below the rounding of doubles (2.2e-16): no digit of the solution would be right. " +
			"Units alone can do that: a covariate in grams instead of tonnes changes it by 1e12."
	}
	return "the reciprocal condition number is " + report.Diagnostic(x) + "."
}

// judgeHessian reads the relative Hessian criterion of GENMOD, which has no
// units: the decrement over the log likelihood.
func judgeHessian(said []Saying) string {
	x := largest(said, "criterion").value("criterion")
	return ratio(x, said[0].value("limit")) + ". The criterion is g'H^-1 g over the size of the log likelihood: times the log likelihood it is the decrement. " +
		"With a log likelihood of -500 that would be " + report.Diagnostic(x*500) + ", to be held against 1e-4 and 1e-2."
}

// judgeDivergences reads a number of divergent transitions.
func judgeDivergences(said []Saying) string {
	n := largest(said, "n").value("n")
	out := report.Diagnostic(n) + " divergent transitions"
	if n <= 10 {
		return out + ": few, but each marks a place that the sampler did not explore; where they cluster matters more than how many there are."
	}
	return out + ": a region of the posterior is not explored, and intervals are too short."
}

// judgeRhat reads the largest R-hat.
func judgeRhat(said []Saying) string {
	x := largest(said, "rhat").value("rhat")
	if math.IsNaN(x) {
		return "R-hat is not a number: a parameter never moved, or is constant by design."
	}
	out := "R-hat " + report.TValue(x) + " against the limit 1.01: the variance of the chains' means is about " + report.Diagnostic(math.Max(0, x*x-1)*100) + " % of the variance within them"
	if x > 1.1 {
		return out + ": the chains have not met."
	}
	return out + ": run longer before concluding."
}

// judgeRidge reads SAS's ridge of a working correlation.
func judgeRidge(said []Saying) string {
	return "the ridge is " + report.Diagnostic(largest(said, "ridge").value("ridge")) + ": so much was added to the diagonal of the working correlation before it could be inverted."
}

// together is what several answers say only in combination.
func together(answers []Answer) []string {
	by := map[string]*Answer{}
	for i := range answers {
		by[answers[i].Message.ID] = &answers[i]
	}
	var out []string
	raw, newton := by["lme4-max-grad"], by["lme4-relgrad"]
	if raw != nil && newton != nil {
		g, step := largest(raw.Said, "grad").value("grad"), largest(newton.Said, "step").value("step")
		if d := g * step / 2; d >= 0 {
			word := "not converged"
			switch {
			case d < 1e-4:
				word = "converged"
			case d < 1e-2:
				word = "almost converged, a few Newton steps away"
			}
			out = append(out, "gradient and step give a decrement of about "+report.Diagnostic(g)+" x "+report.Diagnostic(step)+" / 2 = "+report.Diagnostic(d)+
				" if one component dominates: "+word+".")
		}
	}
	if by["lme4-singular"] != nil && raw == nil {
		if by["lme4-scale"] != nil {
			out = append(out, "columns of very different scale and a singular fit: lme4 judges a variance as 0 by its size in the units of the covariate, and skips its gradient check for singular fits. "+
				"This fit may be neither singular nor converged; golmm diagnose decides without units.")
		} else {
			out = append(out, "a singular fit without a gradient warning: lme4 skips the gradient check once a fit is singular, so convergence has not been looked at.")
		}
	}
	return out
}
