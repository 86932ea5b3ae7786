package design

import (
	"fmt"

	"github.com/golmm/golmm/lmm/formula"
)

// Error says why no design can be built from a formula and a table.
type Error struct {
	Code string // of the failure mode: "D3", "D8", "D9"; "" for others
	Src  string // the formula where a place in it is meant, else ""
	Off  int    // byte offset into Src
	Row  int    // row of the table, counted from 1; 0 where none is meant
	Msg  string
}

// Error returns the message and, where a place in the formula is meant, the
// formula with a caret under it.
func (e *Error) Error() string {
	if e.Src == "" {
		return "data: " + e.Msg
	}
	return "formula: " + e.Msg + "\n" + formula.Caret(e.Src, e.Off)
}

// errorAt is an error about a node of the formula.
func errorAt(src string, n formula.Node, format string, args ...any) *Error {
	return &Error{Src: src, Off: n.Off(), Msg: fmt.Sprintf(format, args...)}
}

func dataError(format string, args ...any) *Error {
	return &Error{Msg: fmt.Sprintf(format, args...)}
}

func rowError(row int, format string, args ...any) *Error {
	return &Error{Row: row, Msg: fmt.Sprintf(format, args...)}
}
