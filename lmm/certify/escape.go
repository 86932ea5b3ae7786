package certify

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Escape is the best direction that leaves the face of a point.
type Escape struct {
	Drop  float64 // promised drop of the criterion; 0 where none leads down
	Slope float64 // least tr(G B) over the rays off the face, +Inf if there is none
}

// NewEscape looks for a ray Psi + t B off the face with tr(G B) < 0. Along it
// the criterion moves by t tr(G B) + t^2 h / 2, so that the promised drop is
// tr(G B)^2 / 2h, or the drop at t = unit^2 where that is not convex.
func NewEscape(d *criterion.Derivs, c *cone.Chart) Escape {
	best := Escape{Slope: math.Inf(1)}
	x := make([]float64, len(d.Pairs))
	for _, ray := range c.Rays(d.G) {
		blk := c.Blocks[ray.Block]
		best.Slope = math.Min(best.Slope, ray.Slope)
		if ray.Slope >= 0 {
			continue
		}
		ray.Vech(x, d.Pairs, blk.K)
		drop := -ray.Slope * blk.Unit * blk.Unit
		if h := d.Curvature(x, x); h > 0 {
			drop = ray.Slope * ray.Slope / (2 * h)
		}
		best.Drop = math.Max(best.Drop, drop)
	}
	return best
}
