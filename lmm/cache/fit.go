package cache

import (
	"reflect"
	"time"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/table"
)

// FitKey is the key of a fit: the code, the formula, the options and the whole
// table.
func FitKey(formula string, tab *table.Table, opt *lmm.Options) Key {
	var own lmm.Options
	if opt != nil {
		own = *opt
	}
	own.Saved = nil
	h := NewHasher("fit", Code()).Text(formula)
	h.Options(own)
	return h.Table(tab).Key()
}

// Fit is lmm.Fit with the search taken from the store where it was done before.
// The model is the same to the bit. A search that does not belong to the data
// is done again and replaced. Options.Saved is not read.
func Fit(s *Store, formula string, tab *table.Table, opt *lmm.Options) (*lmm.Model, Origin, error) {
	var options lmm.Options
	if opt != nil {
		options = *opt
	}
	options.Saved = nil
	if s.dir == "" || tab == nil || Code() == "" {
		start := time.Now()
		m, err := lmm.Fit(formula, tab, &options)
		return m, Origin{Took: time.Since(start), Note: s.note}, err
	}
	key := FitKey(formula, tab, &options)
	saved := new(lmm.Saved)
	h, found := load(s, key, saved)
	if found {
		options.Saved = saved
	}
	start := time.Now()
	m, err := lmm.Fit(formula, tab, &options)
	from := Origin{Took: time.Since(start)}
	if err != nil {
		return nil, from, err
	}
	search := m.Save()
	if found && search != nil && search.Criterion == saved.Criterion && reflect.DeepEqual(search.Point, saved.Point) {
		return m, Origin{Cached: true, Made: h.Made, Took: h.Took}, nil
	}
	if search != nil {
		from.Note = keep(s, key, formula, from.Took, *search)
	}
	return m, from, nil
}
