package runner

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/golmm/golmm/kernel/jupyter"
)

// output is one output of a cell, in the form of nbformat: its fields in
// alphabetical order, text as a list of lines.
type output struct {
	Data           map[string]json.RawMessage `json:"data,omitzero"`
	EName          *string                    `json:"ename,omitempty"`
	EValue         *string                    `json:"evalue,omitempty"`
	ExecutionCount *int                       `json:"execution_count,omitempty"`
	Metadata       json.RawMessage            `json:"metadata,omitzero"`
	Name           string                     `json:"name,omitempty"`
	Type           string                     `json:"output_type"`
	Text           lines                      `json:"text,omitempty"`
	Traceback      []string                   `json:"traceback,omitzero"`
}

// lines is a text that is written as the list of its lines.
type lines string

func (l lines) MarshalJSON() ([]byte, error) {
	list := strings.SplitAfter(string(l), "\n")
	if n := len(list); list[n-1] == "" {
		list = list[:n-1]
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(list)
	return bytes.TrimSpace(b.Bytes()), err
}

func (l *lines) UnmarshalJSON(b []byte) error {
	s, err := multiline(b)
	*l = lines(s)
	return err
}

// collector gathers the outputs of one cell from iopub messages. A display that has
// an id may be updated by a later cell: shown is shared by the cells of a notebook.
type collector struct {
	outputs   []*output
	shown     map[string][]*output // by display id
	clearNext bool                 // clear_output with wait: before the next output
	pending   []byte               // text of the last output, a stream, that is still growing
	failure   *failure             // nil unless the cell said why it failed
}

// failureMIME is the type under which the display of a failure carries what
// failed, in place of the exit code that GoNB tells.
const failureMIME = "application/vnd.golmm.failure+json"

// failure is the content of failureMIME.
type failure struct {
	EName     string   `json:"ename"`
	EValue    string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// takeFailure takes the failure out of the data of a display.
func (c *collector) takeFailure(data map[string]json.RawMessage) {
	raw, ok := data[failureMIME]
	if !ok {
		return
	}
	delete(data, failureMIME)
	f := new(failure)
	if json.Unmarshal(raw, f) == nil && f.EName != "" {
		c.failure = f
	}
}

// add takes a message of the cell. What is no output, or not one of the protocol's
// form, is passed over.
func (c *collector) add(m *jupyter.Message) {
	switch m.Header.MsgType {
	case "stream":
		var s struct{ Name, Text string }
		if m.Decode(&s) != nil || s.Text == "" {
			return
		}
		if s.Name != "stderr" {
			s.Name = "stdout"
		}
		c.clearIfDue()
		if n := len(c.outputs); n == 0 || c.outputs[n-1].Type != "stream" || c.outputs[n-1].Name != s.Name {
			c.start(&output{Type: "stream", Name: s.Name})
		}
		c.pending = append(c.pending, s.Text...)
	case "display_data", "execute_result", "update_display_data":
		c.addDisplay(m)
	case "error":
		var e struct {
			EName, EValue string
			Traceback     []string
		}
		if m.Decode(&e) != nil {
			return
		}
		if f := c.failure; f != nil {
			e.EName, e.EValue, e.Traceback = f.EName, f.EValue, f.Traceback
		}
		if e.Traceback == nil {
			e.Traceback = []string{}
		}
		c.start(&output{Type: "error", EName: &e.EName, EValue: &e.EValue, Traceback: e.Traceback})
	case "clear_output":
		var w struct{ Wait bool }
		if m.Decode(&w) != nil {
			return
		}
		c.clearNext = true
		if !w.Wait {
			c.clearIfDue()
		}
	}
}

func (c *collector) addDisplay(m *jupyter.Message) {
	var d struct {
		Data           map[string]json.RawMessage
		Metadata       json.RawMessage
		ExecutionCount *int `json:"execution_count"`
		Transient      struct {
			DisplayID string `json:"display_id"`
		}
	}
	if m.Decode(&d) != nil {
		return
	}
	c.takeFailure(d.Data)
	for mime, value := range d.Data {
		d.Data[mime] = splitText(mime, value)
	}
	if d.Data == nil {
		d.Data = map[string]json.RawMessage{}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(d.Metadata, &fields) != nil || fields == nil {
		d.Metadata = json.RawMessage("{}")
	}
	id := d.Transient.DisplayID
	if m.Header.MsgType == "update_display_data" {
		for _, o := range c.shown[id] {
			o.Data, o.Metadata = d.Data, d.Metadata
		}
		return
	}
	o := &output{Type: m.Header.MsgType, Data: d.Data, Metadata: d.Metadata}
	if o.Type == "execute_result" {
		if o.ExecutionCount = d.ExecutionCount; o.ExecutionCount == nil {
			o.ExecutionCount = new(int) // the format demands one
		}
	}
	c.start(o)
	if id != "" {
		c.shown[id] = append(c.shown[id], o)
	}
}

// start begins a new output.
func (c *collector) start(o *output) {
	c.clearIfDue()
	c.finish()
	c.outputs = append(c.outputs, o)
}

// fail adds why a cell did not come to its end. It takes the place of what the kernel
// said of the interrupt that the runner sent.
func (c *collector) fail(err error) {
	name, value := "Interrupted", err.Error()
	var te *TimeoutError
	var ke *KernelError
	switch {
	case errors.As(err, &ke):
		name, value = "KernelError", ke.bare()
	case errors.As(err, &te):
		name = "TimeoutError"
	}
	if n := len(c.outputs); n > 0 && c.outputs[n-1].Type == "error" {
		c.outputs = c.outputs[:n-1]
	}
	c.outputs = append(c.outputs, &output{Type: "error", EName: &name, EValue: &value, Traceback: []string{name + ": " + value}})
}

// finish gives the last output its text. Until then the text grows in one place: a
// cell may print in very many pieces.
func (c *collector) finish() {
	if n := len(c.outputs); n > 0 && len(c.pending) > 0 {
		c.outputs[n-1].Text += lines(c.pending)
	}
	c.pending = nil
}

func (c *collector) clearIfDue() {
	if c.clearNext {
		c.outputs, c.pending, c.clearNext = nil, nil, false
	}
}

// stderr returns the text that the cell wrote to stderr.
func (c *collector) stderr() string {
	var b strings.Builder
	for _, o := range c.outputs {
		if o.Name == "stderr" {
			b.WriteString(string(o.Text))
		}
	}
	return b.String()
}

// splitText writes the text of a MIME type as nbformat does, as a list of lines.
func splitText(mime string, value json.RawMessage) json.RawMessage {
	if !strings.HasPrefix(mime, "text/") && mime != "image/svg+xml" && mime != "application/javascript" {
		return value
	}
	var s string
	if json.Unmarshal(value, &s) != nil || s == "" {
		return value
	}
	b, err := lines(s).MarshalJSON()
	if err != nil {
		return value
	}
	return b
}

// encodeOutputs writes outputs as JSON for a place in a file: lines after the first
// begin with prefix, each level with indent. An indent of "" writes one line.
func encodeOutputs(outputs []*output, prefix, indent string) ([]byte, error) {
	if outputs == nil {
		outputs = []*output{}
	}
	return encodeIndented(outputs, prefix, indent)
}

func encodeIndented(v any, prefix, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if indent != "" {
		enc.SetIndent(prefix, indent)
	}
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
