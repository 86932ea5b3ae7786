package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }

// groupMembers reads /proc/PID/stat (proc(5)) of every process.
func groupMembers(group int) []int {
	var pids []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == group {
			continue
		}
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err == nil && statGroup(string(b)) == group {
			pids = append(pids, pid)
		}
	}
	return pids
}

// statGroup returns the process group of a living process, 0 if it is none. The name
// of the program stands in brackets and may contain anything.
func statGroup(stat string) int {
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(f) < 3 || f[0] == "Z" || f[0] == "X" {
		return 0
	}
	group, err := strconv.Atoi(f[2])
	if err != nil {
		return 0
	}
	return group
}

// users returns the processes whose command line or environment names dir.
func users(dir string) []int {
	var pids []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		for _, file := range []string{"cmdline", "environ"} {
			b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
			if err == nil && mentions(string(b), dir) {
				pids = append(pids, pid)
				break
			}
		}
	}
	return pids
}
