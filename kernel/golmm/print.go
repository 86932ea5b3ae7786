package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/golmm/golmm/lmm/report"
)

// documented is a result with both its forms.
type documented interface{ Document() *report.Doc }

// printed writes a result as text or as JSON.
func printed(w io.Writer, asJSON bool, x documented) error {
	if !asJSON {
		_, err := io.WriteString(w, x.Document().Text())
		return err
	}
	b, err := json.MarshalIndent(x, "", "  ")
	if err == nil {
		_, err = fmt.Fprintf(w, "%s\n", b)
	}
	return err
}
