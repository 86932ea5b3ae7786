package infer

import (
	"fmt"
	"math"
	"strings"

	"github.com/golmm/golmm/lmm"
)

// Share is the kind of an intraclass correlation and of R2: between 0 and 1.
const Share ParameterKind = "share"

// summaryNames are the shares of a model as a whole, in the order of values.
func summaryNames() []string {
	return []string{"ICC, adjusted", "ICC, unadjusted", "R2, marginal", "R2, conditional"}
}

func (s *Shares) values() []float64 {
	return []float64{s.ICC, s.ICCUnadjusted, s.R2Marginal, s.R2Conditional}
}

// ShareIntervals returns intervals of the intraclass correlations, adjusted and
// unadjusted, and of marginal and conditional R2 (VarianceShares): percentiles of
// a parametric bootstrap of all four. ByProfile gives the adjusted ICC alone, of a
// model whose random effects are one term with one coefficient, where it is s
// theta^2 / (s theta^2 + c), s the mean of z^2 and c that of 1 / w, or the variance
// of the distribution of a binomial model.
//
// Errors: those of Bootstrap and Profile; another method.
func ShareIntervals(m *lmm.Model, opt *VarianceOptions) (*VarianceIntervalTable, error) {
	o, err := opt.orDefault(ByBootstrap)
	if err != nil {
		return nil, err
	}
	out := &VarianceIntervalTable{Title: "Intervals of shares of variance", Method: o.Method, Level: o.Level, REML: m.REML()}
	switch o.Method {
	case ByBootstrap:
		out.Rows, err = o.percentiles(m, summaryNames(), func(n *lmm.Model) []float64 { return VarianceShares(n).values() })
		for i := range out.Rows {
			out.Rows[i].Kind = Share
		}
		return out, err
	case ByProfile:
		return out, out.profileICC(m, o)
	}
	return nil, fmt.Errorf("there is no interval %q of shares of variance; the methods are %q and %q", o.Method, ByBootstrap, ByProfile)
}

func (t *VarianceIntervalTable) profileICC(m *lmm.Model, o VarianceOptions) error {
	shares := VarianceShares(m)
	values := shares.values()
	const without = "not a function of one standard deviation over sigma, which a profile would be of; the bootstrap has an interval"
	for i, name := range summaryNames() {
		none := Limit{Value: math.NaN(), Reason: without}
		if math.IsNaN(values[i]) {
			none.Reason = shares.Reason
		}
		t.Rows = append(t.Rows, VarianceInterval{Name: name, Kind: Share, Estimate: values[i], SE: math.NaN(), Lower: none, Upper: none})
	}
	if terms := m.Frame().Terms; len(terms) != 1 || terms[0].Z.Cols != 1 || math.IsNaN(shares.ICC) {
		return nil
	}
	fam := m.Family()
	if fam != nil && fam.Name() != "binomial" {
		none := "the variance of the distribution moves with the other parameters; the bootstrap has an interval"
		t.Rows[0].Lower.Reason, t.Rows[0].Upper.Reason = none, none
		return nil
	}
	theta := "theta_" + strings.TrimPrefix(parametersOf(m)[0].name, "sd_")
	p, err := Profile(m, &ProfileOptions{Params: []string{theta}, Level: o.Level, Workers: o.Workers})
	if err != nil {
		return err
	}
	d := m.Frame()
	var s, c float64
	for i := range d.Y {
		z := d.Terms[0].Z.Row(i)[0]
		s += z * z
		if fam == nil {
			c += 1 / weightOf(d, i)
		} else {
			c += shares.Residual
		}
	}
	icc := func(l Limit) Limit {
		l.Value *= l.Value * s
		l.Value /= l.Value + c
		return l
	}
	t.Rows[0].Lower, t.Rows[0].Upper, t.Findings = icc(p.Curves[0].Lower), icc(p.Curves[0].Upper), p.Findings
	return nil
}
