//go:build unix && !linux

package process

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

func dieWithParent(*syscall.SysProcAttr) {}

// users returns the processes whose command line names dir.
func users(dir string) []int {
	out, err := exec.Command("ps", "-axww", "-o", "pid=,command=").Output()
	if err != nil {
		return nil
	}
	var pids []int
	for line := range strings.Lines(string(out)) {
		first, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		if pid, err := strconv.Atoi(first); err == nil && mentions(command, dir) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// groupMembers asks ps for every process: pid, group, resident memory in KiB.
func groupMembers(group int) []Member {
	out, err := exec.Command("ps", "-axo", "pid=,pgid=,rss=").Output()
	if err != nil {
		return nil
	}
	var list []Member
	for line := range strings.Lines(string(out)) {
		var pid, pgid int
		var kib int64
		if n, err := fmt.Sscan(line, &pid, &pgid, &kib); err == nil && n == 3 && pgid == group && pid != group {
			list = append(list, Member{Pid: pid, RSS: kib << 10})
		}
	}
	return list
}

// LimitMemory does nothing: the system has no such limit for another process.
func (p *Process) LimitMemory(int64) error { return nil }

// AwaitsInput cannot tell on this system.
func (Member) AwaitsInput() bool { return false }

// TypeInput cannot be done on this system.
func (Member) TypeInput(string) error { return errors.ErrUnsupported }

// CanTypeInput tells whether AwaitsInput and TypeInput work on this system.
func CanTypeInput() bool { return false }
