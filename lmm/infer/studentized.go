package infer

import "math"

// gauss8 are the abscissas and weights of Gauss-Legendre quadrature with 8
// points on (-1, 1); the points are symmetric.
var gauss8 = [4][2]float64{
	{0.1834346424956498, 0.3626837833783620},
	{0.5255324099163290, 0.3137066458778873},
	{0.7966664774136267, 0.2223810344533745},
	{0.9602898564975363, 0.1012285362903763},
}

// integrate is the integral of f from a to b, in panels.
func integrate(f func(float64) float64, a, b float64, panels int) float64 {
	half := (b - a) / float64(2*panels)
	var sum float64
	for i := range panels {
		mid := a + half*float64(2*i+1)
		for _, g := range gauss8 {
			sum += g[1] * (f(mid-half*g[0]) + f(mid+half*g[0]))
		}
	}
	return sum * half
}

// rangeTail is the probability that the range of k independent standard normal
// values exceeds w:
//
//	k int phi(z) { Phi(z)^(k-1) - [Phi(z) - Phi(z-w)]^(k-1) } dz
//
// the difference taken so that small probabilities keep their digits.
func rangeTail(w float64, k int) float64 {
	if w <= 0 {
		return 1
	}
	lower, upper := -8.0, w/2+9
	f := func(z float64) float64 {
		below := math.Erfc(-z/math.Sqrt2) / 2
		if below == 0 {
			return 0
		}
		share := math.Erfc((w-z)/math.Sqrt2) / 2 / below
		gap := -math.Expm1(float64(k-1) * math.Log1p(-math.Min(share, 1)))
		return math.Exp(-z*z/2) * math.Pow(below, float64(k-1)) * gap
	}
	v := integrate(f, lower, upper, int(math.Ceil((upper-lower)/1.4)))
	return math.Min(1, float64(k)*v/math.Sqrt(2*math.Pi))
}

// studentizedTail is the probability that the range of k independent normal
// values over an estimate s of their standard deviation with df degrees of
// freedom exceeds q (Student 1927; Pearson and Hartley 1942): the mean of
// rangeTail(q s) over s, df s^2 being chi-square. df may be fractional or +Inf.
// The error is about 1e-10, and 1e-8 relative in the tail.
func studentizedTail(q float64, k int, df float64) float64 {
	switch {
	case math.IsNaN(q) || math.IsNaN(df) || df <= 0 || k < 2:
		return math.NaN()
	case q <= 0:
		return 1
	case df > 1e6: // the relative difference is below 1e-5 times the probability
		return rangeTail(q, k)
	}
	lg, _ := math.Lgamma(df / 2)
	c := math.Log(2) + df/2*math.Log(df/2) - lg
	// In x = log s the density is smooth for every df.
	f := func(x float64) float64 {
		s := math.Exp(x)
		return math.Exp(c+df*(x-s*s/2)) * rangeTail(q*s, k)
	}
	// The tail of the range falls like exp(-q^2 s^2 / 4): the mode lies between
	// that of the product and 0, with a width of 1 / sqrt(2 df) at both. To the
	// left the density falls like exp(df x), to the right faster.
	mode, width := -math.Log1p(q*q/(2*df))/2, 1/math.Sqrt(2*df)
	low, high := mode-math.Max(9*width, 28/df), math.Min(9*width, math.Log(90/df+2)/2)
	return math.Min(1, integrate(f, low, high, int(math.Ceil((high-low)/(1.3*width)))))
}
