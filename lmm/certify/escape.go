package certify

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
)

// Escape is the best direction that leaves the face of a point.
type Escape struct {
	Drop  float64 // promised drop of the criterion; 0 where none leads down
	Slope float64 // least v'Gv over unit vectors of the null space, +Inf if there is none
}

// NewEscape looks for v in the null space of each Psi with v'Gv < 0. Along
// Psi + t vv' the criterion moves by t v'Gv + t^2 h / 2, so that the promised
// drop is (v'Gv)^2 / 2h, or the drop at t = unit^2 where that is not convex.
func NewEscape(d *criterion.Derivs, c *cone.Chart, unit float64) Escape {
	best := Escape{Slope: math.Inf(1)}
	for b, blk := range c.Blocks {
		k := blk.K
		var null [][]float64
		for j := 0; j < k; j++ {
			if c.Sds[b][j] == 0 {
				v := make([]float64, k)
				for i := range v {
					v[i] = c.Basis[b][i*k+j]
				}
				null = append(null, v)
			}
		}
		for _, v := range lowest(null, d.G[b], k, blk.Shape) {
			slope := quad(v, d.G[b], k)
			best.Slope = math.Min(best.Slope, slope)
			if slope >= 0 {
				continue
			}
			x := make([]float64, len(d.Pairs))
			for i, p := range d.Pairs {
				if p.Block == b {
					x[i] = v[p.Row] * v[p.Col]
				}
			}
			drop := -slope * unit * unit
			if h := d.Curvature(x, x); h > 0 {
				drop = slope * slope / (2 * h)
			}
			best.Drop = math.Max(best.Drop, drop)
		}
	}
	return best
}

// lowest returns the unit vector of span(null) that minimises v'Gv, or, in a
// diagonal block, where axes alone can be left, all of null.
func lowest(null [][]float64, g []float64, k int, shape cone.Shape) [][]float64 {
	if len(null) < 2 || shape == cone.Diagonal {
		return null
	}
	n := len(null)
	s := mat.NewSymDense(n, nil)
	gv := make([]float64, k)
	for j := range null {
		for r := range gv {
			gv[r] = 0
			for c, w := range null[j] {
				gv[r] += g[r*k+c] * w
			}
		}
		for i := 0; i <= j; i++ {
			var t float64
			for r, w := range null[i] {
				t += w * gv[r]
			}
			s.SetSym(i, j, t)
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(s, true) {
		return null
	}
	var vec mat.Dense
	eig.VectorsTo(&vec)
	v := make([]float64, k)
	for i := range null {
		for r, w := range null[i] {
			v[r] += vec.At(i, 0) * w
		}
	}
	return [][]float64{v}
}

func quad(v, g []float64, k int) float64 {
	var s float64
	for r, x := range v {
		for c, y := range v {
			s += x * g[r*k+c] * y
		}
	}
	return s
}
