// Package process starts a kernel and ends all of it.
//
// A kernel starts other programs: compilers, cells, a language server. Start puts
// the kernel at the head of a process group and gives it a folder for temporary
// files of its own. When the kernel ends, for whatever reason, what is left of the
// group is killed, so is whatever else works in that folder, and the folder goes. When
// this process itself is killed, a guard does so.
package process

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Process is a running kernel.
type Process struct {
	cmd  *exec.Cmd
	temp *tempDir
	done chan struct{}
	err  error
}

// Start starts cmd in a new process group with TMPDIR set to a new folder. On Linux
// the kernel gets SIGTERM when this process dies.
func Start(cmd *exec.Cmd) (*Process, error) {
	return StartIn(func(string) (*exec.Cmd, error) { return cmd, nil })
}

// StartIn is Start for a command that must know its folder for temporary files, which
// command is called with. Nobody but the user can read that folder.
func StartIn(command func(tempDir string) (*exec.Cmd, error)) (*Process, error) {
	temp, err := newTempDir()
	if err != nil {
		return nil, fmt.Errorf("there can be no folder for temporary files, whose place TMPDIR tells: %w", err)
	}
	cmd, err := command(temp.path)
	if err != nil {
		temp.remove()
		return nil, err
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "TMPDIR="+temp.path)
	if cmd.WaitDelay == 0 {
		// What the kernel left behind may hold its output open.
		cmd.WaitDelay = time.Second
	}
	prepare(cmd)
	p := &Process{cmd: cmd, temp: temp, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The signal at a parent's death is sent when the thread that started the
		// child ends: this one must live as long as the child.
		runtime.LockOSThread()
		err := cmd.Start()
		var g *guard
		if err == nil {
			g = newGuard(cmd.Process.Pid, temp.path)
		}
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		killGroup(cmd.Process.Pid)
		temp.remove()
		g.dismiss()
		close(p.done)
	}()
	if err := <-started; err != nil {
		temp.remove()
		return nil, err
	}
	return p, nil
}

// Member is a process of a kernel's process group.
type Member struct {
	Pid int
	RSS int64 // resident memory in bytes
}

// Members returns the processes of the kernel's group but the kernel itself: what
// builds a cell, and the cell.
func (p *Process) Members() []Member {
	select {
	case <-p.done: // another group may have its number by now
		return nil
	default:
		return groupMembers(p.cmd.Process.Pid)
	}
}

// Kill ends the process at once.
func (m Member) Kill() { kill(m.Pid) }

// Done is closed when the kernel has ended and nothing of it is left.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err returns, after Done, what exec.Cmd.Wait said about the end: nil for exit
// status 0.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Signal sends a signal to the kernel alone, not to its children. A kernel that has
// ended is no error.
func (p *Process) Signal(sig os.Signal) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	if err := p.cmd.Process.Signal(sig); err != nil && err != os.ErrProcessDone {
		return err
	}
	return nil
}

// Interrupt sends SIGINT to the kernel and to the rest of its group, as a terminal
// does: GoNB itself forgets an interrupt that comes while it builds a cell.
func (p *Process) Interrupt() error {
	for _, m := range p.Members() {
		interrupt(m.Pid)
	}
	return p.Signal(os.Interrupt)
}

// Stop asks the kernel to end and returns when it has. After grace it is killed.
func (p *Process) Stop(grace time.Duration) {
	if terminate(p) == nil {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-p.done:
			return
		case <-timer.C:
		}
	}
	p.Kill()
}

// Kill ends the kernel at once and returns when it has ended.
func (p *Process) Kill() {
	select {
	case <-p.done:
		return
	default:
	}
	killGroup(p.cmd.Process.Pid)
	_ = p.cmd.Process.Kill()
	<-p.done
}

// mentions tells whether a command line or environment, its parts ended by NUL or
// blanks, names dir or something in it.
func mentions(text, dir string) bool {
	for {
		i := strings.Index(text, dir)
		if i < 0 {
			return false
		}
		text = text[i+len(dir):]
		if text == "" || strings.ContainsRune("/ \x00;:,'\"", rune(text[0])) {
			return true
		}
	}
}
