package family

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// The derivatives of this file are in the parameter in which a shape is
// estimated: 1/size of a negative binomial, where 0 is the Poisson distribution,
// and the log of the shape of a gamma distribution. Families without a shape
// have none: 0.

// KernelSlope returns the derivatives of Kernel's l, d1 and d2 in the parameter.
func (f *Family) KernelSlope(y, eta, shape float64) (l, d1, d2 float64) {
	switch f.dist {
	case negbinomial:
		return countSlope(f.link, y, eta, 1/shape)
	case gamma:
		l, d1, d2, _ = gammaKernel(f.link, y, eta, shape)
		if math.IsInf(l, -1) {
			return 0, 0, 0
		}
		return l, d1, d2
	}
	return 0, 0, 0
}

// ConstantSlope returns the derivative of Constant in the parameter.
func (f *Family) ConstantSlope(y, w, shape float64) float64 {
	switch f.dist {
	case negbinomial:
		return w * risingSlope(y, 1/shape)
	case gamma:
		return w * shape * (math.Log(shape) + 1 + math.Log(y) - mathext.Digamma(shape))
	}
	return 0
}
