package notebooks_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/golmm/golmm/lmm"
	"github.com/golmm/golmm/lmm/datasets"
	"github.com/golmm/golmm/lmm/table"
)

// page is a notebook.
type page struct {
	list   []*cell
	cells  map[string]*cell
	minor  int
	kernel string
}

// cell is one cell.
type cell struct {
	Type     string `json:"cell_type"`
	ID       string `json:"id"`
	Count    *int   `json:"execution_count"`
	Metadata struct{ Tags []string }
	Source   multiline `json:"source"`
	Outputs  []output  `json:"outputs"`
}

// output is one output of a cell.
type output struct {
	Type string                     `json:"output_type"`
	Text multiline                  `json:"text"`
	Data map[string]json.RawMessage `json:"data"`
}

// multiline is a string that a notebook may write as a list.
type multiline string

func (m *multiline) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*m = multiline(s)
		return nil
	}
	var list []string
	if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*m = multiline(strings.Join(list, ""))
	return nil
}

// read parses a notebook.
func read(t *testing.T, src []byte) *page {
	t.Helper()
	var nb struct {
		Cells    []*cell
		Minor    int `json:"nbformat_minor"`
		Metadata struct {
			Kernelspec struct{ Name string }
		}
	}
	if err := json.Unmarshal(src, &nb); err != nil {
		t.Fatal(err)
	}
	p := &page{list: nb.Cells, cells: make(map[string]*cell), minor: nb.Minor, kernel: nb.Metadata.Kernelspec.Name}
	for _, c := range nb.Cells {
		if p.cells[c.ID] != nil {
			t.Errorf("two cells have the id %q", c.ID)
		}
		p.cells[c.ID] = c
	}
	return p
}

// code is the cells of code in order.
func (p *page) code() []*cell {
	var out []*cell
	for _, c := range p.list {
		if c.Type == "code" {
			out = append(out, c)
		}
	}
	return out
}

// all joins what the cell shows of a MIME type; what it prints counts as plain
// text, wherever it came among the displays: their order is not fixed.
func (c *cell) all(t *testing.T, mime string) string {
	t.Helper()
	var printed, shown strings.Builder
	for _, o := range c.Outputs {
		if o.Type == "stream" && mime == "text/plain" {
			printed.WriteString(string(o.Text))
		}
		if raw, ok := o.Data[mime]; ok {
			var s multiline
			if err := json.Unmarshal(raw, &s); err != nil {
				t.Fatalf("cell %s: %s: %v", c.ID, mime, err)
			}
			shown.WriteString(string(s) + "\n")
		}
	}
	return printed.String() + shown.String()
}

// seconds is a time that something took.
var seconds = regexp.MustCompile(`\b\d+(\.\d+)? ?(µs|ms|s)\b`)

// untimed replaces times.
func untimed(s string) string { return seconds.ReplaceAllString(s, "T") }

// expect asks that a cell shows each of the strings in a MIME type.
func (p *page) expect(t *testing.T, id, mime string, want ...string) {
	t.Helper()
	c := p.cells[id]
	if c == nil {
		t.Errorf("there is no cell %s", id)
		return
	}
	got := c.all(t, mime)
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("cell %s: %s lacks %q:\n%s", id, mime, w, got)
		}
	}
}

// shows asks that a cell of code shows each of the strings, as text.
func (p *page) shows(t *testing.T, id string, want ...string) {
	t.Helper()
	p.expect(t, id, "text/plain", want...)
}

// says asks that the text of a cell has each of the strings, line ends being
// spaces: the numbers of the prose are held against the library too.
func (p *page) says(t *testing.T, id string, want ...string) {
	t.Helper()
	c := p.cells[id]
	if c == nil {
		t.Errorf("there is no cell %s", id)
		return
	}
	text := strings.Join(strings.Fields(string(c.Source)), " ")
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("cell %s does not say %q:\n%s", id, w, text)
		}
	}
}

// num is a number with so many decimals, as tables print it.
func num(x float64, decimals int) string { return fmt.Sprintf("%.*f", decimals, x) }

// fit fits a model to a data set, with options if there are any.
func fit(t *testing.T, formula, data string, opt ...*lmm.Options) *lmm.Model {
	t.Helper()
	m, err := lmm.Fit(formula, load(t, data), append(opt, nil)[0])
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func load(t *testing.T, data string) *table.Table {
	t.Helper()
	tab, err := datasets.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// fixed is a fixed effect by its name.
func fixed(t *testing.T, m *lmm.Model, name string) lmm.Coefficient {
	t.Helper()
	for _, c := range m.FixedEffects() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("%s has no fixed effect %s", m.Formula(), name)
	return lmm.Coefficient{}
}
