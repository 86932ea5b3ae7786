//go:build unix

package process

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
)

// stubborn ignores requests to end, has a child in its group, and one with a
// command line that names TMPDIR in a group of its own, like a language server.
const stubborn = `
trap '' TERM INT
sleep 300 &
echo $! > "$OUT/child"
cp /bin/sleep "$TMPDIR/server"
set -m
"$TMPDIR/server" 300 &
echo $! > "$OUT/server"
echo yes > "$OUT/ready"
while :; do sleep 0.05; done`

func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	// A zombie answers too; its new parent may be slow to reap it.
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func TestStopLeavesNothing(t *testing.T) {
	base, out := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", base)
	cmd := exec.Command("/bin/sh", "-c", stubborn)
	cmd.Env = append(os.Environ(), "OUT="+out)
	p, err := Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(p.TempDir()) != base {
		t.Errorf("folder %s", p.TempDir())
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(out, "ready")); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the script does not run")
		}
	}
	start := time.Now()
	p.Stop(100 * time.Millisecond)
	if d := time.Since(start); d < 100*time.Millisecond || d > 3*time.Second {
		t.Errorf("Stop took %v", d)
	}
	for _, name := range []string{"child", "server"} {
		b, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(2 * time.Second); alive(pid); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the %s lives", name)
			}
		}
	}
	if left, _ := os.ReadDir(base); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	p.Stop(time.Second) // a second time does nothing
	if err := p.Signal(os.Interrupt); err != nil {
		t.Errorf("signal after the end: %+v", err)
	}
}

func TestEndsByItself(t *testing.T) {
	p, err := Start(exec.Command("/bin/sh", "-c", "exit 4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Err(); err == nil || err.Error() != "exit status 4" {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(p.TempDir()); err == nil {
		t.Error("the folder is still there")
	}
}

func TestNoProgram(t *testing.T) {
	base := t.TempDir()
	t.Setenv("TMPDIR", base)
	if _, err := Start(exec.Command("/no/such/program")); err == nil {
		t.Error("it started")
	}
	if left, _ := os.ReadDir(base); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRemoveStale(t *testing.T) {
	base := t.TempDir()
	t.Setenv("TMPDIR", base)
	held, err := newTempDir()
	if err != nil {
		t.Fatal(err)
	}
	defer held.remove()
	dead, err := newTempDir()
	if err != nil {
		t.Fatal(err)
	}
	dead.lock.Close() // as the system does when a process dies
	foreign := filepath.Join(base, tempPrefix+"mine")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	removeStale(base, time.Now().Add(-time.Minute))
	if _, err := os.Stat(dead.path); err != nil {
		t.Error("a young folder was removed")
	}
	removeStale(base, time.Now().Add(time.Minute))
	if _, err := os.Stat(dead.path); err == nil {
		t.Error("the folder of a dead process stays")
	}
	for _, path := range []string{held.path, foreign} {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s is gone", path)
		}
	}
}

func TestMentions(t *testing.T) {
	const dir = "/tmp/golmm-kernel-12"
	for text, want := range map[string]bool{
		"":                          false,
		"gopls -listen unix;" + dir: true,
		dir + "/x/gopls_socket":     true,
		"TMPDIR=" + dir + "\x00A=b": true,
		dir + "3/x":                 false,
		dir + "3/x " + dir + "/y":   true,
		"vi /tmp/golmm-kernel-1/x":  false,
	} {
		if got := mentions(text, dir); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// The members of a group are its processes but the head, each once.
func TestMembers(t *testing.T) {
	p, err := Start(exec.Command("/bin/sh", "-c", "sleep 300 & sleep 300 & wait"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	var list []Member
	for deadline := time.Now().Add(10 * time.Second); len(list) < 2 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		list = p.Members()
	}
	if len(list) != 2 || list[0].Pid == list[1].Pid || list[0].Pid == p.cmd.Process.Pid || list[0].RSS <= 0 {
		t.Errorf("members %+v of %d", list, p.cmd.Process.Pid)
	}
	p.Kill()
	if list := p.Members(); len(list) > 0 {
		t.Errorf("after the end: %+v", list)
	}
}
