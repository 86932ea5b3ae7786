package infer

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
	"github.com/golmm/golmm/lmm/formula"
)

// ProfileOptions of Profile. The zero value, or nil, is the default of every
// field.
type ProfileOptions struct {
	// Params are the names of the parameters to profile, as
	// ProfileParameters lists them; nil is all.
	Params []string
	Level  float64 // coverage of the intervals; 0 is 0.95
	// Zeta is how far the curves go; 0 is 2.8, or 0.2 beyond the quantile of
	// Level where that is more.
	Zeta float64
	// Workers is the number of goroutines; 0 is one for each processor.
	Workers int
}

// ParameterKind is what a profiled parameter is.
type ParameterKind string

// The kinds of parameters.
const (
	StandardDeviation ParameterKind = "sd"
	Correlation       ParameterKind = "correlation"
	ResidualSD        ParameterKind = "sigma"
	FixedEffect       ParameterKind = "fixed effect"
)

// ProfileResult holds the profile likelihood of the parameters of a model.
//
// The profile of a parameter is the criterion, minimised over all others, as a
// function of it. zeta = sign(value - estimate) sqrt(profile - minimum) is
// nearly normal where the sample is large; the interval is where |zeta| is at
// most the normal quantile (Bates and Watts 1988, ch. 6; Bates et al. 2015, sec.
// 5.1). It uses the criterion of the fit for standard deviations and
// correlations, and -2 log L for fixed effects, which a restricted likelihood
// does not have.
type ProfileResult struct {
	Formula  string
	REML     bool // the criterion of the standard deviations and correlations
	Level    float64
	Names    []string // of all parameters, in the order of CurvePoint.Params
	Curves   []Curve
	Findings []finding.Finding
}

// Curve is the profile of one parameter.
type Curve struct {
	Name  string
	Kind  ParameterKind
	Group string // grouping factor; "" for sigma and fixed effects
	// Estimate is the best value by the criterion of the curve: that of the fit,
	// or by ML for the fixed effects of a fit by REML.
	Estimate float64
	Points   []CurvePoint // by increasing value
	Lower    Limit
	Upper    Limit
	Monotone bool // |zeta| grows on both sides, as far as the curve goes
	// Reason says why there is no profile; "" where there is one.
	Reason string
}

// CurvePoint is a point of a profile.
type CurvePoint struct {
	Value     float64
	Zeta      float64
	Criterion float64
	Params    []float64 // the conditional optimum of all parameters
}

// Limit is an end of an interval.
type Limit struct {
	Value float64 // NaN where there is none
	// Boundary says that the data do not exclude the end of the range: a
	// standard deviation of 0, a correlation of -1 or 1.
	Boundary bool
	Reason   string // why Value is NaN, or what its being on the boundary means
}

// ProfileParameters returns the names of the parameters of a model that Profile
// knows: "sd_Days|Subject", "cor_Days.(Intercept)|Subject", "sigma", the fixed
// effects.
func ProfileParameters(m *lmm.Model) []string {
	var out []string
	for _, p := range parametersOf(m) {
		out = append(out, p.name)
	}
	return out
}

// parameter is one parameter of a model.
type parameter struct {
	name  string
	kind  ParameterKind
	group string
	block int
	i, j  int // rows of the block, i < j for a correlation; i a column of X
}

func parametersOf(m *lmm.Model) []parameter {
	var out []parameter
	d := m.Frame()
	for t := range d.Terms {
		term := &d.Terms[t]
		k := term.Z.Cols
		add := func(name string, kind ParameterKind, i, j int) {
			out = append(out, parameter{name + "|" + term.Group, kind, term.Group, t, i, j})
		}
		if term.Shape == formula.CompSymm {
			add("sd_cs", StandardDeviation, 0, 0)
			if k > 1 {
				add("cor_cs", Correlation, 0, 1)
			}
			continue
		}
		for i := range k {
			add("sd_"+term.Names[i], StandardDeviation, i, i)
			for j := i + 1; j < k && term.Shape != formula.Independent && term.Shape != formula.Diag; j++ {
				add("cor_"+term.Names[j]+"."+term.Names[i], Correlation, i, j)
			}
		}
	}
	out = append(out, parameter{name: "sigma", kind: ResidualSD})
	for i, name := range d.XNames {
		out = append(out, parameter{name: name, kind: FixedEffect, i: i})
	}
	return out
}

// Profile computes the profile likelihood of the parameters of a model and
// intervals from it.
//
// Errors: a fit that is not at a maximum, an unknown parameter, a level outside
// (0, 1), a criterion that has no profile.
func Profile(m *lmm.Model, opt *ProfileOptions) (*ProfileResult, error) {
	var o ProfileOptions
	if opt != nil {
		o = *opt
	}
	if o.Level == 0 {
		o.Level = 0.95
	}
	if !(o.Level > 0 && o.Level < 1) {
		return nil, fmt.Errorf("the level of an interval is a probability between 0 and 1, such as 0.95; it was %g", o.Level)
	}
	if v := m.Verdict(); v.Convergence != certify.Converged {
		return nil, fmt.Errorf("a profile is measured from the maximum of the likelihood, and the fit of %q is not there: %s", m.Formula(), v.Convergence)
	}
	all := parametersOf(m)
	out := &ProfileResult{Formula: m.Formula(), REML: m.REML(), Level: o.Level}
	for _, p := range all {
		out.Names = append(out.Names, p.name)
	}
	chosen := all
	if o.Params != nil {
		chosen = nil
		for _, name := range o.Params {
			i := slices.IndexFunc(all, func(p parameter) bool { return p.name == name })
			if i < 0 {
				return nil, fmt.Errorf("there is no parameter %q to profile; the model has %q", name, out.Names)
			}
			chosen = append(chosen, all[i])
		}
	}
	walk := reach{z: distuv.UnitNormal.Quantile((1 + o.Level) / 2)}
	walk.limit = o.Zeta
	if walk.limit == 0 {
		walk.limit = math.Max(2.8, walk.z+0.2)
	}
	out.Curves = make([]Curve, len(chosen))
	failed := make([]error, len(chosen))
	ml, err := byML(m)
	if err != nil {
		return nil, err
	}
	each(o.Workers, 0, len(chosen), func(_, i int) {
		out.Curves[i], failed[i] = profileOf(m, ml, all, chosen[i], walk)
	})
	for i, err := range failed {
		if err != nil {
			return nil, err
		}
		out.Findings = append(out.Findings, observeCurve(&out.Curves[i])...)
	}
	return out, nil
}

// profileOf computes one curve.
func profileOf(m, ml *lmm.Model, all []parameter, p parameter, walk reach) (Curve, error) {
	c := Curve{Name: p.name, Kind: p.kind, Group: p.group, Estimate: math.NaN(),
		Lower: Limit{Value: math.NaN()}, Upper: Limit{Value: math.NaN()}, Monotone: true}
	way, reason, err := pathOf(m, ml, all, p)
	if way != nil {
		trace(&c, way, walk)
	}
	if reason != "" {
		c.Reason, c.Lower.Reason, c.Upper.Reason = reason, reason, reason
	}
	return c, err
}

// pathOf returns the profile of a parameter, or says why it has none.
func pathOf(m, ml *lmm.Model, all []parameter, p parameter) (way path, reason string, err error) {
	if reason = hidden(m, p); reason != "" {
		return nil, reason, nil
	}
	if p.kind == FixedEffect {
		l, err := newLine(ml, all, p)
		if err != nil {
			return nil, "", err
		}
		return l, "", nil
	}
	land, ok := newLandscape(m)
	if !ok {
		return nil, "", fmt.Errorf("the criterion of %q does not keep sigma as a parameter: there are no profiles of it", m.Formula())
	}
	var ch *chart
	switch p.kind {
	case StandardDeviation:
		ch = land.sdChart(p.block, p.i)
	case Correlation:
		if ch = land.correlationChart(p.block, p.i, p.j); ch == nil {
			return nil, "not applicable: a variance is 0, or the rank leaves only 1 and -1", nil
		}
	default:
		ch = land.sigmaChart()
	}
	return newRidge(ch, all, p), "", nil
}

// ProfileAt returns the points of the profile of a parameter at the values
// given, which must be in its range.
//
// Errors: as Profile; a value outside of the range; a search that fails.
func ProfileAt(m *lmm.Model, name string, values []float64) ([]CurvePoint, error) {
	if v := m.Verdict(); v.Convergence != certify.Converged {
		return nil, fmt.Errorf("a profile is measured from the maximum of the likelihood, and the fit of %q is not there: %s", m.Formula(), v.Convergence)
	}
	all := parametersOf(m)
	i := slices.IndexFunc(all, func(p parameter) bool { return p.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no parameter %q to profile; the model has %q", name, ProfileParameters(m))
	}
	ml := m
	if all[i].kind == FixedEffect {
		var err error
		if ml, err = byML(m); err != nil {
			return nil, err
		}
	}
	way, reason, err := pathOf(m, ml, all, all[i])
	if err != nil {
		return nil, err
	}
	if reason != "" {
		return nil, fmt.Errorf("%s has no profile: %s", name, reason)
	}
	best := way.best()
	out := make([]CurvePoint, len(values))
	x := make([]float64, len(values))
	for i, v := range values {
		x[i] = v
		if r, ok := way.(*ridge); ok {
			x[i] = r.chart.coord(v)
		}
		if lo, hi := way.bounds(); !(x[i] >= lo && x[i] <= hi) {
			return nil, fmt.Errorf("%s cannot be %g: its range is %g to %g", name, v, way.value(lo), way.value(hi))
		}
	}
	// Away from the estimate, to either side.
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(x[a]-best.x), math.Abs(x[b]-best.x)) })
	at := [2]conditional{best, best}
	for _, i := range order {
		side := 0
		if x[i] > best.x {
			side = 1
		}
		next, ok := way.solve(x[i], &at[side])
		if !ok {
			return nil, fmt.Errorf("the search for the other parameters failed at %s = %g", name, values[i])
		}
		next.zeta = math.Copysign(math.Sqrt(math.Max(0, next.f-best.f)), x[i]-best.x)
		out[i] = CurvePoint{Value: values[i], Zeta: next.zeta, Criterion: next.f, Params: way.params(&next)}
		at[side] = next
	}
	return out, nil
}

// hidden says why a parameter is not identified, "" if it is.
func hidden(m *lmm.Model, p parameter) string {
	const not = "the data cannot tell it from other parameters"
	switch p.kind {
	case FixedEffect:
		return ""
	case ResidualSD:
		if math.IsNaN(m.Sigma()) {
			return not
		}
		return ""
	}
	for _, v := range estimatesOf(m, p) {
		if math.IsNaN(v) {
			return not
		}
	}
	return ""
}

// estimatesOf returns the standard deviations that a parameter needs.
func estimatesOf(m *lmm.Model, p parameter) []float64 {
	at := 0
	for _, c := range m.VarCorr() {
		term := &m.Frame().Terms[at]
		k := len(c.Names)
		if term.Z.Cols == k {
			if at == p.block {
				return []float64{c.SD[p.i], c.SD[max(p.i, p.j)]}
			}
			at++
			continue
		}
		// Independent columns: a component each.
		if at == p.block && c.Names[0] == term.Names[p.i] {
			return c.SD
		}
		if c.Names[0] == term.Names[term.Z.Cols-1] {
			at++
		}
	}
	return nil
}
