package covstruct

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// bendStep is the step of the central differences of dR: their error is about
// its square.
const bendStep = 1e-4

// bends visits the second derivatives D_ab, n x n, of V of a kind in the
// parameters of the structure, b <= a, in which alone V is not linear. It needs
// the derivatives of R at the point, and leaves them as they were.
func (o *Objective) bends(k int, p cone.Point, visit func(a, b int, d []float64)) {
	terms, first := len(o.rows.Blocks), len(o.pairs)-o.s.Params()
	if first == len(o.pairs) {
		return
	}
	n := len(o.kinds[k].rows)
	r := make([]float64, n*n)
	up, down := make([][]float64, o.s.Params()), make([][]float64, o.s.Params())
	for a := range up {
		up[a], down[a] = make([]float64, n*n), make([]float64, n*n)
	}
	for b := first; b < len(o.pairs); b++ {
		above, below, width := o.sides(p, b)
		o.s.fill(r, up, true, above[terms:], &o.kinds[k].group)
		o.s.fill(r, down, true, below[terms:], &o.kinds[k].group)
		for a := b; a < len(o.pairs); a++ {
			d := up[a-first]
			for i, v := range down[a-first] {
				d[i] = (d[i] - v) / width
			}
			visit(a, b, d)
		}
	}
}

// sides returns the points around p in parameter b, and how far apart they are.
func (o *Objective) sides(p cone.Point, b int) (above, below cone.Point, width float64) {
	pair := o.pairs[b]
	blk := o.blocks[pair.Block]
	at := pair.Row*blk.K + pair.Row
	above, below = p.Clone(), p.Clone()
	if blk.Shape == cone.Free {
		above[pair.Block][at] += bendStep
		below[pair.Block][at] -= bendStep
		return above, below, 2 * bendStep
	}
	square := p[pair.Block][at] * p[pair.Block][at] // is the parameter, not below 0
	low := math.Max(0, square-bendStep)
	above[pair.Block][at], below[pair.Block][at] = math.Sqrt(square+bendStep), math.Sqrt(low)
	return above, below, square + bendStep - low
}
