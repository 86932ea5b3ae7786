package lmm

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/laplace"
)

// fullCovariance is the part of beta of the inverse of half the Hessian H of -2 log
// L in beta and the directions t of the variances on their face, in internal
// coordinates:
//
//	2 H_bb^-1 + B (2 F^-1) B',   B = dbeta^/dt,  F the Hessian of the criterion
//
// which is what the inverse of a partitioned matrix comes to, F = H_tt - H_tb
// H_bb^-1 H_bt, B = -H_bb^-1 H_bt. A direction in which the criterion is flat takes
// no part where beta does not move along it; where it does, all are NaN.
func fullCovariance(o *laplace.Objective, at cone.Point, l *certify.Local) []float64 {
	sol := o.Solve(at)
	p := len(sol.Beta)
	if p == 0 {
		return nil
	}
	bend, mixed := o.FixedHessian(at)
	out, ok := inverted(bend, p)
	if !ok {
		return unknown(p * p)
	}
	var dirs []int
	for a, d := range l.Chart.Dirs {
		if !d.Off {
			dirs = append(dirs, a)
		}
	}
	if len(dirs) == 0 {
		return out
	}
	moves := fixedMoves(o, l.Chart, at, dirs, out, mixed)
	h := mat.NewSymDense(len(dirs), nil)
	for i, a := range dirs {
		for j, b := range dirs[:i+1] {
			h.SetSym(i, j, l.Hess[a*len(l.Chart.Dirs)+b])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(h, true) {
		return unknown(p * p)
	}
	values := eig.Values(nil)
	var q mat.Dense
	eig.VectorsTo(&q)
	top := values[len(values)-1]
	for k, v := range values {
		along := make([]float64, p)
		var size float64
		for c := range along {
			for i := range dirs {
				along[c] += moves[i*p+c] * q.At(i, k)
			}
			size = math.Max(size, math.Abs(along[c])/math.Sqrt(out[c*p+c]))
		}
		if v <= 1e-10*top {
			if size > 1e-4 {
				return unknown(p * p)
			}
			continue
		}
		for r := range along {
			for c := range along {
				out[r*p+c] += 2 / v * along[r] * along[c]
			}
		}
	}
	return out
}

// inverted is twice the inverse of a symmetric p x p matrix.
func inverted(h []float64, p int) ([]float64, bool) {
	var chol mat.Cholesky
	var inv mat.SymDense
	if !chol.Factorize(mat.NewSymDense(p, h)) || chol.InverseTo(&inv) != nil {
		return nil, false
	}
	out := make([]float64, p*p)
	for r := range p {
		for c := range p {
			out[r*p+c] = 2 * inv.At(r, c)
		}
	}
	return out, true
}

// fixedMoves is dbeta^/dt for some directions of a chart, len(dirs) x p: -H_bb^-1
// H_bt, given 2 H_bb^-1 and the derivatives of G in beta; or, without those, by
// central differences.
func fixedMoves(o *laplace.Objective, chart *cone.Chart, at cone.Point, dirs []int, twice []float64, mixed [][][]float64) []float64 {
	p := len(o.Coords().Beta0)
	out := make([]float64, len(dirs)*p)
	if mixed != nil {
		slopes := make([]float64, len(chart.Dirs))
		for j, g := range mixed {
			chart.Gradient(slopes, g, at)
			for i, a := range dirs {
				for c := range p {
					out[i*p+c] -= twice[c*p+j] / 2 * slopes[a]
				}
			}
		}
		return out
	}
	const step = 1e-3
	t := make([]float64, len(chart.Dirs))
	for i, a := range dirs {
		for _, sign := range []float64{1, -1} {
			t[a] = sign * step
			for c, b := range o.Solve(chart.Move(t)).Beta {
				out[i*p+c] += sign * b / (2 * step)
			}
		}
		t[a] = 0
	}
	return out
}

func unknown(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}
