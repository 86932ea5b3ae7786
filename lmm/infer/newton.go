package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// function is the value, the gradient and, if wanted, the Hessian of a function
// to minimise; +Inf where it has no value. The derivatives may go on with
// variables that stay as they are.
type function func(x []float64, second bool) (f float64, g []float64, h *mat.SymDense)

// descent is where a minimisation ended.
type descent struct {
	x         []float64
	f         float64
	g         []float64
	h         *mat.SymDense // of the function, exact Hessians alone
	model     *mat.SymDense // n x n, the Hessian that the last step used
	converged bool
}

const (
	// descentGoal and descentEnough are decrements, in -2 log L: the first is
	// aimed at, the second is good enough where rounding allows no progress.
	descentGoal   = 1e-12
	descentEnough = 1e-7
	descentSteps  = 100
	// updates is the number of updates that a Hessian takes before it may be
	// computed anew.
	updates = 6
)

// descend minimises a function by Newton steps in a trust region, which follow
// negative curvature away from saddles (More and Sorensen 1983).
//
// Approximate says that the function's Hessians are. Then the guess, or else
// the first of them, is updated from step to step (Broyden, Fletcher, Goldfarb
// and Shanno; Nocedal and Wright 2006, sec. 6.1), and replaced by differences of
// gradients where that gains too little.
func descend(fn function, start []float64, approximate bool, guess *mat.SymDense) descent {
	d := descent{x: append([]float64(nil), start...)}
	d.f, d.g, d.h = fn(d.x, guess == nil)
	n := len(d.x)
	if math.IsInf(d.f, 1) || math.IsNaN(d.f) || n == 0 {
		d.converged = n == 0 && !math.IsInf(d.f, 1)
		return d
	}
	if d.model = guess; guess == nil {
		d.model = leading(d.h, n)
	}
	before, age, fresh := math.Inf(1), 0, guess == nil
	radius := 1.0
	for range descentSteps {
		var eig mat.EigenSym
		if d.model == nil || !eig.Factorize(d.model, true) {
			return d
		}
		values := eig.Values(nil)
		var vectors mat.Dense
		eig.VectorsTo(&vectors)
		rotated := make([]float64, n)
		for j := range rotated {
			for i, v := range d.g[:n] {
				rotated[j] += vectors.At(i, j) * v
			}
		}
		top := math.Max(math.Abs(values[0]), math.Abs(values[n-1]))
		flat := 1e-10 * math.Max(top, 1e-3)
		decrement := 0.0
		for j, v := range values {
			decrement += rotated[j] * rotated[j] / (2 * math.Max(math.Abs(v), flat))
		}
		if decrement <= descentGoal && values[0] > -1e-7*math.Max(1, top) {
			// An updated Hessian cannot bend down: at a saddle, such as a variance
			// that is 0 and wants to leave, the function's own does.
			if fresh || !approximate {
				d.converged = true
				return d
			}
			_, _, d.h = fn(d.x, true)
			own := leading(d.h, n)
			fresh = true
			if own != nil && bendsDown(own) {
				d.model = own
			}
			continue
		}
		if approximate && age >= updates && decrement > 0.1*before {
			d.model, age, before = differences(fn, d.x), 0, math.Inf(1)
			continue
		}
		before = decrement
		noise := 1e-13 * (1 + math.Abs(d.f))
		for {
			step, promised := regionStep(rotated, values, flat, radius)
			next := append([]float64(nil), d.x...)
			var length float64
			for j, s := range step {
				length = math.Hypot(length, s)
				for i := range next {
					next[i] += vectors.At(i, j) * s
				}
			}
			f, g, h := fn(next, !approximate)
			drop := d.f - f
			if decrement < descentEnough && math.Abs(drop) <= noise {
				d.x, d.f, d.g, d.h, d.converged = next, f, g, h, true
				return d
			}
			ratio := drop / promised
			switch {
			case !(ratio > 0.25):
				radius = 0.25 * math.Min(length, radius)
			case ratio > 0.75 && length > 0.9*radius:
				radius = math.Min(3*radius, 100)
			}
			if ratio > 0.05 {
				fresh = false
				if approximate {
					d.model = updated(d.model, d.x, next, d.g, g)
					age++
				} else {
					d.model = leading(h, n)
				}
				d.x, d.f, d.g, d.h = next, f, g, h
				break
			}
			if approximate && age > 0 && radius < 0.05 {
				d.model, age, before, radius = differences(fn, d.x), 0, math.Inf(1), 1
				break
			}
			if radius < 1e-10 {
				d.converged = decrement < descentEnough
				return d
			}
		}
	}
	return d
}

// bendsDown says that a Hessian has a negative eigenvalue.
func bendsDown(h *mat.SymDense) bool {
	var eig mat.EigenSym
	if !eig.Factorize(h, false) {
		return false
	}
	values := eig.Values(nil)
	return values[0] < -1e-7*math.Max(1, values[len(values)-1])
}

// leading is the leading n x n part.
func leading(h *mat.SymDense, n int) *mat.SymDense {
	if h == nil || n == 0 {
		return nil
	}
	return h.SliceSym(0, n).(*mat.SymDense)
}

// updated is the Hessian after a step; one along which the function does not
// bend up leaves it as it is.
func updated(h *mat.SymDense, from, to, before, after []float64) *mat.SymDense {
	n := len(from)
	s, y := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		s.SetVec(i, to[i]-from[i])
		y.SetVec(i, after[i]-before[i])
	}
	var hs mat.VecDense
	hs.MulVec(h, s)
	bend, was := mat.Dot(s, y), mat.Dot(s, &hs)
	if bend <= 1e-8*mat.Norm(s, 2)*mat.Norm(y, 2) || was <= 0 {
		return h
	}
	out := mat.NewSymDense(n, nil)
	out.SymRankOne(h, 1/bend, y)
	out.SymRankOne(out, -1/was, &hs)
	return out
}

// differences is the Hessian by central differences of the gradient; nil where
// the function has no value.
func differences(fn function, x []float64) *mat.SymDense {
	const step = 1e-4
	n := len(x)
	h := mat.NewSymDense(n, nil)
	at := append([]float64(nil), x...)
	for i := range n {
		at[i] = x[i] + step
		_, plus, _ := fn(at, false)
		at[i] = x[i] - step
		_, minus, _ := fn(at, false)
		at[i] = x[i]
		if plus == nil || minus == nil {
			return nil
		}
		for j := range n {
			v := (plus[j] - minus[j]) / (4 * step)
			if i == j {
				v *= 2
			}
			h.SetSym(min(i, j), max(i, j), h.At(i, j)+v)
		}
	}
	return h
}

// regionStep minimises the quadratic model within the radius, in the basis of
// the eigenvectors.
func regionStep(g, values []float64, flat, radius float64) (step []float64, promised float64) {
	n := len(g)
	step = make([]float64, n)
	at := func(mu float64) float64 {
		var length float64
		for j, v := range values {
			step[j] = -g[j] / (math.Max(v, -mu) + mu + flat)
			length = math.Hypot(length, step[j])
		}
		return length
	}
	low := math.Max(0, -values[0])
	if length := at(low); length > radius {
		hi := low + math.Max(1, math.Max(low, flat))
		for range 600 { // to 4^600 and beyond every double
			if !(at(hi) > radius) {
				break
			}
			hi = low + 4*(hi-low)
		}
		lo := low
		for range 60 {
			mid := (lo + hi) / 2
			length := at(mid)
			if length > radius {
				lo = mid
			} else if hi = mid; length > 0.9*radius {
				break
			}
		}
		at(hi)
	} else if values[0] < -flat {
		// The hard case: the rest of the radius along the lowest eigenvector.
		rest := math.Sqrt(math.Max(0, radius*radius-length*length))
		if g[0] > 0 {
			rest = -rest
		}
		step[0] += rest
	}
	for j, s := range step {
		promised -= g[j]*s + values[j]*s*s/2
	}
	return step, math.Max(promised, math.SmallestNonzeroFloat64)
}
