package nb

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/golmm/golmm/lmm/report"
)

// structRows is how many rows of a slice of structs are shown.
const structRows = 50

// structTable is a slice of structs, or of pointers to them, as a table: a row
// for each element, a column for each exported field. It is nil for any other
// value, and for structs that print themselves or have no such field.
func structTable(thing any) *report.Doc {
	slice := reflect.ValueOf(thing)
	if slice.Kind() != reflect.Slice && slice.Kind() != reflect.Array {
		return nil
	}
	elem := slice.Type().Elem()
	if elem.Implements(reflect.TypeFor[fmt.Stringer]()) {
		return nil
	}
	if elem.Kind() == reflect.Pointer {
		elem = elem.Elem()
	}
	if elem.Kind() != reflect.Struct {
		return nil
	}
	rows := min(slice.Len(), structRows)
	out := report.Table{Label: elem.Name(), Columns: []report.Column{{Head: "row", Kind: report.Figure}}}
	for i := range rows {
		out.Rows = append(out.Rows, report.Row{Label: report.Inline{}.Number(strconv.Itoa(i + 1))})
	}
	for f := range elem.NumField() {
		if field := elem.Field(f); field.IsExported() {
			addField(&out, slice, f, field)
		}
	}
	if len(out.Columns) == 1 {
		return nil
	}
	if slice.Len() == 0 {
		out.Notes = append(out.Notes, report.Words("There are no rows."))
	}
	if more := slice.Len() - rows; more > 0 {
		out.Notes = append(out.Notes, report.Words(fmt.Sprintf("The first %d of %d rows.", rows, slice.Len())))
	}
	return (&report.Doc{Label: "Table"}).Add(out)
}

// addField appends the column of field f.
func addField(out *report.Table, slice reflect.Value, f int, field reflect.StructField) {
	column := report.Column{Head: field.Name}
	kind := field.Type.Kind()
	isFloat := kind == reflect.Float64 || kind == reflect.Float32
	if isFloat || kind >= reflect.Int && kind <= reflect.Uint64 {
		column.Kind = report.Figure
	}
	values := make([]reflect.Value, len(out.Rows))
	var floats []float64
	for i := range values {
		row := slice.Index(i)
		if row.Kind() == reflect.Pointer {
			row = row.Elem() // invalid for nil
		}
		if row.IsValid() {
			values[i] = row.Field(f)
			if isFloat {
				floats = append(floats, values[i].Float())
			}
		}
	}
	digits := decimals(floats)
	undefined := false
	for i, v := range values {
		cell := report.Cell{}
		switch {
		case !v.IsValid():
		case isFloat:
			undefined = undefined || math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)
			cell = report.Num(digits.Format(v.Float()))
		case column.Kind == report.Figure:
			cell = report.Num(fmt.Sprint(v.Interface()))
		default:
			cell = cellOf(v)
		}
		out.Rows[i].Cells = append(out.Rows[i].Cells, cell)
	}
	out.Columns = append(out.Columns, column)
	if undefined {
		out.Notes = append(out.Notes, report.Words(report.Missing+" in "+field.Name+": not defined, or not identified."))
	}
}

// decimals are those at which the number nearest to 0 shows four digits, at
// most six; fewer where that is all there is.
func decimals(x []float64) report.Digits {
	least, exact := math.Inf(1), 0
	for _, v := range x {
		if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		least = min(least, math.Abs(v))
		for exact < 6 && math.Abs(v*math.Pow10(exact)-math.Round(v*math.Pow10(exact))) > 1e-9*math.Abs(v*math.Pow10(exact)) {
			exact++
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return report.Digits(min(exact, max(0, min(6, 3-int(math.Floor(math.Log10(least)))))))
}

// brief cuts what would fill a page.
func brief(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most-3]) + "..."
	}
	return s
}
