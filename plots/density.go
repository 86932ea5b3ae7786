package plots

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// smoothing is one axis of a kernel density estimate: a lattice over the
// values, three bandwidths beyond them, but never beyond their range, where
// what a kernel would put outside is reflected.
type smoothing struct {
	at        []float64
	step      float64
	kernel    []float64 // at 0, 1, 2 ... steps
	low, high bool      // the lattice ends at the end of the range
}

// newSmoothing takes the bandwidth c min(sd, IQR / 1.34) n^(-1/(4 + dims)) with c
// = 0.9 in one dimension and 1 in two (Silverman 1986, Density Estimation, eq. 3.31
// and 4.15); ok is false where all values are equal.
func newSmoothing(v []float64, floor, ceiling float64, n, dims int) (s smoothing, ok bool) {
	sorted := slices.Clone(v)
	slices.Sort(sorted)
	if len(sorted) < 2 || !(sorted[len(sorted)-1] > sorted[0]) {
		return s, false
	}
	width := sorted[len(sorted)-1] - sorted[0] // squares of shares of it are ordinary numbers
	shares := make([]float64, len(sorted))
	for i, v := range sorted {
		shares[i] = (v - sorted[0]) / width
	}
	spread := width * stat.StdDev(shares, nil)
	if iqr := stat.Quantile(0.75, stat.Empirical, sorted, nil) - stat.Quantile(0.25, stat.Empirical, sorted, nil); iqr > 0 {
		spread = min(spread, iqr/1.34)
	}
	h := spread * math.Pow(float64(len(sorted)), -1/float64(4+dims))
	if dims == 1 {
		h *= 0.9
	}
	lo, hi := sorted[0]-3*h, sorted[len(sorted)-1]+3*h
	if lo < floor {
		lo, s.low = floor, true
	}
	if hi > ceiling {
		hi, s.high = ceiling, true
	}
	s.at = evenly(lo, hi, n)
	s.step = (hi - lo) / float64(n-1)
	h = max(h, s.step) // outliers make the lattice coarse
	for i := 0; float64(i)*s.step <= 4*h; i++ {
		s.kernel = append(s.kernel, math.Exp(-0.5*math.Pow(float64(i)*s.step/h, 2)))
	}
	sum := s.kernel[0]
	for _, k := range s.kernel[1:] {
		sum += 2 * k
	}
	for i := range s.kernel {
		s.kernel[i] /= sum
	}
	return s, true
}

// cell is the lattice point below v and the share that goes to the one above.
func (s *smoothing) cell(v float64) (i int, up float64) {
	u := (v - s.at[0]) / s.step
	i = min(max(int(u), 0), len(s.at)-2)
	return i, min(max(u-float64(i), 0), 1)
}

// spread convolves the masses at the lattice points with the kernel.
func (s *smoothing) spread(mass []float64) []float64 {
	n := len(mass)
	out := make([]float64, n)
	for i, m := range mass {
		if m == 0 {
			continue
		}
		for k, w := range s.kernel {
			for _, j := range [2]int{i - k, i + k} {
				if j < 0 && s.low {
					j = -j
				}
				if j >= n && s.high {
					j = 2*(n-1) - j
				}
				if j >= 0 && j < n {
					out[j] += m * w
				}
				if k == 0 {
					break
				}
			}
		}
	}
	// The first and last point stand for half a step.
	if s.low {
		out[0] *= 2
	}
	if s.high {
		out[n-1] *= 2
	}
	return out
}

// density1 is a kernel density estimate of finite values between floor and
// ceiling, infinite where the range has no end; nil where all are equal.
func density1(v []float64, floor, ceiling float64) (x, y []float64) {
	s, ok := newSmoothing(v, floor, ceiling, 256, 1)
	if !ok {
		return nil, nil
	}
	mass := make([]float64, len(s.at))
	each := 1 / (float64(len(v)) * s.step)
	for _, a := range v {
		i, up := s.cell(a)
		mass[i] += each * (1 - up)
		mass[i+1] += each * up
	}
	return s.at, s.spread(mass)
}

// surface holds values on a lattice: z[j][i] at (x[i], y[j]).
type surface struct {
	x, y []float64
	z    [][]float64
}

// density2 is density1 of pairs, with a kernel for each axis.
func density2(v, w []float64, rv, rw [2]float64) (surface, bool) {
	const n = 96
	sx, okx := newSmoothing(v, rv[0], rv[1], n, 2)
	sy, oky := newSmoothing(w, rw[0], rw[1], n, 2)
	if !okx || !oky {
		return surface{}, false
	}
	mass := make([][]float64, n)
	for j := range mass {
		mass[j] = make([]float64, n)
	}
	each := 1 / (float64(len(v)) * sx.step * sy.step)
	for k := range v {
		i, up := sx.cell(v[k])
		j, above := sy.cell(w[k])
		mass[j][i] += each * (1 - up) * (1 - above)
		mass[j][i+1] += each * up * (1 - above)
		mass[j+1][i] += each * (1 - up) * above
		mass[j+1][i+1] += each * up * above
	}
	for j := range mass {
		mass[j] = sx.spread(mass[j])
	}
	column := make([]float64, n)
	for i := range n {
		for j := range n {
			column[j] = mass[j][i]
		}
		for j, z := range sy.spread(column) {
			mass[j][i] = z
		}
	}
	return surface{sx.at, sy.at, mass}, true
}

// value interpolates between the lattice points.
func (s surface) value(x, y float64) float64 {
	cell := func(at []float64, v float64) (int, float64) {
		i, found := slices.BinarySearch(at, v)
		if !found {
			i--
		}
		i = min(max(i, 0), len(at)-2)
		return i, (v - at[i]) / (at[i+1] - at[i])
	}
	i, u := cell(s.x, x)
	j, w := cell(s.y, y)
	return (1-w)*((1-u)*s.z[j][i]+u*s.z[j][i+1]) + w*((1-u)*s.z[j+1][i]+u*s.z[j+1][i+1])
}

// correlation is that of two series, NaN where one does not vary.
func correlation(x, y []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	return stat.Correlation(x, y, nil)
}
