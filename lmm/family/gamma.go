package family

import "math"

// gammaKernel is k = -shape (y/mu + log mu).
func gammaKernel(link link, y, eta, shape float64) (l, d1, d2, d3 float64) {
	switch link {
	case log:
		r := y * exp(-eta)
		return -shape * (r + eta), shape * (r - 1), -shape * r, shape * r
	case inverse:
		if !(eta >= least) {
			return math.Inf(-1), 0, 0, 0
		}
		mu := 1 / eta
		return shape * (math.Log(eta) - y*eta), shape * (mu - y), -shape * mu * mu, 2 * shape * mu * mu * mu
	}
	if !(eta >= least) {
		return math.Inf(-1), 0, 0, 0
	}
	r, v := y/eta, shape/eta
	return -shape * (r + math.Log(eta)), v * (r - 1), v / eta * (1 - 2*r), v / eta / eta * (6*r - 2)
}
