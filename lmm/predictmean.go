package lmm

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
)

// generalised takes the linear predictors in p.Mean to what was asked for, with
// standard errors and limits.
func (p *Prediction) generalised(m *Model, rows *design.NewRows, opt *PredictOptions) error {
	fam, n := m.Family(), len(p.Mean)
	eta := p.Mean
	spread := make([]float64, n) // variance of z'b
	if opt.Marginal {
		for i := range spread {
			for t := range rows.Terms {
				spread[i] += m.newLevel(rows, i, t)
			}
		}
		p.note("no mean over the levels: a variance is not identified, or a predictor of a random effect is missing", n,
			func(i int) bool { return math.IsNaN(spread[i]) && !math.IsNaN(eta[i]) })
	}
	slope := make([]float64, n)
	p.Mean = make([]float64, n)
	for i, v := range eta {
		switch {
		case opt.LinearPredictor && !opt.Marginal:
			p.Mean[i], slope[i] = v, 1
		case opt.Marginal:
			p.Mean[i], slope[i] = Integrated(fam, v, spread[i])
		default:
			p.Mean[i], slope[i] = fam.Mean(v), fam.MeanSlope(v)
		}
	}
	if opt.Marginal {
		p.note("no mean over the levels: with the link "+fam.Link()+" it does not exist", n,
			func(i int) bool { return math.IsNaN(p.Mean[i]) && !math.IsNaN(spread[i]) && !math.IsNaN(eta[i]) })
		if opt.LinearPredictor {
			for i, mu := range p.Mean {
				p.Mean[i] = fam.Eta(mu)
				slope[i] /= fam.MeanSlope(p.Mean[i])
			}
		}
	}
	if opt.MeanOnly {
		return nil
	}
	return p.generalLimits(m, rows, eta, slope, opt)
}

// generalLimits sets the standard errors and the limits, slope the derivative of
// the mean in the linear predictor.
func (p *Prediction) generalLimits(m *Model, rows *design.NewRows, eta, slope []float64, opt *PredictOptions) error {
	fam, n := m.Family(), len(p.Mean)
	p.SE, p.Confidence, p.Response = make([]float64, n), newLimits(n), newLimits(n)
	q := distuv.UnitNormal.Quantile((1 + p.Level) / 2)
	var u *uncertainty
	if !m.saturated() {
		var err error
		if u, err = newUncertainty(m); err != nil {
			return err
		}
	}
	for i, mean := range p.Mean {
		se := math.NaN()
		switch {
		case u == nil, !m.Estimable(rows.X.Row(i)):
		case opt.Population:
			se = math.Sqrt(u.population(rows, i))
		default:
			se = math.Sqrt(u.conditional(rows, i))
		}
		p.SE[i] = math.Abs(slope[i]) * se
		switch {
		case opt.LinearPredictor:
			p.Confidence.set(i, mean, q*p.SE[i])
		case opt.Marginal: // on the scale of the link, at the mean
			at := fam.Eta(mean)
			p.Confidence.between(i, fam, at, q*p.SE[i]/math.Abs(fam.MeanSlope(at)))
		default:
			p.Confidence.between(i, fam, eta[i], q*se)
		}
		p.Response.Lower[i], p.Response.Upper[i] = math.NaN(), math.NaN()
	}
	all := func(int) bool { return true }
	if u == nil {
		p.note("no standard error: "+endless, n, all)
	}
	p.noteResponse("no interval for a new response of the "+fam.Name()+" family here: infer.NewResponses has it", n, all)
	return nil
}

// between sets limits to the means of eta -+ half, the smaller first.
func (l *Limits) between(i int, fam *family.Family, eta, half float64) {
	a, b := fam.Mean(eta-half), fam.Mean(eta+half)
	l.Lower[i], l.Upper[i] = math.Min(a, b), math.Max(a, b)
	if math.IsNaN(half) {
		l.Lower[i], l.Upper[i] = math.NaN(), math.NaN()
	}
}

// Integrated is the mean of the response over linear predictors that are normal
// with mean eta and a variance, and its derivative in eta; NaN where it does not
// exist: with the inverse link and a variance above 0.
//
// With the log link it is exp(eta + variance / 2), with the probit link the normal
// distribution function at eta / sqrt(1 + variance) (Zeger, Liang and Albert 1988);
// else the trapezoidal rule, whose error for a logistic function falls faster
// than exp(-50).
func Integrated(fam *family.Family, eta, variance float64) (mean, slope float64) {
	switch {
	case math.IsNaN(eta) || math.IsNaN(variance):
		return math.NaN(), math.NaN()
	case variance == 0:
		return fam.Mean(eta), fam.MeanSlope(eta)
	}
	switch fam.Link() {
	case "log":
		v := fam.Mean(eta + variance/2)
		return v, v
	case "identity":
		return eta, 1
	case "sqrt":
		return eta*eta + variance, 2 * eta
	case "probit":
		r := math.Sqrt(1 + variance)
		return fam.Mean(eta / r), fam.MeanSlope(eta/r) / r
	case "inverse":
		return math.NaN(), math.NaN()
	}
	sd := math.Sqrt(variance)
	const reach = 9.0 // normal sds: the tails are below 1e-18
	n := int(math.Ceil(reach * math.Max(5, 3*sd)))
	n = min(n, 20000)
	h := reach / float64(n)
	var total float64
	for k := -n; k <= n; k++ {
		x := float64(k) * h
		w := math.Exp(-x * x / 2)
		total += w
		mean += w * fam.Mean(eta+sd*x)
		slope += w * fam.MeanSlope(eta+sd*x)
	}
	return mean / total, slope / total
}
