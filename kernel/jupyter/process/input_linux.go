package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// CanTypeInput tells whether AwaitsInput and TypeInput work on this system.
func CanTypeInput() bool { return true }

// AwaitsInput tells whether a thread of the process waits in read(2) for its standard
// input, a pipe.
func (m Member) AwaitsInput() bool {
	calls, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/syscall", m.Pid))
	if err != nil {
		return false
	}
	reads := fmt.Sprintf("%d 0x0 ", syscall.SYS_READ)
	for _, call := range calls {
		if b, err := os.ReadFile(call); err == nil && strings.HasPrefix(string(b), reads) {
			target, err := os.Readlink(m.stdin())
			return err == nil && strings.HasPrefix(target, "pipe:")
		}
	}
	return false
}

// TypeInput writes text to the pipe that is the standard input of the process. It
// gives up after a second: nobody reads.
func (m Member) TypeInput(text string) error {
	f, err := os.OpenFile(m.stdin(), os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return err
}

func (m Member) stdin() string { return fmt.Sprintf("/proc/%d/fd/0", m.Pid) }
