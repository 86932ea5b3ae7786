package family

import "math"

// The parts of log 2 / 64; the first has so few digits that its products with the
// whole numbers of decay are exact.
const (
	stepHigh = 0x1.62e42feep-1 / 64
	stepLow  = 0x1.a39ef35793c76p-33 / 64
)

// decay sets e[i] = exp(-|t[i]|) and tail[i] = log(1 + e[i]), with relative errors
// below 1e-15. Both arguments are reduced to the nearest entry of a table (Tang 1989,
// 1990), and what is left is a short series:
//
//	t = k log(2) / 64 + r,   e = 2^(-k/64) exp(-r),         |r| < 0.0055
//	e = j / 64 + d,          log(1 + e) = log(1 + j / 64) + log(1 + d / (1 + j / 64))
//
// The logit link spends most of its time here. Each of the two is a chain of
// operations that wait for one another; in a loop of its own, with few operations, a
// processor works at several rows at once.
func decay(t, e, tail []float64) {
	e, tail = e[:len(t)], tail[:len(t)]
	for i, v := range t {
		v = math.Abs(v)
		if !(v <= 700) {
			e[i] = math.Exp(-v)
			continue
		}
		k := int(v*(64/math.Ln2) + 0.5)
		n := float64(k)
		r := v - n*stepHigh - n*stepLow
		s := r * r
		p := 1 - r + s*((0.5-r*(1.0/6))+s*(1.0/24-r*(1.0/120)))
		e[i] = p * (roots[k&63] * math.Float64frombits(uint64(1023-k>>6)<<52))
	}
	for i, v := range e {
		j := uint(v*64 + 0.5)
		if j >= uint(len(logs)) { // not a number
			tail[i] = v
			continue
		}
		r := (v - float64(int(j))*(1.0/64)) * inverses[j]
		s := r * r
		tail[i] = logs[j] + (r - s*((0.5-r*(1.0/3))+s*((0.25-r*0.2)+s*(1.0/6-r*(1.0/7)))))
	}
}
