package gee

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"
)

// ar1 is R_jk = a^|t_j - t_k|.
type ar1 struct {
	a     float64
	gaps  []float64 // distinct differences in time
	count []float64 // pairs of rows of a subject at each gap
	whole bool      // gaps are 0, 1, 2 ...
	// Of each pair, in the order of eachPair, the index of its gap; nil where
	// gaps are whole.
	index []int32
}

const (
	// edgeOfAR1 is the largest |a|.
	edgeOfAR1 = 0.999
	// manyRows is the number of rows of a subject from which products at all
	// lags are summed by Fourier transforms.
	manyRows = 256
	// mostPairs is the number of pairs up to which unequal times are taken: each
	// pair is kept.
	mostPairs = 20_000_000
)

func newAR1(d *data) (*ar1, error) {
	x := &ar1{whole: d.whole}
	span := 0.0
	for s := range d.subject {
		span = math.Max(span, d.time[d.start[s+1]-1]-d.time[d.start[s]])
	}
	if x.whole = d.whole && span < 16*float64(d.n)+1000; x.whole {
		for g := 0.0; g <= span; g++ {
			x.gaps = append(x.gaps, g)
		}
		ones := make([]float64, d.n)
		for i := range ones {
			ones[i] = 1
		}
		x.count = x.sums(ones, d)
		for g, c := range x.count {
			x.count[g] = math.Round(c)
		}
		return x, nil
	}
	pairs := 0
	for s := range d.subject {
		m := d.start[s+1] - d.start[s]
		pairs += m * (m - 1) / 2
	}
	if pairs > mostPairs {
		return nil, fmt.Errorf("subjects with unequal times and %d pairs of rows are too many for ar1: round the times to whole numbers, or take exchangeable", pairs)
	}
	x.index = make([]int32, 0, pairs)
	x.gaps = make([]float64, 0, pairs)
	x.eachPair(d, func(i, j int) { x.gaps = append(x.gaps, d.time[j]-d.time[i]) })
	slices.Sort(x.gaps)
	x.gaps = slices.Clone(slices.Compact(x.gaps))
	x.count = make([]float64, len(x.gaps))
	x.eachPair(d, func(i, j int) {
		at, _ := slices.BinarySearch(x.gaps, d.time[j]-d.time[i])
		x.index = append(x.index, int32(at))
		x.count[at]++
	})
	return x, nil
}

// eachPair calls f for all pairs of rows i before j of a subject.
func (x *ar1) eachPair(d *data, f func(i, j int)) {
	for s := range d.subject {
		for i := d.start[s]; i < d.start[s+1]; i++ {
			for j := i + 1; j < d.start[s+1]; j++ {
				f(i, j)
			}
		}
	}
}

// sums returns, for each gap, the sum of the products of e over its pairs.
func (x *ar1) sums(e []float64, d *data) []float64 {
	out := make([]float64, len(x.gaps))
	if !x.whole {
		pair := 0
		x.eachPair(d, func(i, j int) {
			out[x.index[pair]] += e[i] * e[j]
			pair++
		})
		return out
	}
	for s := range d.subject {
		from, to := d.start[s], d.start[s+1]
		if to-from >= manyRows {
			addAutocorrelation(out, e[from:to], d.time[from:to])
			continue
		}
		for i := from; i < to; i++ {
			for j := i + 1; j < to; j++ {
				out[int(d.time[j]-d.time[i])] += e[i] * e[j]
			}
		}
	}
	return out
}

// addAutocorrelation adds the products at all lags of a series with whole
// times: the squared modulus of its transform, transformed back.
func addAutocorrelation(out, e, time []float64) {
	span := int(time[len(time)-1] - time[0])
	length := 1
	for length < 2*(span+1) {
		length *= 2
	}
	series := make([]float64, length)
	for i, v := range e {
		series[int(time[i]-time[0])] += v
	}
	fft := fourier.NewFFT(length)
	c := fft.Coefficients(nil, series)
	for i, v := range c {
		c[i] = complex(real(v)*real(v)+imag(v)*imag(v), 0)
	}
	fft.Sequence(series, c)
	for g := 1; g <= span; g++ {
		out[g] += series[g] / float64(length)
	}
}

func (x *ar1) name() string     { return "ar1" }
func (x *ar1) alpha() []float64 { return []float64{x.a} }

func (x *ar1) entry(_, _ int, tj, tk float64) float64 { return power(x.a, math.Abs(tj-tk)) }

// estimate minimises sum over pairs of (e_j e_k - a^gap)^2: the equation of Yan
// and Fine (2004) with independent weights. The pairs enter by the sum and the
// number of each gap.
func (x *ar1) estimate(e []float64, d *data) float64 {
	sum := x.sums(e, d)
	loss := func(a float64) (f, slope float64) {
		for g, gap := range x.gaps {
			if x.count[g] == 0 || gap == 0 {
				continue
			}
			r := power(a, gap)
			f += x.count[g]*r*r - 2*sum[g]*r
			if a != 0 {
				slope += 2 * (x.count[g]*r - sum[g]) * gap * r / a
			} else if gap == 1 {
				slope -= 2 * sum[g]
			}
		}
		return f, slope
	}
	low := -edgeOfAR1
	if !x.whole {
		low = 1 - edgeOfAR1
	}
	x.a = minimum(loss, low, edgeOfAR1)
	return 0
}

// power is a^gap; of a negative a for whole gaps alone.
func power(a, gap float64) float64 {
	if gap == 0 {
		return 1
	}
	return math.Pow(a, gap)
}

// minimum returns where a function is smallest on an interval: the best point
// of a grid, then the root of the slope beside it by bisection.
func minimum(f func(float64) (value, slope float64), low, high float64) float64 {
	const steps = 64
	width := (high - low) / steps
	best, least := low, math.Inf(1)
	for i := range steps + 1 {
		x := low + width*float64(i)
		if v, _ := f(x); v < least {
			best, least = x, v
		}
	}
	a, b := math.Max(low, best-width), math.Min(high, best+width)
	if _, s := f(a); s > 0 {
		return a
	}
	if _, s := f(b); s < 0 {
		return b
	}
	for range 60 {
		m := (a + b) / 2
		if _, s := f(m); s > 0 {
			b = m
		} else {
			a = m
		}
	}
	return (a + b) / 2
}

// whiten takes off what the row before predicts: the process has no memory
// beyond it.
func (x *ar1) whiten(d *data, s int, block []float64, c int) {
	from, m := d.start[s], d.start[s+1]-d.start[s]
	for i := m - 1; i > 0; i-- {
		r := power(x.a, d.time[from+i]-d.time[from+i-1])
		f := 1 / math.Sqrt(1-r*r)
		for j := range c {
			block[i*c+j] = f * (block[i*c+j] - r*block[(i-1)*c+j])
		}
	}
}
