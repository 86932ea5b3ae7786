package family

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// countKernel is that of the negative binomial distribution with a = 1/size, of
// the Poisson where a = 0:
//
//	k = y log mu - (y + 1/a) log(1 + a mu)
func countKernel(link link, y, eta, a float64) (l, d1, d2, d3 float64) {
	if link == log { // nothing cancels where mu is small
		mu := exp(eta)
		s := 1 + a*mu
		l = y*eta - y*math.Log1p(a*mu) - logOver(mu, a)
		d1 = (y - mu) / s
		d2 = -mu / s * ((1 + a*y) / s)
		return l, d1, d2, d2 * (1 - a*mu) / s
	}
	mu, m1, m2, m3 := link.bends(eta)
	if !(mu >= least) {
		return math.Inf(-1), 0, 0, 0
	}
	s := 1 + a*mu
	c := (1 + a*y) / s
	l = y*(math.Log(mu)-math.Log1p(a*mu)) - logOver(mu, a)
	k1 := y/mu - c
	k2 := -y/mu/mu + a*c/s
	k3 := 2*y/mu/mu/mu - 2*a*a*c/s/s
	return l, k1 * m1, k2*m1*m1 + k1*m2, k3*m1*m1*m1 + 3*k2*m1*m2 + k1*m3
}

// logOver is log(1 + a mu) / a.
func logOver(mu, a float64) float64 {
	if a == 0 {
		return mu
	}
	return math.Log1p(a*mu) / a
}

// countSlope returns the derivatives in a of k, of dk/deta and of d2k/deta2.
func countSlope(link link, y, eta, a float64) (l, d1, d2 float64) {
	mu, m1, m2, _ := link.bends(eta)
	if !(mu >= least) && link != log {
		return 0, 0, 0
	}
	s := 1 + a*mu
	l = bend(mu, a) - y*mu/s
	k1 := -(y - mu) / s / s
	k2 := (1 + 2*a*(y-mu)/s) / s / s
	return l, k1 * m1, k2*m1*m1 + k1*m2
}

// bend is (log(1+x) - x/(1+x)) / a^2, x = a mu.
func bend(mu, a float64) float64 {
	x := a * mu
	if x < 0.02 {
		// The sum of (-1)^n (n-1)/n x^n from n = 2.
		var s float64
		for n := 10.0; n >= 2; n-- {
			s = (n-1)/n - x*s
		}
		return mu * mu * s
	}
	return (math.Log1p(x) - x/(1+x)) / a / a
}

// logRising is log of the product of (1 + a i), i from 0 to y - 1: Gamma(y + s)
// / (Gamma(s) s^y) with s = 1/a, also for y that is not an integer.
func logRising(y, a float64) float64 {
	if a == 0 || y == 0 {
		return 0
	}
	if y <= 64 && y == math.Trunc(y) {
		var sum float64
		for i := 1.0; i < y; i++ {
			sum += math.Log1p(a * i)
		}
		return sum
	}
	s := 1 / a
	if s < 1e3 {
		top, _ := math.Lgamma(y + s)
		low, _ := math.Lgamma(s)
		return top - low - y*math.Log(s)
	}
	// Stirling's formula, the leading terms together.
	return (y+s-0.5)*math.Log1p(a*y) - y + tail(y+s) - tail(s)
}

// tail is what Stirling's formula adds to log Gamma(x) for x of 1000 or more.
func tail(x float64) float64 {
	v := 1 / x / x
	return (v*(v/1260-1.0/360) + 1.0/12) / x
}

// risingSlope is the derivative of logRising in a.
func risingSlope(y, a float64) float64 {
	if y <= 64 && y == math.Trunc(y) {
		var sum float64
		for i := 1.0; i < y; i++ {
			sum += i / (1 + a*i)
		}
		return sum
	}
	if a == 0 {
		return y * (y - 1) / 2
	}
	s := 1 / a
	if s < 1e3 {
		// d/ds of log Gamma(y+s) - log Gamma(s) - y log s, times ds/da.
		return -s * s * (mathext.Digamma(y+s) - mathext.Digamma(s) - y/s)
	}
	// The derivative of Stirling's formula; u are the powers of s / (y + s).
	u := 1 / (1 + a*y) / (1 + a*y)
	rest := (1-u)/12 - a*a*(1-u*u)/120 + a*a*a*a*(1-u*u*u)/252
	return (y-0.5)*y/(1+a*y) - bend(y, a) - rest
}
