package infer

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/finding"
)

// VarianceMethod is how intervals of standard deviations and correlations are
// made.
type VarianceMethod string

const (
	// ByProfile inverts the likelihood ratio; see Profile. It is right at the
	// boundary too, up to the chi-square approximation.
	ByProfile VarianceMethod = "profile"
	// ByBootstrap takes percentiles of a parametric bootstrap.
	ByBootstrap VarianceMethod = "bootstrap"
	// ByWald takes the normal distribution for log sd and for Fisher's z of a
	// correlation, with the curvature of the criterion. At the boundary there
	// is no such interval.
	ByWald VarianceMethod = "wald"
)

// VarianceOptions of VarianceIntervals and ShareIntervals. The zero value, or nil,
// is the default of every field.
type VarianceOptions struct {
	Method     VarianceMethod // "": ByProfile; of ShareIntervals ByBootstrap
	Level      float64        // 0: 0.95
	Replicates int            // of the bootstrap; 0: 1000
	Seed       uint64         // of the bootstrap
	Workers    int            // 0: one for each processor
}

// VarianceIntervalTable holds intervals of standard deviations, correlations and
// sigma, or of shares of variance. The limits of a variance are the squares of
// those of its standard deviation.
type VarianceIntervalTable struct {
	Title    string
	Method   VarianceMethod
	Level    float64
	REML     bool
	Rows     []VarianceInterval
	Findings []finding.Finding
}

// VarianceInterval is the interval of one parameter.
type VarianceInterval struct {
	Name         string // as in ProfileParameters, or "ICC, adjusted" ...
	Kind         ParameterKind
	Group        string
	Estimate     float64
	SE           float64 // of the estimate; NaN for ByProfile
	Lower, Upper Limit
}

// VarianceIntervals returns intervals of the standard deviations and correlations
// of a model, those of the structure of the residuals before them.
//
// Errors: those of Profile and Bootstrap; an unknown method.
func VarianceIntervals(m *lmm.Model, opt *VarianceOptions) (*VarianceIntervalTable, error) {
	o, err := opt.orDefault(ByProfile)
	if err != nil {
		return nil, err
	}
	out := &VarianceIntervalTable{Title: "Intervals of the random effects", Method: o.Method, Level: o.Level, REML: m.REML()}
	names := varianceNames(m)
	if r := m.Residual(); r != nil && o.Method != ByBootstrap {
		out.Title = "Intervals of the residuals"
		if len(m.Frame().Terms) > 0 {
			out.Title += " and the random effects"
		}
		var err error
		if out.Rows, err = structureIntervals(m, o.Method, o.Level); err != nil {
			return nil, err
		}
		names = names[:len(names)-len(r.Params)]
	}
	switch o.Method {
	case ByProfile:
		p, err := Profile(m, &ProfileOptions{Params: names, Level: o.Level, Workers: o.Workers})
		if err != nil {
			return nil, err
		}
		for _, c := range p.Curves {
			out.Rows = append(out.Rows, VarianceInterval{c.Name, c.Kind, c.Group, c.Estimate, math.NaN(), c.Lower, c.Upper})
		}
		out.Findings = p.Findings
		return out, nil
	case ByBootstrap:
		return out, out.bootstrap(m, names, o)
	case ByWald:
		return out, out.wald(m)
	}
	return nil, fmt.Errorf("there is no interval %q; the methods are %q, %q and %q", o.Method, ByProfile, ByBootstrap, ByWald)
}

// orDefault fills in what is not set, and checks the level.
func (opt *VarianceOptions) orDefault(method VarianceMethod) (VarianceOptions, error) {
	var o VarianceOptions
	if opt != nil {
		o = *opt
	}
	if o.Method == "" {
		o.Method = method
	}
	if o.Replicates == 0 {
		o.Replicates = 1000
	}
	var err error
	o.Level, err = levelOrDefault(o.Level)
	return o, err
}

// levelOrDefault is the level of an interval, 0.95 for 0.
func levelOrDefault(level float64) (float64, error) {
	if level == 0 {
		level = 0.95
	}
	return level, checkLevel(level)
}

func checkLevel(level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("the level of an interval is a probability between 0 and 1, such as 0.95; it was %g", level)
	}
	return nil
}

func (t *VarianceIntervalTable) bootstrap(m *lmm.Model, names []string, o VarianceOptions) error {
	all := parametersOf(m)[:len(names)]
	rows, err := o.percentiles(m, names, func(n *lmm.Model) []float64 { return parameterValues(n, all) })
	for i := range rows {
		rows[i].Kind, rows[i].Group = all[i].kind, all[i].group
	}
	t.Rows = rows
	return err
}

// percentiles are intervals of a statistic by a parametric bootstrap.
func (o *VarianceOptions) percentiles(m *lmm.Model, names []string, statistic func(*lmm.Model) []float64) ([]VarianceInterval, error) {
	r, err := Bootstrap(m, &BootstrapOptions{Replicates: o.Replicates, Seed: o.Seed, Workers: o.Workers, Names: names, Statistic: statistic})
	if err != nil {
		return nil, err
	}
	intervals, err := r.Intervals(Percentile, o.Level)
	if err != nil {
		return nil, err
	}
	var rows []VarianceInterval
	for _, b := range intervals {
		rows = append(rows, VarianceInterval{Name: b.Name, Estimate: b.Estimate, SE: b.SE, Lower: b.Lower, Upper: b.Upper})
	}
	return rows, nil
}

func (t *VarianceIntervalTable) wald(m *lmm.Model) error {
	v := m.Verdict()
	if v.Convergence != certify.Converged {
		return fmt.Errorf("the curvature says something at the maximum of the likelihood alone, and the fit of %q is not there: %s", m.Formula(), v.Convergence)
	}
	z := distuv.UnitNormal.Quantile((1 + t.Level) / 2)
	for _, p := range parametersOf(m) {
		if p.kind == FixedEffect || p.kind == StructureParameter {
			continue
		}
		row := VarianceInterval{Name: p.name, Kind: p.kind, Group: p.group, Estimate: parameterValues(m, []parameter{p})[0], SE: math.NaN()}
		none := func(reason string) {
			row.Lower, row.Upper = Limit{Value: math.NaN(), Reason: reason}, Limit{Value: math.NaN(), Reason: reason}
		}
		way, reason, err := pathOf(m, m, parametersOf(m), p)
		switch {
		case err != nil:
			return err
		case v.Place == certify.Boundary:
			none("not applicable: the fit is on the boundary, where the curvature gives no standard errors. Profiles and bootstraps do")
		case reason != "":
			none(reason)
		default:
			r := way.(*ridge)
			curve := r.curvature()
			if !(curve > 0) {
				none("the likelihood is flat: the curvature gives no standard error")
				break
			}
			row.SE, row.Lower.Value, row.Upper.Value = waldLimits(p.kind, r, math.Sqrt(2/curve), z)
		}
		t.Rows = append(t.Rows, row)
	}
	return nil
}

// waldLimits takes the standard error of the coordinate of a chart to the scale of
// log sd or Fisher's z, and back.
func waldLimits(kind ParameterKind, r *ridge, se, z float64) (own, lower, upper float64) {
	x := r.chart.x
	value := r.value(x)
	h := 1e-6 * math.Max(1, math.Abs(x))
	slope := math.Abs(r.value(x+h)-r.value(x-h)) / (2 * h)
	switch kind {
	case FreeVariance:
		unit := r.value(1)
		return se * unit, value - z*se*unit, value + z*se*unit
	case ResidualSD: // the coordinate is log sigma
		return value * se, value * math.Exp(-z*se), value * math.Exp(z*se)
	case Correlation:
		own = se * slope
		w := z * own / (1 - value*value)
		return own, math.Tanh(math.Atanh(value) - w), math.Tanh(math.Atanh(value) + w)
	}
	own = se * slope
	return own, value * math.Exp(-z*own/value), value * math.Exp(z*own/value)
}

// curvature is the second derivative of the profile at the estimate, exact or by
// differences of exact gradients.
func (r *ridge) curvature() float64 {
	best := r.best()
	n := len(best.state)
	size := r.chart.size
	fn := func(y []float64, second bool) (float64, []float64, *mat.SymDense) {
		j := r.chart.evaluate(best.x+size*y[n], y[:n], second)
		if j.g == nil {
			return j.f, nil, nil
		}
		j.g[n] *= size
		return j.f, j.g, j.h
	}
	h := differences(fn, append(append([]float64(nil), best.state...), 0))
	if h == nil {
		return math.NaN()
	}
	curve := h.At(n, n)
	along := tangentOf(h)
	if along == nil {
		return math.NaN()
	}
	for i, v := range along {
		curve += h.At(n, i) * v
	}
	return curve / (size * size)
}
