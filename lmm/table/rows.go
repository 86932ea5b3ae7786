package table

import (
	"fmt"
	"math"
)

// Row is one row of a table, as a condition of Where sees it.
type Row struct {
	t   *Table
	i   int
	err *error // of the first name asked for that the table does not have
}

// Index returns the number of the row, the first being 0.
func (r Row) Index() int { return r.i }

// Float returns the value of a column as a number, by the rules of
// Column.Float.
func (r Row) Float(column string) float64 {
	if c := r.column(column); c != nil {
		return c.Float(r.i)
	}
	return math.NaN()
}

// Text returns the value of a column as text, "" where it is missing.
func (r Row) Text(column string) string {
	if c := r.column(column); c != nil {
		return c.Text(r.i)
	}
	return ""
}

// Missing reports whether the value of a column is missing.
func (r Row) Missing(column string) bool {
	c := r.column(column)
	return c == nil || c.Missing(r.i)
}

func (r Row) column(name string) *Column {
	c, err := r.t.Lookup(name)
	if err != nil && *r.err == nil {
		*r.err = err
	}
	return c
}

// Where returns the rows for which keep is true, in order. Factors keep all
// their levels. A column name that keep asks for and the table does not have is
// an *UnknownColumn.
func (t *Table) Where(keep func(Row) bool) (*Table, error) {
	var rows []int
	var err error
	for i := range t.rows {
		if keep(Row{t, i, &err}) {
			rows = append(rows, i)
		}
		if err != nil {
			return nil, err
		}
	}
	return t.Take(rows), nil
}

// Mask returns the rows for which keep is true, in order. The length of keep
// must be the number of rows.
func (t *Table) Mask(keep []bool) *Table {
	if len(keep) != t.rows {
		panic(fmt.Sprintf("table: mask of length %d for %d rows", len(keep), t.rows))
	}
	var rows []int
	for i, k := range keep {
		if k {
			rows = append(rows, i)
		}
	}
	return t.Take(rows)
}

// Take returns the given rows, numbered from 0, in the order given; a row can
// occur more than once. A row number out of range panics.
func (t *Table) Take(rows []int) *Table {
	for _, r := range rows {
		if r < 0 || r >= t.rows {
			panic(fmt.Sprintf("table: row %d of a table with %d rows", r, t.rows))
		}
	}
	u := &Table{cols: make([]*Column, len(t.cols)), index: t.index, rows: len(rows), notes: t.notes}
	for j, c := range t.cols {
		u.cols[j] = c.take(rows)
	}
	return u
}
