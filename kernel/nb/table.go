package nb

import "github.com/golmm/golmm/lmm/table"

// Table is a *table.Table that is read at its first use. It has the same
// methods; those that make a new table are done at first use too, and where
// they fail, the use stops the cell. Get returns the table itself.
type Table struct {
	Value[*table.Table]
}

// laterTable is the table that compute returns.
func laterTable(compute func() (*table.Table, error)) *Table {
	t := new(Table)
	t.declared, t.compute = caller(), compute
	return t
}

// then is a table made of this one.
func (t *Table) then(f func(*table.Table) (*table.Table, error)) *Table {
	return laterTable(func() (*table.Table, error) {
		tab, err := t.result()
		if err != nil {
			return nil, err
		}
		return f(tab)
	})
}

// Column is table.Table.Column, but an unknown name stops the cell.
func (t *Table) Column(name string) *table.Column { return Must(t.Get().Lookup(name)) }

// Columns is table.Table.Columns.
func (t *Table) Columns() []*table.Column { return t.Get().Columns() }

// Lookup is table.Table.Lookup.
func (t *Table) Lookup(name string) (*table.Column, error) { return t.Get().Lookup(name) }

// Names is table.Table.Names.
func (t *Table) Names() []string { return t.Get().Names() }

// Notes is table.Table.Notes.
func (t *Table) Notes() []string { return t.Get().Notes() }

// Rows is table.Table.Rows.
func (t *Table) Rows() int { return t.Get().Rows() }

// String is table.Table.String.
func (t *Table) String() string { return t.Get().String() }

// Mask is table.Table.Mask.
func (t *Table) Mask(keep []bool) *Table {
	return t.then(func(tab *table.Table) (*table.Table, error) { return tab.Mask(keep), nil })
}

// Select is table.Table.Select.
func (t *Table) Select(names ...string) *Table {
	return t.then(func(tab *table.Table) (*table.Table, error) { return tab.Select(names...) })
}

// Take is table.Table.Take.
func (t *Table) Take(rows []int) *Table {
	return t.then(func(tab *table.Table) (*table.Table, error) { return tab.Take(rows), nil })
}

// Where is table.Table.Where.
func (t *Table) Where(keep func(table.Row) bool) *Table {
	return t.then(func(tab *table.Table) (*table.Table, error) { return tab.Where(keep) })
}

// With is table.Table.With.
func (t *Table) With(col *table.Column) *Table {
	return t.then(func(tab *table.Table) (*table.Table, error) { return tab.With(col) })
}
