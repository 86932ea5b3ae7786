package nb

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/golmm/golmm/lmm/report"
)

// valueTable is a value of Go that is more than one number as a table: a struct
// by its fields, a map by its keys, a matrix by its rows. It is nil for others.
func valueTable(thing any) *report.Doc {
	switch m := thing.(type) {
	case [][]float64:
		if n := len(m); n > 0 && !slices.ContainsFunc(m, func(r []float64) bool { return len(r) != len(m[0]) }) {
			return matrixTable(n, len(m[0]), func(i, j int) float64 { return m[i][j] })
		}
	case interface {
		Dims() (r, c int)
		At(i, j int) float64
	}:
		r, c := m.Dims()
		return matrixTable(r, c, m.At)
	}
	v := reflect.ValueOf(thing)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	out := report.Table{Label: v.Type().Name(), Columns: []report.Column{{}, {Head: "value"}}}
	add := func(label string, value reflect.Value) {
		out.Rows = append(out.Rows, report.Row{Label: report.Words(label), Cells: []report.Cell{cellOf(value)}})
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				add(f.Name, v.Field(i))
			}
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, byContent)
		rows := min(len(keys), structRows)
		for _, k := range keys[:rows] {
			add(fmt.Sprint(k.Interface()), v.MapIndex(k))
		}
		if len(keys) > rows {
			out.Notes = append(out.Notes, report.Words(fmt.Sprintf("The first %d of %d.", rows, len(keys))))
		}
	}
	if len(out.Rows) == 0 {
		return nil
	}
	if slices.ContainsFunc(out.Rows, func(r report.Row) bool { return r.Cells[0].Text.String() == report.Missing }) {
		out.Notes = append(out.Notes, report.Words(report.Missing+": not a finite number."))
	}
	return (&report.Doc{Label: "Table"}).Add(out)
}

// byContent orders keys of a map: numbers by size, others by their text.
func byContent(a, b reflect.Value) int {
	switch {
	case a.CanInt() && b.CanInt():
		return cmpInt(a.Int(), b.Int())
	case a.CanFloat() && b.CanFloat() && a.Float() != b.Float():
		if a.Float() < b.Float() {
			return -1
		}
		return 1
	}
	return strings.Compare(fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface()))
}

func cmpInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// matrixColumns is how many columns of a matrix are shown.
const matrixColumns = 12

func matrixTable(rows, cols int, at func(i, j int) float64) *report.Doc {
	t := report.Table{Label: "Matrix", Columns: []report.Column{{}}}
	r, c := min(rows, structRows), min(cols, matrixColumns)
	digits := make([]report.Digits, c)
	for j := range c {
		column := make([]float64, r)
		for i := range column {
			column[i] = at(i, j)
		}
		digits[j] = decimals(column)
		t.Columns = append(t.Columns, report.Column{Head: strconv.Itoa(j + 1), Kind: report.Figure})
	}
	for i := range r {
		row := report.Row{Label: report.Inline{}.Number(strconv.Itoa(i + 1))}
		for j := range c {
			row.Cells = append(row.Cells, report.Num(digits[j].Format(at(i, j))))
		}
		t.Rows = append(t.Rows, row)
	}
	if r < rows || c < cols {
		t.Notes = append(t.Notes, report.Words(fmt.Sprintf("The first %d of %d rows and %d of %d columns.", r, rows, c, cols)))
	}
	return (&report.Doc{Label: "Matrix"}).Add(t)
}

// cellOf is a value in a cell of a table.
func cellOf(v reflect.Value) report.Cell {
	switch {
	case !v.IsValid() || v.Kind() == reflect.Interface && v.IsNil():
		return report.Cell{}
	case v.CanFloat() && (math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)):
		return report.Num(report.Missing)
	}
	return report.Say(brief(textOf(v)))
}

// textOf prints a value, of a long list the first elements; of numbers seven
// digits.
func textOf(v reflect.Value) string {
	const most = 20
	if v.Kind() == reflect.Slice && v.Len() > most {
		v = v.Slice(0, most)
	}
	t := v.Type()
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if t.Kind() == reflect.Float64 || t.Kind() == reflect.Float32 {
		if _, named := v.Interface().(fmt.Stringer); !named {
			return fmt.Sprintf("%.7g", v.Interface())
		}
	}
	return fmt.Sprint(v.Interface())
}

// numbers prints a list of numbers in lines, all of up to a thousand.
func numbers(x []float64) string {
	const most, width = 1000, 96
	var b strings.Builder
	line, undefined := 0, false
	for _, v := range x[:min(len(x), most)] {
		s := strconv.FormatFloat(v, 'g', 7, 64)
		if math.IsNaN(v) {
			s, undefined = report.Missing, true
		}
		switch {
		case line == 0:
		case line+1+len(s) > width:
			b.WriteString("\n")
			line = 0
		default:
			b.WriteString(" ")
			line++
		}
		b.WriteString(s)
		line += len(s)
	}
	if len(x) > most {
		fmt.Fprintf(&b, "\nThe first %d of %d numbers.", most, len(x))
	}
	if undefined {
		b.WriteString("\n" + report.Missing + ": not a number.")
	}
	return b.String()
}
