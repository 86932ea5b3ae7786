package lmm

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
)

// FreeVariance is a variance of a fit with Options.Unbounded, which may be negative:
// rows of one level are then less alike than rows of different levels, and there
// are no random effects that would make them so.
type FreeVariance struct {
	Group    string // "batch:cask"
	Levels   int
	Variance float64 // in units of the response squared
	// Correlation is the share of the variance in the total, with one grouping
	// factor the correlation of two rows of a level; NaN where rows have different
	// variances.
	Correlation float64
}

// UnboundedError says why variances cannot be let go below 0.
type UnboundedError struct{ Term, Msg string }

func (e *UnboundedError) Error() string {
	return fmt.Sprintf("unbounded: %s %s", e.Term, e.Msg)
}

// fitUnbounded fits a design whose random intercepts may have negative variances;
// where one is, it says what the bounds cost.
func fitUnbounded(d *design.Design, opt Options) (*Model, error) {
	free, own, err := release(d, opt)
	if err != nil {
		return nil, err
	}
	src, err := newSource(free, &own)
	if err != nil {
		return nil, err
	}
	m, err := fit(free, src, own, nil)
	if err != nil || m.verdict.Convergence != certify.Converged || m.verdict.Place != certify.Interior {
		return m, err
	}
	negative := slices.DeleteFunc(m.freeVariances(), func(v FreeVariance) bool { return v.Variance >= 0 })
	if len(negative) == 0 {
		return m, nil
	}
	opt.Unbounded, opt.Saved = false, nil
	bounded, err := FitDesign(d, &opt)
	if err != nil {
		return nil, err
	}
	m.findings = append(m.findings, m.belowZero(negative, bounded))
	return m, nil
}

// belowZero is N3.
func (m *Model) belowZero(negative []FreeVariance, bounded *Model) finding.Finding {
	f := finding.Finding{Code: "N3", Name: "BELOW_0", Severity: finding.Note,
		Evidence: []finding.Evidence{{Check: "criterion with variances of at least 0", Found: bounded.Criterion()},
			{Check: "drop of the criterion without the bound", Found: bounded.Criterion() - m.Criterion(), Limit: negativeDrop}},
		Remedies: []string{"Read the fixed effects here, or from the fit with the bound where the drop is below its limit."}}
	var groups []string
	for _, v := range negative {
		f.Params = append(f.Params, "variance between levels of "+v.Group)
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "variance between levels of " + v.Group, Found: v.Variance})
		groups = append(groups, v.Group)
	}
	f.Meaning = fmt.Sprintf("Rows of one level of %s are less alike than rows of different levels. It is a property of the rows: no random effects have a negative variance.", strings.Join(groups, ", "))
	return f
}

// negativeDrop is the 95 % quantile of chi-square with one degree of freedom: 0 is
// inside of the range of a variance without bounds.
const negativeDrop = 3.841458820694124

// release makes the random intercepts of a design components of the covariance of
// the rows, whose variances may be negative.
func release(d *design.Design, opt Options) (*design.Design, Options, error) {
	var parts []string
	if opt.Residual != "" {
		parts = append(parts, opt.Residual)
	}
	for i := range d.Terms {
		t := &d.Terms[i]
		if len(t.Names) != 1 || t.Names[0] != "(Intercept)" {
			return nil, opt, &UnboundedError{t.Src, "has slopes. Without bounds a variance of intercepts alone is fitted, (1 | " + t.Group + "): a covariance matrix with slopes may leave V without an inverse at any row. diagnose.Run tells what such a matrix would gain"}
		}
		at := slices.IndexFunc(d.Formula.Random, func(r formula.Random) bool { return r.String() == t.Src })
		if at < 0 {
			return nil, opt, &UnboundedError{t.Src, "is not a term of the formula " + d.Formula.Src}
		}
		var names []string
		for _, v := range d.Formula.Random[at].Group {
			name := v.String()
			if unquoted, ok := strings.CutPrefix(name, "`"); ok {
				name = strings.TrimSuffix(unquoted, "`")
			}
			if d.Table().Column(name) == nil {
				return nil, opt, &UnboundedError{t.Src, "is grouped by " + name + ", which is no column of the table: compute it as a column first"}
			}
			names = append(names, "`"+name+"`")
		}
		parts = append(parts, "free(1 | "+plainNames(names)+")")
	}
	if len(d.Terms) == 0 {
		return nil, opt, &UnboundedError{"the formula", "has no random intercepts to be let go below 0"}
	}
	out := *d
	f := *d.Formula
	f.Random = nil
	out.Formula, out.Terms = &f, nil
	opt.Residual, opt.Unbounded = strings.Join(parts, " + "), false
	return &out, opt, nil
}

// plainNames joins quoted names, without the quotes where none needs them.
func plainNames(quoted []string) string {
	for i, q := range quoted {
		name := strings.Trim(q, "`")
		if !strings.ContainsFunc(name, func(r rune) bool { return r != '.' && r != '_' && !isWord(r) }) {
			quoted[i] = name
		}
	}
	return strings.Join(quoted, ":")
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// freeVariances are the free components of the residuals.
func (m *Model) freeVariances() []FreeVariance {
	var out []FreeVariance
	middle := m.sigma / m.scale
	total := m.sigma * m.sigma
	for _, v := range m.source.residual.Free(m.residualPoint()) {
		out = append(out, FreeVariance{Group: v.Group, Levels: v.Levels, Variance: v.Ratio * middle * middle})
		total += v.Ratio * middle * middle
	}
	for i := range out {
		out[i].Correlation = out[i].Variance / total
		if m.source.residual.Varies() {
			out[i].Correlation = math.NaN()
		}
	}
	return out
}
