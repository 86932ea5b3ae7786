package family

import "math"

// The parts of log 2 / 64; the first has so few digits that its products with the
// whole numbers of decay are exact.
const (
	stepHigh = 0x1.62e42feep-1 / 64
	stepLow  = 0x1.a39ef35793c76p-33 / 64
)

// decay returns e = exp(-t) and log(1 + e) for t >= 0, with relative errors below
// 1e-15. Both arguments are reduced to the nearest entry of a table (Tang 1989,
// 1990), and what is left is a short series:
//
//	t = k log(2) / 64 + r,   e = 2^(-k/64) exp(-r),         |r| < 0.0055
//	e = j / 64 + d,          log(1 + e) = log(1 + j / 64) + log(1 + d / (1 + j / 64))
//
// The logit link spends most of its time here.
func decay(t float64) (e, tail float64) {
	if !(t <= 700) {
		e = math.Exp(-t)
		return e, e
	}
	k := int(t*(64/math.Ln2) + 0.5)
	n := float64(k)
	r := t - n*stepHigh - n*stepLow
	s := r * r
	e = 1 - r + s*((0.5-r*(1.0/6))+s*(1.0/24-r*(1.0/120)))
	e *= roots[k&63] * math.Float64frombits(uint64(1023-k>>6)<<52)
	j := int(e*64 + 0.5)
	r = (e - float64(j)*(1.0/64)) * inverses[j]
	s = r * r
	tail = logs[j] + (r - s*((0.5-r*(1.0/3))+s*((0.25-r*0.2)+s*(1.0/6-r*(1.0/7)))))
	return e, tail
}
