package laplace

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Starts are the points that a search begins from: the quadratic moments of the
// working response of the model without random effects, where they determine the
// variances, and random effects of 3 units; where a link leaves what the family can
// have, small ones too, which stay with the model without them.
func (o *Objective) Starts() []cone.Point {
	var out []cone.Point
	if p := o.moments(o.Gram()); p != nil {
		out = append(out, p)
	}
	out = append(out, o.independent(3))
	if positive(o.fam) {
		out = append(out, o.independent(0.1))
	}
	return out
}

// independent is a point with random effects of a size in units.
func (o *Objective) independent(size float64) cone.Point {
	p := cone.Identity(o.blocks, size)
	for b := range o.terms() {
		for i := range p[b] {
			p[b][i] *= o.blocks[b].Unit
		}
	}
	if o.fam.HasShape() {
		p[len(p)-1] = o.shapePoint()
	}
	return p
}

// shapePoint is the block of the shape in the model without random effects.
func (o *Objective) shapePoint() []float64 {
	if o.shapeBlock().Shape == cone.Free {
		return []float64{math.Log(o.glm.shape)}
	}
	return []float64{1 / math.Sqrt(o.glm.shape)}
}

// moments solves Inner phi = Quad and returns a factor of the positive part of
// Psi, its eigenvalues at least unit^2 / 10; nil if the equations are singular.
func (o *Objective) moments(g *criterion.Gram) cone.Point {
	n := len(g.Scale)
	var lu mat.LU
	lu.Factorize(mat.NewDense(n, n, append([]float64(nil), g.Inner...)))
	var x mat.VecDense
	if lu.Cond() > 1e10 || lu.SolveVecTo(&x, false, mat.NewVecDense(n, append([]float64(nil), g.Quad...))) != nil {
		return nil
	}
	p := cone.Identity(o.blocks, 0)
	for b, blk := range o.blocks[:o.terms()] {
		k := blk.K
		psi := make([]float64, k*k)
		for a, pair := range g.Pairs {
			if pair.Block == b {
				psi[pair.Row*k+pair.Col], psi[pair.Col*k+pair.Row] = x.AtVec(a), x.AtVec(a)
			}
		}
		l, ok := cone.Nearest(blk, psi, blk.Unit*blk.Unit/10)
		if !ok {
			return nil
		}
		p[b] = l
	}
	if o.fam.HasShape() {
		p[len(p)-1] = o.shapePoint()
	}
	return p
}
