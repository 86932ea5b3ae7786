package infer

import (
	"fmt"
	"maps"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/nearest"
)

// Row is a linear combination of the fixed effects: one weight for each of
// lmm.Model.FixedEffects, in that order, those without an estimate included.
type Row struct {
	Name    string
	Weights []float64
}

// Combination makes a row of weights by the names of the fixed effects; the
// others have weight 0. An unknown name is a *ContrastError.
func Combination(m *lmm.Model, name string, weights map[string]float64) (Row, error) {
	names := m.Frame().FullNames
	out := Row{Name: name, Weights: make([]float64, len(names))}
	for _, n := range slices.Sorted(maps.Keys(weights)) {
		at := slices.Index(names, n)
		if at < 0 {
			msg := fmt.Sprintf("there is no fixed effect %q; they are %s", n, list(names))
			if near := nearest.Name(n, names); near != "" {
				msg = fmt.Sprintf("there is no fixed effect %q; did you mean %q?", n, near)
			}
			return Row{}, &ContrastError{name, msg}
		}
		out.Weights[at] = weights[n]
	}
	return out, nil
}

// Contrasts estimates combinations of the fixed effects, each with its t test.
//
// Errors: *ContrastError for a row of the wrong length or one that the data
// cannot estimate; as Coefficients.
func Contrasts(m *lmm.Model, rows []Row, opt *Options) (*Estimates, error) {
	o, err := opt.filled()
	if err != nil {
		return nil, err
	}
	f, ls, err := hypothesis(m, rows, o.DF)
	if err != nil {
		return nil, err
	}
	out := f.estimates("Contrasts", o.Level)
	var names []string
	for i, l := range ls {
		names = append(names, rows[i].Name)
		out.Rows = append(out.Rows, f.estimate(rows[i].Name, l, dot(l, f.beta), o.Level))
	}
	out.Findings = f.disagreement(names, singly(ls))
	return out, nil
}

// Joint tests that all rows are 0, by one F test; rows that depend on others
// do not count. Errors: as Contrasts.
func Joint(m *lmm.Model, name string, rows []Row, opt *Options) (*FTest, error) {
	o, err := opt.filled()
	if err != nil {
		return nil, err
	}
	f, ls, err := hypothesis(m, rows, o.DF)
	if err != nil {
		return nil, err
	}
	out := f.many(ls)
	out.Name = name
	return &out, nil
}

func hypothesis(m *lmm.Model, rows []Row, d DF) (*fixed, [][]float64, error) {
	if len(rows) == 0 {
		return nil, nil, &ContrastError{Msg: fmt.Sprintf("there is no contrast; one has a weight for each of %s", list(m.Frame().FullNames))}
	}
	e, err := newEstimable(m)
	if err != nil {
		return nil, nil, err
	}
	ls := make([][]float64, len(rows))
	for i, r := range rows {
		if ls[i], err = e.row(r.Name, r.Weights); err != nil {
			return nil, nil, err
		}
	}
	f, err := newFixed(m, d)
	return f, ls, err
}
