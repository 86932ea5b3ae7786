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

func groupMembers(int) []int { return nil }

func interrupt(int) {}
