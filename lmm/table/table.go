package table

import (
	"fmt"
	"slices"

	"github.com/golmm/golmm/lmm/nearest"
)

// Table is a list of columns of equal length with distinct names. It does not
// change once made.
type Table struct {
	cols  []*Column
	index map[string]int
	rows  int
	notes []string
}

// New makes a table of columns. Columns of different lengths, without a name
// or of the same name are errors.
func New(cols ...*Column) (*Table, error) {
	t := &Table{cols: slices.Clone(cols), index: make(map[string]int, len(cols))}
	for j, c := range cols {
		if j == 0 {
			t.rows = c.Len()
		}
		if c.name == "" {
			return nil, fmt.Errorf("column %d has no name", j+1)
		}
		if k, dup := t.index[c.name]; dup {
			return nil, fmt.Errorf("columns %d and %d are both named %q", k+1, j+1, c.name)
		}
		if c.Len() != t.rows {
			return nil, fmt.Errorf("column %s has %d rows, column %s has %d; all columns of a table are equally long",
				c.name, c.Len(), cols[0].name, t.rows)
		}
		t.index[c.name] = j
	}
	return t, nil
}

// Rows returns the number of rows.
func (t *Table) Rows() int { return t.rows }

// Names returns the names of the columns in order, in a new slice.
func (t *Table) Names() []string {
	names := make([]string, len(t.cols))
	for j, c := range t.cols {
		names[j] = c.name
	}
	return names
}

// Column returns the column of that name, nil if there is none.
func (t *Table) Column(name string) *Column {
	if j, ok := t.index[name]; ok {
		return t.cols[j]
	}
	return nil
}

// Lookup returns the column of that name, or an *UnknownColumn that carries
// the nearest name.
func (t *Table) Lookup(name string) (*Column, error) {
	if c := t.Column(name); c != nil {
		return c, nil
	}
	names := t.Names()
	return nil, &UnknownColumn{Name: name, Nearest: nearest.Name(name, names), Names: names}
}

// Columns returns the columns in order, in a new slice.
func (t *Table) Columns() []*Column { return slices.Clone(t.cols) }

// With returns the table with the column added at the end, or in place of the
// column of the same name.
func (t *Table) With(col *Column) (*Table, error) {
	cols := slices.Clone(t.cols)
	if j, ok := t.index[col.name]; ok {
		cols[j] = col
	} else {
		cols = append(cols, col)
	}
	return t.withColumns(cols)
}

// Select returns the table with only the named columns, in the order given. A
// name that the table does not have is an *UnknownColumn.
func (t *Table) Select(names ...string) (*Table, error) {
	cols := make([]*Column, len(names))
	for j, name := range names {
		c, err := t.Lookup(name)
		if err != nil {
			return nil, err
		}
		cols[j] = c
	}
	return t.withColumns(cols)
}

func (t *Table) withColumns(cols []*Column) (*Table, error) {
	u, err := New(cols...)
	if err != nil {
		return nil, err
	}
	u.notes = t.notes
	return u, nil
}

// Notes says what a reader of the data should know about how the table was
// read: notes on the table, then those of its columns, each with the name.
func (t *Table) Notes() []string {
	notes := slices.Clone(t.notes)
	for _, c := range t.cols {
		if c.note != "" {
			notes = append(notes, fmt.Sprintf("column %s: %s", c.name, c.note))
		}
	}
	return notes
}
