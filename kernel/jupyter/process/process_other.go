//go:build !unix

package process

import (
	"errors"
	"os"
	"os/exec"
)

type tempDir struct{ path string }

func newTempDir() (*tempDir, error) {
	dir, err := os.MkdirTemp("", "golmm-kernel-")
	return &tempDir{path: dir}, err
}

func (t *tempDir) remove() { _ = os.RemoveAll(t.path) }

func prepare(*exec.Cmd) {}

func terminate(*Process) error { return errors.ErrUnsupported }

func killGroup(int) {}

func groupMembers(int) []Member { return nil }

// LimitMemory does nothing here.
func (p *Process) LimitMemory(int64) error { return nil }

// AwaitsInput cannot tell here.
func (Member) AwaitsInput() bool { return false }

// TypeInput cannot be done here.
func (Member) TypeInput(string) error { return errors.ErrUnsupported }

// CanTypeInput tells whether AwaitsInput and TypeInput work on this system.
func CanTypeInput() bool { return false }

func kill(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}

func interrupt(int) {}

type guard struct{}

func newGuard(int, string) *guard { return nil }

func (*guard) dismiss() {}
