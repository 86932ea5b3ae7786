//go:build unix

package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
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

// patience is how long anything may take on a busy machine.
const patience = 2 * time.Minute

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
	if filepath.Dir(p.temp.path) != base {
		t.Errorf("folder %s", p.temp.path)
	}
	await(t, "the start", func() bool { return exists(filepath.Join(out, "ready")) })
	const grace = 100 * time.Millisecond
	start := time.Now()
	p.Stop(grace)
	if d := time.Since(start); d < grace || d > patience {
		t.Errorf("Stop took %v", d)
	}
	for _, name := range []string{"child", "server"} {
		pid := written(t, filepath.Join(out, name))
		await(t, "the end of the "+name, func() bool { return !alive(pid) })
	}
	if left, _ := os.ReadDir(base); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	p.Stop(time.Second) // a second time does nothing
	if err := p.Signal(os.Interrupt); err != nil {
		t.Errorf("signal after the end: %+v", err)
	}
}

// ownerVariable makes this test binary start a stubborn kernel and wait.
const ownerVariable = "GOLMM_TEST_OWNER"

func TestMain(m *testing.M) {
	if os.Getenv(ownerVariable) == "" {
		os.Exit(m.Run())
	}
	ctx, cancel := WithParent(context.Background())
	defer cancel()
	p, err := Start(exec.Command("/bin/sh", "-c", stubborn))
	if err == nil {
		err = os.WriteFile(filepath.Join(os.Getenv("OUT"), "started"), nil, 0o600)
	}
	if err != nil {
		os.Exit(1)
	}
	<-ctx.Done()
	p.Kill()
}

// A process that is killed leaves nothing of its kernel, and neither does one whose
// parent is.
func TestOwnerIsKilled(t *testing.T) {
	for _, orphaned := range []bool{false, true} {
		base, out := t.TempDir(), t.TempDir()
		cmd := exec.Command(os.Args[0])
		if orphaned {
			cmd = exec.Command("/bin/sh", "-c", `"$0"; echo end`, os.Args[0])
		}
		cmd.Env = append(os.Environ(), "OUT="+out, "TMPDIR="+base, ownerVariable+"=1")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// The kernel can be ready before its owner has started the guard.
		await(t, "the start", func() bool { return exists(filepath.Join(out, "ready")) && exists(filepath.Join(out, "started")) })
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		child := written(t, filepath.Join(out, "child"))
		if server := written(t, filepath.Join(out, "server")); !orphaned {
			_ = syscall.Kill(server, syscall.SIGKILL) // the guard knows the group alone
		}
		await(t, "the end", func() bool {
			left, _ := os.ReadDir(base)
			return !alive(child) && len(left) == 0
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// written reads a process id.
func written(t *testing.T, path string) int {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not come", what)
		}
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
	if _, err := os.Stat(p.temp.path); err == nil {
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

// A process that was killed may write for a moment more.
func TestRemoveWhileSomebodyWrites(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for range 5 {
		dir, err := newTempDir()
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			end := time.Now().Add(50 * time.Millisecond)
			for i := 0; i < 10 || time.Now().Before(end); i++ {
				_ = os.WriteFile(filepath.Join(dir.path, strconv.Itoa(i)), nil, 0o600)
			}
		})
		for !exists(filepath.Join(dir.path, "9")) {
		}
		dir.remove()
		wg.Wait()
		if exists(dir.path) {
			t.Fatal("the folder stays")
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
	// A process that is just replacing its program has no memory.
	var list []Member
	await(t, "the members with their memory", func() bool {
		list = p.Members()
		return len(list) == 2 && list[0].RSS > 0 && list[1].RSS > 0
	})
	if list[0].Pid == list[1].Pid || list[0].Pid == p.cmd.Process.Pid {
		t.Errorf("members %+v of %d", list, p.cmd.Process.Pid)
	}
	p.Kill()
	if list := p.Members(); len(list) > 0 {
		t.Errorf("after the end: %+v", list)
	}
}
