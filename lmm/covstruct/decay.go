package covstruct

import "math"

// decay is a correlation that falls with the distance h of two rows,
//
//	exp(-(h / r)^power),  r = unit e^phi,
//
// unit being the median distance of neighbours. With power 1 it is the
// continuous autoregression, rho^h with rho = exp(-1/r).
type decay struct {
	power, unit float64
	perUnit     bool // report rho for h = 1, not the range
}

func (decay) size() int        { return 1 }
func (decay) start() []float64 { return []float64{0} }

func (c decay) at(phi []float64) pairing {
	r := c.unit * math.Exp(phi[0])
	return func(a, b place, d []float64) float64 {
		x := math.Pow(math.Abs(a.t-b.t)/r, c.power)
		v := math.Exp(-x)
		d[0] = 0
		if v > 0 {
			d[0] = c.power * x * v
		}
		return v
	}
}

func (c decay) natural(phi []float64) []Estimate {
	r := c.unit * math.Exp(phi[0])
	if c.perUnit {
		return []Estimate{{Name: "correlation at distance 1", Value: math.Exp(-1 / r), Lower: 0, Upper: 1}}
	}
	return []Estimate{{Name: "range", Value: r, Lower: 0, Upper: math.Inf(1)}}
}
