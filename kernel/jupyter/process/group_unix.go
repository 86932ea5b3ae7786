//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// prepare makes the command the head of a process group.
func prepare(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = new(syscall.SysProcAttr)
	}
	cmd.SysProcAttr.Setpgid = true
	dieWithParent(cmd.SysProcAttr)
}

func terminate(p *Process) error { return p.Signal(syscall.SIGTERM) }

// interrupt is no error for a process that has just ended.
func interrupt(pid int) { _ = syscall.Kill(pid, syscall.SIGINT) }

func kill(pid int) { _ = syscall.Kill(pid, syscall.SIGKILL) }

// killGroup kills what is left of the process group.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

// killUsers kills the processes that work in dir but left the group, as a language
// server does.
func killUsers(dir string) {
	for _, pid := range users(dir) {
		if pid != os.Getpid() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}
