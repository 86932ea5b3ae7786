package lmm

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/family"
)

// ResponseError says that a response is not one of its family.
type ResponseError struct {
	Family string
	Row    int    // of the table, counted from 1; 0 where all rows are meant
	Code   string // of the failure mode, "" for others
	Msg    string
	Err    error // the *family.RangeError, nil where it is not about one row
}

func (e *ResponseError) Error() string { return e.Msg }

// Unwrap returns the *family.RangeError.
func (e *ResponseError) Unwrap() error { return e.Err }

// checkRange refuses what a family cannot be fitted to.
func checkRange(d *design.Design, g *generalised, y []float64) error {
	if e := g.fam.Check(y, g.weights); e != nil {
		row := d.Rows[e.Row] + 1
		return &ResponseError{Family: g.fam.Name(), Row: row, Err: e,
			Msg: fmt.Sprintf("the %s %s is %g in row %d of the table, but the %s family needs %s. %s", e.What, named(d, e), e.Value, row, e.Family, e.Needs, e.Try)}
	}
	if constant(y) && g.fam.Discrete() && (y[0] == 0 || g.fam.Name() == "binomial" && y[0] == 1) {
		what := "0"
		if y[0] == 1 {
			what = "all successes"
		} else if g.fam.Name() == "binomial" {
			what = "without a success"
		}
		return &ResponseError{Family: g.fam.Name(), Code: "D9",
			Msg: fmt.Sprintf("the response %s is %s in all %d rows used: its likelihood grows without end, and there is nothing to explain", d.Formula.Response, what, len(y))}
	}
	return nil
}

// checkTrials refuses random effects of which every level has one trial: the
// variance of a single 0 or 1 is p (1 - p) whatever varies between the rows.
func checkTrials(d *design.Design, g *generalised) error {
	if g.fam.Name() != "binomial" {
		return nil
	}
	for i := range d.Terms {
		t := &d.Terms[i]
		trials, most := make([]float64, len(t.Levels)), 0.0
		for row, l := range t.Level {
			trials[l] += g.weights[row]
			most = math.Max(most, trials[l])
		}
		if most <= 1 {
			return &ResponseError{Family: "binomial", Code: "D4",
				Msg: fmt.Sprintf("every level of %s has a single trial in the %d rows used: the variance of one 0 or 1 follows from its mean, and what varies between such levels cannot be seen in it. Drop the term %s, or group by a factor whose levels have several rows", t.Group, len(d.Y), t.Src)}
		}
	}
	return nil
}

// named is the formula's response, or the weights, that an error is about.
func named(d *design.Design, e *family.RangeError) string {
	if e.What == "response" {
		return d.Formula.Response.String()
	}
	return "of the row"
}

func constant(y []float64) bool {
	return !slices.ContainsFunc(y, func(v float64) bool { return v != y[0] })
}

// generalise sets what a generalised model has beside a linear one: the shape, and
// the covariance of the fixed effects with the uncertainty of theta. The joint
// approximation has no likelihood in the fixed effects: theirs takes theta as known.
func (m *Model) generalise(at cone.Point) {
	m.shape = math.NaN()
	if m.source.general.fam.HasShape() {
		m.shape = m.laplace().Shape(at)
	}
	m.uncertain = sync.OnceValues(func() (inner, user []float64) {
		if m.source.general.nodes == 0 || m.found.Local == nil {
			inner = m.laplace().Solve(at).BetaCov
		} else {
			inner = fullCovariance(m.laplace(), at, m.found.Local)
		}
		return inner, m.source.coords.BetaCov(inner)
	})
}

// InnerVcov is Vcov of a generalised model in the coordinates of Objective().Coords:
// R V R', p x p by rows; nil for a linear model. Of separated responses it is the
// limit: z'(R V R')z with R'z = l is the variance of every combination l'beta^ that
// does not run to infinity, though it touches coefficients that do, which have NaN
// in Vcov. All entries are NaN where there is no limit.
func (m *Model) InnerVcov() []float64 {
	if m.uncertain == nil {
		return nil
	}
	inner, _ := m.uncertain()
	return append([]float64(nil), inner...)
}

// covariance is that of the fixed effects in the user's terms.
func (m *Model) covariance() []float64 {
	if m.uncertain == nil {
		return m.vcov
	}
	_, user := m.uncertain()
	return user
}

// response takes linear predictors to means, in place.
func (m *Model) response(eta []float64) []float64 {
	if fam := m.Family(); fam != nil {
		for i, v := range eta {
			eta[i] = fam.Mean(v)
		}
	}
	return eta
}

// generalResiduals takes raw residuals to another kind.
func (m *Model) generalResiduals(r []float64, kind ResidualKind) []float64 {
	fam, shape, w := m.Family(), m.rowShape(), m.source.general.weights
	for i, mu := range m.Fitted() {
		if kind == DevianceResidual {
			r[i] = fam.DevianceResidual(m.design.Y[i], mu, w[i], shape)
		} else {
			r[i] /= math.Sqrt(fam.Variance(mu, shape) / w[i])
		}
	}
	if kind == StandardisedResidual {
		return m.standardise(r)
	}
	return r
}

// workingWeights are minus the second derivatives of the log-likelihood of the
// rows at the conditional modes, the expected ones where those are not positive.
func (m *Model) workingWeights() []float64 {
	fam, shape, w := m.Family(), m.rowShape(), m.source.general.weights
	out := m.LinearPredictor()
	for i, eta := range out {
		_, _, d2, _ := fam.Row(m.design.Y[i], w[i], eta, shape)
		out[i] = -d2
		if !(out[i] > 0) {
			out[i] = fam.Expected(w[i], eta, shape)
		}
	}
	return out
}

// working is the design of the linear model that has the curvature of a
// generalised one at its maximum.
func (m *Model) working() *design.Design {
	d := *m.design
	d.Weights = m.workingWeights()
	for i, w := range d.Weights {
		d.Weights[i] = math.Max(w, leastWeight) // a row that says nothing
	}
	d.Trials = nil
	d.Y = make([]float64, len(d.Weights)) // any response that the fixed effects do not reproduce
	for i := range d.Y {
		d.Y[i] = math.Sin(float64(i) * float64(i))
	}
	return &d
}

// leastWeight keeps the root of a weight a normal number.
const leastWeight = 1e-290

// VcovGiven is Vcov with theta, and a shape, taken as known: for a linear model
// the same. It is what lme4 calls the one from RX.
func (m *Model) VcovGiven() [][]float64 { return square(m.vcov, len(m.beta)) }

// distributionNames are the family and the link in the words of JSON.
func (m *Model) distributionNames() (name, link string) {
	if fam := m.Family(); fam != nil {
		return fam.Name(), fam.Link()
	}
	return gaussian, "identity"
}

// WithOffset fits the same generalised model with another offset, one value for
// each row in the model, from the estimates of m.
//
// Errors: *OptionError for a linear model, whose response takes an offset away;
// those of FitDesign.
func (m *Model) WithOffset(offset []float64) (*Model, error) {
	g := m.source.general
	if g == nil {
		return nil, &OptionError{"Offset", "a linear model takes an offset from its response: use Refit"}
	}
	if len(offset) != m.NObs() {
		panic("lmm: an offset of another length than the rows in the model")
	}
	d := *m.design
	d.Offset = append([]float64(nil), offset...)
	src, err := g.over(&d)
	if err != nil {
		return nil, err
	}
	opt := m.opt
	if opt.Quadrature == AutoQuadrature {
		opt.Quadrature = g.nodes
	}
	return fit(&d, src, opt, m.found.Point)
}

// RowWeight is the number of trials of a row of a generalised model, times its
// prior weight; in a linear model the precision weight.
func (m *Model) RowWeight(i int) float64 {
	if g := m.source.general; g != nil {
		return g.weights[i]
	}
	return m.weight(i)
}
