// Package table holds data: named columns of one kind each, with missing
// values, and reads them from comma-separated values.
//
// A Column is a list of numbers (Float, Int, Bool), of strings (Text) or of
// levels (Factor, Ordered). A Table is a list of columns of equal length. Both
// are immutable: every change returns a new value, and columns are shared.
//
//	kind     missing value   Float(i)        Text(i)     Levels, Code
//	Float    NaN             the number      shortest    -
//	Int      MissingInt      the number      digits      -
//	Bool     from files      1, 0            TRUE FALSE  -
//	Text     ""              NaN             the string  -
//	Factor   code -1         NaN             the level   yes
//	Ordered  code -1         NaN             the level   yes
//
// Read column.go, factor.go and table.go for the values, then csv.go for the
// reading: sniff.go (what file is this), scan.go (records and fields), number.go
// and infer.go (fields to values), spelling.go (how numbers become text again).
package table
