package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
)

// advise chooses among the remedies of a generalised model: what the responses
// say comes before what the variances say.
func (g *general) advise(r *Report) Advice {
	has := map[string]bool{}
	for _, f := range r.Findings {
		has[f.Code] = true
	}
	tried := func(prefix string) int {
		return slices.IndexFunc(r.Remedies, func(x Remedy) bool { return x.Failed == "" && strings.HasPrefix(x.What, prefix) })
	}
	switch {
	case g.separated():
		names := list(g.responses.fixed.Params())
		a := Advice{Text: "Report that " + names + " cannot be estimated, with the counts behind it.", Remedy: tried("weak prior on the fixed"),
			Reason: "The likelihood rises without end; no program has a finite estimate, whatever number it prints."}
		if a.Remedy >= 0 {
			a.Text = "Report the fit with the weak prior, and that it is one."
			a.Reason = "Without it there is no finite estimate of " + names + ", whatever number a program prints."
		}
		return a
	case g.responses.anyPure() != "":
		group := g.responses.anyPure()
		return Advice{Text: "Analyse one row for each level of " + group + ".", Remedy: -1,
			Reason: "Further rows of a level repeat what its first says: there is no variance between levels to estimate, and numbers of Laplace's approximation or quadrature are artefacts."}
	case r.Verdict.Convergence != certify.Converged || r.Verdict.Place == certify.NoFiniteMaximum || r.Verdict.Place == certify.NotIdentifiable:
		return g.subject.advise(r)
	case has["A2"]:
		return Advice{Text: "Fit the Poisson family: it is the same model with one parameter less.", Reason: "The responses vary no more than it says.", Remedy: -1}
	case has["V1"] && g.ratio > 1:
		for _, what := range []string{"negative binomial", "a random intercept for each row"} {
			if i := tried(what); i >= 0 && r.Remedies[i].Criterion < g.m.Criterion()-negativeDrop {
				return Advice{Text: "Use the model of the remedy \"" + r.Remedies[i].What + "\".", Remedy: i,
					Reason: fmt.Sprintf("It lets the responses vary as they do; its criterion is lower by %.1f.", g.m.Criterion()-r.Remedies[i].Criterion)}
			}
		}
		return Advice{Text: "Do not use the standard errors as they stand.", Reason: fmt.Sprintf("The responses vary %.1f times as much as the model says.", g.ratio), Remedy: -1}
	case has["A4"]:
		return Advice{Text: fmt.Sprintf("Fit with %d nodes of quadrature.", g.finer.Nodes()), Remedy: tried(fmt.Sprint(g.finer.Nodes())),
			Reason: "Laplace's approximation moves the estimates."}
	case has["V2"]:
		return Advice{Text: "Model the zeros.", Reason: "There are more than the distribution has.", Remedy: -1}
	}
	out := g.subject.advise(r)
	if has["H5"] && out.Remedy < 0 && !math.IsNaN(r.Criterion) {
		out.Text += " Test the large coefficients by likelihood ratio."
	}
	return out
}
