package table

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

// result is a database whose every query gives the same rows.
type result struct {
	names []string
	rows  [][]driver.Value
	err   error // after the rows
	next  int
}

func (r *result) Connect(context.Context) (driver.Conn, error) { return r, nil }
func (r *result) Driver() driver.Driver                        { return nil }
func (r *result) Prepare(string) (driver.Stmt, error)          { return r, nil }
func (r *result) Begin() (driver.Tx, error)                    { return nil, errors.New("no transactions") }
func (r *result) Close() error                                 { return nil }
func (r *result) NumInput() int                                { return 0 }
func (r *result) Exec([]driver.Value) (driver.Result, error)   { return nil, errors.New("no changes") }
func (r *result) Query([]driver.Value) (driver.Rows, error)    { return r, nil }
func (r *result) Columns() []string                            { return r.names }

func (r *result) Next(dest []driver.Value) error {
	if r.next == len(r.rows) {
		if r.err != nil {
			return r.err
		}
		return io.EOF
	}
	copy(dest, r.rows[r.next])
	r.next++
	return nil
}

func query(t *testing.T, r *result) (*Table, error) {
	t.Helper()
	db := sql.OpenDB(r)
	defer db.Close()
	rows, err := db.Query("SELECT")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	return FromSQL(rows)
}

func TestFromSQL(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	midnight := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	tab, err := query(t, &result{
		names: []string{"int", "double", "bool", "text", "bytes", "time", "nothing", "mixed"},
		rows: [][]driver.Value{
			{int64(7), 3.0, true, "308", []byte("1.50"), noon, nil, 2.5},
			{nil, math.NaN(), nil, "", []byte("2"), midnight, nil, "NA"},
			{int64(-1), 0.1, false, "NA", nil, nil, nil, int64(3)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		kind Kind
		want string
	}{
		{"int", Int, "7 NA -1"},
		{"double", Float, "3 NA 0.1"},
		{"bool", Bool, "TRUE NA FALSE"},
		{"text", Text, "308 NA NA"},
		{"bytes", Float, "1.5 2 NA"},
		{"time", Text, "2026-03-01T12:00:00Z 2026-03-02 NA"},
		{"nothing", Float, "NA NA NA"},
		{"mixed", Text, "2.5 NA 3"},
	} {
		c := tab.Column(test.name)
		if got := strings.Join(texts(c), " "); c.Kind() != test.kind || got != test.want {
			t.Errorf("%s: %v %s, want %v %s", test.name, c.Kind(), got, test.kind, test.want)
		}
	}
	if tab.Column("text").Missing(2) {
		t.Error("the text NA of a database is missing")
	}
}

func TestFromSQLErrors(t *testing.T) {
	broken := errors.New("connection lost")
	if _, err := query(t, &result{names: []string{"a"}, rows: [][]driver.Value{{int64(1)}}, err: broken}); !errors.Is(err, broken) {
		t.Errorf("a broken query gives %v", err)
	}
	if _, err := query(t, &result{names: []string{"a", "a"}}); err == nil {
		t.Error("two columns of the same name give no error")
	}
	if tab, err := query(t, &result{names: []string{"a"}}); err != nil || tab.Rows() != 0 {
		t.Errorf("no rows: %v", err)
	}
}
