package gee

import (
	"math"
	"slices"
)

// ar1 is R_jk = a^|t_j - t_k|.
type ar1 struct {
	a    float64
	gaps []float64 // distinct differences in time
	// Of each pair of rows of a subject, in order: the index of its gap. nil
	// where gaps are whole: then a gap is its own index.
	index []int32
	whole bool
}

// edgeOfAR1 is the largest |a|.
const edgeOfAR1 = 0.999

func newAR1(d *data) *ar1 {
	x := &ar1{whole: d.whole}
	if x.whole {
		most := 0.0
		for s := range d.subject {
			most = math.Max(most, d.time[d.start[s+1]-1]-d.time[d.start[s]])
		}
		if most <= 1e5 {
			for g := 0.0; g <= most; g++ {
				x.gaps = append(x.gaps, g)
			}
			return x
		}
	}
	x.index = []int32{}
	x.eachPair(d, func(i, j int) { x.gaps = append(x.gaps, d.time[j]-d.time[i]) })
	slices.Sort(x.gaps)
	x.gaps = slices.Compact(x.gaps)
	x.eachPair(d, func(i, j int) {
		at, _ := slices.BinarySearch(x.gaps, d.time[j]-d.time[i])
		x.index = append(x.index, int32(at))
	})
	return x
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

func (x *ar1) name() string     { return "ar1" }
func (x *ar1) alpha() []float64 { return []float64{x.a} }

func (x *ar1) entry(_, _ int, tj, tk float64) float64 { return power(x.a, math.Abs(tj-tk)) }

// estimate minimises sum over pairs of (e_j e_k - a^gap)^2: the equation of Yan
// and Fine (2004) with independent weights. The pairs enter by the sum and the
// number of each gap.
func (x *ar1) estimate(e []float64, d *data) float64 {
	sum, count := make([]float64, len(x.gaps)), make([]float64, len(x.gaps))
	if x.index == nil {
		for s := range d.subject {
			for i := d.start[s]; i < d.start[s+1]; i++ {
				for j := i + 1; j < d.start[s+1]; j++ {
					g := int(d.time[j] - d.time[i])
					sum[g] += e[i] * e[j]
					count[g]++
				}
			}
		}
	} else {
		pair := 0
		x.eachPair(d, func(i, j int) {
			g := x.index[pair]
			sum[g] += e[i] * e[j]
			count[g]++
			pair++
		})
	}
	loss := func(a float64) (f, slope float64) {
		for g, gap := range x.gaps {
			if count[g] == 0 || gap == 0 {
				continue
			}
			r, dr := power(a, gap), gap*power(a, gap-1)
			f += count[g]*r*r - 2*sum[g]*r
			slope += 2 * (count[g]*r - sum[g]) * dr
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
	for range 100 {
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
