package gonb

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

// The test binary is also `golmm kernel`: with launchVariable set to a connection
// file it launches that installation's GoNB.
const launchVariable = "GOLMM_TEST_LAUNCH"

func TestMain(m *testing.M) {
	file := os.Getenv(launchVariable)
	if file == "" {
		os.Exit(m.Run())
	}
	h, err := Find()
	if err == nil {
		err = Launch(context.Background(), h, file, true)
	}
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
}

// trapScript is a gonb that writes down what happens to it.
const trapScript = `
note() { echo "$1" >> "$NOTES"; }
trap 'note INT' INT
trap 'note TERM; exit 0' TERM
mkdir "$TMPDIR/gonb_x"
note "started $TMPDIR $$"
note "args $*"
while :; do sleep 0.02; done`

func connectionFile(t *testing.T) string {
	t.Helper()
	c, err := jupyter.NewConnection("golmm")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kernel-1.json")
	if err := c.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

type notes string

// await returns the rest of the first line that begins with word.
func (n notes) await(t *testing.T, word string) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		b, _ := os.ReadFile(string(n))
		for line := range strings.Lines(string(b)) {
			if rest, ok := strings.CutPrefix(line, word); ok && strings.HasSuffix(line, "\n") {
				return strings.TrimSpace(rest)
			}
		}
	}
	t.Fatalf("%q was not noted", word)
	return ""
}

func TestLaunch(t *testing.T) {
	base := t.TempDir()
	t.Setenv("TMPDIR", base)
	n := notes(filepath.Join(t.TempDir(), "notes"))
	t.Setenv("NOTES", string(n))
	h := newHome(t, t.TempDir(), trapScript, "go1.26.1")
	t.Setenv(HomeVariable, h.Dir)
	file := connectionFile(t)

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), launchVariable+"="+file)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	temp, _, _ := strings.Cut(n.await(t, "started "), " ")
	if filepath.Dir(temp) != base {
		t.Errorf("TMPDIR %s is not below %s", temp, base)
	}
	args := n.await(t, "args ")
	for _, want := range []string{"-kernel=" + file, "-go_work=" + h.Src(), "-raw_error"} {
		if !strings.Contains(args, want) {
			t.Errorf("arguments %q lack %q", args, want)
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	n.await(t, "INT")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	n.await(t, "TERM")
	if err := cmd.Wait(); err != nil {
		t.Errorf("the launcher: %v", err)
	}
	if left, _ := os.ReadDir(base); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// An interrupt reaches what GoNB waits for, a build or a cell.
func TestInterruptReachesBuild(t *testing.T) {
	n := notes(filepath.Join(t.TempDir(), "notes"))
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("NOTES", string(n))
	const script = `
trap : INT
echo started >> "$NOTES"
sleep 300
echo ended >> "$NOTES"
exit 0`
	h := newHome(t, t.TempDir(), script, "go1.26.1")
	t.Setenv(HomeVariable, h.Dir)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), launchVariable+"="+connectionFile(t))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n.await(t, "started")
	time.Sleep(100 * time.Millisecond) // until the shell has started sleep
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	n.await(t, "ended")
	if err := cmd.Wait(); err != nil {
		t.Errorf("the launcher: %v", err)
	}
}

// The launcher's parent, a shell, ends at once: the launcher must notice.
func TestParentEnds(t *testing.T) {
	n := notes(filepath.Join(t.TempDir(), "notes"))
	base := t.TempDir()
	t.Setenv("TMPDIR", base)
	t.Setenv("NOTES", string(n))
	h := newHome(t, t.TempDir(), trapScript, "go1.26.1")
	t.Setenv(HomeVariable, h.Dir)
	t.Setenv(launchVariable, connectionFile(t))
	shell := exec.Command("/bin/sh", "-c", `"$0" & while ! grep -q started "$NOTES" 2>/dev/null; do sleep 0.02; done`, os.Args[0])
	if err := shell.Run(); err != nil {
		t.Fatal(err)
	}
	n.await(t, "TERM")
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		left, _ := os.ReadDir(base)
		if len(left) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("left behind: %v", left)
		}
	}
}

func TestLaunchErrors(t *testing.T) {
	h := newHome(t, t.TempDir(), "echo out of order >&2; exit 3", "go1.26.1")
	var ce *jupyter.ConnectionError
	if err := Launch(t.Context(), h, "/no/such/file", false); !errors.As(err, &ce) {
		t.Errorf("no connection file: %v", err)
	}
	var he *HomeError
	if err := Launch(t.Context(), h, connectionFile(t), false); !errors.As(err, &he) || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("gonb fails: %v", err)
	}
	if err := os.Remove(h.GoNB()); err != nil {
		t.Fatal(err)
	}
	if err := Launch(t.Context(), h, connectionFile(t), false); !errors.As(err, &he) || !strings.Contains(err.Error(), "go run ./install") {
		t.Errorf("gonb is missing: %v", err)
	}
}

func TestGoWork(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "with space", "src")
	if got, err := goWork(plain); err != nil || got != plain {
		t.Errorf("%q, %v", got, err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	src := filepath.Join(t.TempDir(), "a,b", "src")
	if err := os.MkdirAll(src, 0o755); err != nil {
		t.Fatal(err)
	}
	first, err := goWork(src)
	if err != nil {
		t.Fatal(err)
	}
	if target, err := filepath.EvalSymlinks(first); err != nil || target != src || strings.Contains(first, ",") {
		t.Errorf("%s leads to %s, %v", first, target, err)
	}
	if got := WorkLink(filepath.Dir(src)); got != first {
		t.Errorf("the link is %s, found %q", first, got)
	}
	if got := WorkLink(filepath.Dir(plain)); got != "" {
		t.Errorf("a link %s for a path without a comma", got)
	}
	// The build cache knows packages by their folder.
	if second, err := goWork(src); err != nil || second != first {
		t.Errorf("another link for the same module: %s and %s, %v", first, second, err)
	}
}
