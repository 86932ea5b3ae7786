package infer

import (
	"math"
	"slices"

	"github.com/golmm/golmm/lmm"
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
	var out Options
	if o != nil {
		out = *o
	}
	var err error
	out.Level, err = levelOrDefault(out.Level)
	return out, err
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

// noEstimate has the reason in the place of all numbers.
func noEstimate(name, reason string) Estimate {
	nan := math.NaN()
	return Estimate{name, nan, nan, nan, nan, nan, nan, nan, reason}
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
	var names []string
	var ls [][]float64
	for _, c := range m.FixedEffects() {
		if math.IsNaN(c.Estimate) || math.IsInf(c.Estimate, 0) {
			out.Rows = append(out.Rows, noEstimate(c.Name, c.Reason))
			continue
		}
		l := make([]float64, f.p)
		l[slices.Index(m.Frame().XNames, c.Name)] = 1
		names, ls = append(names, c.Name), append(ls, l)
		out.Rows = append(out.Rows, f.estimate(c.Name, l, c.Estimate, o.Level))
	}
	out.Findings = f.disagreement(names, singly(ls))
	return out, nil
}

func (f *fixed) estimates(title string, level float64) *Estimates {
	return &Estimates{Title: title, DF: f.df, Why: f.why, Level: level, Vcov: f.vcov()}
}

// estimate tests l'beta, l of length p, whose estimate is value.
func (f *fixed) estimate(name string, l []float64, value, level float64) Estimate {
	se, df, reason := f.one(l)
	if f.endless(l) || f.limit == nil && !f.m.Estimable(l) {
		return noEstimate(name, reason)
	}
	half := quantileT(1-level, df) * se
	return Estimate{name, value, se, df, value / se, tailT(value/se, df), value - half, value + half, reason}
}
