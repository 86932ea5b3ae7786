package plots

import (
	"fmt"
	"slices"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
)

// termOf is the first term of the grouping factor that the options name, of the
// model without one.
func termOf(m *lmm.Model, opt Options) (*design.Term, error) {
	d := m.Frame()
	var known []string
	for i := range d.Terms {
		t := &d.Terms[i]
		if opt.Group == "" || opt.Group == t.Group {
			return t, nil
		}
		if !slices.Contains(known, t.Group) {
			known = append(known, t.Group)
		}
	}
	if len(known) == 0 {
		return nil, &DataError{Reason: "the model has no random effects, so there is no grouping factor to draw by"}
	}
	return nil, &OptionError{Option: "Group", Value: opt.Group, Known: known}
}

// covariateOf is the column for the x axis: Options.X or, without it, the first
// covariate of the term, then of the fixed effects, that varies within the
// levels of the grouping factor.
func covariateOf(m *lmm.Model, t *design.Term, opt Options) (string, error) {
	d := m.Frame()
	if opt.X != "" {
		col, err := d.Table().Lookup(opt.X)
		if err == nil && !col.Kind().Numeric() {
			err = &DataError{Reason: fmt.Sprintf("the column %q has no numbers to draw over", opt.X)}
		}
		return opt.X, err
	}
	names := slices.Clone(t.Names)
	for _, term := range d.Formula.Fixed {
		for _, v := range term.Vars {
			used, _ := design.Columns(v)
			names = append(names, used...)
		}
	}
	for _, name := range names {
		if x, err := columnValues(m, name); err == nil && varies(x, t) {
			return name, nil
		}
	}
	return "", &DataError{Reason: fmt.Sprintf("no covariate of the model varies within the levels of %s; name a column of the table with Options.X", t.Group)}
}

// columnValues are the numbers of a column of the table, row by row of the
// model.
func columnValues(m *lmm.Model, name string) ([]float64, error) {
	d := m.Frame()
	col, err := d.Table().Lookup(name)
	if err != nil {
		return nil, err
	}
	x := make([]float64, len(d.Rows))
	for i, r := range d.Rows {
		x[i] = col.Float(r)
	}
	if !col.Kind().Numeric() || !slices.ContainsFunc(x, drawable) {
		return nil, &DataError{Reason: fmt.Sprintf("the column %q has no numbers to draw over", name)}
	}
	return x, nil
}

// varies says whether x differs within a level.
func varies(x []float64, t *design.Term) bool {
	first := make(map[int32]float64, len(t.Levels))
	for i, l := range t.Level {
		switch v, seen := first[l]; {
		case !seen:
			first[l] = x[i]
		case v != x[i]:
			return true
		}
	}
	return false
}
