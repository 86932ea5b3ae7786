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
	"github.com/golmm/golmm/kernel/runner"
)

// One kernel with the real GoNB, from the first cell to the shutdown.
func TestKernel(t *testing.T) {
	h := realHome(t)
	base := t.TempDir()
	c := start(t, h, "TMPDIR="+base, "GOLMM_OUTPUT_LIMIT=100000")

	info := c.ask("kernel_info_request", struct{}{})
	if info["implementation"] != "golmm" || info["implementation_version"] != "0.0.1" {
		t.Errorf("kernel_info %v", info)
	}
	if r := c.ask("is_complete_request", map[string]any{"code": "for {"}); r["status"] != "incomplete" || r["indent"] != "\t" {
		t.Errorf("is_complete %v", r)
	}

	reply, heard := c.run("var six = 6\nsix * 7")
	if reply["status"] != "ok" || reply["execution_count"] != 1.0 || !strings.Contains(heard, "42") {
		t.Errorf("%v\n%s", reply, heard)
	}
	reply, heard = c.run("// One.\nfmt.Println(undefinedname, six)")
	if reply["status"] != "error" || reply["ename"] != "NameError" || strings.Count(heard, "error {") != 1 ||
		!strings.Contains(fmt.Sprint(reply["traceback"]), "cell [2], line 2") {
		t.Errorf("%v\n%s", reply, heard)
	}
	// A dump is in the error and not on stderr; what the program wrote stays.
	reply, heard = c.run("fmt.Fprintln(os.Stderr, \"before\")\npanic(\"deep\")")
	if reply["ename"] != "Panic" || strings.Contains(heard, "goroutine 1") || !strings.Contains(heard, "before") {
		t.Errorf("%v\n%s", reply, heard)
	}
	reply, heard = c.run("for i := range 20000 {\n\tfmt.Println(\"line\", i)\n}")
	if reply["status"] != "ok" || strings.Count(heard, "GOLMM_OUTPUT_LIMIT") != 1 || len(heard) > 1_000_000 {
		t.Errorf("%v after %d bytes", reply, len(heard))
	}

	// After an error the cells that wait are aborted, and the next runs.
	bad, waits := c.execute("%%\nbad("), c.execute("six")
	if r := c.reply(jupyter.Shell, bad); r["status"] != "error" {
		t.Error(r)
	}
	if r := c.reply(jupyter.Shell, waits); r["status"] != "aborted" {
		t.Error(r)
	}

	// An interrupt right away, while GoNB compiles, ends the cell; questions are answered
	// meanwhile.
	id := c.execute("time.Sleep(time.Hour)")
	for c.ask("complete_request", map[string]any{"code": "nb.Da", "cursor_pos": 5})["matches"] == nil {
	}
	if r := c.reply(jupyter.Control, c.send(jupyter.Control, "interrupt_request", struct{}{})); r["status"] != "ok" {
		t.Error(r)
	}
	if r := c.reply(jupyter.Shell, id); r["status"] != "error" || r["ename"] != "Interrupted" {
		t.Error(r)
	}

	// GoNB is killed: an error, and another GoNB.
	id = c.execute("fmt.Println(os.Getppid())\ntime.Sleep(time.Hour)")
	pid := c.number(id)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if r := c.reply(jupyter.Shell, id); r["ename"] != "KernelRestarted" {
		t.Error(r)
	}
	if reply, heard := c.run("1 + 1"); reply["status"] != "ok" || !strings.Contains(heard, "2") {
		t.Errorf("%v\n%s", reply, heard)
	}

	// A question is answered, whether it is a cell or asked by the front end.
	if reply, heard := c.run("nb.Fit?"); reply["status"] != "ok" || !strings.Contains(heard, "func Fit[") {
		t.Errorf("%v\n%s", reply, heard)
	}
	if r := c.ask("inspect_request", map[string]any{"code": "nb.Fit(", "cursor_pos": 5, "detail_level": 0}); r["found"] != true || !strings.Contains(fmt.Sprint(r["data"]), "func Fit[") {
		t.Error(r)
	}

	r := c.ask("history_request", map[string]any{"hist_access_type": "tail", "n": 1, "output": false, "raw": true})
	if got := fmt.Sprint(r["history"]); got != "[[1 9 nb.Fit?]]" {
		t.Errorf("history %s", got)
	}
	if r := c.reply(jupyter.Control, c.send(jupyter.Control, "shutdown_request", map[string]bool{"restart": false})); r["status"] != "ok" {
		t.Error(r)
	}
	if err := c.kernel.Wait(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(base); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	t.Run("notebook", func(t *testing.T) {
		source, err := os.ReadFile(filepath.Join("..", "..", "notebooks", "00-quickstart.ipynb"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = runner.Run(t.Context(), source, runner.Options{
			Kernel: func(file string) *exec.Cmd { return kernelCommand(h, file) },
			Dir:    t.TempDir(),
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// number waits until a cell prints a number.
func (c *client) number(id string) int {
	c.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case in := <-c.sockets.Received(jupyter.IOPub):
			var v struct{ Text string }
			if m := in.Message; m != nil && m.Parent.MsgID == id && m.Header.MsgType == "stream" && m.Decode(&v) == nil {
				n, err := strconv.Atoi(strings.TrimSpace(v.Text))
				if err != nil {
					c.t.Fatal(err)
				}
				return n
			}
		case <-limit:
			c.t.Fatal("the cell prints nothing")
		}
	}
}
