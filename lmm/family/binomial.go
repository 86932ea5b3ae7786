package family

import "math"

// binomialKernel is y log mu + (1-y) log(1-mu) and its derivatives.
func binomialKernel(link link, y, eta float64) (l, d1, d2, d3 float64) {
	switch link {
	case logit:
		return logitKernel(y, eta)
	case probit:
		if y > 0 {
			a, a1, a2, a3 := logNormalCDF(eta)
			l, d1, d2, d3 = y*a, y*a1, y*a2, y*a3
		}
		if y < 1 {
			b, b1, b2, b3 := logNormalCDF(-eta)
			v := 1 - y
			l, d1, d2, d3 = l+v*b, d1-v*b1, d2+v*b2, d3-v*b3
		}
		return l, d1, d2, d3
	}
	return cloglogKernel(y, eta)
}

func logitKernel(y, eta float64) (l, d1, d2, d3 float64) {
	var out [4]float64
	logitKernels([]float64{y}, []float64{eta}, out[0:1], out[1:2], out[2:3], out[3:4])
	return out[0], out[1], out[2], out[3]
}

func logitKernels(y, eta, l, d1, d2, d3 []float64) {
	y, l, d1, d2, d3 = y[:len(eta)], l[:len(eta)], d1[:len(eta)], d2[:len(eta)], d3[:len(eta)]
	decay(eta, d1, l)
	for i, t := range eta {
		e, tail := d1[i], l[i]
		p := 1 / (1 + e)
		q := e * p // the probabilities of success and failure, above 0
		v := p * q
		// No branch: the sign is often a matter of chance.
		below := uint64(int64(math.Float64bits(t)) >> 63)
		swap := (math.Float64bits(p) ^ math.Float64bits(q)) & below
		p, q = math.Float64frombits(math.Float64bits(p)^swap), math.Float64frombits(math.Float64bits(q)^swap)
		one := math.Float64frombits(math.Float64bits(1) &^ below)
		l[i] = (y[i]-one)*t - tail
		d1[i], d2[i], d3[i] = y[i]*q-(1-y[i])*p, -v, -v*(q-p)
	}
}

// cloglogKernel works with t = exp(eta): log(1-mu) = -t, and the derivative of
// log mu is g = t / (exp(t) - 1). g' = g a with a = 1 - t - g; a' = -t - g a.
func cloglogKernel(y, eta float64) (l, d1, d2, d3 float64) {
	t := exp(eta)
	if y > 0 {
		g := growth(t)
		a := 1 - t - g
		if t < 0.01 { // Bernoulli numbers
			a = -t/2 - t*t/12 + t*t*t*t/720
		}
		var lm float64
		if t < 0.7 {
			lm = math.Log(-math.Expm1(-t))
		} else {
			lm = math.Log1p(-math.Exp(-t))
		}
		l = y * lm
		if g > 0 {
			d1, d2, d3 = y*g, y*g*a, y*g*(a*a-t-g*a)
		}
	}
	v := (1 - y) * t
	return l - v, d1 - v, d2 - v, d3 - v
}

// growth is t / (exp(t) - 1).
func growth(t float64) float64 {
	switch {
	case t == 0:
		return 1
	case t > 745:
		return 0
	}
	return t / math.Expm1(t)
}
