package nb

import (
	"errors"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/certify"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/summary"
	"github.com/golmm/golmm/lmm/table"
)

// Show and the figures must know a model when they see one.
var _ summary.Model = (*Model)(nil)

// Frame is what has data: what Data returns, or a table.
type Frame interface{ *Table | *table.Table }

// Fit fits a model, as lmm.Fit does, at its first use; nil or no options are
// the defaults. Where the model cannot be fitted, its use stops the cell. A fit
// that took long comes from the cache the next time; see package cache.
func Fit[F Frame](formula string, data F, opt ...*lmm.Options) *Model {
	m := new(Model)
	m.declared = caller()
	m.compute = func() (*lmm.Model, error) {
		o, err := single("Fit", opt)
		if err != nil {
			return nil, err
		}
		tab, err := tableOf(data)
		if err != nil {
			return nil, err
		}
		var fitted *lmm.Model
		fitted, m.origin, err = cache.Fit(cache.Open(cache.FromEnvironment()), formula, tab, o)
		return fitted, err
	}
	return m
}

// tableOf is the table of a frame.
func tableOf[F Frame](data F) (*table.Table, error) {
	switch d := any(data).(type) {
	case *Table:
		if d != nil {
			return d.result()
		}
	case *table.Table:
		if d != nil {
			return d, nil
		}
	}
	return nil, errors.New("the table is nil; read one with nb.Data")
}

// shown is the summary; where not all is well it says where to look further.
func (m *Model) shown() (any, error) {
	x, err := m.Value.shown()
	if err != nil {
		return nil, err
	}
	if v := m.value.Verdict(); v.Convergence == certify.Converged && v.Place == certify.Interior {
		return x, nil
	}
	return documentOf(x).Add(report.Note{Text: report.Words("Why, and what each way out does: ").
		Code("nb.Diagnose(m, &diagnose.Options{Try: true})").Words(".")}), nil
}
