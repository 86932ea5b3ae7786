package plots

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/design"
	"github.com/golmm/golmm/lmm/table"
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

// groupOf is what figures of the data group by: a term as termOf has it, the
// subjects of the structure of the residuals, or columns that Options.Group names,
// "school:child". What is no term has no coefficients.
func groupOf(m *lmm.Model, opt Options) (*design.Term, error) {
	t, err := termOf(m, opt)
	if err == nil {
		return t, nil
	}
	o := m.Occasions()
	if o != nil && (opt.Group == "" || opt.Group == o.Subject) {
		t = &design.Term{Group: o.Subject, Levels: o.Subjects}
		for _, j := range o.Of {
			t.Level = append(t.Level, int32(j))
		}
		return t, nil
	}
	if opt.Group == "" {
		return nil, &DataError{Reason: "the model has neither random effects nor subjects, so there is no grouping factor to draw by; name a column of the table with Options.Group"}
	}
	var columns []*table.Column
	for _, name := range strings.Split(opt.Group, ":") {
		c := m.Frame().Table().Column(name)
		if c == nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columnGroup(m, opt.Group, columns)
}

// columnGroup has the combinations of the values of columns as levels.
func columnGroup(m *lmm.Model, name string, columns []*table.Column) (*design.Term, error) {
	t := &design.Term{Group: name}
	index := make(map[string]int32)
	for _, r := range m.Frame().Rows {
		var parts []string
		for _, c := range columns {
			if c.Missing(r) {
				return nil, &DataError{Reason: fmt.Sprintf("the column %q has no value in row %d, so that its rows have no group", c.Name(), r+1)}
			}
			parts = append(parts, c.Text(r))
		}
		level := strings.Join(parts, ":")
		j, seen := index[level]
		if !seen {
			j = int32(len(t.Levels))
			index[level] = j
			t.Levels = append(t.Levels, level)
		}
		t.Level = append(t.Level, j)
	}
	return t, nil
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
	if o := m.Occasions(); o != nil && o.Time != "" {
		names = append(names, o.Time)
	}
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
