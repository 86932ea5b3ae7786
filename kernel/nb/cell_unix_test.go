//go:build unix

package nb

import (
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/golmm/golmm/lmm/cache"
	"github.com/golmm/golmm/lmm/infer"
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
	"lazy": func() {
		m := Fit("Reaction ~ Dayz + (Days | Subject)", Data("sleepstudy"))
		Show("before", m, "after")
	},
	"column": func() { Show(Data("sleepstudy").Column("Dayz").Float(0)) },
	"unused": func() {
		_ = Fit("y ~", Data("no such file"))
		_ = Later(func() (int, error) { panic("used") })
		Show("end")
	},
	"panic": func() { Show(Later(func() (int, error) { return []int{}[len(os.Args)], nil })) },
	"bootstrap": func() {
		r := Bootstrap(Fit(sleepFormula, Data("sleepstudy")), &infer.BootstrapOptions{Replicates: 200, Seed: 3}).Get()
		fmt.Println(string(Must(json.Marshal(r))))
	},
	"progress": func() {
		for i := range Progress("refits", 3).All() {
			if i == 1 {
				time.Sleep(2 * refresh)
			}
		}
	},
}

func TestMain(m *testing.M) {
	if cell, ok := cells[os.Getenv(cellEnv)]; ok {
		cell()
		os.Exit(0)
	}
	// GoNB does the same; the tests decode what it would.
	gob.Register(map[string]any{})
	gob.Register([]string{})
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
	kill := time.AfterFunc(5*time.Minute, func() { _ = cmd.Process.Kill() })
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

// failureIn is what a display tells the kernel.
func failureIn(d map[protocol.MIMEType]any) map[string]any {
	f, _ := d[failureMIME].(map[string]any)
	return f
}

func TestCellInNotebook(t *testing.T) {
	const dayz = "formula: the data have no column Dayz; did you mean Days?"
	for _, c := range []struct {
		cell  string
		shown []string // how each display begins
		ename string   // of the failure, "" for none
	}{
		{"show", []string{"one", "two"}, ""},
		{"broken figure", []string{"one", "display 2 of 3 (nb.drawing) failed: no groups", "three"}, "Error"},
		{"check", []string{"before", "unknown name Dayz\n  y ~ Dayz\n      ^"}, "Error"},
		{"must", []string{"no such file"}, "Error"},
		{"lazy", []string{"before", dayz + "\n  Reaction ~ Dayz + (Days | Subject)\n             ^\nDeclared by: m := Fit(", "after"}, "FormulaError"},
		{"column", []string{"there is no column \"Dayz\""}, "DataError"},
		{"unused", []string{"end"}, ""},
		{"panic", []string{"display 1"}, "Panic"},
	} {
		shown, stdout, stderr, code := inNotebook(t, c.cell)
		if stdout != "" || stderr != "" || (code != 0) != (c.ename != "") {
			t.Errorf("%s: stdout %q, stderr %q, exit code %d", c.cell, stdout, stderr, code)
		}
		if len(shown) != len(c.shown) {
			t.Errorf("%s: %d displays, want %d", c.cell, len(shown), len(c.shown))
			continue
		}
		failures := 0
		for i, want := range c.shown {
			text := shown[i][protocol.MIMETextPlain].(string)
			f := failureIn(shown[i])
			if c.cell != "panic" && !strings.HasPrefix(text, want) {
				t.Errorf("%s: display %d is %q, want %q", c.cell, i+1, text, want)
			}
			if f == nil {
				continue
			}
			failures++
			if html, _ := shown[i][protocol.MIMETextHTML].(string); !strings.Contains(html, "<section") {
				t.Errorf("%s: no card", c.cell)
			}
			value, _, _ := strings.Cut(text, "\n")
			lines, _ := f["traceback"].([]string)
			if f["ename"] != c.ename || f["evalue"] != value || strings.Join(lines, "\n") != text {
				t.Errorf("%s: failure %q", c.cell, f)
			}
			if strings.Contains(text, "goroutine") || c.ename == "Panic" && !strings.Contains(text, "cell_unix_test.go:") {
				t.Errorf("%s: %s", c.cell, text)
			}
		}
		if want := len(c.ename); failures > 1 || (failures == 1) != (want > 0) {
			t.Errorf("%s: %d failures", c.cell, failures)
		}
	}
}

// A bar is one display that changes, and its end tells no times.
func TestProgressInNotebook(t *testing.T) {
	shown, _, _, code := inNotebook(t, "progress")
	if code != 0 || len(shown) < 3 {
		t.Fatalf("exit code %d, %d displays", code, len(shown))
	}
	text := func(i int) string { return shown[i][protocol.MIMETextPlain].(string) }
	if got := text(0); got != "refits [....................] 0 of 3" {
		t.Errorf("first %q", got)
	}
	if got := text(len(shown) - 1); got != "refits [####################] 3 of 3" {
		t.Errorf("last %q", got)
	}
	if got := text(len(shown) - 2); !strings.Contains(got, " a second, ") || !strings.HasSuffix(got, " left") {
		t.Errorf("between %q", got)
	}
}

// Programs that ask for the same at the same time get the same, from the cache or
// not, and leave one whole entry.
func TestTwoProgramsAtOnce(t *testing.T) {
	home := t.TempDir()
	var out [4]strings.Builder
	run := func(from, to int) {
		var cmds []*exec.Cmd
		for i := from; i < to; i++ {
			cmd := cell("bootstrap")
			cmd.Env = append(cmd.Env, "HOME="+home, "XDG_CACHE_HOME="+home, cache.ModeVariable+"=on", cache.LeastVariable+"=0s")
			cmd.Stdout = &out[i]
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			cmds = append(cmds, cmd)
		}
		for _, cmd := range cmds {
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		}
	}
	run(0, 2)
	run(2, 4)
	for i := range out {
		if out[i].Len() < 1000 || out[i].String() != out[0].String() {
			t.Errorf("program %d has another result", i)
		}
	}
	left, err := cache.Open(cache.Settings{Dir: filepath.Join(home, "golmm", "results")}).List()
	kept := 0
	for _, e := range left { // the fit is there too
		if e.Damaged {
			t.Errorf("%+v", e)
		}
		if strings.HasPrefix(e.About, "Bootstrap of ") {
			kept++
		}
	}
	if err != nil || kept != 1 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestCellInTerminal(t *testing.T) {
	for name, want := range map[string][2]string{
		"check":    {"before\n\n", "unknown name Dayz\n  y ~ Dayz\n      ^\n"},
		"progress": {"", "refits [####################] 3 of 3\n"},
	} {
		cmd := cell(name)
		var out, errs strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errs
		_ = cmd.Run()
		if out.String() != want[0] || errs.String() != want[1] || (cmd.ProcessState.ExitCode() == 1) != (name == "check") {
			t.Errorf("%s: stdout %q, stderr %q, exit code %d", name, out.String(), errs.String(), cmd.ProcessState.ExitCode())
		}
	}
}
