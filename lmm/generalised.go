package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
	"github.com/golmm/golmm/lmm/laplace"
)

const (
	// AutoQuadrature, as Options.Quadrature, takes as many nodes as it needs for
	// the criterion to agree within 1e-6 with that of more; FitLog.Quadrature tells
	// which were tried. It is for one grouping factor.
	AutoQuadrature = -1
	// JointApproximation, as Options.Quadrature, finds the fixed effects together
	// with the random effects, as the maximum of their joint density, not of the
	// likelihood: lme4's nAGQ = 0. It is fast and biased; a finding says so.
	JointApproximation = -2
)

// OptionError says which options of Fit do not go together.
type OptionError struct{ Option, Msg string }

func (e *OptionError) Error() string { return e.Msg }

// gaussian is the name of the family of linear models.
const gaussian = "gaussian"

// distribution is the family of a generalised model, nil for a linear one.
func (o *Options) distribution() (*family.Family, error) {
	if o.Family == "" || o.Family == gaussian {
		switch {
		case o.Family == "" && o.Link != "":
			return nil, &OptionError{"Link", fmt.Sprintf("the link %s belongs to a family, and none is named: set Family, to \"binomial\" or \"poisson\" say", o.Link)}
		case o.Link != "" && o.Link != "identity":
			return nil, &OptionError{"Link", fmt.Sprintf("a gaussian model has the identity link here, not %s: transform the response, log(y), or take the gamma family", o.Link)}
		case o.Quadrature != 0:
			return nil, &OptionError{"Quadrature", "the likelihood of a linear model is exact: quadrature belongs to a Family"}
		}
		return nil, nil
	}
	fam, err := family.New(o.Family, o.Link)
	switch {
	case err != nil:
		return nil, err
	case o.Residual != "":
		return nil, &OptionError{"Residual", fmt.Sprintf("a %s model has no residuals with a structure %s: its variance follows from its mean. Put what the rows share into random effects", o.Family, o.Residual)}
	case o.Unbounded:
		return nil, &OptionError{"Unbounded", fmt.Sprintf("variances below 0 belong to a linear model: the %s family has its random effects on the scale of the link, where they are normal", o.Family)}
	case o.Quadrature < JointApproximation:
		return nil, &OptionError{"Quadrature", fmt.Sprintf("%d is no number of nodes: 1 is Laplace's approximation, 9 are enough for most", o.Quadrature)}
	}
	return fam, nil
}

// generalised is what a source knows of the distribution of a model.
type generalised struct {
	fam     *family.Family
	weights []float64 // n: trials, or prior weights, or their product
	nodes   int       // 0: JointApproximation
	// grow returns the source with another number of nodes.
	grow func(nodes int) (*source, error)
}

// newGeneralised returns the source of a model of a family other than gaussian.
func newGeneralised(d *design.Design, fam *family.Family, quadrature int) (*source, error) {
	if d.Trials != nil && fam.Name() != "binomial" {
		return nil, &design.Error{Msg: fmt.Sprintf("the response %s is a pair of counts, successes and failures: it belongs to the binomial family, not to %s", d.Formula.Response, fam.Name())}
	}
	g := &generalised{fam: fam, weights: rowWeights(d), nodes: quadrature}
	if err := checkRange(d, g, d.Y); err != nil {
		return nil, err
	}
	if err := checkTrials(d, g); err != nil {
		return nil, err
	}
	switch quadrature {
	case 0, AutoQuadrature:
		g.nodes = 1
	case JointApproximation:
		g.nodes = 0
	}
	if quadrature > 1 || quadrature == AutoQuadrature {
		for i := range d.Terms {
			if d.Terms[i].Group != d.Terms[0].Group {
				return nil, &OptionError{"Quadrature", fmt.Sprintf("quadrature needs one grouping factor, and here are %s and %s: take Laplace's approximation, Quadrature 1", d.Terms[0].Group, d.Terms[i].Group)}
			}
		}
	}
	return g.over(d)
}

// over returns the source of a design with the number of nodes of g.
func (g *generalised) over(d *design.Design) (*source, error) {
	o, err := laplace.New(d, g.fam, laplace.Settings{Nodes: max(1, g.nodes), Joint: g.nodes == 0})
	if err != nil {
		return nil, err
	}
	own := *g
	own.grow = func(nodes int) (*source, error) {
		more := *g
		more.nodes = nodes
		return more.over(d)
	}
	return generalisedSource(&own, d, o), nil
}

func generalisedSource(g *generalised, d *design.Design, o *laplace.Objective) *source {
	return &source{
		coords:  o.Coords(),
		general: g,
		fork:    func() Criterion { return o.Fork() },
		exchange: func(y []float64) (*source, error) {
			if err := checkRange(d, g, y); err != nil {
				return nil, err
			}
			other, err := o.Exchange(y)
			if err != nil {
				return nil, err
			}
			own, of := *g, *d
			of.Y = y
			own.grow = func(nodes int) (*source, error) {
				more := *g
				more.nodes = nodes
				return more.over(&of)
			}
			return generalisedSource(&own, &of, other), nil
		},
	}
}

// rowWeights are the trials of the rows, their weights, or the product of both;
// all 1 without either.
func rowWeights(d *design.Design) []float64 {
	w := make([]float64, len(d.Y))
	for i := range w {
		w[i] = 1
		if d.Trials != nil {
			w[i] = d.Trials[i]
		}
		if d.Weights != nil {
			w[i] *= d.Weights[i]
		}
	}
	return w
}

// Family returns the distribution of the response and its link, nil for a linear
// model.
func (m *Model) Family() *family.Family {
	if m.source.general == nil {
		return nil
	}
	return m.source.general.fam
}

// Nodes is the number of quadrature nodes for each random effect of a level: 1 is
// Laplace's approximation, 0 JointApproximation, or a linear model, whose
// likelihood is exact.
func (m *Model) Nodes() int {
	if m.source.general == nil {
		return 0
	}
	return m.source.general.nodes
}

// Shape is the parameter of the family beside the mean: the size of a negative
// binomial, whose variance is mu + mu^2 / size, or the shape of a gamma, mu^2 over
// its variance. It is +Inf where a negative binomial has become a Poisson, NaN for
// other families.
func (m *Model) Shape() float64 {
	if m.source.general == nil || !m.source.general.fam.HasShape() {
		return math.NaN()
	}
	return m.shape
}

// ShapeAt is Shape at a point of Objective.
func (m *Model) ShapeAt(p cone.Point) float64 {
	if m.source.general == nil || !m.source.general.fam.HasShape() {
		return math.NaN()
	}
	return m.laplace().Shape(p)
}

// laplace is the criterion of a generalised model, with a workspace of its own.
func (m *Model) laplace() *laplace.Objective { return m.source.fork().(*laplace.Objective) }

// rowShape is what package family takes for the shape where there is none, too.
func (m *Model) rowShape() float64 {
	if m.source.general.fam.HasShape() {
		return m.shape
	}
	return 1
}
