package covstruct

import "math"

// exchangeable is compound symmetry: c_ij = rho. A subject of m rows has the
// eigenvalues 1 - rho and 1 + (m-1) rho, so that rho > -1/(m-1), m being the
// largest number of rows of a subject; phi is the logarithm of their ratio.
type exchangeable struct{ m int }

func (exchangeable) size() int        { return 1 }
func (exchangeable) start() []float64 { return []float64{0.3} }

func (e exchangeable) rho(phi float64) (rho, slope float64) {
	x, m := math.Exp(phi), float64(e.m)
	if math.IsInf(x, 1) {
		return 1, 0
	}
	return (x - 1) / (x + m - 1), m * x / ((x + m - 1) * (x + m - 1))
}

func (e exchangeable) at(phi []float64) pairing {
	rho, slope := e.rho(phi[0])
	return func(_, _ place, d []float64) float64 {
		d[0] = slope
		return rho
	}
}

func (e exchangeable) natural(phi []float64) []Estimate {
	rho, _ := e.rho(phi[0])
	return []Estimate{{Name: "correlation", Value: rho, Lower: -1 / float64(e.m-1), Upper: 1}}
}
