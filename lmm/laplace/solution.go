package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/internal/dense"
)

// Solve returns what is profiled out at a point: Sigma2 is 1, BetaCov is (X'V^-1
// X)^-1 with the weights at the mode, the covariance of Beta given theta. The
// effects stand in the order in which the grouping factors first appear in the
// design. Where the criterion cannot be computed all are NaN.
func (o *Objective) Solve(p cone.Point) *criterion.Solution {
	bad := math.IsInf(o.eval(p, fixedTight), 1)
	np := o.rows.p
	sol := &criterion.Solution{Sigma2: 1, Beta: append([]float64(nil), o.beta...), BetaCov: inverse(o.information(), np)}
	sol.Effects = make([]criterion.Effects, len(o.layout.fs))
	for i, f := range o.layout.fs {
		modes := o.b.first
		if i > 0 {
			modes = o.b.rest[o.layout.col[i-1]:][:f.levels*f.k]
		}
		sol.Effects[o.rank(i)] = criterion.Effects{Terms: append([]int(nil), f.terms...), K: f.k, Modes: append([]float64(nil), modes...)}
	}
	if bad {
		nan(sol.Beta, sol.BetaCov)
		for _, e := range sol.Effects {
			nan(e.Modes)
		}
	}
	return sol
}

// rank is the place of a factor among those of the design.
func (o *Objective) rank(factor int) int {
	at := 0
	for i, f := range o.layout.fs {
		if i != factor && f.terms[0] < o.layout.fs[factor].terms[0] {
			at++
		}
	}
	return at
}

func nan(list ...[]float64) {
	for _, x := range list {
		for i := range x {
			x[i] = math.NaN()
		}
	}
}

// inverse is that of a positive definite n x n matrix, NaN where it is not.
func inverse(a []float64, n int) []float64 {
	out := make([]float64, n*n)
	if !dense.Cholesky(a, n) {
		nan(out)
		return out
	}
	for i := range n {
		out[i*n+i] = 1
	}
	dense.SolveLower(a, n, out, n)
	dense.SolveLowerTrans(a, n, out, n)
	return out
}

// CondVar returns T, the conditional covariance of the random effects given beta,
// Psi and the data, levels x K x K for each of Solution.Effects: the inverse of
// the observed information.
func (o *Objective) CondVar(p cone.Point) [][]float64 {
	out := make([][]float64, len(o.layout.fs))
	for i, f := range o.layout.fs {
		out[o.rank(i)] = make([]float64, f.levels*f.k*f.k)
	}
	if math.IsInf(o.eval(p, fixedTight), 1) {
		nan(out...)
		return out
	}
	o.invert()
	l, b := o.layout, &o.schur
	k, q := l.k, l.q
	first := out[o.rank(0)]
	copy(first, b.t)
	for s := range l.n {
		width := l.width(s)
		if width == 0 {
			continue
		}
		sf, meets := b.sf[k*l.start[s]:][:k*width], l.meets[l.start[s]:l.start[s+1]]
		h := make([]float64, k*width)
		dense.Mul(h, b.t[s*k*k:s*k*k+k*k], sf, k, k, width)
		for i, c := range meets {
			for j, d := range meets {
				v := b.trest[int(c)*q+int(d)]
				for r := range k {
					for x := range k {
						first[(s*k+r)*k+x] += h[r*width+i] * v * h[x*width+j]
					}
				}
			}
		}
	}
	for i, from := range l.col {
		f := l.fs[i+1]
		to := out[o.rank(i+1)]
		for s := range f.levels {
			at := from + s*f.k
			for r := range f.k {
				copy(to[(s*f.k+r)*f.k:][:f.k], b.trest[(at+r)*q+at:][:f.k])
			}
		}
	}
	return out
}

const (
	// farSpread is a standard deviation of Z b, on the scale of the link, beyond which
	// the random effects decide every response.
	farSpread = 50
	// farShape is the same for the parameter of a shape: the variance of a negative
	// binomial is that many times the squared mean, or that of a gamma distribution
	// less by as much.
	farShape = 1e6
)

// Endless says that a point lies so far out that an estimate grows without end: the
// random effects of a row have a standard deviation above 50 on the scale of the
// link, or the shape is beyond 1e6 of what a distribution can show. Lambda in units
// of a block does not say it: where counts are large the unit is very small.
func (o *Objective) Endless(p cone.Point) bool {
	o.setPoint(p)
	if o.fam.HasShape() {
		if s := o.shape; s < 1/farShape || o.shapeBlock().Shape == cone.Free && s > farShape {
			return true
		}
	}
	for f, g := range o.layout.fs {
		k, z, psi := g.k, o.rows.z[f], o.psi[f]
		for i := range o.rows.n {
			var v float64
			for a, x := range z[i*k : i*k+k] {
				for c, y := range z[i*k : i*k+k] {
					v += x * psi[a*k+c] * y
				}
			}
			if !(v <= farSpread*farSpread) {
				return true
			}
		}
	}
	return false
}
