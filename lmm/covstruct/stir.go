package covstruct

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
)

// Stir returns X~'DX~ and X~'DDX~, p x p, for a change D of the covariance matrix of
// the rows at the reference point of the structure: the sum of the changes with the
// entries of cone.Pairs and with the residual variance, times null. Size is the root of
// the sum of the squares of |D_a X~| / sqrt n over those changes.
func (o *Objective) Stir(null []float64) (cross, square []float64, size float64) {
	c := o.Fork()
	p := cone.Identity(c.blocks, 0)
	copy(p[len(c.rows.Blocks):], c.reference())
	m, np := len(c.pairs), c.rows.P
	cross, square = make([]float64, np*np), make([]float64, np*np)
	psi := c.psi(p)
	for k := range c.kinds {
		c.factor(k, p, psi, true)
		kd := &c.kinds[k]
		nk := len(kd.rows)
		sums := kd.plain(np)
		whole := make([]float64, nk*nk)
		for a, v := range null {
			part := make([]float64, nk*nk)
			if a == m {
				for i := range nk {
					part[i*nk+i] = v
				}
			} else {
				for i, d := range c.change(k, c.pairs[a]) {
					part[i] = v * d
				}
			}
			for i, d := range part {
				whole[i] += d
			}
			norm := math.Sqrt(math.Max(0, transposedDot(part, multiply(part, sums.xx, nk), nk)) / float64(c.rows.N))
			size = math.Hypot(size, norm)
		}
		sums.cross(cross, whole)
		sums.cross(square, multiply(whole, whole, nk))
	}
	return cross, square, size
}
