package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/cone"
	"github.com/golmm/golmm/lmm/criterion"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/solve"
	"github.com/golmm/golmm/lmm/suffstat"
)

// Refit fits the same model to another response y, one value for each row in
// the model, in their order; an offset is part of y, as in Fit. The search
// starts from the estimates of m and from the moments of y.
//
// Errors: *design.Error for a y of another length, with a value that is not a
// finite number, or constant; *suffstat.SaturatedError if the fixed effects
// reproduce it.
func (m *Model) Refit(y []float64) (*Model, error) {
	if err := m.checkResponse(y); err != nil {
		return nil, err
	}
	d := *m.design
	d.Y = append([]float64(nil), y...)
	stats, err := suffstat.New(&d)
	if err != nil {
		return nil, err
	}
	obj := criterion.NewOneFactor(stats, m.REML())
	gram := obj.Gram()
	starts := append([]cone.Point{m.point(&stats.Coords)}, solve.Starts(gram, obj.Blocks(), obj.Unit())[0])
	best, log := searchFrom(obj, starts)
	return newModel(&d, stats, obj, certify.Identify(gram), best, log, m.opt), nil
}

// checkResponse refuses what no model can be fitted to.
func (m *Model) checkResponse(y []float64) error {
	if n := m.NObs(); len(y) != n {
		msg := fmt.Sprintf("a new response has one value for each of the %d rows in the model; it has %d", n, len(y))
		if m.RowsDropped() > 0 && len(y) == m.design.TableRows {
			msg += fmt.Sprintf(". The table has %d rows, of which %d are not in the model: leave those out", len(y), m.RowsDropped())
		}
		return &design.Error{Msg: msg}
	}
	constant := true
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			row := m.design.Rows[i] + 1
			return &design.Error{Row: row, Msg: fmt.Sprintf("the new response is %g at position %d (row %d of the table); it must be a number everywhere", v, i+1, row)}
		}
		constant = constant && v == y[0]
	}
	if constant {
		return &design.Error{Code: "D9", Msg: fmt.Sprintf("the new response is %g in all %d rows: there is nothing to explain", y[0], len(y))}
	}
	return nil
}

// searchFrom minimises from every start and returns the best point.
func searchFrom(obj *criterion.OneFactor, starts []cone.Point) (*solve.Result, FitLog) {
	log := FitLog{Optimizer: "trust-region Newton, exact Hessian"}
	var best *solve.Result
	for _, start := range starts {
		r := solve.Minimize(obj, start, nil)
		log.Starts++
		log.Evaluations += r.Evaluations
		if better(r, best) {
			best = r
		}
	}
	before := best.Evaluations
	best = solve.Settle(obj, best)
	log.Evaluations += best.Evaluations - before
	log.Status = best.Status.String()
	for _, s := range best.Log {
		log.Iterations = append(log.Iterations, Iteration{Criterion: s.F + obj.Shift(), Decrement: s.Decrement, Step: s.Kind})
	}
	return best, log
}
