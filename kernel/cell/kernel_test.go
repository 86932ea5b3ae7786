//go:build unix

package cell_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

// goimports is the version that an installation has.
const goimports = "golang.org/x/tools/cmd/goimports@v0.52.0"

// kernel is a running GoNB and the session of its cells.
type kernel struct {
	t       *testing.T
	ctx     context.Context
	sockets *jupyter.Sockets
	process *process.Process
	session *cell.Session
	number  int
}

// startKernel builds GoNB and goimports and starts them on this module.
func startKernel(t *testing.T) *kernel {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	t.Cleanup(cancel)
	goCommand, err := exec.LookPath("go")
	must(err)
	root, err := filepath.Abs(filepath.Join("..", ".."))
	must(err)
	h := &gonb.Home{Dir: t.TempDir(), Manifest: gonb.Manifest{Go: goCommand}}
	must(os.MkdirAll(h.Bin(), 0o755))
	must(os.Symlink(root, h.Src()))
	for _, args := range [][]string{{"build", "-o", h.GoNB(), "github.com/janpfeifer/gonb"}, {"install", goimports}} {
		cmd := exec.CommandContext(ctx, goCommand, args...)
		cmd.Env = append(os.Environ(), "GOBIN="+h.Bin())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	must(h.WriteManifest())

	conn, err := jupyter.NewConnection("golmm")
	must(err)
	file := filepath.Join(t.TempDir(), "kernel-"+jupyter.NewID()+".json")
	must(conn.Write(file))
	k := &kernel{t: t, ctx: ctx}
	k.process, err = process.Start(gonb.Command(h, file))
	must(err)
	t.Cleanup(func() { k.process.Stop(time.Second) })
	k.sockets, err = jupyter.Dial(ctx, conn)
	must(err)
	t.Cleanup(func() { _ = k.sockets.Close() })
	for patience := 200 * time.Millisecond; k.send("kernel_info_request", struct{}{}, patience, nil) == nil; patience *= 2 {
	}
	k.session = cell.NewSession(cell.Options{Module: os.DirFS(root), ReadFile: os.ReadFile})
	k.execute("%noautoget")
	return k
}

// send sends a request and returns what is published for it until the kernel is
// idle again; nil if nothing is heard within the patience, 0 for without end. seen
// may be nil.
func (k *kernel) send(kind string, content any, patience time.Duration, seen func(*jupyter.Message)) []*jupyter.Message {
	k.t.Helper()
	m := jupyter.NewMessage(k.sockets.Session, kind, nil, content)
	if err := k.sockets.Send(k.ctx, jupyter.Shell, m); err != nil {
		k.t.Fatal(err)
	}
	var limit <-chan time.Time
	if patience > 0 {
		limit = time.After(patience)
	}
	var out []*jupyter.Message
	for {
		select {
		case <-k.sockets.Received(jupyter.Shell): // replies say what iopub said
		case in := <-k.sockets.Received(jupyter.IOPub):
			if in.Message == nil {
				k.t.Fatal(in.Err)
			}
			if in.Message.Parent.MsgID != m.Header.MsgID {
				continue
			}
			out = append(out, in.Message)
			if seen != nil {
				seen(in.Message)
			}
			var v struct {
				State string `json:"execution_state"`
			}
			if in.Message.Decode(&v) == nil && v.State == "idle" {
				return out
			}
		case <-limit:
			return nil
		case <-k.ctx.Done():
			k.t.Fatal("the kernel does not answer")
		}
	}
}

// execute runs code in GoNB and returns what it printed and showed, and, if it
// failed, what GoNB said. A cell that prints "interrupt me" is.
func (k *kernel) execute(code string) (out string, report *cell.Report) {
	k.t.Helper()
	interrupted := false
	seen := func(m *jupyter.Message) {
		if strings.Contains(string(m.Content), "interrupt me") && m.Header.MsgType == "stream" {
			interrupted = true
			if err := k.process.Signal(os.Interrupt); err != nil {
				k.t.Error(err)
			}
		}
	}
	var stderr string
	var failed *cell.Report
	for _, m := range k.send("execute_request", map[string]any{"code": code, "silent": false, "store_history": true, "allow_stdin": false}, 0, seen) {
		var v struct {
			Name, Text    string
			Data          map[string]any
			Ename, Evalue string
			Traceback     []string
		}
		if err := m.Decode(&v); err != nil {
			k.t.Fatal(err)
		}
		switch m.Header.MsgType {
		case "stream":
			if v.Name == "stderr" {
				stderr += v.Text
			} else {
				out += v.Text
			}
		case "display_data", "execute_result":
			text, _ := v.Data["text/plain"].(string)
			out += text + "\n"
		case "error":
			failed = &cell.Report{Ename: v.Ename, Evalue: v.Evalue, Traceback: v.Traceback, Interrupted: interrupted}
		}
	}
	if failed != nil {
		failed.Stderr = stderr
	}
	return out, failed
}

// run runs a cell as the proxy does. It returns what it showed, or the text of
// the failure.
func (k *kernel) run(src string) (out, failure string) {
	k.t.Helper()
	k.number++
	c := k.session.Prepare(k.number, src)
	if c.Failure != nil {
		return "", strings.Join(c.Failure.Traceback, "\n")
	}
	for _, before := range c.Before {
		if _, r := k.execute(before); r != nil {
			k.t.Errorf("before cell %d: %s\n%s\n%s", k.number, strings.TrimLeft(before, "\n"), r.Evalue, r.Stderr)
		}
	}
	var r *cell.Report
	if c.Code != "" {
		out, r = k.execute(c.Code)
		if r != nil {
			if code, ok := c.Retry(*r); ok {
				out, r = k.execute(code)
			}
		}
	}
	if r != nil {
		failure = strings.Join(c.Explain(*r).Traceback, "\n")
	}
	k.session.Done(c, r == nil)
	return out, failure
}
