package table

import (
	"fmt"
	"strings"
)

// UnknownColumn says that a table has no column of a name.
type UnknownColumn struct {
	Name    string
	Nearest string   // what was probably meant, "" if nothing is near
	Names   []string // the columns that there are
}

func (e *UnknownColumn) Error() string {
	msg := fmt.Sprintf("there is no column %q", e.Name)
	if e.Nearest != "" {
		msg += fmt.Sprintf("; did you mean %q?", e.Nearest)
	} else {
		msg += "."
	}
	return msg + " The columns are " + listNames(e.Names, 12)
}

// listNames writes up to limit names, and how many more there are.
func listNames(names []string, limit int) string {
	if len(names) == 0 {
		return "(none)"
	}
	if len(names) <= limit {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:limit], ", "), len(names)-limit)
}
