package lmm

import (
	"fmt"
	"math"

	"github.com/golmm/golmm/lmm/design"
)

// Refit fits the same model to another response y, one value for each row in
// the model, in their order; an offset is part of y, as in Fit. The search
// starts from the estimates of m and from the moments of y.
//
// For a binomial model y holds proportions of the trials of each row.
//
// Errors: *ResponseError for a y that the family cannot have, *design.Error for a y of another length, with a value that is not a
// finite number, or constant; *suffstat.SaturatedError if the fixed effects
// reproduce it.
func (m *Model) Refit(y []float64) (*Model, error) {
	if err := m.checkResponse(y); err != nil {
		return nil, err
	}
	src, err := m.source.exchange(y)
	if err != nil {
		return nil, err
	}
	d := *m.design
	d.Y = append([]float64(nil), y...)
	return fit(&d, src, m.opt, m.found.Point)
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
