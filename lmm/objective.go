package lmm

import (
	"sync"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Criterion is what a fit minimises, in the coordinates of package suffstat,
// with all that a fit asks of it.
type Criterion interface {
	solve.Objective
	Gram() *criterion.Gram
	Solve(cone.Point) *criterion.Solution
	// CondVar returns Psi - Psi Z_j'V^-1 Z_j Psi, levels x K x K, for each of
	// Solution.Effects.
	CondVar(cone.Point) [][]float64
	// Shift is what the criterion in the user's units exceeds that in internal
	// coordinates by.
	Shift() float64
}

// Objective is the criterion of a model and where its estimates are. It keeps
// workspace: it is not safe for concurrent use, but two of them are
// independent.
type Objective struct {
	Criterion
	Coords *suffstat.Coords
	Point  cone.Point        // the estimates: Lambda of each term
	Derivs *criterion.Derivs // at Point
	// Local has the gradient at Point and the Hessian, exact there or a
	// polishing step away, in a chart around it; nil where the criterion could
	// not be computed.
	Local *certify.Local
}

// Objective returns the criterion of the model. What it points to belongs to the
// model and must not be changed.
func (m *Model) Objective() *Objective {
	return &Objective{Criterion: m.source.fork(), Coords: m.source.coords, Point: m.found.Point, Derivs: m.found.Derivs, Local: m.found.Local}
}

// Frame returns the design that the model was fitted to: the rows in the
// model, X, Z, the response, names. It must not be changed.
func (m *Model) Frame() *design.Design { return m.design }

// source makes the criterion of a design, and of the design with another
// response. It is safe for concurrent use.
type source struct {
	coords   *suffstat.Coords
	residual *covstruct.Structure // nil for independent residuals
	general  *generalised         // nil for a linear model
	fork     func() Criterion
	exchange func(y []float64) (*source, error)
	// reweigh, where the variance depends on the fitted values, returns the source
	// with those given.
	reweigh func(fitted []float64) (*source, error)
}

// newSource chooses the criterion of a design: one grouping factor has exact
// second derivatives at the cost of the first.
func newSource(d *design.Design, opt *Options) (*source, error) {
	reml := !opt.ML
	fam, err := opt.distribution()
	if err != nil {
		return nil, err
	}
	if fam != nil {
		return newGeneralised(d, fam, opt.Quadrature)
	}
	if opt.Residual != "" {
		spec, err := covstruct.Parse(opt.Residual)
		if err != nil {
			return nil, err
		}
		return newStructured(spec, d, reml, nil)
	}
	for i := range d.Terms {
		if d.Terms[i].Group == d.Terms[0].Group {
			continue
		}
		s, err := suffstat.NewBlocked(d)
		if err != nil {
			return nil, err
		}
		swap := sync.OnceValues(func() (func([]float64) (*suffstat.Blocked, error), error) { return s.Exchange(d) })
		return blockedSource(s, reml, swap), nil
	}
	s, err := suffstat.New(d)
	if err != nil {
		return nil, err
	}
	swap := sync.OnceValues(func() (func([]float64) (*suffstat.OneFactor, error), error) { return s.Exchange(d) })
	return oneFactorSource(s, criterion.NewOneFactor(s, reml), swap), nil
}

func oneFactorSource(s *suffstat.OneFactor, c *criterion.OneFactor, swap func() (func([]float64) (*suffstat.OneFactor, error), error)) *source {
	return &source{
		coords: &s.Coords,
		fork:   func() Criterion { return c.With(s) },
		exchange: func(y []float64) (*source, error) {
			of, err := swap()
			if err != nil {
				return nil, err
			}
			t, err := of(y)
			if err != nil {
				return nil, err
			}
			return oneFactorSource(t, c, swap), nil
		},
	}
}

func blockedSource(s *suffstat.Blocked, reml bool, swap func() (func([]float64) (*suffstat.Blocked, error), error)) *source {
	return &source{
		coords: &s.Coords,
		fork:   func() Criterion { return criterion.NewBlocked(s, reml) },
		exchange: func(y []float64) (*source, error) {
			of, err := swap()
			if err != nil {
				return nil, err
			}
			t, err := of(y)
			if err != nil {
				return nil, err
			}
			return blockedSource(t, reml, swap), nil
		},
	}
}
