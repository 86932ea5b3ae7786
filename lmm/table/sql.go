package table

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// SQLRows is the part of *sql.Rows that FromSQL needs. It is named here so
// that a program without a database does not link database/sql.
type SQLRows interface {
	Columns() ([]string, error)
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// FromSQL reads the result of a query to its end; the caller closes it. NULL and
// the empty string are missing. Integers make Int, floating-point numbers
// Float, booleans Bool, strings Text, times Text (a date, or RFC 3339). Bytes,
// which some drivers send for every value, are read as a bare field of CSV is.
func FromSQL(rows SQLRows) (*Table, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("names of the columns of the query: %w", err)
	}
	builders, err := newBuilders(names, &CSVOptions{Decimal: '.'})
	if err != nil {
		return nil, err
	}
	values := make([]any, len(names))
	dest := make([]any, len(names))
	for j := range values {
		dest[j] = &values[j]
	}
	for row := 1; rows.Next(); row++ {
		if err := rows.Scan(dest...); err != nil {
			return nil, fmt.Errorf("row %d of the query: %w", row, err)
		}
		for j, v := range values {
			builders[j].addValue(v, row)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("the query stopped: %w", err)
	}
	cols := make([]*Column, len(builders))
	for j, b := range builders {
		c, err := b.column()
		if err != nil {
			return nil, err
		}
		cols[j] = c
	}
	return New(cols...)
}

// addValue takes the next value as a database driver gives it. Only NULL, NaN
// and the empty string are missing: a database needs no NA.
func (b *builder) addValue(v any, row int) {
	switch v := v.(type) {
	case nil:
		b.addMissing()
	case int64:
		b.add(strconv.AppendInt(nil, v, 10), false, row)
	case float64:
		if math.IsNaN(v) {
			b.addMissing()
			return
		}
		text := []byte(formatFloat(v))
		b.addNumber(number{form: floatForm, f: v, style: parseNumber(text, '.').style}, text, row)
	case []byte:
		b.add(v, false, row)
	case bool:
		b.bare = true
		b.addLabel([]byte(boolDict()[boolIndex(v)]))
	case time.Time:
		b.addString(v.Format(timeLayout(v)))
	default:
		b.addString(fmt.Sprint(v))
	}
}

func (b *builder) addString(s string) {
	if s == "" {
		b.addMissing()
		return
	}
	b.addLabel([]byte(s))
}

// timeLayout writes midnight as a date.
func timeLayout(t time.Time) string {
	if h, m, s := t.Clock(); h+m+s+t.Nanosecond() == 0 {
		return time.DateOnly
	}
	return time.RFC3339
}

func boolIndex(v bool) int {
	if v {
		return 1
	}
	return 0
}
