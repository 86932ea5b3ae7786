package design

import (
	"strconv"
	"strings"
)

// listText lists names in a message, the middle of a long list left out.
func listText(names []string) string {
	const shown = 8
	if len(names) > shown+1 {
		return strings.Join(names[:shown-1], ", ") + " ... " + names[len(names)-1] +
			" (" + strconv.Itoa(len(names)) + " in all)"
	}
	return strings.Join(names, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
