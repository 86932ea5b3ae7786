//go:build unix

package proxy_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// outputs returns what a cell printed and displayed, in order, each display as its text
// in brackets, HTML in braces.
func (c *client) outputs(id string) string {
	c.t.Helper()
	var out strings.Builder
	limit := time.After(patience)
	for {
		select {
		case in := <-c.sockets.Received(jupyter.IOPub):
			m := in.Message
			if m == nil || m.Parent.MsgID != id {
				continue
			}
			var v struct {
				Text     string            `json:"text"`
				State    string            `json:"execution_state"`
				Ename    string            `json:"ename"`
				Data     map[string]string `json:"data"`
				Metadata map[string]any    `json:"metadata"`
			}
			if err := json.Unmarshal(m.Content, &v); err != nil {
				c.t.Fatalf("%v: %s", err, m.Content)
			}
			switch m.Header.MsgType {
			case "stream":
				out.WriteString(v.Text)
			case "display_data", "update_display_data":
				if len(v.Metadata) > 0 {
					c.t.Errorf("metadata %v", v.Metadata)
				}
				fmt.Fprintf(&out, "[%s]", v.Data["text/plain"])
				if html := v.Data["text/html"]; html != "" {
					fmt.Fprintf(&out, "{%s}", html)
				}
			case "error":
				out.WriteString("(" + v.Ename + ")")
			}
			if v.State == "idle" {
				return out.String()
			}
		case <-limit:
			c.t.Fatalf("the cell does not end; it showed %s", out.String())
		}
	}
}

// Text and displays come in the order in which the cell made them.
func TestDisplays(t *testing.T) {
	c := start(t, realHome(t))
	var want strings.Builder
	for i := range 100 {
		fmt.Fprintf(&want, "before %d\n[%d]after", i, i)
	}
	if got := c.outputs(c.execute("for i := range 100 {\n\tfmt.Println(\"before\", i)\n\tnb.Show(i)\n\tfmt.Print(\"after\")\n}")); got != want.String() {
		t.Errorf("%q", got)
	}

	// An error of the library is a card with its text first, and one error.
	id := c.execute("fmt.Println(\"fits\")\nnb.Show(nb.Fit(\"Reaction ~ Dayz + (Days | Subject)\", nb.Data(\"sleepstudy\")))\nfmt.Println(\"not reached\")")
	reply, got := c.reply(jupyter.Shell, id), c.outputs(id)
	text := "formula: the data have no column Dayz; did you mean Days?\n  Reaction ~ Dayz + (Days | Subject)\n             ^"
	if !strings.HasPrefix(got, "fits\n["+text) || strings.Count(got, "(FormulaError)") != 1 || strings.Count(got, "<section") != 1 ||
		strings.Contains(got, "not reached") || strings.Contains(got, "golmm.failure") {
		t.Error(got)
	}
	trace := strings.Join(texts(reply["traceback"]), "\n")
	if reply["ename"] != "FormulaError" || !strings.HasPrefix(trace, text) || !strings.Contains(trace, "Fit(") {
		t.Errorf("%v\n%s", reply, trace)
	}

	// What is no message in GoNB's pipe costs the cell its displays and nothing more.
	garbage := "f, err := os.OpenFile(os.Getenv(\"GONB_PIPE\"), os.O_WRONLY, 0)\nnb.Check(err)\nfmt.Fprintln(f, strings.Repeat(\"garbage\", 100))\nfmt.Println(\"written\")"
	if got := c.outputs(c.execute(garbage)); got != "written\n" {
		t.Error(got)
	}
	if got := c.outputs(c.execute(garbage + "\nnb.Show(1)")); !strings.HasPrefix(got, "written\n") || !strings.HasSuffix(got, "(Error)") {
		t.Error(got)
	}
	if got := c.outputs(c.execute("nb.Show(2)")); got != "[2]" {
		t.Error(got)
	}
}
