package family

import "math"

type link int

const (
	logit link = iota
	probit
	cloglog
	log
	inverse
	identity
	sqrt
)

func (l link) String() string {
	return [...]string{"logit", "probit", "cloglog", "log", "inverse", "identity", "sqrt"}[l]
}

// steepest bounds eta where products with exp(eta) would overflow: further out it
// stays as it is there.
const steepest = 600

// least is the smallest mean of a count or a positive response: below it powers
// of its inverse overflow.
const least = 1e-90

func exp(eta float64) float64 { return math.Exp(math.Max(-steepest, math.Min(steepest, eta))) }

// mean is h(eta).
func (l link) mean(eta float64) float64 {
	switch l {
	case logit:
		return logistic(eta)
	case probit:
		return normalCDF(eta)
	case cloglog:
		return -math.Expm1(-exp(eta))
	case log:
		return exp(eta)
	case inverse:
		return 1 / eta
	case sqrt:
		return eta * eta
	}
	return eta
}

// slope is h'(eta).
func (l link) slope(eta float64) float64 {
	switch l {
	case logit:
		return logistic(eta) * logistic(-eta)
	case probit:
		return normalDensity(eta)
	case cloglog:
		t := exp(eta)
		return t * math.Exp(-t)
	case log:
		return exp(eta)
	case inverse:
		return -1 / (eta * eta)
	case sqrt:
		return 2 * eta
	}
	return 1
}

// eta is the inverse of mean.
func (l link) eta(mu float64) float64 {
	switch l {
	case logit:
		return math.Log(mu) - math.Log1p(-mu)
	case probit:
		return -math.Sqrt2 * math.Erfcinv(2*mu)
	case cloglog:
		return math.Log(-math.Log1p(-mu))
	case log:
		return math.Log(mu)
	case inverse:
		return 1 / mu
	case sqrt:
		return math.Sqrt(mu)
	}
	return mu
}

// bends are mu and its first three derivatives, for links that have no form of
// their own in a distribution: inverse, identity, sqrt and log.
func (l link) bends(eta float64) (mu, m1, m2, m3 float64) {
	switch l {
	case log:
		mu = exp(eta)
		return mu, mu, mu, mu
	case inverse:
		mu = 1 / eta
		return mu, -mu * mu, 2 * mu * mu * mu, -6 * mu * mu * mu * mu
	case sqrt:
		return eta * eta, 2 * eta, 2, 0
	}
	return eta, 1, 0, 0
}

// logistic is 1 / (1 + exp(-x)).
func logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}
