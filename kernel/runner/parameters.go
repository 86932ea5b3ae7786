package runner

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Parameter is a value for a name that a notebook declares, as it is given on a
// command line.
type Parameter struct{ Name, Value string }

// The tags of papermill.
const (
	tagParameters = "parameters"
	tagInjected   = "injected-parameters"
)

// ParameterError tells why a notebook cannot take a parameter.
type ParameterError struct {
	Name  string
	Msg   string
	Known []string // the names that the notebook declares
}

func (e *ParameterError) Error() string {
	s := "parameter " + e.Name + ": " + e.Msg
	if len(e.Known) > 0 {
		s += "; the notebook's parameters are " + strings.Join(e.Known, ", ")
	}
	return s
}

// WithParameters returns the notebook with a cell that gives parameters their values, by
// papermill's rules: the cell has the tag injected-parameters, replaces the one that an
// earlier call made, else follows the cell with the tag parameters, else is the first.
// The values also go to the notebook's metadata, papermill.parameters. No other byte of
// the file changes. Without params it returns the notebook as it is.
//
// Only declarations of Go live from cell to cell, so parameters are what the cell with
// the tag declares by var or const at its top level. The injected cell declares them
// again, with the same keyword and type, and the kernel takes the later declaration. A
// value is read as the declared type, or else that of the first value: text for a
// string, a whole number, a number, true or false. For any other type it is Go, such
// as []string{"a", "b"}, or text where it is not. Without a cell with the tag every
// name is taken, as a var.
//
// The error is a *NotebookError, or a *ParameterError that names the parameters that
// are known.
//
// Source: https://papermill.readthedocs.io/en/latest/usage-parameterize.html.
func WithParameters(notebook []byte, params []Parameter) ([]byte, error) {
	if len(params) == 0 {
		return notebook, nil
	}
	nb, err := parseNotebook(notebook)
	if err != nil {
		return nil, err
	}
	declared := slices.IndexFunc(nb.cells, func(c *cell) bool { return c.kind == "code" && c.tagged(tagParameters) })
	var known []declaration
	var locals []string
	if declared >= 0 {
		known, locals = declarations(nb.cells[declared].source)
	}
	values, err := assign(params, known, locals, declared >= 0)
	if err != nil {
		return nil, err
	}
	record := make(map[string]any, len(values))
	var code strings.Builder
	code.WriteString("// Parameters of this run")
	for _, v := range values {
		record[v.name] = v.json
		fmt.Fprintf(&code, "\n%s", v.code)
	}
	out, err := nb.withInjected(code.String(), declared)
	if err == nil {
		out, err = setPath(out, nb.indentUnit(), []string{"metadata", "papermill", "parameters"}, record)
	}
	if err != nil {
		return nil, &NotebookError{Msg: "the parameters cannot be written into it", Err: err}
	}
	return out, nil
}

// value is a parameter with its value in Go and in JSON.
type value struct {
	name string
	code string // the declaration
	json any
}

// assign gives the declarations their new values, in the order of the notebook.
func assign(params []Parameter, known []declaration, locals []string, closed bool) ([]value, error) {
	var names []string
	for _, d := range known {
		names = append(names, d.name)
	}
	given := make(map[string]string)
	for _, p := range params {
		fail := func(msg string) ([]value, error) {
			return nil, &ParameterError{Name: p.Name, Msg: msg, Known: names}
		}
		switch _, twice := given[p.Name]; {
		case !isName(p.Name):
			return fail("that is no name of Go")
		case twice:
			return fail("it is given twice")
		case slices.Contains(names, p.Name):
		case slices.Contains(locals, p.Name):
			return fail("it is local to the cell of the parameters; declare it with var, not :=")
		case closed && len(names) == 0:
			return fail("the cell with the tag parameters declares none by var or const")
		case closed:
			return fail("the notebook does not declare it")
		default:
			known = append(known, declaration{name: p.Name, keyword: "var", kind: kindFree})
		}
		given[p.Name] = p.Value
	}
	var values []value
	for _, d := range known {
		text, ok := given[d.name]
		if !ok {
			continue
		}
		code, json, err := d.literal(text)
		if err != nil {
			return nil, &ParameterError{Name: d.name, Msg: err.Error()}
		}
		typ := ""
		if d.typ != "" {
			typ = " " + d.typ
		}
		values = append(values, value{name: d.name, json: json, code: d.keyword + " " + d.name + typ + " = " + code})
	}
	return values, nil
}

// withInjected returns the notebook with the cell of injected parameters.
func (nb *notebook) withInjected(code string, declared int) ([]byte, error) {
	unit := nb.indentUnit()
	encoded, err := encodeIndented(nb.injectedCell(code), strings.Repeat(unit, 2), unit)
	if err != nil {
		return nil, err
	}
	newline := " "
	if unit != "" {
		newline = "\n" + strings.Repeat(unit, 2)
	}
	old := slices.IndexFunc(nb.cells, func(c *cell) bool { return c.tagged(tagInjected) })
	put := func(at place, parts ...string) []byte {
		return slices.Concat(nb.src[:at.from], []byte(strings.Join(parts, "")), nb.src[at.to:])
	}
	switch {
	case old >= 0:
		return put(nb.cells[old].at, string(encoded)), nil
	case declared >= 0:
		end := nb.cells[declared].at.to
		return put(place{end, end}, ",", newline, string(encoded)), nil
	case len(nb.cells) > 0:
		start := nb.cells[0].at.from
		return put(place{start, start}, string(encoded), ",", newline), nil
	}
	return put(nb.cellsAt, "[", newline, string(encoded), strings.TrimSuffix(newline, unit), "]"), nil
}

func (nb *notebook) injectedCell(code string) any {
	type meta struct {
		Tags []string `json:"tags"`
	}
	c := struct {
		Type     string    `json:"cell_type"`
		Count    *int      `json:"execution_count"`
		ID       string    `json:"id,omitempty"`
		Metadata meta      `json:"metadata"`
		Outputs  []*output `json:"outputs"`
		Source   lines     `json:"source"`
	}{Type: "code", Metadata: meta{[]string{tagInjected}}, Outputs: []*output{}, Source: lines(code)}
	if nb.minor >= 5 { // before, cells have no ids
		c.ID = tagInjected
		for i := 2; slices.ContainsFunc(nb.cells, func(o *cell) bool { return o.id == c.ID && !o.tagged(tagInjected) }); i++ {
			c.ID = fmt.Sprintf("%s-%d", tagInjected, i)
		}
	}
	return c
}

// setPath returns the JSON object in src with the value at path set, and every other
// byte as it was. unit is the indent of a level.
func setPath(src []byte, unit string, path []string, v any) ([]byte, error) {
	at, depth := 0, 0
	for {
		var found, last place
		err := eachField(src[at:], at, func(name string, value []byte, from int) error {
			last = place{from, from + len(value)}
			if name == path[0] {
				found = last
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		depth++
		if found != (place{}) && len(path) > 1 && src[found.from] == '{' {
			at, path = found.from, path[1:]
			continue
		}
		for _, name := range slices.Backward(path[1:]) {
			v = map[string]any{name: v}
		}
		indent := strings.Repeat(unit, depth)
		encoded, err := encodeIndented(v, indent, unit)
		if err != nil {
			return nil, err
		}
		if found != (place{}) {
			return slices.Concat(src[:found.from], encoded, src[found.to:]), nil
		}
		newline, end := " ", ""
		if unit != "" {
			newline, end = "\n"+indent, "\n"+indent[len(unit):]
		}
		field := fmt.Appendf(nil, "%s%q: %s", newline, path[0], encoded)
		if last != (place{}) {
			return slices.Concat(src[:last.to], []byte(","), field, src[last.to:]), nil
		}
		open := at + bytes.IndexByte(src[at:], '{') + 1
		return slices.Concat(src[:open], field, []byte(end), bytes.TrimLeft(src[open:], " \t\r\n")), nil
	}
}
