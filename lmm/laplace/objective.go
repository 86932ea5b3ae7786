package laplace

import (
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Settings of New. The zero value is Laplace's approximation.
type Settings struct {
	// Nodes is the number of quadrature nodes a dimension; 0 and 1: Laplace's
	// approximation. More need a single grouping factor.
	Nodes int
	// Joint takes for the fixed effects the mode of the penalised likelihood,
	// found together with that of the random effects, instead of the minimum of
	// the criterion: the approximation that lme4 calls nAGQ = 0.
	Joint bool
}

// Objective is the criterion of a generalised linear mixed model. Its point has
// the blocks of the terms, in the order of the design; then, where the family
// has a shape, one more:
//
//	negbinomial  a matrix 1 x 1 as of a variance, 1/size = lambda^2: 0 is the
//	             Poisson distribution, a boundary like any other
//	gamma        a free block with the log of the shape
//
// Objective.Shape reads it. The derivative G of that block is in 1/size, or in
// the log of the shape.
//
// The value includes all constants of the log-likelihood, so that Shift is 0. It
// is +Inf where it cannot be computed; Reason says why.
//
// An evaluation searches for the mode of the random effects and the fixed
// effects from where the last one left them, so tightly that the value does not
// depend on it beyond rounding: about three steps in the fixed effects with one
// or two passes over the rows each. A pass over n rows takes O(n (p + (sum of K)^2)),
// with quadrature O(n nodes^K) more, shared out among the processors; the
// elimination of the grouping factor with the most coefficients O(levels K w^2)
// for the w columns of the others that a level meets; and the Q coefficients of
// those others, a dense matrix, O(Q^3). The second derivative that a fit ends with
// takes two evaluations for each parameter of the covariances, whatever p. Memory
// is O(n (p + sum of K) + Q^2). Rows that share all predictors, levels and offset
// are one row. It keeps workspace: it is not safe for concurrent use.
type Objective struct {
	*model
	state
}

// model is what does not change with the point.
type model struct {
	d      *design.Design
	fam    *family.Family
	set    Settings
	coords suffstat.Coords
	blocks []cone.Block
	pairs  []cone.Pair
	rows   *rows
	layout *layout
	glm    *glm
}

// New returns the criterion of a design. The weights of the design are the
// numbers of trials of a binomial response that is a proportion, case weights of
// other families; Design.Trials comes before them.
//
// Errors: *family.RangeError; *suffstat.SaturatedError;
// *suffstat.UnsupportedError for a design without random terms, for more than
// 5000 coefficients beside those of the largest grouping factor, and for
// quadrature with several grouping factors.
func New(d *design.Design, fam *family.Family, set Settings) (*Objective, error) {
	if err := supported(d, set); err != nil {
		return nil, err
	}
	w := weights(d)
	if err := fam.Check(d.Y, w); err != nil {
		return nil, err
	}
	m := &model{d: d, fam: fam, set: set}
	order := factorsOf(d)
	m.rows = newRows(d, fam, w, order)
	m.glm = fitGLM(fam, m.rows)
	if err := m.standardise(); err != nil {
		return nil, err
	}
	m.layout = newLayout(d, order, m.rows)
	if m.layout.q > maxDense {
		return nil, tooMany(order[0].group, m.layout.q)
	}
	return newObjective(m), nil
}

func newObjective(m *model) *Objective {
	o := &Objective{model: m}
	o.state.init(m)
	return o
}

// Fork returns the same criterion with a workspace of its own.
func (o *Objective) Fork() *Objective { return newObjective(o.model) }

// Exchange returns the criterion of another response, in the same coordinates:
// for binomial with the same numbers of trials. Errors: *family.RangeError.
func (o *Objective) Exchange(y []float64) (*Objective, error) {
	if err := o.fam.Check(y, nil); err != nil {
		return nil, err
	}
	m := *o.model
	m.rows = o.rows.with(o.fam, y)
	start := fitGLM(m.fam, m.rows)
	m.glm = &glm{beta: start.beta, shape: start.shape, weight: o.glm.weight} // the rows are in internal coordinates, and so is beta
	return newObjective(&m), nil
}

// Coords are the internal coordinates.
func (o *Objective) Coords() *suffstat.Coords { return &o.coords }

// Family is the distribution and its link.
func (o *Objective) Family() *family.Family { return o.fam }

// Blocks returns the blocks of the parameter space.
func (o *Objective) Blocks() []cone.Block { return o.blocks }

// Shift is 0: the criterion is -2 log L itself.
func (o *Objective) Shift() float64 { return 0 }

// Shape is that of the family at a point: the size of a negative binomial, +Inf
// for the Poisson distribution, the shape of a gamma distribution; 1 of families
// without.
func (o *Objective) Shape(p cone.Point) float64 {
	if !o.fam.HasShape() {
		return 1
	}
	v := p[len(p)-1][0]
	if o.shapeBlock().Shape == cone.Free {
		return math.Exp(v)
	}
	return 1 / (v * v)
}

func (o *Objective) shapeBlock() cone.Block { return o.blocks[len(o.blocks)-1] }

// terms is the number of blocks that belong to terms.
func (m *model) terms() int { return len(m.d.Terms) }

// Reason says why the last evaluation gave +Inf, "" where it did not.
func (o *Objective) Reason() string { return o.reason }

// Value returns f at a point, +Inf where it cannot be computed.
func (o *Objective) Value(p cone.Point) float64 { return o.eval(p, fixedGoal) }

// derivs is an empty result.
func (o *Objective) derivs(f float64) *criterion.Derivs {
	d := &criterion.Derivs{F: f, Pairs: o.pairs, H: make([]float64, len(o.pairs)*len(o.pairs)), Approx: true}
	for _, b := range o.blocks {
		d.G = append(d.G, make([]float64, b.K*b.K))
	}
	return d
}
