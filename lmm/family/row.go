package family

import "math"

// Row returns the log-likelihood of a row with all its constants, and its first
// three derivatives in eta. For binomial y is a proportion and w the number of
// trials, 1 for a response of 0 or 1; for others w is a case weight. Shape is
// read by families that have one.
//
// Where the link gives a mean that the distribution cannot have, l is -Inf and
// the derivatives are 0; for any other finite eta all are finite. Exp(eta) stays
// as it is from |eta| of 600 on, and counts and positive responses have no mean
// below 1e-90.
func (f *Family) Row(y, w, eta, shape float64) (l, d1, d2, d3 float64) {
	l, d1, d2, d3 = f.Kernel(y, eta, shape)
	return w*l + f.Constant(y, w, shape), w * d1, w * d2, w * d3
}

// Kernel returns k(y, eta) and its first three derivatives in eta: what the
// log-likelihood of a row with weight 1 has beside Constant. It is linear in y,
// so that rows with equal eta are one row with the sum of their weights and the
// weighted mean of their responses.
func (f *Family) Kernel(y, eta, shape float64) (l, d1, d2, d3 float64) {
	switch f.dist {
	case binomial:
		return binomialKernel(f.link, y, eta)
	case gamma:
		return gammaKernel(f.link, y, eta, shape)
	case negbinomial:
		return countKernel(f.link, y, eta, 1/shape)
	}
	return countKernel(f.link, y, eta, 0)
}

// Kernels is Kernel for rows with one shape: l[i], d1[i], d2[i] and d3[i] are those
// of y[i] and eta[i]. The slices have one length.
func (f *Family) Kernels(y, eta []float64, shape float64, l, d1, d2, d3 []float64) {
	y, l, d1, d2, d3 = y[:len(eta)], l[:len(eta)], d1[:len(eta)], d2[:len(eta)], d3[:len(eta)]
	if f.link == logit {
		logitKernels(y, eta, l, d1, d2, d3)
		return
	}
	for i, t := range eta {
		l[i], d1[i], d2[i], d3[i] = f.Kernel(y[i], t, shape)
	}
}

// Constant returns c(y, w): the part of the log-likelihood that eta does not
// enter.
func (f *Family) Constant(y, w, shape float64) float64 {
	switch f.dist {
	case binomial:
		return logChoose(w, w*y)
	case poisson:
		return -w * logFactorial(y)
	case negbinomial:
		return w * (logRising(y, 1/shape) - logFactorial(y))
	}
	lg, _ := math.Lgamma(shape)
	return w * (shape*math.Log(shape) + (shape-1)*math.Log(y) - lg)
}

// Expected returns the expected information of a row on eta, E(-d2).
func (f *Family) Expected(w, eta, shape float64) float64 {
	switch f.link {
	case logit:
		return w * logistic(eta) * logistic(-eta)
	case probit:
		_, a, _, _ := logNormalCDF(eta)
		_, b, _, _ := logNormalCDF(-eta)
		return w * a * b
	case cloglog:
		t := exp(eta)
		return w * t * growth(t)
	}
	mu, m1, _, _ := f.link.bends(eta)
	if !f.possible(mu) {
		return 0
	}
	switch {
	case f.dist == gamma:
		r := m1 / mu
		return w * shape * r * r
	case f.link == sqrt:
		return w * 4 / (1 + f.excess(shape)*mu)
	}
	return w * (m1 / mu) * m1 / (1 + f.excess(shape)*mu)
}

// possible says that the distribution can have a mean.
func (f *Family) possible(mu float64) bool {
	if f.dist == binomial {
		return mu >= 0 && mu <= 1
	}
	return mu >= least && !math.IsInf(mu, 1)
}

// excess is 1/size of a negative binomial, 0 of others.
func (f *Family) excess(shape float64) float64 {
	if f.dist == negbinomial {
		return 1 / shape
	}
	return 0
}

func logFactorial(y float64) float64 {
	if y == 0 || y == 1 {
		return 0
	}
	l, _ := math.Lgamma(y + 1)
	return l
}

// logChoose is log of n over k, n and k real.
func logChoose(n, k float64) float64 {
	if k == 0 || k == n {
		return 0
	}
	return logFactorial(n) - logFactorial(k) - logFactorial(n-k)
}
