package table

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/golmm/golmm/lmm/nearest"
)

// CSVOptions says how a file is written. The zero value is the default of
// every field.
type CSVOptions struct {
	// Delimiter stands between fields. 0: a tab in files named .tsv or .tab,
	// otherwise that of comma, semicolon and tab which the header has most of.
	Delimiter byte
	// Decimal is the decimal mark, '.' or ','. 0: '.'.
	Decimal byte
	// Missing lists texts that stand for a missing value, besides the empty
	// field, NA, NaN and nan. They count in quotes, too.
	Missing []string
	// Kinds sets the kind of columns by name; the others are found from their
	// fields. A field that does not fit is an error. A column of kind Text,
	// Factor or Ordered keeps its numbers as they are written.
	Kinds map[string]Kind
	// Names are the names of the columns of a file without a header line.
	Names []string
}

// ReadCSV reads a table of comma-separated values (RFC 4180), plain or
// compressed with gzip, UTF-8 with or without a byte-order mark. The first line
// names the columns. Spaces around fields without quotes do not count; blank
// lines are skipped.
//
// The kind of a column is found from its values:
//
//   - all of them in quotes: Text, whatever they are. Thus a program that
//     writes numbers bare and labels in quotes keeps "308" a label. Only where
//     every column of the file is in quotes do they say nothing, and numbers
//     in them are numbers.
//   - whole numbers of 64 bits: Int; other numbers, Inf: Float; longer
//     whole numbers, which a Float could not tell apart: Text
//   - TRUE FALSE True False true false T F: Bool; but only T or only F: Text
//   - anything else: Text
//
// What is wrong with the text is a *CSVError with the line and the character.
// What is only curious is in the Notes of the table.
func ReadCSV(r io.Reader, opt *CSVOptions) (*Table, error) {
	return readCSV(r, opt, 0)
}

func readCSV(r io.Reader, opt *CSVOptions, guess byte) (*Table, error) {
	o := CSVOptions{}
	if opt != nil {
		o = *opt
	}
	s, err := open(r, &o, guess)
	if err != nil {
		return nil, err
	}
	names, err := header(s, &o)
	if err != nil {
		return nil, err
	}
	builders, err := newBuilders(names, &o)
	if err != nil {
		return nil, err
	}
	headerLine := s.line
	if err := readRows(s, names, builders, o.Names != nil); err != nil {
		return nil, err
	}
	return finish(builders, headerLine)
}

// header returns the names of the columns. The first name can be empty: the
// column may hold row numbers.
func header(s *scanner, o *CSVOptions) ([]string, error) {
	err := s.next()
	if errors.Is(err, io.EOF) {
		return nil, &CSVError{Msg: "the file is empty", Try: "check that the export was complete"}
	}
	if err != nil {
		return nil, err
	}
	if o.Names != nil {
		return o.Names, checkNames(o.Names)
	}
	names := make([]string, len(s.fields))
	seen := map[string]int{}
	for j, f := range s.fields {
		names[j] = string(f.text)
		if names[j] == "" && (j > 0 || len(names) == 1) {
			return nil, s.errorAt(f.at, fmt.Sprintf("column %d has no name in the header", j+1),
				"name it, or remove the delimiter if there is no such column")
		}
		if k, dup := seen[names[j]]; dup {
			return nil, s.errorAt(f.at, fmt.Sprintf("columns %d and %d are both named %q", k+1, j+1, names[j]),
				"give each column a name of its own")
		}
		seen[names[j]] = j
	}
	return names, nil
}

func checkNames(names []string) error {
	for j, name := range names {
		if name == "" {
			return fmt.Errorf("CSVOptions.Names: name %d is empty", j+1)
		}
		if slices.Contains(names[:j], name) {
			return fmt.Errorf("CSVOptions.Names: %q is listed twice", name)
		}
	}
	return nil
}

func newBuilders(names []string, o *CSVOptions) ([]*builder, error) {
	known := make(map[string]bool, len(names))
	for _, name := range names {
		known[name] = true
	}
	for name := range o.Kinds {
		if !known[name] {
			return nil, fmt.Errorf("CSVOptions.Kinds: %w", &UnknownColumn{Name: name, Nearest: nearest.Name(name, names), Names: names})
		}
	}
	missing := map[string]bool{}
	for _, m := range o.Missing {
		missing[m] = true
	}
	builders := make([]*builder, len(names))
	for j, name := range names {
		builders[j] = newBuilder(name, o, missing)
	}
	return builders, nil
}

// readRows gives the fields of each record to the builders. If standing, the
// record that the scanner stands on is the first of them; else it is the header.
func readRows(s *scanner, names []string, builders []*builder, standing bool) error {
	for rows := 0; ; rows++ {
		if !standing {
			err := s.next()
			if errors.Is(err, io.EOF) && rows > 0 {
				return nil
			}
			if errors.Is(err, io.EOF) {
				return &CSVError{Line: s.lines, Msg: "there is a header line, but no data below it", Try: "check that the export was complete"}
			}
			if err != nil {
				return err
			}
		}
		standing = false
		if len(s.fields) != len(builders) {
			return ragged(s, names, rows)
		}
		for j, f := range s.fields {
			if problem := builders[j].add(f.text, f.quoted, s.line); problem != "" {
				return s.errorAt(f.at, problem, "correct the field, or name it in CSVOptions.Missing if it stands for a missing value")
			}
		}
	}
}

// ragged explains a record with too few or too many fields.
func ragged(s *scanner, names []string, rows int) error {
	got, want := len(s.fields), len(names)
	msg := fmt.Sprintf("%s, but the header names %s", count(got, "field"), count(want, "column"))
	if got < want {
		return s.errorAt(len(s.record), msg, "check for a missing delimiter or a line break inside a field")
	}
	e := s.errorAt(s.fields[want].at, msg, fmt.Sprintf("quote the fields that contain %q", s.delim))
	if got == want+1 && rows == 0 {
		e.Try += "; or, if the first column holds row names, as R's write.table writes them, use row.names = FALSE there"
	}
	return e
}

// finish makes the table of the columns.
func finish(builders []*builder, headerLine int) (*Table, error) {
	var notes []string
	if allQuoted(builders) {
		for _, b := range builders {
			if !b.forced && len(b.dict) > 0 && b.toNumbers() {
				notes = []string{"every field of the file is in quotes, so that those which are numbers were read as numbers"}
			}
		}
	}
	var cols []*Column
	for _, b := range builders {
		c, err := b.column()
		if err != nil {
			return nil, err
		}
		if b.name != "" {
			cols = append(cols, c)
			continue
		}
		if !c.isRowNumber() {
			return nil, &CSVError{Line: headerLine, Column: 1, Msg: "column 1 has no name in the header", Try: "name it, or remove the column"}
		}
		notes = append(notes, "the first column has no name and holds row numbers; it was left out")
	}
	t, err := New(cols...)
	if err != nil {
		return nil, err
	}
	t.notes = notes
	return t, nil
}

// allQuoted reports whether every value of a file of several columns is in
// quotes.
func allQuoted(builders []*builder) bool {
	for _, b := range builders {
		if b.bare || b.numeric {
			return false
		}
	}
	return len(builders) > 1
}
