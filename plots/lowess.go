package plots

import (
	"cmp"
	"math"
	"slices"
)

// lowess smooths y over x by locally linear regression with tricube weights,
// the share span of the points in each neighbourhood, and bisquare weights
// against outliers (Cleveland 1979, J. Am. Stat. Assoc. 74, 829-836). It
// returns the curve at most curvePoints values of x, quantiles of the points;
// robustness is iterated on these alone, between them the curve is straight.
// Points that are not drawable are left out; nil where fewer than minSmooth or
// a single x are left.
func lowess(x, y []float64, span float64) (cx, cy []float64) {
	const (
		curvePoints = 80
		minSmooth   = 5
		iterations  = 3
	)
	type point struct{ x, y float64 }
	var ps []point
	for i := range x {
		if drawable(x[i]) && drawable(y[i]) {
			ps = append(ps, point{x[i], y[i]})
		}
	}
	slices.SortStableFunc(ps, func(a, b point) int { return cmp.Compare(a.x, b.x) })
	n := len(ps)
	if n < minSmooth || ps[0].x == ps[n-1].x {
		return nil, nil
	}
	for i := range curvePoints {
		if v := ps[i*(n-1)/(curvePoints-1)].x; len(cx) == 0 || v > cx[len(cx)-1] {
			cx = append(cx, v)
		}
	}
	xs, ys, w := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, p := range ps {
		xs[i], ys[i], w[i] = p.x, p.y, 1
	}
	k := min(n, max(3, int(span*float64(n))))
	cy = make([]float64, len(cx))
	for pass := range iterations {
		first := 0
		for j, v := range cx {
			for first+k < n && xs[first+k]-v < v-xs[first] {
				first++
			}
			cy[j] = localLine(xs[first:first+k], ys[first:first+k], w[first:first+k], v)
		}
		if pass < iterations-1 {
			bisquare(w, xs, ys, cx, cy)
		}
	}
	return cx, cy
}

// localLine is the value at v of the line through the points, weighted by
// their nearness and by w.
func localLine(x, y, w []float64, v float64) float64 {
	h := max(v-x[0], x[len(x)-1]-v) * 1.000001 // the farthest counts a little
	var sw, sx, sy, sxx, sxy float64
	for i := range x {
		d := x[i] - v
		u := 0.0
		if h > 0 {
			u = math.Abs(d) / h
		}
		t := 1 - u*u*u
		wi := w[i] * t * t * t
		sw += wi
		sx += wi * d
		sy += wi * y[i]
		sxx += wi * d * d
		sxy += wi * d * y[i]
	}
	if !(sw > 0) {
		return math.NaN()
	}
	mx, my := sx/sw, sy/sw
	vxx := sxx/sw - mx*mx
	if !(vxx > 1e-12*h*h) { // all weight on one x
		return my
	}
	return my - mx*(sxy/sw-mx*my)/vxx
}

// bisquare sets the weights from the residuals around the curve: 0 beyond six
// times their median.
func bisquare(w, x, y, cx, cy []float64) {
	r := make([]float64, len(x))
	j := 0
	for i, v := range x {
		for j+2 < len(cx) && cx[j+1] < v {
			j++
		}
		at := cy[j]
		if j+1 < len(cx) {
			at += (cy[j+1] - cy[j]) * (v - cx[j]) / (cx[j+1] - cx[j])
		}
		r[i] = math.Abs(y[i] - at)
	}
	sorted := slices.Clone(r)
	slices.Sort(sorted)
	s := 6 * sorted[len(sorted)/2]
	for i := range w {
		switch u := r[i] / s; {
		case !(s > 0):
			w[i] = 1
		case u >= 1:
			w[i] = 0
		default:
			w[i] = (1 - u*u) * (1 - u*u)
		}
	}
}
