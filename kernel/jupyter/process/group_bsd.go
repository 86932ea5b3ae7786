//go:build unix && !linux

package process

import (
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

// groupMembers asks ps for every process and its group.
func groupMembers(group int) []int {
	out, err := exec.Command("ps", "-axo", "pid=,pgid=").Output()
	if err != nil {
		return nil
	}
	var pids []int
	for line := range strings.Lines(string(out)) {
		var pid, pgid int
		if n, err := fmt.Sscan(line, &pid, &pgid); err == nil && n == 2 && pgid == group && pid != group {
			pids = append(pids, pid)
		}
	}
	return pids
}
