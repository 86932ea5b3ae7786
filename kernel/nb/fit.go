package nb

import (
	"errors"
	"fmt"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
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
		if len(opt) > 1 {
			return nil, fmt.Errorf("nb.Fit: %d sets of options; give one", len(opt))
		}
		tab, err := tableOf(data)
		if err != nil {
			return nil, err
		}
		var fitted *lmm.Model
		fitted, m.origin, err = cache.Fit(cache.Open(cache.FromEnvironment()), formula, tab, append(opt, nil)[0])
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

// shown is the summary, with a note where the fit came from the cache.
func (m *Model) shown() (any, error) {
	fitted, err := m.result()
	if err != nil {
		return nil, err
	}
	doc := summary.Of(fitted)
	quiet := cache.FromEnvironment().Quiet
	switch {
	case m.origin.Note != "":
		doc.Add(report.Note{Text: report.Words("Cache: " + m.origin.Note + ".")})
	case m.origin.Cached && !quiet:
		doc.Add(report.Note{Text: report.Words("From the cache: fitted on " + m.origin.Made.Format("2 January 2006 at 15:04") +
			". The estimates are the same; " + cache.ModeVariable + "=off fits anew.")})
	}
	return doc, nil
}
