package table

import (
	"fmt"
	"strings"
)

// CSVError says what is wrong with a file of comma-separated values and where.
type CSVError struct {
	File   string // as given to ReadCSVFile, "" for a reader
	Line   int    // first line is 1; 0 where the whole file is meant
	Column int    // character of the line, first is 1; 0 where the whole line is meant
	Msg    string // what was seen and what it means
	Try    string // what to do about it, "" where Msg says it
	Err    error  // the cause, where there is one
}

// Error writes "file:line:column: what; try: what to do".
func (e *CSVError) Error() string {
	var b strings.Builder
	name := e.File
	if name == "" {
		name = "CSV"
	}
	b.WriteString(name)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	b.WriteString(": " + e.Msg)
	if e.Try != "" {
		b.WriteString("; try: " + e.Try)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *CSVError) Unwrap() error { return e.Err }
