package runner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// cellsOf returns a notebook with the given code cells, as Jupyter writes it.
func cellsOf(code ...string) []byte {
	var b bytes.Buffer
	b.WriteString("{\n \"cells\": [")
	for i, c := range code {
		if i > 0 {
			b.WriteString(",")
		}
		source, _ := json.Marshal(c)
		fmt.Fprintf(&b, "\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": null,\n   \"metadata\": {},\n   \"outputs\": [],\n   \"source\": %s\n  }", source)
	}
	b.WriteString("\n ],\n \"metadata\": {},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n")
	return b.Bytes()
}

// patience is how long anything may take on a busy machine.
const patience = 5 * time.Minute

// run executes cells with the fake kernel and returns the outputs of each as
// "kind:text" joined by "|".
func run(t *testing.T, opt Options, code ...string) ([]string, error) {
	t.Helper()
	if opt.Kernel == nil {
		opt.Kernel = fakeKernel()
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return runWithin(ctx, t, opt, code...)
}

func runWithin(ctx context.Context, t *testing.T, opt Options, code ...string) ([]string, error) {
	t.Helper()
	executed, err := Run(ctx, cellsOf(code...), opt)
	var nb struct {
		Cells []struct{ Outputs []output }
	}
	if uerr := json.Unmarshal(executed, &nb); uerr != nil {
		t.Fatalf("%v in\n%s", uerr, executed)
	}
	var cells []string
	for _, c := range nb.Cells {
		var outs []string
		for _, o := range c.Outputs {
			switch o.Type {
			case "stream":
				outs = append(outs, o.Name+":"+string(o.Text))
			case "error":
				outs = append(outs, "error:"+*o.EValue)
			default:
				mime := "text/html"
				if o.Data[mime] == nil {
					mime = "text/plain"
				}
				s, _ := multiline(o.Data[mime])
				outs = append(outs, o.Type+":"+s)
			}
		}
		cells = append(cells, strings.Join(outs, "|"))
	}
	return cells, err
}

func TestOutputs(t *testing.T) {
	for name, tc := range map[string]struct{ cells, want []string }{
		"streams merge":        {[]string{`out a\n` + "\n" + `out b` + "\n" + `err c` + "\n" + `out d`}, []string{"stdout:a\nb|stderr:c|stdout:d"}},
		"display and result":   {[]string{"out a\nshow <b>x</b>\nout b\nresult 42"}, []string{"stdout:a|display_data:<b>x</b>|stdout:b|execute_result:42"}},
		"update in place":      {[]string{"show-as p 1\nout x\nupdate p 2\nupdate q 3"}, []string{"display_data:2|stdout:x"}},
		"update an older cell": {[]string{"show-as p 1", "update p 2\nout x"}, []string{"display_data:2", "stdout:x"}},
		"clear":                {[]string{"out a\nclear\nout b"}, []string{"stdout:b"}},
		"clear and wait":       {[]string{"out a\nclear wait", "out a\nclear wait\nshow b"}, []string{"stdout:a", "display_data:b"}},
		"an empty cell":        {[]string{"out a", " \n", "out c"}, []string{"stdout:a", "", "stdout:c"}},
		"nobody answers":       {[]string{"ask"}, []string{"stdout:got \"\"\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := run(t, Options{}, tc.cells...)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, "\x00") != strings.Join(tc.want, "\x00") {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestStopsAtTheFirstError(t *testing.T) {
	got, err := run(t, Options{}, "out a", "out b\nerr the reason\\n\nfail exit status 1\nout no", "out c")
	var ce *CellError
	if !errors.As(err, &ce) {
		t.Fatalf("error %v", err)
	}
	if ce.Cell != 2 || ce.FirstLine != "out b" || ce.Value != "exit status 1" || ce.Stderr != "the reason\n" {
		t.Errorf("%+v", ce)
	}
	if msg := err.Error(); !strings.Contains(msg, "cell 2 (out b)") || !strings.Contains(msg, "the reason") {
		t.Errorf("message %q", msg)
	}
	if got[1] != "stdout:b|stderr:the reason\n|error:exit status 1" || got[2] != "" {
		t.Errorf("outputs %q", got)
	}
}

// What nb says of a failure stands in the place of GoNB's exit code, and its key is
// no part of the notebook.
func TestFailureOfTheLibrary(t *testing.T) {
	got, err := run(t, Options{}, "card no such column\nerr exit status 1\\n\nfail exit status 1")
	var ce *CellError
	if !errors.As(err, &ce) || ce.Name != "FormulaError" || ce.Value != "no such column" {
		t.Fatalf("error %+v", err)
	}
	if want := "cell 1 (card no such column): FormulaError: no such column\n  y ~ x +\n        ^"; err.Error() != want {
		t.Errorf("message %q, want %q", err, want)
	}
	if got[0] != "display_data:no such column|stderr:exit status 1\n|error:no such column" {
		t.Errorf("outputs %q", got)
	}
}

func TestAllowErrors(t *testing.T) {
	got, err := run(t, Options{AllowErrors: true}, "fail x", "out c")
	if err != nil || got[0] != "error:x" || got[1] != "stdout:c" {
		t.Errorf("outputs %q, error %v", got, err)
	}
}

// A cell with the tag may fail, and only such a cell.
func TestRaisesException(t *testing.T) {
	src := bytes.Replace(cellsOf("fail x", "out b", "fail y", "out d"), []byte(`"metadata": {}`), []byte(`"metadata": {"tags": ["a", "raises-exception"]}`), 1)
	out, err := Run(t.Context(), src, Options{Kernel: fakeKernel()})
	var ce *CellError
	if !errors.As(err, &ce) || ce.Cell != 3 {
		t.Fatalf("error %v", err)
	}
	if !bytes.Contains(out, []byte(`"evalue": "x"`)) || !bytes.Contains(out, []byte(`"b"`)) {
		t.Errorf("%s", out)
	}
}

func TestHostileMessages(t *testing.T) {
	got, err := run(t, Options{}, "garbage\nout fine", "out more")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(got[0], "stdout:fine") || strings.Contains(got[0], "forged") || strings.Contains(got[0], "another") {
		t.Errorf("outputs %q", got)
	}
	if got[1] != "stdout:more" {
		t.Errorf("outputs %q", got)
	}
}

// Many pieces are none too many, and none is lost.
func TestFlood(t *testing.T) {
	got, err := run(t, Options{}, "flood 3000\nshow x")
	if err != nil {
		t.Fatal(err)
	}
	if want := "stdout:" + strings.Repeat("0123456789abcdef\n", 3000) + "|display_data:x"; got[0] != want {
		t.Errorf("%d bytes came, want %d", len(got[0]), len(want))
	}
}

// Another program takes a port before the kernel binds it: the run starts again with
// other ports.
func TestPortTaken(t *testing.T) {
	starts := 0
	var taken net.Listener
	kernel := fakeKernel()
	got, err := run(t, Options{Kernel: func(file string) *exec.Cmd {
		if starts++; starts == 1 {
			conn, err := jupyter.ReadConnection(file)
			if err != nil {
				t.Fatal(err)
			}
			taken, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", conn.HBPort))
			if err != nil && !errors.Is(err, syscall.EADDRINUSE) { // where another program was faster
				t.Fatal(err)
			}
		}
		return kernel(file)
	}}, "out a")
	if taken != nil {
		taken.Close()
	}
	if err != nil || got[0] != "stdout:a" || starts < 2 {
		t.Errorf("outputs %q after %d starts, error %v", got, starts, err)
	}
}

func TestTimeout(t *testing.T) {
	got, err := run(t, Options{CellTimeout: 200 * time.Millisecond}, "out a\nsleep", "out b")
	var ce *CellError
	var te *TimeoutError
	if !errors.As(err, &ce) || !errors.As(err, &te) || ce.Cell != 1 || te.Limit != 200*time.Millisecond {
		t.Fatalf("error %v", err)
	}
	if want := "stdout:a|error:it ran longer than 200ms and was interrupted; allow it more time, or give it less to do"; got[0] != want || got[1] != "" {
		t.Errorf("outputs %q", got)
	}
}

// The death of the kernel is seen as such: nothing here has a limit but the test.
func TestDeath(t *testing.T) {
	got, err := run(t, Options{AllowErrors: true}, "out a", "out b\ndie of sorrow", "out c")
	var ce *CellError
	var ke *KernelError
	if !errors.As(err, &ce) || ce.Cell != 2 || !errors.As(err, &ke) {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(ke.Output, "fake: of sorrow") || !strings.Contains(err.Error(), "exit status 9") {
		t.Errorf("error %v does not tell how the kernel died", err)
	}
	if got[0] != "stdout:a" || !strings.HasSuffix(got[1], "error:kernel: it died: exit status 9") || got[2] != "" {
		t.Errorf("outputs %q", got)
	}
}

func TestKernelThatDoesNotStart(t *testing.T) {
	for name, tc := range map[string]struct {
		opt  Options
		says []string
	}{
		"dies":  {Options{Kernel: fakeKernel("FAKE_START=die")}, []string{"ended while it started", "no luck today", "exit status 3"}},
		"hangs": {Options{Kernel: fakeKernel("FAKE_START=hang"), StartTimeout: 200 * time.Millisecond}, []string{"not ready after 200ms"}},
	} {
		_, err := run(t, tc.opt, "out a")
		var ke *KernelError
		if !errors.As(err, &ke) {
			t.Errorf("%s: error %v", name, err)
			continue
		}
		for _, s := range tc.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: error %q lacks %q", name, err, s)
			}
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := Run(ctx, cellsOf("sleep"), Options{Kernel: fakeKernel()})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	base := t.TempDir()
	t.Setenv("TMPDIR", base)
	got, err := run(t, Options{}, "tmp")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got[0], "stdout:"+base+"/golmm-kernel-") {
		t.Errorf("the kernel's TMPDIR: %q", got)
	}
	if left, _ := os.ReadDir(base); len(left) != 0 {
		t.Errorf("left in the folder for temporary files: %v", left)
	}
}

func TestProgress(t *testing.T) {
	var calls []string
	_, err := run(t, Options{Progress: func(cell, cells int, first string) {
		calls = append(calls, fmt.Sprintf("%d/%d %s", cell, cells, first))
	}}, "out a", "", "out c")
	if err != nil || strings.Join(calls, ", ") != "1/3 out a, 3/3 out c" {
		t.Errorf("calls %q, error %v", calls, err)
	}
}
