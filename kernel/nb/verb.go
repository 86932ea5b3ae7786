package nb

import (
	"errors"
	"fmt"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/report"
	"github.com/golmm/golmm/lmm/table"
)

// Fitted is what has a fitted model: what Fit returns, or a model.
type Fitted interface{ *Model | *lmm.Model }

// modelOf is the model of a fit.
func modelOf[M Fitted](fit M) (*lmm.Model, error) {
	switch f := any(fit).(type) {
	case *Model:
		if f != nil {
			return f.result()
		}
	case *lmm.Model:
		if f != nil {
			return f, nil
		}
	}
	return nil, errors.New("the model is nil; fit one with nb.Fit")
}

// modelsOf are the models of fits.
func modelsOf[M Fitted](fits []M) ([]*lmm.Model, error) {
	out := make([]*lmm.Model, len(fits))
	for i, f := range fits {
		var err error
		if out[i], err = modelOf(f); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// single is the one set of options of a verb, nil for none.
func single[O any](verb string, opt []*O) (*O, error) {
	if len(opt) > 1 {
		return nil, fmt.Errorf("nb.%s: %d sets of options; give one", verb, len(opt))
	}
	return append(opt, nil)[0], nil
}

// verb is what a verb of the library finds about a model, at its first use and
// from the cache where that took long before. The options and the other
// arguments, if any, are all that the result depends on beside the model.
func verb[M Fitted, O, T any](name string, fit M, opt []*O, run func(*lmm.Model, *O) (T, error), arguments ...any) *Value[T] {
	v := Later[T](nil)
	v.compute = func() (T, error) {
		var none T
		o, err := single(name, opt)
		if err != nil {
			return none, err
		}
		m, err := modelOf(fit)
		if err != nil {
			return none, err
		}
		value, from, err := remembered(name, []*lmm.Model{m}, append(arguments, o), func() (T, error) { return run(m, o) })
		v.origin = from
		return value, err
	}
	return v
}

// remembered is the result of run, from the cache where that took long before.
// Where an argument has no content to go by, such as a function, run is called.
func remembered[T any](verb string, models []*lmm.Model, arguments []any, run func() (T, error)) (T, cache.Origin, error) {
	store := cache.Open(cache.FromEnvironment())
	code := cache.Code()
	h := cache.NewHasher(verb, code)
	known := store.Dir() != "" && code != ""
	if known {
		for _, m := range models {
			known = known && h.Model(m)
		}
		for _, a := range arguments {
			if t, ok := a.(*table.Table); ok {
				h.Table(t)
			} else {
				known = known && h.Options(a)
			}
		}
	}
	if !known {
		value, err := run()
		return value, cache.Origin{Note: store.Note()}, err
	}
	about := make([]string, len(models))
	for i, m := range models {
		about[i] = m.Formula()
	}
	return cache.Do(store, h.Key(), verb+" of "+strings.Join(about, "; "), run)
}

// originNote says that a result came from the cache, or why it could not be
// kept; nil where there is nothing to say.
func originNote(from cache.Origin) report.Block {
	switch {
	case from.Note != "":
		return report.Note{Text: report.Words("Cache: " + from.Note + ".")}
	case from.Cached && !cache.FromEnvironment().Quiet:
		return report.Note{Text: report.Words("From the cache: computed on " + from.Made.Format("2 January 2006 at 15:04") +
			". The numbers are the same; " + cache.ModeVariable + "=off computes anew.")}
	}
	return nil
}
