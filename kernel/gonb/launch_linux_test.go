package gonb

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A launcher that is killed takes GoNB with it on Linux, where a child can ask for a
// signal at its parent's death.
func TestLauncherKilled(t *testing.T) {
	n := notes(filepath.Join(t.TempDir(), "notes"))
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("NOTES", string(n))
	h := newHome(t, t.TempDir(), trapScript, "go1.26.1")
	t.Setenv(HomeVariable, h.Dir)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), launchVariable+"="+connectionFile(t))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n.await(t, "started ")
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	n.await(t, "TERM")
}
