package solve

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// quadratic is q(d) = g'd + d'Hd/2.
type quadratic struct {
	g, h []float64 // n, n x n
}

func (q *quadratic) at(d []float64) float64 {
	n := len(q.g)
	var s float64
	for i, v := range d {
		s += q.g[i] * v
		for j, w := range d {
			s += v * w * q.h[i*n+j] / 2
		}
	}
	return s
}

// boxStep lowers a quadratic model over |d| <= radius and lower <= d: it solves
// the problem without bounds in the variables that are free (More and Sorensen
// 1983), stops at the first bound on the way there, holds that variable at it,
// and solves again in those that are left. It takes the place of the truncated
// conjugate gradients of BOBYQA, which are for more variables than there are
// here.
func boxStep(q *quadratic, lower []float64, radius float64) []float64 {
	n := len(q.g)
	d := make([]float64, n)
	var free []int
	for i, v := range q.g {
		// Pressed against a bound where it stands.
		if !(lower[i] >= 0 && v >= 0) {
			free = append(free, i)
		}
	}
	for len(free) > 0 {
		held := 0.0
		isFree := make([]bool, n)
		for _, i := range free {
			isFree[i] = true
		}
		for i, v := range d {
			if !isFree[i] {
				held += v * v
			}
		}
		left := radius*radius - held
		if left <= 1e-16*radius*radius {
			break
		}
		target := q.inside(d, free, math.Sqrt(left))
		if target == nil {
			break
		}
		// The first bound between d and the target.
		t, hit := 1.0, -1
		for a, i := range free {
			if step := target[a] - d[i]; target[a] < lower[i] && step < 0 {
				if s := math.Max(0, (lower[i]-d[i])/step); s < t {
					t, hit = s, a
				}
			}
		}
		for a, i := range free {
			d[i] += t * (target[a] - d[i])
		}
		if hit < 0 {
			break
		}
		d[free[hit]] = lower[free[hit]]
		free = append(free[:hit:hit], free[hit+1:]...)
	}
	return d
}

// inside minimises q over the free variables, the others as in d, within a ball;
// nil if the eigenvalues cannot be computed.
func (q *quadratic) inside(d []float64, free []int, radius float64) []float64 {
	n, m := len(q.g), len(free)
	h, g := mat.NewSymDense(m, nil), make([]float64, m)
	isFree := make([]bool, n)
	for _, i := range free {
		isFree[i] = true
	}
	for a, i := range free {
		g[a] = q.g[i]
		for j, v := range d {
			if !isFree[j] {
				g[a] += q.h[i*n+j] * v
			}
		}
		for b, j := range free[:a+1] {
			h.SetSym(a, b, q.h[i*n+j])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(h, true) {
		return nil
	}
	var v mat.Dense
	eig.VectorsTo(&v)
	values, vectors, rotated := eig.Values(nil), v.RawMatrix().Data, make([]float64, m)
	for a, x := range g {
		for b := range rotated {
			rotated[b] += vectors[a*m+b] * x
		}
	}
	t, _, _ := ballStep(values, vectors, rotated, radius)
	return t
}
