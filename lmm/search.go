package lmm

import (
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/solve"
)

// FitFrom searches the estimates of the model anew, from a start in the
// coordinates of its Objective, by the optimizer of a name, with a budget of
// evaluations as in Options.MaxEvaluations. The model m stays as it is; residual variances
// that depend on fitted values depend on those of m. A start of another shape than
// Objective.Point panics.
//
// Errors: *solve.UnknownError.
func (m *Model) FitFrom(start cone.Point, optimizer string, maxEvaluations int) (*Model, error) {
	method, err := solve.ByName(optimizer)
	if err != nil {
		return nil, err
	}
	obj := m.source.fork()
	if !shaped(start, obj.Blocks()) {
		panic("lmm: a start of another shape than the model")
	}
	opt := m.opt
	opt.Optimizer, opt.MaxEvaluations = optimizer, maxEvaluations
	gram := obj.Gram()
	flat := len(certify.Identify(gram, cone.Span(obj.Blocks(), cone.Identity(obj.Blocks(), 1))).Null) > 0
	best, log := search(obj, method, []cone.Point{start}, &solve.Settings{Flat: flat, MaxEvaluations: maxEvaluations})
	return newModel(m.design, m.source, obj, identify(obj, gram, best), best, log, opt), nil
}
