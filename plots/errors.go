package plots

import (
	"fmt"
	"strings"
)

// FormatError is a file name that names no format a figure can be written in.
type FormatError struct {
	Path, Ext string
}

func (e *FormatError) Error() string {
	if e.Ext == "" {
		return fmt.Sprintf("plots: the file name %q has no extension; a figure is written as .svg, .png or .pdf", e.Path)
	}
	return fmt.Sprintf("plots: cannot write %q: a figure is written as .svg, .png or .pdf", e.Path)
}

// OptionError is an option that names something the model does not have.
type OptionError struct {
	Option string   // the field of Options
	Value  string   // what it says
	Known  []string // what it could say
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("plots: Options.%s is %q; the model has %s", e.Option, e.Value, strings.Join(e.Known, ", "))
}

// DataError is a model whose random effects cannot be drawn.
type DataError struct {
	Group  string // the grouping factor, "" where the model as a whole is meant
	Reason string
}

func (e *DataError) Error() string {
	if e.Group == "" {
		return "plots: " + e.Reason
	}
	return fmt.Sprintf("plots: the conditional modes of %s cannot be drawn: %s", e.Group, e.Reason)
}
