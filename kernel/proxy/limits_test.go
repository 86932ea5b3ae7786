//go:build unix

package proxy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

// A cell that asks for more memory than it may have fails and says so; the next runs.
func TestMemoryLimit(t *testing.T) {
	c := start(t, realHome(t), "GOLMM_MEMORY_LIMIT=700M")
	reply, heard := c.run("var kept = 7\nvar hoard [][]byte\nfor {\n\tb := make([]byte, 1<<26)\n\tfor i := range b {\n\t\tb[i] = 1\n\t}\n\thoard = append(hoard, b)\n}")
	text := strings.Join(texts(reply["traceback"]), "\n")
	if reply["ename"] != "MemoryError" || !strings.Contains(text, "The limit is 700 MiB.") ||
		!strings.Contains(text, "GOLMM_MEMORY_LIMIT") ||
		!strings.Contains(text, "cell [1], line 4") || strings.Contains(heard, "goroutine 1") {
		t.Errorf("%v\n%s", reply, heard)
	}
	if reply, heard := c.run("2 * 21"); reply["status"] != "ok" || !strings.Contains(heard, "42") {
		t.Errorf("%v\n%s", reply, heard)
	}
}

func texts(v any) (list []string) {
	b, _ := json.Marshal(v)
	_ = json.Unmarshal(b, &list)
	return list
}

// A cell that reads gets what is typed, or fails where nobody can type.
func TestInput(t *testing.T) {
	if !process.CanTypeInput() {
		t.Skip("the system does not tell who reads")
	}
	c := start(t, realHome(t))
	const code = "var a, b string\nfmt.Print(\"name? \")\nfmt.Scanln(&a)\nfmt.Scanln(&b)\nfmt.Println(\"hello\", a, b)"
	id := c.execute(code)
	for _, line := range []string{"ann", "böb"} {
		in := <-c.sockets.Received(jupyter.Stdin)
		if in.Message == nil || in.Message.Header.MsgType != "input_request" || in.Message.Parent.MsgID != id {
			t.Fatalf("%+v", in)
		}
		c.send(jupyter.Stdin, "input_reply", map[string]string{"value": line})
	}
	reply := c.reply(jupyter.Shell, id)
	if heard := c.hear(id, patience); reply["status"] != "ok" || !strings.Contains(heard, "hello ann böb") {
		t.Errorf("%v\n%s", reply, heard)
	}
	id = c.send(jupyter.Shell, "execute_request", map[string]any{"code": code, "allow_stdin": false})
	if reply := c.reply(jupyter.Shell, id); reply["ename"] != "InputError" {
		t.Error(reply)
	}
	id = c.send(jupyter.Shell, "execute_request", map[string]any{"code": "!read x; echo $x", "allow_stdin": false})
	if reply := c.reply(jupyter.Shell, id); reply["ename"] != "InputError" {
		t.Error(reply)
	}
	id = c.execute("!read x; echo got $x")
	<-c.sockets.Received(jupyter.Stdin)
	c.send(jupyter.Stdin, "input_reply", map[string]string{"value": "it"})
	if heard := c.hear(id, patience); !strings.Contains(heard, "got it") {
		t.Error(heard)
	}
}
