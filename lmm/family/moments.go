package family

import "math"

// Mean returns mu = h(eta).
func (f *Family) Mean(eta float64) float64 { return f.link.mean(eta) }

// MeanSlope returns dmu/deta.
func (f *Family) MeanSlope(eta float64) float64 { return f.link.slope(eta) }

// Eta returns the linear predictor of a mean, infinite at the ends of its range.
func (f *Family) Eta(mu float64) float64 { return f.link.eta(mu) }

// Variance returns the variance of a response with weight 1, of a single trial
// for binomial.
func (f *Family) Variance(mu, shape float64) float64 {
	switch f.dist {
	case binomial:
		return mu * (1 - mu)
	case gamma:
		return mu * mu / shape
	case negbinomial:
		return mu + mu*mu/shape
	}
	return mu
}

// Deviance returns twice the log-likelihood that a row has less than with its
// own response as the mean.
func (f *Family) Deviance(y, mu, w, shape float64) float64 {
	var d float64
	switch f.dist {
	case binomial:
		d = times(y, y/mu) + times(1-y, (1-y)/(1-mu))
	case poisson:
		d = times(y, y/mu) - (y - mu)
	case negbinomial:
		a := 1 / shape
		if a == 0 {
			d = times(y, y/mu) - (y - mu)
			break
		}
		d = times(y, y/mu) - (y+shape)*math.Log1p((y-mu)/(mu+shape))
	case gamma:
		d = shape * ((y-mu)/mu - math.Log(y/mu))
	}
	return 2 * w * math.Max(d, 0)
}

// DevianceResidual is the root of Deviance with the sign of y - mu.
func (f *Family) DevianceResidual(y, mu, w, shape float64) float64 {
	return math.Copysign(math.Sqrt(f.Deviance(y, mu, w, shape)), y-mu)
}

// times is y log x, 0 where y is 0.
func times(y, x float64) float64 {
	if y == 0 {
		return 0
	}
	return y * math.Log(x)
}
