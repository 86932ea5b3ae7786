package diagnose

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/infer"
)

// Shift is a fixed effect under a remedy.
type Shift struct {
	Name          string
	Before, After float64
	BeforeSE      float64
	AfterSE       float64
	// InSE is (After - Before) / BeforeSE; NaN where one of them does not exist.
	InSE float64
	// BeforeP and AfterP are p values of a t test that the effect is 0, NaN where
	// there are none. Their degrees of freedom are those of infer.Auto, of n - p
	// for a model without random effects, of a normal distribution for marginal
	// and large models and points that are no maximum.
	BeforeP, AfterP float64
	// BeforeDF and AfterDF are those degrees of freedom, +Inf for a normal
	// distribution.
	BeforeDF, AfterDF float64
	// BeforeCI and AfterCI are the 95 % intervals that go with them.
	BeforeCI, AfterCI [2]float64
}

// effectAt is a fixed effect of a model with its test.
type effectAt struct {
	name      string
	value, se float64
	p         float64
	df        float64
	ci        [2]float64
}

// tested returns the fixed effects of a model with tests.
func tested(m *lmm.Model) []effectAt {
	df := infer.Auto
	if d := m.Frame(); countEffects(d)*d.X.Cols > manyModes {
		df = infer.Normal
	}
	var names []string
	var beta, se []float64
	for _, c := range m.FixedEffects() {
		if math.IsInf(c.Estimate, 0) { // of separated responses
			c.Estimate = math.NaN()
		}
		names, beta, se = append(names, c.Name), append(beta, c.Estimate), append(se, c.SE)
	}
	// A point that is no maximum of the likelihood has no degrees of freedom.
	out := plain(names, beta, se, math.Inf(1))
	rows, err := infer.Coefficients(m, &infer.Options{DF: df})
	if err != nil {
		return out
	}
	for i := range out {
		if r := rows.Rows[i]; !math.IsNaN(r.P) {
			out[i].p, out[i].df, out[i].ci = r.P, r.DF, [2]float64{r.Lower, r.Upper}
		}
	}
	return out
}

// plain returns effects with tests by a t distribution, normal for df +Inf.
func plain(names []string, beta, se []float64, df float64) []effectAt {
	tail, quantile := distuv.UnitNormal.Survival, distuv.UnitNormal.Quantile(0.975)
	if !math.IsInf(df, 1) {
		t := distuv.StudentsT{Sigma: 1, Nu: df}
		tail, quantile = t.Survival, t.Quantile(0.975)
	}
	var out []effectAt
	for i, name := range names {
		out = append(out, effectAt{name: name, value: beta[i], se: se[i], p: 2 * tail(math.Abs(beta[i]/se[i])), df: df,
			ci: [2]float64{beta[i] - quantile*se[i], beta[i] + quantile*se[i]}})
	}
	return out
}

// shifts compares the fixed effects of the fit with those of a remedy, by name.
func shifts(before, after []effectAt) []Shift {
	var out []Shift
	nan := math.NaN()
	for _, c := range before {
		s := Shift{Name: c.name, Before: c.value, BeforeSE: c.se, BeforeP: c.p, BeforeDF: c.df, BeforeCI: c.ci,
			After: nan, AfterSE: nan, AfterP: nan, AfterDF: nan, AfterCI: [2]float64{nan, nan}}
		for _, a := range after {
			if a.name == c.name {
				s.After, s.AfterSE, s.AfterP, s.AfterDF, s.AfterCI = a.value, a.se, a.p, a.df, a.ci
			}
		}
		s.InSE = (s.After - s.Before) / s.BeforeSE
		if math.IsInf(s.InSE, 0) {
			s.InSE = nan
		}
		out = append(out, s)
	}
	return out
}
