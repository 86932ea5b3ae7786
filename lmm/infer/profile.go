package infer

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// ProfileOptions of Profile. The zero value, or nil, is the default of every
// field.
type ProfileOptions struct {
	// Params are the names of the parameters to profile, as
	// ProfileParameters lists them; nil is all of those. "theta_Days|Subject"
	// is sd_Days|Subject over sigma: of a term with one coefficient, theta.
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
	RelativeSD        ParameterKind = "theta" // sd / sigma
	// ShapeParameter is the size of a negative binomial, the shape of a gamma
	// distribution.
	ShapeParameter ParameterKind = "shape"
	// StructureParameter is one of the structure of the residuals.
	StructureParameter ParameterKind = "residual"
	// FreeVariance is a variance that may be negative.
	FreeVariance ParameterKind = "variance"
)

// ProfileResult holds the profile likelihood of the parameters of a model.
//
// The profile of a parameter is the criterion, minimised over all others, as a
// function of it. zeta = sign(value - estimate) sqrt(profile - minimum) is
// nearly normal where the sample is large; the interval is where |zeta| is at
// most the normal quantile (Bates and Watts 1988, ch. 6; Bates et al. 2015, sec.
// 5.1). It uses the criterion of the fit for standard deviations and
// correlations, and -2 log L for fixed effects, which a restricted likelihood
// does not have. A generalised model has -2 log L by its own approximation for
// all, minimised over the fixed effects too.
type ProfileResult struct {
	Formula string
	// Family and Link are those of a generalised model, "" for a linear one.
	Family, Link string
	REML         bool // the criterion of the standard deviations and correlations
	Level        float64
	Names        []string // of all parameters, in the order of CurvePoint.Params
	Curves       []Curve
	Findings     []finding.Finding
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

// Profile computes the profile likelihood of the parameters of a model and
// intervals from it.
//
// Errors: a fit that is not at a maximum, an unknown parameter, a level outside
// (0, 1), a criterion that has no profile. Parameters of the structure of the
// residuals are profiled with the terms on the boundary left there.
func Profile(m *lmm.Model, opt *ProfileOptions) (*ProfileResult, error) {
	var o ProfileOptions
	if opt != nil {
		o = *opt
	}
	var err error
	if o.Level, err = levelOrDefault(o.Level); err != nil {
		return nil, err
	}
	if v := m.Verdict(); v.Convergence != certify.Converged {
		return nil, fmt.Errorf("a profile is measured from the maximum of the likelihood, and the fit of %q is not there: %s", m.Formula(), v.Convergence)
	}
	all := parametersOf(m)
	out := &ProfileResult{Formula: m.Formula(), REML: m.REML(), Level: o.Level}
	if fam := m.Family(); fam != nil {
		out.Family, out.Link = fam.Name(), fam.Link()
	}
	for _, p := range all {
		out.Names = append(out.Names, p.name)
	}
	chosen := all
	if o.Params != nil {
		chosen = nil
		for _, name := range o.Params {
			p, _, err := named(m, name)
			if err != nil {
				return nil, err
			}
			chosen = append(chosen, p)
		}
	}
	walk := reach{z: distuv.UnitNormal.Quantile((1 + o.Level) / 2)}
	walk.limit = o.Zeta
	if walk.limit == 0 {
		walk.limit = math.Max(2.8, walk.z+0.2)
	}
	out.Curves = make([]Curve, len(chosen))
	failed := make([]error, len(chosen))
	ml := m
	if slices.ContainsFunc(chosen, func(p parameter) bool { return p.kind == FixedEffect }) {
		var err error
		if ml, err = byML(m); err != nil {
			return nil, err
		}
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
	if p.kind == FixedEffect && reweighed(m) {
		return nil, "the variances depend on the fitted values, and so on the fixed effects: the likelihood has no profile. A bootstrap has an interval", nil
	}
	if p.kind == StructureParameter {
		h, reason := newHeld(m, all, p.i)
		if h == nil {
			return nil, reason, nil
		}
		return h, "", nil
	}
	if p.kind == FixedEffect {
		l, err := newLine(ml, all, p)
		if err != nil {
			return nil, "", err
		}
		if !(l.se > 0) || math.IsInf(l.se, 1) {
			return nil, "there is no standard error to begin the search for its limits with", nil
		}
		return l, "", nil
	}
	land, ok := newLandscape(m)
	if !ok {
		return nil, "", fmt.Errorf("the criterion of %q does not keep sigma as a parameter: there are no profiles of it", m.Formula())
	}
	var ch *chart
	switch p.kind {
	case FreeVariance:
		ch = land.varianceChart(p.i)
	case StandardDeviation:
		ch = land.sdChart(p.block, p.i)
	case RelativeSD:
		ch = land.overSigma().sdChart(p.block, p.i)
	case Correlation:
		if ch = land.correlationChart(p.block, p.i, p.j); ch == nil {
			return nil, "not applicable: a variance is 0, or the rank leaves only 1 and -1", nil
		}
	case ShapeParameter:
		ch = land.shapeChart()
	default:
		ch = land.sigmaChart()
	}
	return newRidge(ch, all, p), "", nil
}
