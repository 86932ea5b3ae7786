//go:build unix

package proxy_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// sleeper is a cell that tells its process id and that of GoNB, and never ends, whatever
// signal it gets.
const sleeper = `signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
fmt.Printf("%d %d\n", os.Getpid(), os.Getppid())
for {
	time.Sleep(time.Hour)
}`

// started waits until a sleeper runs and returns its process and GoNB's.
func (c *client) started(id string) (cell, gonb int) {
	c.t.Helper()
	text := c.printed(id)
	if _, err := fmt.Sscan(text, &cell, &gonb); err != nil {
		c.t.Fatalf("%q: %v", text, err)
	}
	return cell, gonb
}

// printed waits until a cell prints something.
func (c *client) printed(id string) string {
	c.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case in := <-c.sockets.Received(jupyter.IOPub):
			var v struct{ Text string }
			if m := in.Message; m != nil && m.Parent.MsgID == id && m.Header.MsgType == "stream" && m.Decode(&v) == nil {
				return v.Text
			}
		case <-limit:
			c.t.Fatal("the cell prints nothing")
		}
	}
}

// gone waits until processes have ended and a folder is empty.
func gone(t *testing.T, dir string, pids ...int) {
	t.Helper()
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		var lives []string
		for _, pid := range pids {
			stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			if syscall.Kill(pid, 0) == nil && (err != nil || !strings.Contains(string(stat), ") Z ")) {
				lives = append(lives, fmt.Sprint("process ", pid))
			}
		}
		left, _ := os.ReadDir(dir)
		for _, f := range left {
			lives = append(lives, f.Name())
		}
		if len(lives) == 0 {
			return
		}
		if time.Since(begin) > patience {
			t.Fatalf("after %v: %v", patience, lives)
		}
	}
}

// The kernel in an inconvenient place, with a user's settings that would break cells,
// through all sorts of misfortune, to the death of its client.
func TestDeaths(t *testing.T) {
	h := realHome(t)
	base := filepath.Join(t.TempDir(), "tëmp dir")
	if err := os.MkdirAll(base, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir(base)
	if err := os.Mkdir("nötebooks here", 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir("nötebooks here")
	temp := filepath.Join(base, "t")
	if err := os.Mkdir(temp, 0o777); err != nil {
		t.Fatal(err)
	}
	c := start(t, h, "TMPDIR="+temp, "GOFLAGS=-mod=mod", "GOWORK=off", "GO111MODULE=off", "GOLMM_OUTPUT_LIMIT=200000")
	other := start(t, h, "TMPDIR="+temp)

	// Two at once: each has its own.
	id, otherID := c.execute("var who = \"ann\"\nwho"), other.execute("var who = \"bob\"\nwho")
	if got, otherGot := c.outputs(id), other.outputs(otherID); got != "[ann]" || otherGot != "[bob]" {
		t.Errorf("%s and %s", got, otherGot)
	}
	if r := other.reply(jupyter.Control, other.send(jupyter.Control, "shutdown_request", map[string]bool{"restart": false})); r["status"] != "ok" {
		t.Error(r)
	}
	if got := c.outputs(c.execute("d, _ := os.Getwd()\nfmt.Println(filepath.Base(d), who)")); got != "nötebooks here ann\n" {
		t.Error(got)
	}

	private(t, temp)

	// A cell is killed.
	id = c.execute(sleeper)
	cell, _ := c.started(id)
	_ = syscall.Kill(cell, syscall.SIGKILL)
	if r := c.reply(jupyter.Shell, id); r["ename"] != "Killed" {
		t.Error(r)
	}
	// A cell that does not want to end is interrupted.
	id = c.execute(sleeper)
	cell, _ = c.started(id)
	c.send(jupyter.Control, "interrupt_request", struct{}{})
	if r := c.reply(jupyter.Shell, id); r["ename"] != "Interrupted" {
		t.Error(r)
	}
	gone(t, t.TempDir(), cell)
	// A cell that prints without end is cut off, and goes on.
	if got := c.outputs(c.execute("for i := range 1_000_000 {\n\tfmt.Println(\"line\", i)\n}\nnb.Show(\"end\")")); len(got) > 300_000 ||
		strings.Count(got, "GOLMM_OUTPUT_LIMIT") != 1 {
		t.Errorf("%d bytes: %.200s", len(got), got)
	}
	// A widget in the page finds GoNB.
	c.send(jupyter.Shell, "comm_open", map[string]any{"comm_id": "page", "target_name": "gonb_comm", "kernel_id": c.id, "data": struct{}{}})
	if m := c.await("comm_msg", ""); !strings.Contains(string(m.Content), `"comm_id":"page"`) {
		t.Errorf("%s", m.Content)
	}
	// GoNB is killed while a cell runs.
	id = c.execute(sleeper)
	cell, gonb := c.started(id)
	_ = syscall.Kill(gonb, syscall.SIGKILL)
	if r := c.reply(jupyter.Shell, id); r["ename"] != "KernelRestarted" {
		t.Error(r)
	}
	gone(t, t.TempDir(), cell, gonb)
	if r, heard := c.run("who"); r["ename"] != "NameError" {
		t.Errorf("%v\n%s", r, heard)
	}
	// Hostile requests, signed: the session lives on.
	for _, content := range []string{`{}`, `{"code":1}`, `{"code":"1","cursor_pos":-5}`, `{"code":"x","cursor_pos":1e300}`,
		`{"code":"é","cursor_pos":99,"detail_level":"a"}`, `{"n":-1,"hist_access_type":"tail"}`, strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)} {
		for _, kind := range []string{"execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request",
			"comm_info_request", "comm_msg", "comm_open", "unknown_request", "x"} {
			c.send(jupyter.Shell, kind, rawJSON(content))
		}
		c.send(jupyter.Stdin, "input_reply", rawJSON(content))
		c.send(jupyter.Control, "debug_request", rawJSON(content))
	}
	for range 2 { // what waits behind a failure is aborted
		reply, _ := c.run("\"still \" + \"here\"")
		if reply["status"] == "ok" {
			break
		}
		t.Log(reply)
	}
	if got := c.outputs(c.execute("\"still \" + \"here\"")); got != "[still here]" {
		t.Error(got)
	}

	// The kernel is killed: its cell and GoNB go with it, and their folder.
	id = c.execute(sleeper)
	cell, gonb = c.started(id)
	_ = c.kernel.Process.Kill()
	gone(t, temp, cell, gonb)
}

type rawJSON string

func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }

// await waits for a message of a kind that answers a request; "": any.
func (c *client) await(kind, id string) *jupyter.Message {
	c.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case in := <-c.sockets.Received(jupyter.IOPub):
			if in.Message != nil && in.Message.Header.MsgType == kind && (id == "" || in.Message.Parent.MsgID == id) {
				return in.Message
			}
		case <-limit:
			c.t.Fatalf("no %s", kind)
		}
	}
}

// private checks that others cannot get at the files in a folder.
func private(t *testing.T, dir string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil || len(list) == 0 {
		t.Errorf("%v, %v", list, err)
	}
	for _, f := range list {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if !info.IsDir() || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v", f.Name(), info.Mode())
		}
		inside, _ := filepath.Glob(filepath.Join(dir, f.Name(), "kernel-*.json"))
		for _, file := range inside {
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %+v, %v", file, info, err)
			}
		}
	}
}

// A client that is killed takes the kernel and all that it started with it.
func TestClientIsKilled(t *testing.T) {
	h := realHome(t)
	temp := t.TempDir()
	c := start(t, h, "TMPDIR="+temp, viaShell)
	id := c.execute(sleeper)
	cell, gonb := c.started(id)
	// What is answered meanwhile does not make the kernel look idle.
	question := c.send(jupyter.Shell, "is_complete_request", map[string]string{"code": "1"})
	if heard := c.hear(question, patience); !strings.HasSuffix(heard, "status {\"execution_state\":\"idle\"}\n") {
		t.Error(heard)
	}
	if m := c.await("status", ""); m.Parent.MsgID != id || !strings.Contains(string(m.Content), `"busy"`) {
		t.Errorf("%+v", m)
	}
	out, err := exec.Command("ps", "-o", "ppid=", "-p", strconv.Itoa(gonb)).Output()
	if err != nil {
		t.Fatal(err)
	}
	kernel, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	_ = c.kernel.Process.Kill()
	_ = c.kernel.Wait()
	gone(t, temp, cell, gonb, kernel)
}

// Without a folder for temporary files no cell runs; the error says so.
func TestNoTemporaryFolder(t *testing.T) {
	c := start(t, realHome(t), "TMPDIR="+filepath.Join(t.TempDir(), "absent"))
	reply, _ := c.run("1")
	if text := fmt.Sprint(reply["traceback"]); reply["ename"] != "KernelError" || !strings.Contains(text, "TMPDIR") || !strings.Contains(text, "absent") {
		t.Error(reply)
	}
}
