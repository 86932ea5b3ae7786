package infer

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// correlationChart profiles the correlation of rows i and j of block t; nil where
// it is not defined, a variance being 0 or the rank 1.
func (s *landscape) correlationChart(t, i, j int) *chart {
	b := s.blocks[t]
	k := b.K
	c := &chart{land: s, block: t, size: 0.5}
	if b.Shape == cone.CompSymm {
		own := c.symmetricCorrelation(t)
		if own == nil {
			return nil
		}
		return c.finish(own)
	}
	if columns(b) < 2 {
		return nil
	}
	first, _ := inUnit(s.rows[t][i*k : i*k+k])
	second, _ := inUnit(s.rows[t][j*k : j*k+k])
	a := rotated(s.factor[t], k, columns(b), first, second)
	var sd1, along, across float64
	for r := range k {
		sd1 += first[r] * a[r*k]
		along += second[r] * a[r*k]
		across += second[r] * a[r*k+1]
	}
	sd2 := math.Hypot(along, across)
	if tiny := 1e-9 * s.unit[t]; sd1 <= tiny*euclid(first) || sd2 <= tiny*euclid(second) {
		return nil
	}
	c.lower, c.upper = -math.Pi/2, math.Pi/2
	c.x = math.Atan2(along, math.Abs(across))
	c.value, c.coord = math.Sin, math.Asin
	inverse, null := splitRows(k, first, second)
	vars, u := s.along(t, null, a, columns(b))
	c.place = func(x float64, u []float64) ([]float64, []variable, variable) {
		sin, cos := math.Sincos(x)
		one, two, turn := make([]float64, k*k), make([]float64, k*k), make([]float64, k*k)
		for r := range k {
			one[r*k] = sd1 * inverse[0][r]
			two[r*k], two[r*k+1] = sd2*sin*inverse[1][r], sd2*cos*inverse[1][r]
			turn[r*k], turn[r*k+1] = sd2*cos*inverse[1][r], -sd2*sin*inverse[1][r]
		}
		// Squares: a standard deviation below 0 would turn the correlation round.
		a := combine(one, u[0]*u[0], vars, u[2:])
		for i, v := range two {
			a[i] += u[1] * u[1] * v
		}
		all := append([]variable{
			{block: t, l: times(one, 2*u[0]), bend: times(one, 2)},
			{block: t, l: times(two, 2*u[1]), bend: times(two, 2), mix: times(turn, 2*u[1])},
		}, vars...)
		return a, all, variable{block: t, l: times(turn, u[1]*u[1]), bend: times(two, -u[1]*u[1])}
	}
	return c.finish(append([]float64{1, 1}, u...))
}

// symmetricSD profiles the standard deviation of a block with compound symmetry,
// Sigma = s1^2 (mean) + s2^2 (rest), k sd^2 = s1^2 + (k-1) s2^2, along the
// angle of (s1, sqrt(k-1) s2).
func (c *chart) symmetricSD(t int, row float64) (own []float64) {
	a, k := c.land.factor[t], c.land.blocks[t].K
	mean, rest := axesCS(k)
	if k == 1 {
		scale(mean, 1/row)
		c.x = math.Abs(a[0]) * row
		c.place = func(x float64, _ []float64) ([]float64, []variable, variable) {
			return combine(mean, x, nil, nil), nil, variable{block: t, l: mean}
		}
		return nil
	}
	n := float64(k)
	scale(mean, math.Sqrt(n)/row)
	scale(rest, math.Sqrt(n/(n-1))/row)
	s1, s2 := symmetricPart(a, k, true), math.Sqrt(n-1)*symmetricPart(a, k, false)
	c.x = math.Hypot(s1, s2) / math.Sqrt(n) * row
	c.place = func(x float64, u []float64) ([]float64, []variable, variable) {
		sin, cos := math.Sincos(u[0])
		focal, l, bend, mix := make([]float64, k*k), make([]float64, k*k), make([]float64, k*k), make([]float64, k*k)
		for i := range focal {
			focal[i] = cos*mean[i] + sin*rest[i]
			mix[i] = -sin*mean[i] + cos*rest[i]
			l[i], bend[i] = x*mix[i], -x*focal[i]
		}
		return combine(focal, x, nil, nil), []variable{{block: t, l: l, bend: bend, mix: mix}}, variable{block: t, l: focal}
	}
	return []float64{math.Atan2(s2, s1)}
}

// symmetricCorrelation profiles rho = (s1^2 - s2^2) / (s1^2 + (k-1) s2^2) along
// the angle of (s2, s1), from -1/(k-1) to 1.
func (c *chart) symmetricCorrelation(t int) (own []float64) {
	a, k := c.land.factor[t], c.land.blocks[t].K
	mean, rest := axesCS(k)
	s1, s2 := symmetricPart(a, k, true), symmetricPart(a, k, false)
	size := math.Hypot(s1, s2)
	if size <= 1e-9*c.land.unit[t] {
		return nil
	}
	n := float64(k)
	c.lower, c.upper = 0, math.Pi/2
	c.x = math.Atan2(s1, s2)
	c.value = func(x float64) float64 {
		sin, cos := math.Sincos(x)
		return (sin*sin - cos*cos) / (sin*sin + (n-1)*cos*cos)
	}
	c.coord = func(v float64) float64 { return math.Atan2(math.Sqrt(1+(n-1)*v), math.Sqrt(1-v)) }
	c.place = func(x float64, u []float64) ([]float64, []variable, variable) {
		sin, cos := math.Sincos(x)
		l, mix, focal := make([]float64, k*k), make([]float64, k*k), make([]float64, k*k)
		for i := range l {
			l[i] = size * (sin*mean[i] + cos*rest[i])
			mix[i] = size * (cos*mean[i] - sin*rest[i])
			focal[i] = u[0] * mix[i]
		}
		return combine(focal, 0, []variable{{l: l}}, u), []variable{{block: t, l: l, mix: mix}}, variable{block: t, l: focal, bend: times(l, -u[0])}
	}
	return []float64{1}
}
