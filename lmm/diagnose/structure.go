package diagnose

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
)

// structure is what the data and the design show before any fit: D1, D2, D3 and
// D10 of the design, D8 of the fit, D4, D5 and D6.
func (s *subject) structure() []finding.Finding {
	var out []finding.Finding
	for _, f := range s.m.Findings() {
		if strings.HasPrefix(f.Code, "D") {
			out = append(out, f)
		}
	}
	out = append(out, s.waves()...)
	for t := range s.d.Terms {
		if f, ok := s.singletons(t); ok {
			out = append(out, f)
		}
		if f, ok := s.tooMany(t); ok {
			out = append(out, f)
		}
		if len(s.constant[t]) > 0 {
			out = append(out, s.noWithin(t))
		}
	}
	return out
}

// singletons is D4.
func (s *subject) singletons(t int) (finding.Finding, bool) {
	term := &s.d.Terms[t]
	count := make([]int, len(term.Levels))
	for _, l := range term.Level {
		count[l]++
	}
	ones := 0
	for _, c := range count {
		if c == 1 {
			ones++
		}
	}
	if 2*ones < len(count) {
		return finding.Finding{}, false
	}
	f := finding.Finding{Code: "D4", Name: "SINGLETON", Severity: finding.Note, Params: []string{term.Group},
		Evidence: []finding.Evidence{
			{Check: "levels of " + term.Group + " with one row", Found: float64(ones)},
			{Check: "levels of " + term.Group, Found: float64(len(count))}},
		Remedies: []string{"Keep " + term.Src + " and report its variance with an interval."},
		Meaning: fmt.Sprintf("%d of %s of %s have one row: what is known of the variance within them comes from the %s in the other %d.",
			ones, plural(len(count), "level"), term.Group, plural(len(s.d.Y)-ones, "row"), len(count)-ones)}
	if ones == len(count) {
		f.Meaning = fmt.Sprintf("Every level of %s has one row, so that a difference between levels looks like any other between rows.", term.Group)
		f.Remedies = []string{"Drop " + term.Src + "."}
	}
	if fam := s.m.Family(); ones == len(count) && fam != nil {
		f.Remedies = []string{"Keep " + term.Src + ", and report its variance as dispersion."}
		f.Meaning = fmt.Sprintf("Every level of %s has one row: its variance is what responses vary beyond the %s distribution.", term.Group, distribution(fam.Name()))
	}
	if ones == len(count) && s.hidden[t] {
		f.Severity, f.Params = finding.Serious, s.verdict.NotIdentifiable
		f.Evidence = append(f.Evidence, s.gramEvidence())
		f.Meaning = fmt.Sprintf("Every level of %s has one row: only the sum of its variance and the residual variance is known.", term.Group)
	}
	return f, true
}

// distribution is the name of a family in a sentence.
func distribution(family string) string {
	switch family {
	case "poisson":
		return "Poisson"
	case "negbinomial":
		return "negative binomial"
	}
	return family
}

// tooMany is D5.
func (s *subject) tooMany(t int) (finding.Finding, bool) {
	term := &s.d.Terms[t]
	q := len(term.Levels) * term.Z.Cols
	if q < len(s.d.Y) || s.single[t] {
		return finding.Finding{}, false
	}
	meaning := ""
	if !s.hidden[t] {
		meaning = " The design can still tell its variances apart."
	}
	return finding.Finding{Code: "D5", Name: "RE_GE_OBS", Severity: finding.Note, Params: effects(term),
		Evidence: []finding.Evidence{{Check: "random effects of " + term.Src, Found: float64(q), Limit: float64(len(s.d.Y))}},
		Meaning:  fmt.Sprintf("%s has %s for %s.%s", term.Src, plural(q, "random effect"), plural(len(s.d.Y), "row"), meaning),
		Remedies: []string{"Fit fewer random slopes."}}, true
}

// noWithin is D6.
func (s *subject) noWithin(t int) finding.Finding {
	term := &s.d.Terms[t]
	var params, columns []string
	var most float64
	for _, c := range s.constant[t] {
		params, columns = append(params, effect(term, c)), append(columns, term.Names[c])
		within, total, _ := variation(term, c)
		most = math.Max(most, within/total)
	}
	verb := "varies"
	if len(columns) > 1 {
		verb = "vary"
	}
	f := finding.Finding{Code: "D6", Name: "NO_WITHIN", Severity: finding.Note, Params: params,
		Evidence: []finding.Evidence{{Check: "largest variation within a level of " + term.Group + ", share of the sum of squares", Found: most, Limit: noiseShare}},
		Meaning: fmt.Sprintf("%s never %s within a level of %s: what looks like a slope is a variance between levels that depends on %s.",
			list(columns), verb, term.Group, list(columns)),
		Remedies: []string{"Drop the slope of " + list(columns) + " within " + term.Group + "."}}
	if s.hidden[t] {
		f.Severity = finding.Serious
		f.Evidence = append(f.Evidence, s.gramEvidence())
		f.Meaning += " These data cannot tell that apart from the variance of the intercept."
	}
	return f
}

// constantSlopes lists the columns of a term that vary between levels but not
// within any. A level with one row says nothing, and a term where all levels
// have one is left to D4.
func constantSlopes(t *design.Term) []int {
	if len(t.Levels) == t.Z.Rows {
		return nil
	}
	var out []int
	for c := range t.Z.Cols {
		within, total, size := variation(t, c)
		if total > noiseShare*size && within <= noiseShare*total {
			out = append(out, c)
		}
	}
	return out
}

// variation returns the sums of squares of a column of a term within its levels,
// about the mean, and of the mean.
func variation(t *design.Term, c int) (within, total, size float64) {
	sum, n := make([]float64, len(t.Levels)), make([]float64, len(t.Levels))
	var mean float64
	for i, l := range t.Level {
		sum[l] += t.Z.At(i, c)
		n[l]++
		mean += t.Z.At(i, c) / float64(t.Z.Rows)
	}
	for i, l := range t.Level {
		z := t.Z.At(i, c)
		within += (z - sum[l]/n[l]) * (z - sum[l]/n[l])
		total += (z - mean) * (z - mean)
	}
	return within, total, mean * mean * float64(t.Z.Rows)
}

func (s *subject) coefficients() int { return countEffects(s.d) }

// countEffects counts the random effects.
func countEffects(d *design.Design) int {
	q := 0
	for t := range d.Terms {
		q += len(d.Terms[t].Levels) * d.Terms[t].Z.Cols
	}
	return q
}
