package infer

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// IntervalMethod is how an interval is made from replicates.
type IntervalMethod string

const (
	// Percentile is from quantile to quantile of the replicates.
	Percentile IntervalMethod = "percentile"
	// Basic reflects the quantiles in the estimate, 2 t - q, and stops at the
	// ends of the parameter's range.
	Basic IntervalMethod = "basic"
	// BCa corrects the quantiles for bias and for a spread that changes with
	// the parameter (Efron 1987). The acceleration is from leaving out clusters
	// one by one.
	BCa IntervalMethod = "BCa"
)

// BootstrapInterval is an interval for one value of the statistic.
type BootstrapInterval struct {
	Name     string
	Method   IntervalMethod
	Estimate float64
	Mean     float64 // of the replicates that have the value
	SE       float64 // their standard deviation
	Used     int     // how many they are
	Lower    Limit
	Upper    Limit
}

// Intervals returns an interval for each value of the statistic. Quantiles are
// interpolated between the order statistics at (B + 1) alpha, B replicates with
// the value (Davison and Hinkley 1997, sec. 5.2); where that is outside of them a
// limit is NaN, with the reason.
//
// Errors: a level outside (0, 1); an unknown method; BCa of a model that has no
// clusters to leave out, or whose refits without them fail.
func (r *BootstrapResult) Intervals(method IntervalMethod, level float64) ([]BootstrapInterval, error) {
	if err := checkLevel(level); err != nil {
		return nil, err
	}
	if method != Percentile && method != Basic && method != BCa {
		return nil, fmt.Errorf("there is no bootstrap interval %q; the methods are %q, %q and %q", method, Percentile, Basic, BCa)
	}
	var acceleration []float64
	if method == BCa {
		var err error
		if acceleration, err = r.acceleration(); err != nil {
			return nil, err
		}
	}
	var out []BootstrapInterval
	for i := range r.Names {
		b := r.describe(i)
		b.Method = method
		values := r.sorted(i)
		low, high := (1-level)/2, (1+level)/2
		if math.IsNaN(b.Estimate) {
			b.Lower = Limit{Value: math.NaN(), Reason: "the model has no estimate of it: not identified, or not defined there"}
			b.Upper = b.Lower
			out = append(out, b)
			continue
		}
		switch method {
		case Basic:
			b.Lower, b.Upper = reflect(orderStatistic(values, high), b.Estimate), reflect(orderStatistic(values, low), b.Estimate)
			b.Lower, b.Upper = r.bounded(b.Lower, i), r.bounded(b.Upper, i)
		case BCa:
			bias, ok := biasOf(values, b.Estimate)
			if !ok || math.IsNaN(acceleration[i]) {
				reason := "the estimate is not among the replicates, or at the end of them: there is no correction for bias"
				b.Lower, b.Upper = Limit{Value: math.NaN(), Reason: reason}, Limit{Value: math.NaN(), Reason: reason}
				break
			}
			b.Lower = orderStatistic(values, corrected(low, bias, acceleration[i]))
			b.Upper = orderStatistic(values, corrected(high, bias, acceleration[i]))
		default:
			b.Lower, b.Upper = orderStatistic(values, low), orderStatistic(values, high)
		}
		out = append(out, b)
	}
	return out, nil
}

// sorted returns the values of a column that are there.
func (r *BootstrapResult) sorted(i int) []float64 {
	k := len(r.Names)
	var out []float64
	for n := range r.Replicates {
		if v := r.Values[n*k+i]; !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

// describe computes the mean and the standard deviation of a column.
func (r *BootstrapResult) describe(i int) BootstrapInterval {
	b := BootstrapInterval{Name: r.Names[i], Estimate: r.Estimate[i], Mean: math.NaN(), SE: math.NaN()}
	values := r.sorted(i)
	b.Used = len(values)
	if b.Used < 2 {
		return b
	}
	b.Mean = 0
	for _, v := range values {
		b.Mean += v / float64(b.Used)
	}
	off := make([]float64, b.Used)
	for k, v := range values {
		off[k] = v - b.Mean
	}
	b.SE = euclid(off) / math.Sqrt(float64(b.Used-1))
	return b
}

// orderStatistic is the quantile at (B + 1) p.
func orderStatistic(sorted []float64, p float64) Limit {
	n := len(sorted)
	at := float64(n+1) * p
	if !(at >= 1 && at <= float64(n)) {
		return Limit{Value: math.NaN(), Reason: fmt.Sprintf("%d replicates with the value are too few for this level", n)}
	}
	i := int(math.Floor(at))
	v := sorted[i-1]
	if i < n {
		v += (at - float64(i)) * (sorted[i] - sorted[i-1])
	}
	return Limit{Value: v}
}

func reflect(l Limit, estimate float64) Limit {
	l.Value = 2*estimate - l.Value
	return l
}

// rangeOf returns the range of a value.
func (r *BootstrapResult) rangeOf(i int) (low, high float64) {
	switch r.ranges[i] {
	case StandardDeviation, ResidualSD, RelativeSD:
		return 0, math.Inf(1)
	case Correlation:
		return -1, 1
	}
	return math.Inf(-1), math.Inf(1)
}

func (r *BootstrapResult) bounded(l Limit, i int) Limit {
	low, high := r.rangeOf(i)
	v := math.Max(low, math.Min(high, l.Value))
	if v != l.Value && !math.IsNaN(v) {
		l.Boundary, l.Reason = true, fmt.Sprintf("%.4g, beyond the end of its range", l.Value)
		l.Value = v
	}
	return l
}

// biasOf is z0, the normal quantile of the share of replicates below the
// estimate, those equal to it counted half.
func biasOf(sorted []float64, estimate float64) (float64, bool) {
	var below float64
	for _, v := range sorted {
		switch {
		case v < estimate:
			below++
		case v == estimate:
			below += 0.5
		}
	}
	if below == 0 || below == float64(len(sorted)) {
		return 0, false
	}
	return distuv.UnitNormal.Quantile(below / float64(len(sorted))), true
}

// corrected is the probability that takes the place of p (Efron 1987, eq. 2.3).
func corrected(p, bias, acceleration float64) float64 {
	z := bias + distuv.UnitNormal.Quantile(p)
	return distuv.UnitNormal.CDF(bias + z/(1-acceleration*z))
}

// acceleration is sum d^3 / 6 (sum d^2)^(3/2), d the mean less the value
// without each cluster.
func (r *BootstrapResult) acceleration() ([]float64, error) {
	if r.model == nil {
		return nil, errors.New("BCa needs the model: make the result with Bootstrap, continuing one that was read")
	}
	c, err := newClusters(r.model.Frame())
	if err != nil {
		return nil, err
	}
	k, n := len(r.Names), len(c.rows)
	values := nans(n * k)
	failures := make([]string, n)
	each(0, 0, n, func(_, j int) {
		var chosen []int
		for i := range n {
			if i != j {
				chosen = append(chosen, i)
			}
		}
		m, err := fitRows(r.model, c.design(chosen))
		if err != nil {
			failures[j] = err.Error()
			return
		}
		var v []float64
		if v, failures[j] = safely(r.statistic, m, k); failures[j] == "" {
			copy(values[j*k:j*k+k], v)
		}
	})
	for j, f := range failures {
		if f != "" {
			return nil, fmt.Errorf("BCa leaves out clusters one by one, and without number %d the fit fails: %s", j+1, f)
		}
	}
	out := make([]float64, k)
	for i := range out {
		var mean, square, cube float64
		for j := range n {
			mean += values[j*k+i] / float64(n)
		}
		for j := range n {
			d := mean - values[j*k+i]
			square += d * d
			cube += d * d * d
		}
		if out[i] = cube / (6 * math.Pow(square, 1.5)); square == 0 {
			out[i] = 0
		}
	}
	return out, nil
}
