//go:build unix

package process

import (
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// guard ends a kernel and removes its folder when this process is gone without having
// done so, killed for instance. It is a shell that waits for the end of a pipe.
type guard struct {
	cmd  *exec.Cmd
	pipe io.Closer
}

// What is killed ends when the system gets to it, and may write to the folder until then.
const guardScript = `read x
kill -s KILL -- "-$1" 2>/dev/null
for i in 1 2 3 4 5 6 7 8 9; do
	sleep 0.2
	rm -rf -- "$2" 2>/dev/null && break
done`

// newGuard starts a guard for a process group. Without one, what a killed process leaves
// behind stays until the next start.
func newGuard(group int, dir string) *guard {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "sh", strconv.Itoa(group), dir)
	cmd.Dir = "/"
	// Who kills the group of this process shall not kill the guard.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	return &guard{cmd, pipe}
}

// dismiss ends the guard, which has nothing more to do.
func (g *guard) dismiss() {
	if g != nil {
		_ = g.cmd.Process.Kill()
		_ = g.cmd.Wait()
		_ = g.pipe.Close()
	}
}
