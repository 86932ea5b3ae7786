package family

import "math"

const logRoot2Pi = 0.91893853320467274178 // log(2 pi) / 2

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

func normalDensity(x float64) float64 { return math.Exp(-x*x/2 - logRoot2Pi) }

// logNormalCDF returns log Phi(x) and its first three derivatives. With r = phi
// / Phi and d = x + r they are r, -r d, r d^2 - r (1 - r d). In the left tail d
// comes from the continued fraction of Mills' ratio (Abramowitz and Stegun
// 1964, 26.2.14),
//
//	d = 1/(t + 2/(t + 3/(t + ...))),  t = -x
//
// in which nothing cancels.
func logNormalCDF(x float64) (l, d1, d2, d3 float64) {
	if x > -5 {
		p := normalCDF(x)
		l = math.Log(p)
		if x > 1 {
			l = math.Log1p(-math.Erfc(x/math.Sqrt2) / 2)
		}
		r := normalDensity(x) / p
		d := x + r
		return l, r, -r * d, r*d*d - r*(1-r*d)
	}
	t := -x
	rest := t // t + 3/(t + 4/(t + ...))
	for n := 60.0; n >= 3; n-- {
		rest = t + n/rest
	}
	second := 2 / rest
	d := 1 / (t + second)
	r := t + d
	// 1 - r d = d (second - d).
	return -t*t/2 - logRoot2Pi - math.Log(r), r, -r * d, r * d * (2*d - second)
}
