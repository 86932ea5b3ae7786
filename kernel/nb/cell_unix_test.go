//go:build unix

package nb

import (
	"encoding/gob"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// cellEnv makes this test binary run a cell instead of the tests.
const cellEnv = "GOLMM_TEST_CELL"

// cells are what the test binary runs as a program of its own.
var cells = map[string]func(){
	"show": func() { Show("one", "two") },
	"broken figure": func() {
		Show("one", drawing{errors.New("no groups")}, "three")
	},
	"check": func() {
		Show("before")
		Check(errors.New("unknown name Dayz\n  y ~ Dayz\n      ^"))
		Show("after")
	},
	"must": func() { Must(0, errors.New("no such file")) },
}

func TestMain(m *testing.M) {
	if cell, ok := cells[os.Getenv(cellEnv)]; ok {
		cell()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// inNotebook runs a cell as GoNB does, with its two pipes, and returns the
// displays that arrived, what was printed and the exit code.
func inNotebook(t *testing.T, name string) (shown []map[protocol.MIMEType]any, stdout, stderr string, code int) {
	t.Helper()
	dir := t.TempDir()
	to, from := filepath.Join(dir, "to"), filepath.Join(dir, "from")
	for _, p := range []string{to, from} {
		if err := syscall.Mkfifo(p, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := cell(name)
	cmd.Env = append(cmd.Env, protocol.GONB_PIPE_ENV+"="+to, protocol.GONB_PIPE_BACK_ENV+"="+from)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	in, err := os.Open(to) // waits for the cell to open the other end
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	back, err := os.OpenFile(from, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	decoder, encoder := gob.NewDecoder(in), gob.NewEncoder(back)
	for {
		var d protocol.DisplayData
		if decoder.Decode(&d) != nil {
			break
		}
		v, isValue := d.Data[protocol.MIMECommValue].(protocol.CommValue)
		if !isValue {
			shown = append(shown, d.Data)
			continue
		}
		ack := &protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: v.Value}
		if err := encoder.Encode(ack); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait()
	return shown, out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func cell(name string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), cellEnv+"="+name)
	return cmd
}

func TestCellInNotebook(t *testing.T) {
	for _, c := range []struct {
		cell   string
		shown  []string
		stderr string
		code   int
	}{
		{"show", []string{"one", "two"}, "", 0},
		{"broken figure", []string{"one", "display 2 of 3 (nb.drawing) failed: no groups", "three"},
			"display 2 of 3 (nb.drawing) failed: no groups\n", 1},
		{"check", []string{"before"}, "unknown name Dayz\n  y ~ Dayz\n      ^\n", 1},
		{"must", nil, "no such file\n", 1},
	} {
		shown, stdout, stderr, code := inNotebook(t, c.cell)
		var texts []string
		for _, d := range shown {
			texts = append(texts, d[protocol.MIMETextPlain].(string))
		}
		if strings.Join(texts, "|") != strings.Join(c.shown, "|") {
			t.Errorf("%s: shown %q, want %q", c.cell, texts, c.shown)
		}
		if stdout != "" || stderr != c.stderr || code != c.code {
			t.Errorf("%s: stdout %q, stderr %q, exit code %d; want stderr %q, code %d", c.cell, stdout, stderr, code, c.stderr, c.code)
		}
	}
}

func TestCellInTerminal(t *testing.T) {
	cmd := cell("check")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run()
	if out.String() != "before\n\n" || errs.String() != "unknown name Dayz\n  y ~ Dayz\n      ^\n" || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("stdout %q, stderr %q, exit code %d", out.String(), errs.String(), cmd.ProcessState.ExitCode())
	}
}
