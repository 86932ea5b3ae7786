package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/formula"
	"github.com/golmm/golmm/lmm/solve"
)

// ThetaError says what is wrong with variance parameters that were given.
type ThetaError struct {
	Names []string // of the parameters the model has
	Msg   string
}

func (e *ThetaError) Error() string {
	return fmt.Sprintf("%s. The parameters are %q, in this order", e.Msg, e.Names)
}

// Given is FitLog.Status of a model that was not searched for: At, Outline.
const Given = "the point was given"

// At returns the model as it stands at variance parameters of another origin, in
// the order of Theta: criterion, fixed effects, and the verdict on that point.
// Nothing is fitted, and Log().Starts is 0; the structure of the residuals stays
// at its estimates. It is the way to judge the estimates
// of another program.
//
// Errors: *ThetaError for a wrong number of parameters, a value that is not a
// finite number, a point at which the criterion cannot be computed.
func (m *Model) At(theta []float64) (*Model, error) {
	_, names := m.thetas()
	if len(theta) != len(names) {
		return nil, &ThetaError{Names: names, Msg: fmt.Sprintf("theta has %d values where the model has %d parameters", len(theta), len(names))}
	}
	point := make(cone.Point, len(m.blocks))
	at := 0
	for t := range m.design.Terms {
		term := &m.design.Terms[t]
		lambda, used := factorOf(term, theta[at:])
		for _, v := range theta[at : at+used] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, &ThetaError{Names: names, Msg: fmt.Sprintf("theta has the value %g: where the other program has no estimate there is no point to judge", v)}
			}
		}
		at += used
		for i := range lambda {
			lambda[i] *= m.scale
		}
		point[t] = inside(m.source.coords.T[t], lambda, len(term.Names))
	}
	return m.AtPoint(append(point, m.residualPoint()...))
}

// AtPoint is At for a point in the coordinates of Objective. Roots of eigenvalues
// that can be 0 without the criterion rising by 1e-5 are set to 0.
func (m *Model) AtPoint(p cone.Point) (*Model, error) {
	model := stand(m.design, m.source, m.opt, p)
	if model == nil {
		_, names := m.thetas()
		return nil, &ThetaError{Names: names, Msg: "the criterion cannot be computed there: variances are too large against the residual variance"}
	}
	return model, nil
}

// Outline returns the model of a design with nothing fitted, all variances equal
// to the residual variance: what can be said of its parts before a fit. Of the
// options ML, Residual, Family, Link and Quadrature alone are read.
//
// Errors: as FitDesign.
func Outline(d *design.Design, opt *Options) (*Model, error) {
	if opt == nil {
		opt = &Options{}
	}
	src, err := newSource(d, opt)
	if err != nil {
		return nil, err
	}
	model := stand(d, src, Options{ML: opt.ML || src.general != nil, Residual: opt.Residual, Family: opt.Family, Link: opt.Link, Quadrature: opt.Quadrature}, cone.Identity(src.fork().Blocks(), 1))
	if model == nil {
		return nil, &design.Error{Msg: "the criterion cannot be computed for these data"}
	}
	return model, nil
}

// edgeRise is what the criterion may rise by where a point is moved to the
// boundary it is next to.
const edgeRise = 1e-5

// stand is the model at a point, nil where it has no criterion.
func stand(d *design.Design, src *source, opt Options, p cone.Point) *Model {
	obj := src.fork()
	value := obj.Value(p)
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil
	}
	chart := cone.NewChart(obj.Blocks(), p)
	for _, cut := range []float64{0.1, 1e-2, 1e-3, 1e-6} {
		if q, changed := chart.Truncate(cut); changed && obj.Value(q) <= value+edgeRise {
			chart = cone.NewChart(obj.Blocks(), q)
			break
		}
	}
	r := &solve.Result{Point: chart.Centre, Derivs: obj.Derivs(chart.Centre), Status: solve.Minimum}
	var n int
	r.Local, n = certify.ExactLocal(obj, r.Derivs, chart)
	opt.Saved = nil
	return newModel(d, src, obj, identify(obj, obj.Gram(), r), r, FitLog{Optimizer: "none", Status: Given, Evaluations: n + 1}, opt)
}

// factorOf puts the parameters of a term into Lambda, k x k, and says how many it
// has.
func factorOf(term *design.Term, theta []float64) (lambda []float64, used int) {
	k := len(term.Names)
	lambda = make([]float64, k*k)
	if term.Shape == formula.CompSymm {
		if k == 1 {
			lambda[0] = theta[0]
			return lambda, 1
		}
		return symmetricFactor(k, theta[0], theta[1]), 2
	}
	columns := k
	if term.Shape == formula.ReducedRank {
		columns = min(term.Rank, k)
	}
	for c := range columns {
		for r := c; r < k; r++ {
			if r != c && independent(term.Shape) {
				continue
			}
			lambda[r*k+c] = theta[used]
			used++
		}
	}
	return lambda, used
}

// symmetricFactor is the symmetric root of sd^2 ((1 - rho) I + rho J).
func symmetricFactor(k int, sd, rho float64) []float64 {
	mean := sd * math.Sqrt(math.Max(0, 1+float64(k-1)*rho))
	rest := sd * math.Sqrt(math.Max(0, 1-rho))
	lambda := make([]float64, k*k)
	for r := range k {
		for c := range k {
			lambda[r*k+c] = (mean - rest) / float64(k)
		}
		lambda[r*k+r] += rest
	}
	return lambda
}

// inside is T^-1 Lambda.
func inside(t, lambda []float64, k int) []float64 {
	out := append([]float64(nil), lambda...)
	for r := k - 1; r >= 0; r-- {
		for c := range k {
			s := out[r*k+c]
			for j := r + 1; j < k; j++ {
				s -= t[r*k+j] * out[j*k+c]
			}
			out[r*k+c] = s / t[r*k+r]
		}
	}
	return out
}
