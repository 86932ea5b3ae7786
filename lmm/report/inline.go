package report

import "strings"

// Style is the role of a piece of a line.
type Style int

const (
	Normal Style = iota
	Code         // a formula or a name, in fixed width
	Bold
	Number // a formatted number: HTML sets a true minus
)

// Span is a piece of a line in one style.
type Span struct {
	Text  string
	Style Style
}

// Inline is a line of text. Values are built by chaining:
//
//	report.Words("REML ").Number("1743.628")
//
// Each call returns a new value.
type Inline []Span

// Words starts a line with normal text.
func Words(s string) Inline { return Inline{{Text: s}} }

// Words appends normal text.
func (l Inline) Words(s string) Inline { return l.with(s, Normal) }

// Code appends a formula or a name in fixed width.
func (l Inline) Code(s string) Inline { return l.with(s, Code) }

// Bold appends text in bold.
func (l Inline) Bold(s string) Inline { return l.with(s, Bold) }

// Number appends a formatted number.
func (l Inline) Number(s string) Inline { return l.with(s, Number) }

func (l Inline) with(s string, style Style) Inline {
	if s == "" {
		return l
	}
	return append(l[:len(l):len(l)], Span{s, style})
}

// String returns the bare text.
func (l Inline) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}
