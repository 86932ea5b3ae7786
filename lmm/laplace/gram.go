package laplace

import (
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Gram describes the variance parameters before any fit, for the working response
// of the model without random effects: its variance is 1 in the rows times the
// root of their weights, so that the last parameter, the residual variance, is
// known and orthogonal to the others: Inner phi = Quad has the solution 1 for it.
// The parameter of a shape is orthogonal to all. The result must not be changed.
func (o *Objective) Gram() *criterion.Gram {
	if o.gram == nil {
		o.gram = o.newGram()
	}
	return o.gram
}

func (o *Objective) newGram() *criterion.Gram {
	g, scale := o.workingGram()
	m, t := len(o.pairs), len(g.Pairs)
	n := m + 1
	out := &criterion.Gram{Pairs: o.pairs, Inner: make([]float64, n*n), Scale: make([]float64, n), Quad: make([]float64, n)}
	for a := range t {
		for b := range t {
			out.Inner[a*n+b] = g.Inner[a*(t+1)+b]
		}
		out.Scale[a] = g.Scale[a]
		// E(y'M D_a M y) = sum_b Inner_ab phi_b + Inner_a,residual.
		out.Quad[a] = scale*scale*g.Quad[a] - g.Inner[a*(t+1)+t]
	}
	last := g.Inner[t*(t+1)+t]
	for a := t; a < n; a++ {
		out.Inner[a*n+a], out.Scale[a], out.Quad[a] = last, g.Scale[t], last
	}
	if m > t {
		out.Quad[t] *= o.firstShape()
	}
	return out
}

// firstShape is the parameter of the shape in the model without random effects.
func (o *Objective) firstShape() float64 {
	p := o.shapePoint()
	if o.shapeBlock().Shape == cone.Free {
		return p[0]
	}
	return p[0] * p[0]
}

// workingGram is that of the linear model for the working response, and the scale
// of that response; 0 where it is no response of a linear model, having no
// residual.
func (o *Objective) workingGram() (*criterion.Gram, float64) {
	d := o.working()
	g, scale, err := linearGram(d, len(o.layout.fs) == 1)
	if err != nil {
		spread(d.Y)
		g, _, err = linearGram(d, len(o.layout.fs) == 1)
		scale = 0
	}
	if err != nil {
		panic("laplace: " + err.Error()) // New has seen that there are more rows than columns
	}
	return g, scale
}

func linearGram(d *design.Design, one bool) (*criterion.Gram, float64, error) {
	if one {
		s, err := suffstat.New(d)
		if err != nil {
			return nil, 0, err
		}
		return criterion.NewOneFactor(s, false).Gram(), s.YScale, nil
	}
	s, err := suffstat.NewBlocked(d)
	if err != nil {
		return nil, 0, err
	}
	return criterion.NewBlocked(s, false).Gram(), s.YScale, nil
}
