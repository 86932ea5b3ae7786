package diagnose

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/infer"
	"github.com/golmm/golmm/lmm/report"
)

// boundary passes on B1, B2 and B3 of the fit with the direction that does not
// vary in words, and B4 and B5 where the estimate wants to be beyond the
// boundary. A term whose variances are not identified is left out: I1 is the
// cause.
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
		f.Params, f.Remedies = params, diagnosed(f)
		f.Meaning += s.collapsed(t)
		out = append(out, s.beyond(f, t))
	}
	return out
}

// diagnosed are the remedies of a finding of the fit without the one that asks for
// what is being done.
func diagnosed(f finding.Finding) []string {
	if slices.ContainsFunc(f.Evidence, func(e finding.Evidence) bool { return e.Check == lmm.ScoreBelowZero }) {
		return f.Remedies[:len(f.Remedies)-1]
	}
	return f.Remedies
}

// beyond adds the estimate without the bounds to B1, B2 and B3, and makes B1 and
// B3 B4, and B2 B5, where that fits clearly better.
func (s *subject) beyond(f finding.Finding, t int) finding.Finding {
	u := s.free[t]
	if u == nil {
		return f
	}
	term := &s.d.Terms[t]
	k := term.Z.Cols
	switch {
	case k == 1:
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "variance without the bound at 0", Found: u.sigma[0]})
	case k == 2:
		if r := u.correlation(); !math.IsNaN(r) {
			f.Evidence = append(f.Evidence, finding.Evidence{Check: "correlation without the bounds", Found: r, Limit: math.Copysign(1, r)})
		}
	}
	f.Evidence = append(f.Evidence, finding.Evidence{Check: "drop of the criterion without the bound", Found: u.drop, Limit: u.limit})
	if other, rows := s.twin(t); other != "" {
		// What one of two names for a thing lacks, the other has too much of.
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "rows in which " + term.Group + " and " + other + " divide the data alike, of " + strconv.Itoa(len(s.d.Y)), Found: float64(rows)})
		f.Meaning += fmt.Sprintf(" %s and %s divide the rows almost alike, so that one variance does for both.", term.Group, other)
		f.Remedies = append([]string{"Merge them: drop " + term.Src + "."}, f.Remedies...)
		return f
	}
	if u.drop <= u.limit {
		return f
	}
	f.Severity = finding.Caution
	f.Remedies = []string{"Read the fixed effects from the model without the bounds, which has a covariance matrix of the rows of its own."}
	switch {
	case f.Code == "B2":
		f.Code, f.Name = "B5", "R_OVER_1"
		without := "one of their variances would be negative"
		if r := u.correlation(); !math.IsNaN(r) {
			without = "their correlation would be " + report.Digits(2).Format(r)
		}
		f.Meaning = fmt.Sprintf("The data ask for a covariance matrix of %s and %s between levels of %s that no random effects have: without the bounds %s, and the fit at the limit is clearly worse.",
			term.Names[0], term.Names[1], term.Group, without)
		f.Remedies = append(f.Remedies, "Let the residual variance differ, or add the correlation of rows that follow each other: what looks like a correlation beyond 1 often stands for these.")
	case k == 1:
		f.Code, f.Name = "B4", "NEG_VAR"
		f.Meaning = fmt.Sprintf("Rows of one level of %s are less alike than rows of different levels: the variance wants to be negative, and the standard errors of a fit with variance 0 are wrong.", term.Group)
		f.Remedies = []string{"Read the fixed effects from the marginal model with exchangeable rows, which allows a negative correlation.", "Look for competition within " + term.Group + " or a response that was shared out."}
	default:
		f.Code, f.Name = "B4", "NEG_VAR"
		f.Meaning = fmt.Sprintf("Some combination of the effects of %s wants a negative variance: rows of one level are less alike in it than rows of different levels, and the standard errors of a fit at the limit are wrong.", term.Group)
	}
	return f
}

// correlation is that of a 2 x 2 matrix, NaN where a variance is not positive.
func (u *unbounded) correlation() float64 {
	if !(u.sigma[0] > 0 && u.sigma[3] > 0) {
		return math.NaN()
	}
	return u.sigma[1] / math.Sqrt(u.sigma[0]*u.sigma[3])
}

// twin finds another grouping factor that divides the rows as that of term t
// does, but for a few, and the number of rows in which they agree: each level
// counts those it shares with the level of the other that it meets most.
func (s *subject) twin(t int) (group string, rows int) {
	a := &s.d.Terms[t]
	for u := range s.d.Terms {
		b := &s.d.Terms[u]
		if b.Group == a.Group || len(a.Levels) < 2 || 2*len(b.Levels) < len(a.Levels) || 2*len(a.Levels) < len(b.Levels) {
			continue
		}
		if n := min(shared(a, b), shared(b, a)); float64(n) >= twinShare*float64(len(s.d.Y)) {
			return b.Group, n
		}
	}
	return "", 0
}

func shared(a, b *design.Term) int {
	cells := map[[2]int32]int{}
	most := make([]int, len(a.Levels))
	for i, l := range a.Level {
		cells[[2]int32{l, b.Level[i]}]++
		most[l] = max(most[l], cells[[2]int32{l, b.Level[i]}])
	}
	sum := 0
	for _, n := range most {
		sum += n
	}
	return sum
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
