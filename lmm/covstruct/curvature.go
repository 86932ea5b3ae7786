package covstruct

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// curvature collects the second derivatives D_ab of V in the parameters of a
// structure, in which alone V is not linear. Part of each lies among the first
// derivatives D_k and V: what it does to an estimate is undone by the bias of the
// estimates of the parameters, and it depends on how the parameters are chosen.
// What counts is the rest (Kenward and Roger 2009, sec. 4), with the inner
// product of the information:
//
//	D_ab - sum c_k D_k - c_V V,   c minimising tr(P . P .)
type curvature struct {
	o     *Objective
	m, p  int
	pairs []bent
}

// bent holds the sums over groups for one pair of parameters.
type bent struct {
	a, b  int
	fixed []float64 // p x p: B'D_ab B
	trace float64   // tr(V^-1 D_ab)
	inner []float64 // m: tr(V^-1 D_ab V^-1 D_k) - 2 tr((D_ab B)'V^-1 (D_k B))
}

func (o *Objective) newCurvature() *curvature {
	c := &curvature{o: o, m: len(o.pairs), p: o.rows.P}
	for b := len(o.pairs) - o.s.Params(); b < c.m; b++ {
		for a := b; a < c.m; a++ {
			c.pairs = append(c.pairs, bent{a: a, b: b, fixed: make([]float64, c.p*c.p), inner: make([]float64, c.m)})
		}
	}
	return c
}

// add adds a kind: b is B, moved and traces are L^-1 D_k B and L^-1 D_k L^-T.
func (c *curvature) add(k int, pt cone.Point, b []float64, moved, traces [][]float64) {
	o := c.o
	n, groups := len(o.kinds[k].rows), len(o.kinds[k].all)
	at := 0
	o.bends(k, pt, func(_, _ int, d []float64) {
		x := &c.pairs[at]
		at++
		db := times(d, b, n)
		addCross(x.fixed, b, db, n*groups, c.p)
		o.solve(k, blas.NoTrans, db)
		o.sandwiched(k, d)
		x.trace += float64(groups) * trace(d, n)
		for j := range c.m {
			x.inner[j] += float64(groups)*dot(d, traces[j]) - 2*dot(db, moved[j])
		}
	})
}

// normal returns B'(D_ab - its part among the first derivatives)B, nil for pairs
// without curvature.
func (c *curvature) normal(s *criterion.Sensitivity) [][][]float64 {
	out := make([][][]float64, c.m)
	for a := range out {
		out[a] = make([][]float64, a+1)
	}
	if len(c.pairs) == 0 {
		return out
	}
	m := c.m + 1 // V last
	metric := mat.NewDense(m, m, nil)
	scale := make([]float64, m)
	for a := range c.m {
		scale[a] = 1 / math.Sqrt(math.Max(s.Info[a*c.m+a], math.SmallestNonzeroFloat64))
	}
	scale[c.m] = 1 / math.Sqrt(c.o.nu)
	for a := range m {
		for b := range m {
			var v float64
			switch {
			case a < c.m && b < c.m:
				v = s.Info[a*c.m+b]
			case a < c.m:
				v = s.Trace[a]
			case b < c.m:
				v = s.Trace[b]
			default:
				v = c.o.nu
			}
			metric.Set(a, b, v*scale[a]*scale[b])
		}
	}
	var svd mat.SVD
	if !svd.Factorize(metric, mat.SVDThin) {
		return out
	}
	rank := 0
	for _, v := range svd.Values(nil) {
		if v > 1e-10 {
			rank++
		}
	}
	for _, x := range c.pairs {
		rhs := mat.NewVecDense(m, nil)
		for k := range c.m {
			rhs.SetVec(k, scale[k]*(x.inner[k]+dot(x.fixed, s.First[k])))
		}
		rhs.SetVec(c.m, scale[c.m]*(x.trace-trace(x.fixed, c.p)))
		var coef mat.VecDense
		svd.SolveVecTo(&coef, rhs, rank)
		rest := append([]float64(nil), x.fixed...)
		for k := range c.m {
			f := coef.AtVec(k) * scale[k]
			for i, v := range s.First[k] {
				rest[i] -= f * v
			}
		}
		for i := range c.p {
			rest[i*c.p+i] -= coef.AtVec(c.m) * scale[c.m]
		}
		out[x.a][x.b] = rest
	}
	return out
}
