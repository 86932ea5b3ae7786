package family

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// CDF returns P(Y <= y) for a mean; for binomial y is a proportion of w trials,
// w rounded to a whole number. The randomised quantile residual of a response
// is the normal quantile of a uniform number between CDF below it and CDF at it
// (Dunn and Smyth 1996). NaN where the distribution cannot have the mean.
func (f *Family) CDF(y, mu, w, shape float64) float64 {
	if math.IsNaN(y) || !f.possible(mu) && mu != 0 {
		return math.NaN()
	}
	if y < 0 {
		return 0
	}
	if f.dist == gamma {
		return mathext.GammaIncReg(shape, shape*y/mu)
	}
	if mu == 0 || math.IsInf(y, 1) {
		return 1
	}
	switch f.dist {
	case binomial:
		n := math.Max(1, math.Round(w))
		k := math.Floor(y*n + 1e-9*n)
		if k >= n || mu == 1 {
			if k >= n {
				return 1
			}
			return 0
		}
		return mathext.RegIncBeta(n-k, k+1, 1-mu)
	case negbinomial:
		if !math.IsInf(shape, 1) {
			return mathext.RegIncBeta(shape, math.Floor(y)+1, shape/(shape+mu))
		}
	}
	return mathext.GammaIncRegComp(math.Floor(y)+1, mu)
}

// Below returns P(Y < y), in the terms of CDF.
func (f *Family) Below(y, mu, w, shape float64) float64 {
	switch f.dist {
	case gamma:
		return f.CDF(y, mu, w, shape)
	case binomial:
		return f.CDF(y-1/math.Max(1, math.Round(w)), mu, w, shape)
	}
	return f.CDF(math.Ceil(y)-1, mu, w, shape)
}
