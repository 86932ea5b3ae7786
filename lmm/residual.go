package lmm

import (
	"fmt"
	"math"
	"slices"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/covstruct"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/nearest"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
	"github.com/golmm/golmm/lmm/table"
)

// Residual is the structure of the residuals of a model: their covariance
// within subjects, or variances that differ.
type Residual struct {
	Structure string // as written: "ar1(time | subject)"
	Subjects  int
	Params    []covstruct.Estimate
	// Varies says that rows have different sds, sigma being that of the reference
	// row.
	Varies bool
	// Free are the variances that may be negative, of a fit with Options.Unbounded.
	Free []FreeVariance
	// Reason says why the values are not identified, "" where they are.
	Reason string
}

// Residual returns the structure of the residuals, nil where they are
// independent with one variance.
func (m *Model) Residual() *Residual {
	s := m.source.residual
	if s == nil {
		return nil
	}
	out := &Residual{Structure: s.Spec.Src, Subjects: len(s.Subjects), Params: s.Estimates(m.residualPoint()), Varies: s.Varies(), Free: m.freeVariances()}
	if slices.Contains(m.residualHidden, true) {
		out.Reason = "the data cannot tell them from other variances"
		for i := range out.Params {
			out.Params[i].Value = math.NaN()
		}
		for i := range out.Free {
			out.Free[i].Variance, out.Free[i].Correlation = math.NaN(), math.NaN()
		}
	}
	return out
}

// ResidualAt returns the parameters of the structure of the residuals at a point of
// Objective, nil where the residuals have none.
func (m *Model) ResidualAt(p cone.Point) []covstruct.Estimate {
	if m.source.residual == nil {
		return nil
	}
	return m.source.residual.Estimates(p[len(m.design.Terms):])
}

// residualPoint is the part of the point found that belongs to the structure of
// the residuals, or to the shape of a family.
func (m *Model) residualPoint() cone.Point { return m.found.Point[len(m.design.Terms):] }

// Options returns the options that the model was fitted with, but for Saved.
func (m *Model) Options() Options { return m.opt }

// newStructured returns the source of a design whose residuals have a structure.
// Fitted are the values that their variance depends on, nil for those of least
// squares.
func newStructured(spec *covstruct.Spec, d *design.Design, reml bool, fitted []float64) (*source, error) {
	if fitted == nil && spec.UsesFitted() {
		r, err := suffstat.NewRows(d)
		if err != nil {
			return nil, err
		}
		beta := r.Beta(make([]float64, r.P))
		fitted = make([]float64, len(d.Y))
		for i := range fitted {
			for c, v := range d.X.Row(i) {
				fitted[i] += v * beta[c]
			}
			if d.Offset != nil {
				fitted[i] += d.Offset[i]
			}
		}
	}
	s, err := covstruct.Bind(spec, d.Table(), d.Rows, fitted)
	if err != nil {
		return nil, err
	}
	o, err := covstruct.New(s, d, reml)
	if err != nil {
		return nil, err
	}
	src := structuredSource(s, o)
	if spec.UsesFitted() {
		src.reweigh = func(fitted []float64) (*source, error) { return newStructured(spec, d, reml, fitted) }
		src.exchange = func(y []float64) (*source, error) {
			other := *d
			other.Y = y
			return newStructured(spec, &other, reml, nil)
		}
	}
	return src, nil
}

func structuredSource(s *covstruct.Structure, o *covstruct.Objective) *source {
	return &source{
		coords:   o.Coords(),
		residual: s,
		fork:     func() Criterion { return o.Fork() },
		exchange: func(y []float64) (*source, error) {
			other, err := o.Exchange(y)
			if err != nil {
				return nil, err
			}
			return structuredSource(s, other), nil
		},
	}
}

// maxReweighed bounds the fits of a variance that depends on the fitted values.
const maxReweighed = 100

// reweigh fits again with the variances that the fitted values of the last fit
// give, until these stay.
func (m *Model) reweigh(method solve.Method) (*Model, error) {
	before := m.Fitted()
	total := m.log.Evaluations
	for range maxReweighed {
		src, err := m.source.reweigh(before)
		if err != nil {
			return nil, err
		}
		m = fitOnce(m.design, src, m.opt, method, m.found.Point)
		total += m.log.Evaluations
		m.log.Evaluations = total
		after := m.Fitted()
		var change, size float64
		for i, v := range after {
			change, size = math.Max(change, math.Abs(v-before[i])), math.Max(size, math.Abs(v))
		}
		if change <= 1e-9*size {
			return m, nil
		}
		before = after
	}
	m.log.Status = "the fitted values that the variance depends on did not settle"
	m.verdict.Convergence = certify.NotConverged
	return m, nil
}

// structuredUncertainty has a factor for each term.
func (m *Model) structuredUncertainty() (*uncertainty, error) {
	u := &uncertainty{m: m, coords: *m.source.coords, level: make([]int, len(m.blocks)), x: make([]float64, len(m.beta))}
	for t, blk := range m.blocks {
		term := &m.design.Terms[t]
		u.factors = append(u.factors, suffstat.Factor{Group: term.Group, Levels: len(term.Levels), K: blk.K, Terms: []int{t}})
		u.z = append(u.z, make([]float64, blk.K))
	}
	rows := m.structured().RowError(m.found.Point)
	if rows == nil {
		return nil, errNoError
	}
	u.rows = rows
	return u, nil
}

// structured is the criterion of a model whose residuals have a structure, with a
// workspace of its own.
func (m *Model) structured() *covstruct.Objective { return m.source.fork().(*covstruct.Objective) }

// frameSDs returns the sd of each row in the model over sigma, without weights.
func (m *Model) frameSDs() []float64 {
	if m.source.residual == nil {
		return slices.Repeat([]float64{1}, m.NObs())
	}
	return m.structured().SDs(m.found.Point)
}

// ResidualSDs returns the standard deviation of the residual of each row in the
// model, sigma s / sqrt(w); of a generalised model that of the response given the
// random effects.
func (m *Model) ResidualSDs() []float64 {
	if g := m.source.general; g != nil {
		out, shape := m.Fitted(), m.rowShape()
		for i, mu := range out {
			out[i] = math.Sqrt(g.fam.Variance(mu, shape) / g.weights[i])
		}
		return out
	}
	sds := m.frameSDs()
	for i := range sds {
		sds[i] *= m.Sigma() / math.Sqrt(m.weight(i))
	}
	return sds
}

// tableSDs is frameSDs for another table, of which the mean is predicted.
func (m *Model) tableSDs(t *table.Table, mean []float64) []float64 {
	if m.source.residual == nil {
		return slices.Repeat([]float64{1}, t.Rows())
	}
	return m.source.residual.SDs(m.residualPoint(), t, mean)
}

// scaleStructured takes residuals over sigma, times sqrt(w), to their kind.
func (m *Model) scaleStructured(r []float64, kind ResidualKind) {
	for i := range r {
		r[i] *= m.scale // over the sd that the criterion profiles
	}
	switch kind {
	case PearsonResidual:
		for i, s := range m.frameSDs() {
			r[i] /= s * m.scale
		}
	case NormalizedResidual:
		m.structured().Whiten(m.found.Point, r)
	case StandardisedResidual:
		_, variance := m.structured().Conditional(m.found.Point)
		for i, v := range variance {
			if v < 1e-12 {
				v = math.NaN()
			}
			r[i] /= math.Sqrt(v)
		}
	}
}

// SubjectCovariance is the covariance matrix of the residuals of one subject.
type SubjectCovariance struct {
	Subject   string
	Occasions []string    // of its rows, in order of time
	SD        []float64   // in units of the response
	Corr, Cov [][]float64 // occasions x occasions
}

// ResidualCovariance returns the covariance matrix of the residuals of a subject;
// "" is one with the most rows.
//
// Errors: a model whose residuals have no structure, an unknown subject.
func (m *Model) ResidualCovariance(subject string) (*SubjectCovariance, error) {
	s := m.source.residual
	if s == nil {
		return nil, fmt.Errorf("the residuals of %q have no structure: they are independent, with sd %.4g", m.Formula(), m.Sigma())
	}
	o := m.structured()
	rows, r := o.Subject(m.found.Point, subject)
	if rows == nil {
		if near := nearest.Name(subject, s.Subjects); near != "" {
			return nil, fmt.Errorf("there is no subject %q; did you mean %q?", subject, near)
		}
		return nil, fmt.Errorf("there is no subject %q among the %d of %s", subject, len(s.Subjects), s.Spec.Src)
	}
	n := len(rows)
	out := &SubjectCovariance{Subject: s.SubjectOf(rows[0]), SD: make([]float64, n), Corr: square(r, n), Cov: square(r, n)}
	middle := m.Sigma() / m.scale
	for i, row := range rows {
		out.Occasions = append(out.Occasions, o.Occasion(row))
		out.SD[i] = middle * math.Sqrt(r[i*n+i]/m.weight(row))
	}
	for i := range n {
		for j := range n {
			out.Corr[i][j] = r[i*n+j] / math.Sqrt(r[i*n+i]*r[j*n+j])
			out.Cov[i][j] = out.Corr[i][j] * out.SD[i] * out.SD[j]
		}
	}
	return out, nil
}
