package diagnose

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/report"
)

// boundary passes on B1, B2 and B3 of the fit with the direction that does not
// vary in words, and B4 where the only variance wants to be negative. A term
// whose variances are not identified is left out: I1 is the cause.
func (s *subject) boundary() []finding.Finding {
	var found []finding.Finding
	for _, f := range s.m.Findings() {
		if strings.HasPrefix(f.Code, "B") {
			found = append(found, f)
		}
	}
	var out []finding.Finding
	for t := range s.d.Terms {
		if !s.deficient[t] || len(found) == 0 {
			continue
		}
		f := found[0]
		found = found[1:]
		if s.hidden[t] {
			continue
		}
		term := &s.d.Terms[t]
		var params []string
		for r, name := range term.Names {
			for _, p := range f.Params {
				if p == name {
					params = append(params, effect(term, r))
				}
			}
		}
		f.Params = params
		if cs, ok := s.symmetric(t); ok {
			f.Remedies = []string{"Fit equal variances and equal covariances, " + cs + ".", "Fit fewer random slopes."}
		}
		f.Meaning += s.collapsed(t)
		out = append(out, s.wantsNegative(f))
	}
	return out
}

// symmetric is the term with compound symmetry in place of a full covariance
// matrix for the levels of a factor; ok is false for other terms.
func (s *subject) symmetric(t int) (term string, ok bool) {
	for i := range s.d.Formula.Random {
		r := s.d.Formula.Random[i]
		if s.termOf(i) == t && factorAlone(r, &s.d.Terms[t]) {
			r.Shape = formula.CompSymm
			return r.String(), true
		}
	}
	return "", false
}

// wantsNegative adds the estimate without the bound at 0 to B1, and makes it B4
// where that fits clearly better.
func (s *subject) wantsNegative(f finding.Finding) finding.Finding {
	u := s.negative
	if u == nil || f.Code != "B1" || math.IsNaN(u.variance) {
		return f
	}
	f.Evidence = append(f.Evidence,
		finding.Evidence{Check: "variance without the bound at 0", Found: u.variance},
		finding.Evidence{Check: "drop of the criterion without the bound", Found: u.drop, Limit: negativeDrop})
	if u.drop <= negativeDrop {
		return f
	}
	group := s.d.Terms[0].Group
	f.Code, f.Name, f.Severity = "B4", "NEG_VAR", finding.Caution
	f.Meaning = fmt.Sprintf("Rows of one level of %s are less alike than rows of different levels: the variance wants to be negative, and the standard errors of a fit with variance 0 are wrong.", group)
	f.Remedies = []string{"Read the fixed effects from the marginal model with exchangeable rows, which allows a negative correlation.", "Look for competition within " + group + " or a response that was shared out."}
	return f
}

// collapsed puts the combination of random effects of a term that does not vary
// into words, or, where there are several, those that do. It says nothing where
// a single column is 0: B1 has said it.
func (s *subject) collapsed(t int) string {
	term := &s.d.Terms[t]
	for _, p := range infer.RandomPCA(s.m) {
		if p.Group != term.Group || len(p.Names) != len(term.Names) || p.Reason != "" || p.SD[0] == 0 {
			continue
		}
		rank := 0
		for _, sd := range p.SD {
			if sd > directionCut*p.SD[0] {
				rank++
			}
		}
		if k := len(p.Names); rank == k-1 {
			if words, columns := contrast(p.Names, p.Loadings, rank); columns > 1 {
				return " The combination " + words + " is the same for every level of " + p.Group + "."
			}
			return ""
		}
		var vary []string
		for c := range rank {
			words, _ := contrast(p.Names, p.Loadings, c)
			vary = append(vary, fmt.Sprintf("%s (%.0f %% of the variance)", words, 100*p.Share[c]))
		}
		return " All that varies is " + list(vary) + "."
	}
	return ""
}

// contrast writes column c of the loadings as a combination, its largest weight
// 1: "Days - 0.22 (Intercept)", and counts the columns in it.
func contrast(names []string, loadings [][]float64, c int) (words string, columns int) {
	top, at := 0.0, 0
	for r := range names {
		if v := math.Abs(loadings[r][c]); v > top+1e-12 {
			top, at = v, r
		}
	}
	words, columns = names[at], 1
	for r := range names {
		w := loadings[r][c] / loadings[at][c]
		// Half of the last digit that is printed.
		if r == at || math.Abs(w) < 5e-4 {
			continue
		}
		columns++
		sign := " + "
		if w < 0 {
			sign = " - "
		}
		words += sign + report.Digits(3).Format(math.Abs(w)) + " " + names[r]
	}
	return words, columns
}
