package gee

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
)

// find says what should reach the reader: first what the design noticed, then
// convergence, the working correlation, the standard errors, and what the
// estimates rest on.
func (r *Result) find(d *design.Design, s *state, p progress) {
	r.Findings = append(r.Findings, d.Findings...)
	add := func(f finding.Finding) { r.Findings = append(r.Findings, f) }
	infinite := !p.converged && (s.edge || p.length < shortStep && p.shift > smallShift)
	switch {
	case infinite:
		add(finding.Finding{Code: "D7", Name: "SEPARATION", Severity: finding.Serious, Params: r.running(s.d, p.step),
			Evidence: []finding.Evidence{{Check: "the last step in standard errors", Found: p.length, Limit: smallStep}, {Check: "the last step in a linear predictor", Found: s.shift(p.step), Limit: smallShift}},
			Meaning:  "Fitted means run to the edge of their range: some combination of predictors separates the responses, and coefficients are infinite.",
			Remedies: []string{"Cross-tabulate the response with each factor; merge levels, or leave out the predictor."}})
	case !p.converged:
		add(finding.Finding{Code: "C2", Name: "NOT_CONV", Severity: finding.Serious,
			Evidence: []finding.Evidence{{Check: "the last step in standard errors", Found: p.length, Limit: smallStep}, {Check: "iterations", Found: float64(p.iterations)}},
			Meaning:  "The equations were not solved: " + p.stopped + ".",
			Remedies: []string{"Take the independence working correlation, which is easier to solve and as valid."}})
	}
	if r.Pulled > 0 {
		r.Findings = append(r.Findings, r.workingFinding())
	}
	if p.converged && r.vcov[ManclDeRouen] == nil {
		add(finding.Finding{Code: "H2", Name: "ZERO_SE", Severity: finding.Caution,
			Meaning:  "One subject alone determines a coefficient: its residual is 0 by force, so that corrected standard errors are not defined and the plain ones are too small.",
			Remedies: []string{"Leave out the predictor that only one subject informs."}})
	}
	if r.Subjects < fewSubjects && p.converged {
		f := finding.Finding{Code: "D3", Name: "FEW_LEVELS", Severity: finding.Note, Params: []string{r.Subject},
			Evidence: []finding.Evidence{{Check: "subjects", Found: float64(r.Subjects), Limit: fewSubjects}},
			Meaning:  fmt.Sprintf("With %d subjects the plain sandwich is too small; those shown are corrected after %s, with %g degrees of freedom.", r.Subjects, r.SE.author(), r.DF)}
		switch {
		case r.SE == Robust:
			f.Severity = finding.Caution
			f.Meaning = fmt.Sprintf("With %d subjects the robust standard errors shown are too small.", r.Subjects)
			f.Remedies = []string{"Use the Kauermann-Carroll or Mancl-DeRouen ones."}
		case r.SE == ModelBased:
			f.Meaning = "The standard errors shown are right only if the working correlation is."
		}
		add(f)
	}
	if r.Smallest != r.Largest {
		add(finding.Finding{Code: "D10", Name: "MISSING", Severity: finding.Note,
			Evidence: []finding.Evidence{{Check: "rows of the smallest subject", Found: float64(r.Smallest)}, {Check: "rows of the largest subject", Found: float64(r.Largest)}},
			Meaning:  "Subjects differ in their number of rows. If rows are missing, unweighted estimating equations need them to be missing completely at random.",
			Remedies: []string{"Where dropout can depend on earlier responses, fit a mixed model by likelihood."}})
	}
}

// running names the coefficients that still move in the last step, by their
// effect on the linear predictor: those that run to infinity.
func (r *Result) running(d *data, step []float64) []string {
	if step == nil {
		return nil
	}
	beta := append([]float64(nil), step...)
	solveUpper(d.r, d.p, beta, 1)
	effect := make([]float64, d.p)
	most := 0.0
	for j := range effect {
		var square float64 // mean square of column j
		for l := range j + 1 {
			square += d.r[l*d.p+j] * d.r[l*d.p+j]
		}
		effect[j] = math.Abs(beta[j]) * math.Sqrt(square)
		most = math.Max(most, effect[j])
	}
	var out []string
	for j, x := range effect {
		if x > 0.1*most {
			out = append(out, r.names[j])
		}
	}
	return out
}

// workingFinding explains a working correlation that is no correlation matrix.
func (r *Result) workingFinding() finding.Finding {
	f := finding.Finding{Code: "W1", Name: "WORKING", Severity: finding.Caution, Params: []string{"working correlation"},
		Evidence: []finding.Evidence{{Check: "share pulled towards independence", Found: r.Pulled}},
		Meaning:  "The estimated " + r.Correlation + " correlation is no correlation matrix. It was pulled towards independence; the estimates stay valid, some efficiency is lost.",
		Remedies: []string{"Take a working correlation with fewer parameters."}}
	if r.Correlation == "exchangeable" && r.Alpha[0] < 0 {
		bound := -1 / float64(r.Largest-1)
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "correlation", Found: r.Alpha[0], Limit: bound})
		f.Meaning = strings.TrimSuffix(fmt.Sprintf("The correlation of rows of a subject is estimated as %.3f; with %d rows it cannot be below -1/(m-1) = %.3f.", r.Alpha[0], r.Largest, bound), ".") +
			". Rows of a subject are less alike than strangers. The correlation used is just above the bound; the estimates stay valid."
		f.Remedies = []string{"Take the independence working correlation, or, for a Gaussian response, compound symmetry: golmm fit --residual \"cs(1 | " + r.Subject + ")\"."}
	}
	return f
}
