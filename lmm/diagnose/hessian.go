package diagnose

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/infer"
)

// hessian is I2, a flat direction; H1, a Hessian that is not positive definite
// at a maximum; H2, a standard error that does not exist; and groups far from
// the others.
func (s *subject) hessian() []finding.Finding {
	var out []finding.Finding
	if !s.onEdge() {
		return nil
	}
	if s.verdict.Place != certify.NotIdentifiable {
		if f, ok := s.curvature(); ok {
			out = append(out, f)
		}
	}
	if f, ok := s.standardErrors(); ok {
		out = append(out, f)
	}
	if f, ok := s.outlying(); ok {
		out = append(out, f)
	}
	return out
}

// eigenvalues returns the least and the largest eigenvalue of the Hessian on
// the face; ok is false where the face is a point.
func (s *subject) eigenvalues() (least, largest float64, ok bool) {
	l := s.obj.Local
	if l == nil || len(l.Values) == 0 {
		return 0, 0, false
	}
	return l.Values[0], l.Values[len(l.Values)-1], true
}

func (s *subject) curvature() (finding.Finding, bool) {
	least, largest, ok := s.eigenvalues()
	if !ok || largest <= 0 || least >= flatRatio*largest {
		return finding.Finding{}, false
	}
	var about []string
	var simpler []string
	l := s.obj.Local
	m := len(l.Values)
	weight := make([]float64, len(s.obj.Blocks()))
	for a, dir := range l.Chart.Dirs {
		if dir.Block == len(weight) {
			continue // the shape of a family
		}
		weight[dir.Block] += l.Vectors[a*m] * l.Vectors[a*m]
	}
	residual := 0.0
	for t, w := range weight {
		// A term that has a tenth of the direction takes part in it.
		switch {
		case t >= len(s.d.Terms):
			residual += w
		case w > 0.1:
			about = append(about, s.d.Terms[t].Src)
			if text := s.d.Simpler(t); text != "" {
				simpler = append(simpler, text)
			}
		}
	}
	if residual > 0.1 {
		if len(about) == 0 && len(s.residuals()) > 0 {
			return finding.Finding{}, false // a parameter at its limit is the cause
		}
		about = append(about, s.m.Residual().Structure)
	}
	f := finding.Finding{Code: "I2", Name: "WEAK", Severity: finding.Caution, Params: about,
		Evidence: []finding.Evidence{{Check: "least over largest eigenvalue of the scaled Hessian", Found: least / largest, Limit: flatRatio}},
		Meaning:  fmt.Sprintf("The likelihood hardly changes along a direction in the covariance parameters of %s: these are known poorly, though the maximum is found.", list(about)),
		Remedies: append(simpler, "Fit fewer random effects.")}
	if residual > 0.1 {
		f.Remedies = []string{"Take a structure of the residuals with fewer parameters.", "Drop random effects that do what the structure does."}
	}
	if words := s.flatWords(l, 0); words != "" {
		f.Meaning += " Along it " + words + "."
	}
	if least <= 0 {
		f.Code, f.Name = "H1", "NONPD"
		f.Meaning = fmt.Sprintf("The Hessian of the covariance parameters of %s is not positive definite at the maximum: they have no standard errors.", list(about))
		f.Remedies = []string{"Use profile or bootstrap intervals."}
	}
	return f, true
}

// standardErrors is H2; columns that are aliased have been told as D1, and what
// depends on variances that are not identified as I1.
func (s *subject) standardErrors() (finding.Finding, bool) {
	f := finding.Finding{Code: "H2", Name: "ZERO_SE", Severity: finding.Serious,
		Remedies: []string{"Mend what leaves the variances unidentified; the standard error then exists."}}
	reason := ""
	l := make([]float64, s.d.X.Cols)
	for _, c := range s.m.FixedEffects() {
		if math.IsNaN(c.Estimate) || c.SE > 0 {
			continue
		}
		clear(l)
		l[slices.Index(s.d.XNames, c.Name)] = 1
		if !s.m.CovarianceEstimable(l, l) {
			continue
		}
		f.Params = append(f.Params, c.Name)
		reason = c.Reason
	}
	if len(f.Params) == 0 {
		return f, false
	}
	f.Evidence = []finding.Evidence{{Check: "fixed effects without a standard error", Found: float64(len(f.Params))}}
	f.Meaning = "There is no standard error for " + list(f.Params)
	if reason != "" {
		f.Meaning += ": " + reason
	}
	f.Meaning += "."
	return f, true
}

// outlying notes groups whose random effects lie far from 0.
func (s *subject) outlying() (finding.Finding, bool) {
	if s.verdict.Place == certify.NotIdentifiable || s.coefficients()*s.d.X.Cols > manyModes {
		return finding.Finding{}, false
	}
	groups, err := infer.OutlyingGroups(s.m)
	if err != nil {
		return finding.Finding{}, false
	}
	f := finding.Finding{Code: "H4", Name: "OUTLYING", Severity: finding.Note,
		Remedies: []string{"Look at the rows of these levels; see what the estimates are without them."}}
	for _, g := range groups {
		if g.PHolm < outlyingP {
			name := g.Group + " " + g.Level
			f.Params = append(f.Params, name)
			f.Evidence = append(f.Evidence, finding.Evidence{Check: "adjusted p value of " + name, Found: g.PHolm, Limit: outlyingP})
		}
	}
	what := "The random effects of "
	if len(s.d.Terms) == 0 {
		what = "The rows of "
	}
	f.Meaning = what + list(f.Params) + " lie further out than a normal distribution would put them."
	return f, len(f.Params) > 0
}

// checks is the evidence of the verdict, each number with its limit.
func (s *subject) checks() []Check {
	v := s.verdict
	out := []Check{
		{"Newton decrement", v.Decrement, certify.ConvergedBelow, v.Decrement < certify.ConvergedBelow},
		{"drop on leaving the boundary", v.EscapeDrop, certify.ConvergedBelow, v.EscapeDrop < certify.ConvergedBelow},
		{"least eigenvalue of the scaled Gram matrix of the variances", s.least, certify.IdentifiedAbove, s.least >= certify.IdentifiedAbove},
	}
	if least, largest, ok := s.eigenvalues(); ok && largest > 0 {
		out = append(out, Check{"least over largest eigenvalue of the scaled Hessian", least / largest, flatRatio, least >= flatRatio*largest})
	}
	columns := float64(len(s.d.FullNames))
	return append(out, Check{"rank of X, of its columns", float64(len(s.d.XNames)), columns, len(s.d.XNames) == len(s.d.FullNames)})
}

// negativeCovariances is N1: covariances below 0 in a covariance matrix that is
// positive definite, which other programs' messages make look like a fault.
func (s *subject) negativeCovariances() []finding.Finding {
	if !s.onEdge() {
		return nil
	}
	var out []finding.Finding
	for t := range s.d.Terms {
		term := &s.d.Terms[t]
		k := term.Z.Cols
		if s.deficient[t] || s.hidden[t] || k < 2 {
			continue
		}
		factor, sigma := s.factor(t), make([]float64, k*k)
		cone.Cov(sigma, factor, k)
		f := finding.Finding{Code: "N1", Name: "NEG_COV", Severity: finding.Note,
			Meaning:  "Levels of " + term.Group + " with more of the one have less of the other. That is an ordinary covariance matrix, no fault of the fit; it depends on where the covariates have their origin.",
			Remedies: []string{"Nothing has to change."}}
		for r := range k {
			for c := range r {
				corr := sigma[r*k+c] / math.Sqrt(sigma[r*k+r]*sigma[c*k+c])
				// Half of the last digit that is printed.
				if corr < -5e-4 {
					f.Params = append(f.Params, "the covariance of "+term.Names[c]+" and "+term.Names[r]+" within "+term.Group)
					f.Evidence = append(f.Evidence, finding.Evidence{Check: "correlation of " + term.Names[c] + " and " + term.Names[r], Found: corr, Limit: -1})
				}
			}
		}
		if len(f.Params) > 0 {
			out = append(out, f)
		}
	}
	return out
}
