package design

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm/finding"
)

// find collects what the design wants said: D10, D1, D2, D3.
func (d *Design) find(fr *frame) {
	d.findDropped(fr)
	d.findAliased(fr)
	d.findScale()
	d.findUnits()
	d.findFewLevels()
}

// findDropped is D10: rows that are not used, one finding for each reason that
// is not a plain missing value.
func (d *Design) findDropped(fr *frame) {
	dropped := d.TableRows - len(d.Rows)
	if dropped == 0 {
		return
	}
	f := finding.Finding{Code: "D10", Name: "MISSING", Severity: finding.Note,
		Evidence: []finding.Evidence{{Check: "rows not used", Found: float64(dropped)}}}
	for _, l := range fr.losses {
		f.Params = append(f.Params, l.name)
		f.Evidence = append(f.Evidence, finding.Evidence{Check: "rows where " + l.reason(), Found: float64(l.rows)})
	}
	f.Meaning = fmt.Sprintf("%d of %d rows are not used: %s.", dropped, d.TableRows, reasons(fr.losses))
	for _, v := range fr.groups {
		if lost := v.before - len(v.val.levels); lost > 0 {
			f.Evidence = append(f.Evidence, finding.Evidence{Check: "levels of " + v.name + " lost", Found: float64(lost)})
			f.Meaning += fmt.Sprintf(" %s of %s %s in no other row.", plural(lost, "level", "levels"), v.name, choose(lost, "occurs", "occur"))
		}
	}
	d.Findings = append(d.Findings, f)
	for _, l := range fr.losses {
		if l.kind == lostNaN {
			d.Findings = append(d.Findings, undefined(l))
		}
	}
}

// undefined is the finding for an expression that has no value where its
// columns have one, such as the logarithm of a negative number.
func undefined(l loss) finding.Finding {
	return finding.Finding{Code: "D10", Name: "MISSING", Severity: finding.Caution,
		Params:   []string{l.name},
		Evidence: []finding.Evidence{{Check: "rows where " + l.reason(), Found: float64(l.rows)}},
		Meaning: fmt.Sprintf("%s is not a number in %s although %s is not missing there, first in row %d of the table; such rows are left out.",
			l.name, plural(l.rows, "row", "rows"), strings.Join(l.columns, ", "), l.first+1),
		Remedies: []string{fmt.Sprintf("Look at row %d: a value outside the domain of the function is often an error in the data.", l.first+1)},
	}
}

// findAliased is D1: columns of X that depend on those before them.
func (d *Design) findAliased(fr *frame) {
	if len(d.Aliased) == 0 {
		return
	}
	f := finding.Finding{Code: "D1", Name: "RANK_X", Severity: finding.Caution, Params: d.Aliased,
		Evidence: []finding.Evidence{
			{Check: "columns of X", Found: float64(len(d.FullNames))},
			{Check: "rank of X", Found: float64(len(d.XNames))},
		},
		Remedies: []string{"Nothing, if the remaining coefficients answer the question.", "Leave out the term, or merge levels that never occur together."},
	}
	f.Meaning = fmt.Sprintf("The data cannot tell %s apart from the terms before: %s no estimate, and the other coefficients are read as if %s were not in the formula.",
		listText(d.Aliased), choose(len(d.Aliased), "it has", "they have"), choose(len(d.Aliased), "it", "they"))
	for _, v := range fr.vars {
		if v.categorical() || v.val.width > 1 {
			continue
		}
		for _, name := range d.Aliased {
			if name != v.name {
				continue
			}
			m, sd := meanSD(v.val.numbers, 1)
			if sd > 0 && sd < 1e-6*math.Abs(m) {
				f.Evidence = append(f.Evidence, finding.Evidence{Check: "standard deviation of " + name + " relative to its mean", Found: sd / math.Abs(m), Limit: rankTolerance})
				f.Meaning += fmt.Sprintf(" %s varies so little beside its mean, %.4g, that it looks like the intercept.", name, m)
				f.Remedies = append([]string{fmt.Sprintf("Write center(%s) in place of %s: its origin is too far away.", name, name)}, f.Remedies...)
			}
		}
	}
	d.Findings = append(d.Findings, f)
}

func choose(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// scaleLimit is the ratio of standard deviations from which D2 is said.
const scaleLimit = 1e3

// spread is the standard deviation of a column.
type spread struct {
	name string
	sd   float64
}

// findScale is D2: columns of X or Z of very different spread. Columns of
// indicators have no unit and are left out; the intercept of a random term
// counts as 1 beside its slopes.
func (d *Design) findScale() {
	all := d.recipe.fixed.spreads(&d.X, d.recipe.keep)
	for k, t := range d.recipe.terms {
		slopes := t.plan.spreads(&d.Terms[k].Z, nil)
		if len(slopes) > 0 && t.plan.intercept {
			all = append(all, spread{"(Intercept)", 1})
		}
		all = append(all, slopes...)
	}
	if len(all) == 0 {
		return
	}
	bySD := func(a, b spread) int { return cmp.Compare(a.sd, b.sd) }
	small, large := slices.MinFunc(all, bySD), slices.MaxFunc(all, bySD)
	if large.sd <= scaleLimit*small.sd {
		return
	}
	remedy := fmt.Sprintf("Choose other units for %s or %s, or wrap them in scale().", large.name, small.name)
	for _, pair := range [][2]spread{{large, small}, {small, large}} {
		if pair[0].name == "(Intercept)" {
			remedy = fmt.Sprintf("Choose another unit for %s, or wrap it in scale().", pair[1].name)
		}
	}
	d.Findings = append(d.Findings, finding.Finding{Code: "D2", Name: "SCALE", Severity: finding.Note,
		Params:   []string{large.name, small.name},
		Evidence: []finding.Evidence{{Check: "ratio of the standard deviations of the columns", Found: large.sd / small.sd, Limit: scaleLimit}},
		Meaning: fmt.Sprintf("The columns have very different spreads: %s %.3g, %s %.3g. The fit scales them inside, so its results are right, but the numbers are awkward to read.",
			large.name, large.sd, small.name, small.sd),
		Remedies: []string{remedy},
	})
}

// unitPower bounds the powers of 10 whose squares are ordinary floats; those below
// its negative are not, either.
const unitPower = 150.0

// findUnits is D2 of the response and of columns of X with a unit: values whose
// squares no float holds.
func (d *Design) findUnits() {
	check := func(name string, data []float64, stride int) {
		largest := 0.0
		for i := 0; i < len(data); i += stride {
			largest = math.Max(largest, math.Abs(data[i]))
		}
		limit := unitPower
		switch {
		case largest == 0 || math.Abs(math.Log10(largest)) < unitPower:
			return
		case largest < 1:
			limit = -unitPower
		}
		d.Findings = append(d.Findings, finding.Finding{Code: "D2", Name: "SCALE", Severity: finding.Caution, Params: []string{name},
			Evidence: []finding.Evidence{{Check: "power of 10 of the largest absolute value of " + name, Found: math.Round(math.Log10(largest)), Limit: limit}},
			Meaning:  fmt.Sprintf("The largest absolute value of %s is %.3g, and its square is beyond what a number holds: variances print as -, and so does what needs them.", name, largest),
			Remedies: []string{fmt.Sprintf("Choose another unit for %s.", name)},
		})
	}
	check(d.Formula.Response.String(), d.Y, 1)
	at := 0
	for j, name := range d.recipe.fixed.names {
		if d.recipe.keep != nil && !d.recipe.keep[j] {
			continue
		}
		if d.recipe.fixed.units[j] {
			check(name, d.X.Data[at:], d.X.Cols)
		}
		at++
	}
}

// spreads returns the spreads of the columns of m that have a unit and are not
// constant. m holds the columns of the plan to keep; nil means all.
func (p *plan) spreads(m *Matrix, keep []bool) []spread {
	var out []spread
	at := 0
	for j, name := range p.names {
		if keep != nil && !keep[j] {
			continue
		}
		if p.units[j] {
			if _, sd := meanSD(m.Data[at:], m.Cols); sd > 0 {
				out = append(out, spread{name, sd})
			}
		}
		at++
	}
	return out
}

// findFewLevels is D3: a variance estimated from fewer than 5 groups.
func (d *Design) findFewLevels() {
	const limit = 5
	said := map[string]bool{}
	for _, t := range d.Terms {
		m := len(t.Levels)
		if m >= limit || said[t.Group] {
			continue
		}
		said[t.Group] = true
		d.Findings = append(d.Findings, finding.Finding{Code: "D3", Name: "FEW_LEVELS", Severity: finding.Note,
			Params:   []string{t.Group},
			Evidence: []finding.Evidence{{Check: "levels of " + t.Group, Found: float64(m), Limit: limit}},
			Meaning:  fmt.Sprintf("%s has %d levels: its variance is estimated from as many numbers, and is very uncertain.", t.Group, m),
			Remedies: []string{fmt.Sprintf("Use %s as a fixed effect.", t.Group), "Put a weak prior on the variance."},
		})
	}
}

// meanSD returns the mean and the standard deviation of every stride-th number
// of x from the first.
func meanSD(x []float64, stride int) (mean, sd float64) {
	shift, sum, ss, n := x[0], 0.0, 0.0, 0
	for i := 0; i < len(x); i += stride {
		v := x[i] - shift
		sum += v
		ss += v * v
		n++
	}
	m := sum / float64(n)
	return shift + m, math.Sqrt(math.Max(0, ss/float64(n)-m*m))
}
