package infer

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/golmm/golmm/lmm/covstruct"
)

// evaluate is the criterion at the coordinates u and x.
func (c *chart) evaluate(x float64, u []float64, second bool) jet {
	j := c.land.evaluate(c.at(x, u), second)
	if c.absolute && j.g != nil {
		c.rescale(&j, x, u)
	}
	if c.shear == nil || j.g == nil {
		return j
	}
	n := len(c.shear)
	for a, v := range c.shear {
		j.g[a] += v * j.g[n]
	}
	if j.h != nil {
		old := mat.NewSymDense(n+1, nil)
		old.CopySym(j.h)
		for a, v := range c.shear {
			j.h.SetSym(a, n, old.At(a, n)+v*old.At(n, n))
			for b, w := range c.shear[:a+1] {
				j.h.SetSym(b, a, old.At(b, a)+v*old.At(b, n)+w*old.At(a, n)+v*w*old.At(n, n))
			}
		}
	}
	return j
}

// refer makes x log sigma of the reference row: that of the row which the criterion
// profiles is less by the logarithm of a factor, linear in the coordinates.
func (s *landscape) refer(c *chart) {
	o := s.obj.Criterion.(*covstruct.Objective)
	c.shear = make([]float64, len(c.others))
	for i, v := range c.others {
		if v.block < s.terms {
			continue
		}
		p := s.obj.Point.Clone()
		clear(p[v.block])
		copy(p[v.block], v.l)
		c.shear[i] = -math.Log(o.Reference(p))
		c.x -= c.shear[i] * c.start[i]
	}
}

// rescale takes derivatives by psi and log sigma to those by x = psi sigma^2 and log
// sigma, which are the last coordinate and the one before.
func (c *chart) rescale(j *jet, x float64, u []float64) {
	n := len(u)
	e := math.Exp(-2 * u[n-1])
	psi, slope := x*e, j.g[n]
	j.g[n-1] -= 2 * psi * slope
	j.g[n] = e * slope
	if j.h == nil {
		return
	}
	old := mat.NewSymDense(n+1, nil)
	old.CopySym(j.h)
	for a := range n - 1 {
		j.h.SetSym(a, n-1, old.At(a, n-1)-2*psi*old.At(a, n))
		j.h.SetSym(a, n, e*old.At(a, n))
	}
	j.h.SetSym(n-1, n-1, old.At(n-1, n-1)-4*psi*old.At(n-1, n)+4*psi*psi*old.At(n, n)+4*psi*slope)
	j.h.SetSym(n-1, n, e*(old.At(n-1, n)-2*psi*old.At(n, n))-2*e*slope)
	j.h.SetSym(n, n, e*e*old.At(n, n))
}
