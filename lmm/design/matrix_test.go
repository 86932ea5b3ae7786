package design

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/golmm/golmm/lmm/table"
)

// matrices is testdata/matrix.json.gz, written by matrix.R.
type matrices struct {
	Data, New map[string][]any
	Matrices  []struct {
		Formula        string
		Contrasts      map[string]string
		Names, Dropped []string
		Rank           int
		X, New         [][]float64
	}
}

func readMatrices(t *testing.T) *matrices {
	t.Helper()
	f, err := os.Open("testdata/matrix.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var m matrices
	if err := json.NewDecoder(z).Decode(&m); err != nil {
		t.Fatal(err)
	}
	return &m
}

// jsonTable makes a table of columns of numbers, texts and booleans with null
// for a missing value. The column o is ordered.
func jsonTable(t *testing.T, columns map[string][]any) *table.Table {
	t.Helper()
	var cols []*table.Column
	for name, values := range columns {
		var col *table.Column
		switch values[0].(type) {
		case string:
			texts := make([]string, len(values))
			for i, v := range values {
				texts[i], _ = v.(string)
			}
			col = table.NewTexts(name, texts)
		case bool:
			flags := make([]bool, len(values))
			for i, v := range values {
				flags[i] = v.(bool)
			}
			col = table.NewBools(name, flags)
		default:
			numbers := make([]float64, len(values))
			for i, v := range values {
				numbers[i] = math.NaN()
				if x, ok := v.(float64); ok {
					numbers[i] = x
				}
			}
			col = table.NewFloats(name, numbers)
		}
		if name == "o" {
			var err error
			if col, err = col.AsOrdered([]string{"low", "mid", "high", "top"}); err != nil {
				t.Fatal(err)
			}
		}
		cols = append(cols, col)
	}
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// Columns, their names, the ones that are dropped, and the columns of new rows
// are R's. R's numbers have 15 digits; splines and polynomials of degree 7 lose
// two or three of them, on both sides.
func TestMatricesAsInR(t *testing.T) {
	const tolerance = 1e-11
	m := readMatrices(t)
	data, fresh := jsonTable(t, m.Data), jsonTable(t, m.New)
	for _, ref := range m.Matrices {
		d := build(t, "y ~ ("+ref.Formula+") + (1 | p)", data, &Options{Contrasts: ref.Contrasts})
		if diff := cmp.Diff(ref.Names, d.FullNames); diff != "" {
			t.Errorf("%s: names (-R +golmm)\n%s", ref.Formula, diff)
			continue
		}
		if len(ref.Dropped) != len(d.Aliased) || len(ref.Dropped) > 0 && cmp.Diff(ref.Dropped, d.Aliased) != "" {
			t.Errorf("%s: dropped %v, R drops %v", ref.Formula, d.Aliased, ref.Dropped)
			continue
		}
		compareKept(t, ref.Formula, ref.X, &d.X, d.recipe.keep, tolerance)
		rows, err := d.NewData(fresh)
		if err != nil {
			t.Errorf("%s: %v", ref.Formula, err)
			continue
		}
		compareKept(t, ref.Formula+" in new rows", ref.New, &rows.X, d.recipe.keep, tolerance)
	}
}

// compareKept compares the kept columns of R's matrix with ours, relative to
// the largest entry of each column.
func compareKept(t *testing.T, what string, want [][]float64, got *Matrix, keep []bool, tolerance float64) {
	t.Helper()
	if len(want) != got.Rows {
		t.Errorf("%s: %d rows, R has %d", what, got.Rows, len(want))
		return
	}
	at := 0
	for j, k := range keep {
		if !k {
			continue
		}
		large := 0.0
		for i := range want {
			large = math.Max(large, math.Abs(want[i][j]))
		}
		for i := range want {
			if d := math.Abs(want[i][j] - got.At(i, at)); !(d <= tolerance*large) {
				t.Errorf("%s: row %d, column %d is %.15g, R has %.15g", what, i, j, got.At(i, at), want[i][j])
				return
			}
		}
		at++
	}
}
