package infer

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// Options of the verbs that test fixed effects. The zero value, or nil, is the
// default of every field.
type Options struct {
	DF DF
	// Level is the coverage of the intervals; 0 is 0.95.
	Level float64
}

func (o *Options) filled() (Options, error) {
	if o == nil {
		return Options{Level: 0.95}, nil
	}
	out := *o
	if out.Level == 0 {
		out.Level = 0.95
	}
	if !(out.Level > 0 && out.Level < 1) {
		return out, fmt.Errorf("the level of an interval is between 0 and 1, such as 0.95; it is %g", out.Level)
	}
	return out, nil
}

// Estimate is one linear combination of the fixed effects and its t test.
type Estimate struct {
	Name         string
	Value, SE    float64
	DF           float64 // +Inf with Normal
	T, P         float64 // P two-sided
	Lower, Upper float64 // Value -+ quantile SE
	Reason       string  // why numbers are NaN; "" otherwise
}

// Estimates are linear combinations of the fixed effects.
type Estimates struct {
	Title string // what they are, for documents
	Rows  []Estimate
	DF    DF // never Auto
	// Why says how DF came about where it was left to Auto.
	Why   string
	Level float64
	// Vcov is the covariance matrix of the estimable fixed effects that the
	// standard errors come from: adjusted with Kenward-Roger.
	Vcov     [][]float64
	Findings []finding.Finding
}

// Coefficients tests every fixed effect: estimate, standard error, degrees of
// freedom, t and p value. On the boundary it compares Satterthwaite with
// Kenward-Roger, and a finding says where they disagree.
//
// Errors: Kenward-Roger for a fit by ML, a level outside (0, 1).
func Coefficients(m *lmm.Model, opt *Options) (*Estimates, error) {
	o, err := opt.filled()
	if err != nil {
		return nil, err
	}
	f, err := newFixed(m, o.DF)
	if err != nil {
		return nil, err
	}
	out := f.estimates("Fixed effects", o.Level)
	kept := 0
	for _, c := range m.FixedEffects() {
		if math.IsNaN(c.Estimate) {
			nan := math.NaN()
			out.Rows = append(out.Rows, Estimate{c.Name, nan, nan, nan, nan, nan, nan, nan, c.Reason})
			continue
		}
		l := make([]float64, f.p)
		l[kept] = 1
		kept++
		out.Rows = append(out.Rows, f.estimate(c.Name, l, c.Estimate, o.Level))
	}
	if found, ok, err := disagreement(m, f); err != nil {
		return nil, err
	} else if ok {
		out.Findings = append(out.Findings, found)
	}
	return out, nil
}

func (f *fixed) estimates(title string, level float64) *Estimates {
	return &Estimates{Title: title, DF: f.df, Why: f.why, Level: level, Vcov: f.vcov()}
}

// estimate tests l'beta, l of length p, whose estimate is value.
func (f *fixed) estimate(name string, l []float64, value, level float64) Estimate {
	se, df, reason := f.one(l)
	half := quantileT(1-level, df) * se
	return Estimate{name, value, se, df, value / se, tailT(value/se, df), value - half, value + half, reason}
}

// disagreeAbove is the ratio of degrees of freedom above which the two ways
// are said to disagree.
const disagreeAbove = 1.5

// disagreement compares the degrees of freedom of the two ways on the boundary.
// There Satterthwaite takes a variance of 0 as known, and Kenward-Roger does
// not.
func disagreement(m *lmm.Model, f *fixed) (finding.Finding, bool, error) {
	if m.Verdict().Place != certify.Boundary || !m.REML() || f.reason != "" || f.df == Normal {
		return finding.Finding{}, false, nil
	}
	other := KenwardRoger
	if f.df == KenwardRoger {
		other = Satterthwaite
	}
	g, err := newFixed(m, other)
	if err != nil || g.reason != "" {
		return finding.Finding{}, false, err
	}
	out := finding.Finding{Code: "H3", Name: "DF_DISAGREE", Severity: finding.Caution}
	for i, name := range m.Frame().XNames {
		l := make([]float64, f.p)
		l[i] = 1
		_, a, _ := f.one(l)
		_, b, _ := g.one(l)
		if f.df == KenwardRoger {
			a, b = b, a
		}
		if ratio := a / b; ratio > disagreeAbove || ratio < 1/disagreeAbove {
			out.Params = append(out.Params, name)
			out.Evidence = append(out.Evidence,
				finding.Evidence{Check: "Satterthwaite df of " + name, Found: a},
				finding.Evidence{Check: "Kenward-Roger df of " + name, Found: b})
		}
	}
	out.Meaning = "On the boundary the degrees of freedom depend on the method: Satterthwaite takes the variance of 0 as known, as if its term were not there; Kenward-Roger allows for its uncertainty."
	out.Remedies = []string{"Use Kenward-Roger where a predictor varies between groups."}
	return out, len(out.Params) > 0, nil
}

// estimable turns a combination of all fixed effects, those without an estimate
// included, into one of the columns of X.
//
// A column x_j that depends on the others, x_j = X a_j, leaves X b unchanged
// when b moves along (a_j, -1): c'b is estimable only if c_j = c'a_j.
type estimable struct {
	names []string
	kept  []int
	lost  []int
	alias *matrix // kept x lost: a_j
}

// ContrastError says what is wrong with a combination of fixed effects.
type ContrastError struct {
	Name string // of the contrast, "" if it has none
	Msg  string
}

// Error names the contrast and says what is wrong.
func (e *ContrastError) Error() string {
	if e.Name == "" {
		return e.Msg
	}
	return e.Name + ": " + e.Msg
}

func newEstimable(m *lmm.Model) (*estimable, error) {
	d := m.Frame()
	e := &estimable{names: d.FullNames}
	for j, name := range d.FullNames {
		if slices.Contains(d.Aliased, name) {
			e.lost = append(e.lost, j)
		} else {
			e.kept = append(e.kept, j)
		}
	}
	if len(e.lost) == 0 {
		return e, nil
	}
	full, err := d.Full()
	if err != nil {
		return nil, err
	}
	e.alias, err = combinations(&d.X, &full, e.lost)
	return e, err
}

// row returns the combination of the columns of X.
func (e *estimable) row(name string, c []float64) ([]float64, error) {
	if len(c) != len(e.names) {
		return nil, &ContrastError{name, fmt.Sprintf("the contrast has %d numbers; the model has %d fixed effects: %s", len(c), len(e.names), list(e.names))}
	}
	out := make([]float64, len(e.kept))
	var size float64
	for i, j := range e.kept {
		out[i] = c[j]
	}
	for j, v := range c {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, &ContrastError{name, fmt.Sprintf("the number for %s is not finite", e.names[j])}
		}
		size = math.Max(size, math.Abs(v))
	}
	for k, j := range e.lost {
		var v, terms float64
		for i, x := range out {
			v += x * e.alias.at(i, k)
			terms += math.Abs(x * e.alias.at(i, k))
		}
		if math.Abs(v-c[j]) > 1e-8*(terms+size) {
			return nil, &ContrastError{name, fmt.Sprintf("the contrast is not estimable: the column %s is a combination of others, so that the data determine this contrast only with %.6g in its place, not %.6g", e.names[j], v, c[j])}
		}
	}
	return out, nil
}
