package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// NotebookError tells why a file is not a notebook that can be run.
type NotebookError struct {
	Msg string
	Err error // the cause, or nil
}

func (e *NotebookError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("notebook: %s: %v", e.Msg, e.Err)
	}
	return "notebook: " + e.Msg
}

func (e *NotebookError) Unwrap() error { return e.Err }

// notebook is a parsed notebook that knows where in its bytes the parts are that a
// run replaces.
type notebook struct {
	src     []byte
	minor   int // of the format's version
	cells   []*cell
	cellsAt place // the array
}

// cell is one cell and the places of its results.
type cell struct {
	kind        string // code, markdown, raw
	source      string
	outputs     json.RawMessage
	attachments map[string]map[string]string // file name, MIME type, base64
	id          string
	tags        []string

	at                 place // of the object
	outputsAt, countAt place // empty if the cell has no such field
	end                int   // of the object, where a missing field goes: after its last value
}

type place struct{ from, to int }

func parseNotebook(src []byte) (*notebook, error) {
	var head struct {
		Format json.Number `json:"nbformat"`
		Minor  int         `json:"nbformat_minor"`
	}
	if err := json.Unmarshal(src, &head); err != nil {
		return nil, &NotebookError{Msg: "it is not JSON", Err: err}
	}
	if head.Format != "4" {
		return nil, &NotebookError{Msg: fmt.Sprintf("its nbformat is %q, only 4 can be run; open and save it in Jupyter to convert it", head.Format)}
	}
	nb := &notebook{src: src, minor: head.Minor}
	err := eachField(src, 0, func(name string, value []byte, at int) error {
		if name != "cells" {
			return nil
		}
		nb.cellsAt = place{at, at + len(value)}
		return eachElement(value, at, func(value []byte, at int) error {
			c, err := parseCell(value, at)
			if err != nil {
				return fmt.Errorf("cell %d: %w", len(nb.cells)+1, err)
			}
			nb.cells = append(nb.cells, c)
			return nil
		})
	})
	if err != nil {
		return nil, &NotebookError{Msg: "its cells cannot be read", Err: err}
	}
	return nb, nil
}

// parseCell reads the cell in value, which begins at offset at of the file.
func parseCell(value []byte, at int) (*cell, error) {
	c := &cell{at: place{at, at + len(value)}}
	err := eachField(value, at, func(name string, value []byte, at int) error {
		var err error
		c.end = at + len(value)
		where := place{at, at + len(value)}
		switch name {
		case "cell_type":
			err = json.Unmarshal(value, &c.kind)
		case "source":
			c.source, err = multiline(value)
		case "outputs":
			c.outputs, c.outputsAt = value, where
		case "execution_count":
			c.countAt = where
		case "id":
			_ = json.Unmarshal(value, &c.id)
		case "metadata":
			var meta struct{ Tags []string }
			if json.Unmarshal(value, &meta) == nil {
				c.tags = meta.Tags
			}
		case "attachments":
			// Not worth an error: an attachment that is not understood is not shown.
			_ = json.Unmarshal(value, &c.attachments)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	})
	if err == nil && c.kind == "" {
		err = errors.New("it has no cell_type")
	}
	return c, err
}

// eachField calls f for each field of the JSON object in b with the field's value
// and offset; b itself begins at offset base.
func eachField(b []byte, base int, f func(name string, value []byte, at int) error) error {
	return each(b, base, '{', f)
}

// eachElement does the same for the elements of an array.
func eachElement(b []byte, base int, f func(value []byte, at int) error) error {
	return each(b, base, '[', func(_ string, value []byte, at int) error { return f(value, at) })
}

func each(b []byte, base int, open json.Delim, f func(name string, value []byte, at int) error) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if tok, err := dec.Token(); err != nil || tok != open {
		return fmt.Errorf("a value is no JSON that begins with %q", open.String())
	}
	for dec.More() {
		var name string
		if open == '{' {
			tok, err := dec.Token()
			if err != nil {
				return err
			}
			name, _ = tok.(string)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		if err := f(name, value, base+int(dec.InputOffset())-len(value)); err != nil {
			return err
		}
	}
	return nil
}

// multiline reads a string that nbformat may write as a list of strings.
func multiline(value []byte) (string, error) {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s, nil
	}
	var list []string
	if err := json.Unmarshal(value, &list); err != nil {
		return "", errors.New("it is neither a string nor a list of strings")
	}
	return strings.Join(list, ""), nil
}

// result is what a run says of a code cell.
type result struct {
	outputs []*output
	count   int // 0 if the cell was not run
}

// withResults returns the file with the results of its code cells replaced, in the
// style of indentation that the file has. results[i] belongs to cells[i].
func (nb *notebook) withResults(results []result) ([]byte, error) {
	var out bytes.Buffer
	done := 0
	replace := func(at place, value []byte) {
		out.Write(nb.src[done:at.from])
		out.Write(value)
		done = at.to
	}
	unit := nb.indentUnit()
	indent := strings.Repeat(unit, 3) // of a cell's fields: notebook, cells, cell
	newline := " "
	if unit != "" {
		newline = "\n" + indent
	}
	for i, c := range nb.cells {
		if c.kind != "code" {
			continue
		}
		count := []byte("null")
		if results[i].count > 0 {
			count = fmt.Append(nil, results[i].count)
		}
		outputs, err := encodeOutputs(results[i].outputs, indent, unit)
		if err != nil {
			return nil, err
		}
		edits := []struct {
			name  string
			at    place
			value []byte
		}{{"execution_count", c.countAt, count}, {"outputs", c.outputsAt, outputs}}
		if c.outputsAt.from < c.countAt.from {
			edits[0], edits[1] = edits[1], edits[0]
		}
		for _, e := range edits {
			if e.at != (place{}) {
				replace(e.at, e.value)
			}
		}
		for _, e := range edits {
			if e.at == (place{}) {
				replace(place{c.end, c.end}, nil)
				fmt.Fprintf(&out, ",%s%q: %s", newline, e.name, e.value)
			}
		}
	}
	out.Write(nb.src[done:])
	return out.Bytes(), nil
}

// indentUnit returns the white space of one level in the file, "" if it is written
// on one line.
func (nb *notebook) indentUnit() string {
	for line := range bytes.Lines(nb.src) {
		trimmed := bytes.TrimLeft(line, " \t")
		if n := len(line) - len(trimmed); n > 0 && len(bytes.TrimSpace(trimmed)) > 0 {
			return string(line[:n])
		}
	}
	return ""
}

// tagged tells whether the cell has a tag.
func (c *cell) tagged(tag string) bool { return slices.Contains(c.tags, tag) }

// firstLine returns the first line of the source that is not blank or a bare %%.
func (c *cell) firstLine() string {
	for line := range strings.Lines(c.source) {
		if line = strings.TrimSpace(line); line != "" && line != "%%" {
			return line
		}
	}
	return ""
}
