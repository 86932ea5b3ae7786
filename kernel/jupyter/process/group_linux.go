package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGTERM }

// groupMembers reads /proc/PID/stat (proc(5)) of every process.
func groupMembers(group int) []Member {
	var list []Member
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == group {
			continue
		}
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		if pgrp, pages, ok := parseStat(string(b)); ok && pgrp == group {
			list = append(list, Member{Pid: pid, RSS: pages * int64(os.Getpagesize())})
		}
	}
	return list
}

// parseStat returns the process group and the resident pages of a living process.
// The name of the program stands in brackets and may contain anything.
func parseStat(stat string) (group int, pages int64, ok bool) {
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(f) < 22 || f[0] == "Z" || f[0] == "X" {
		return 0, 0, false
	}
	group, err := strconv.Atoi(f[2])
	if err != nil {
		return 0, 0, false
	}
	pages, err = strconv.ParseInt(f[21], 10, 64)
	return group, pages, err == nil
}

// LimitMemory sets the limit on the private writable memory (RLIMIT_DATA) of the
// kernel and of all it starts afterwards. It holds when memory is asked for, so that a
// Go program ends with "out of memory". It works on Linux.
func (p *Process) LimitMemory(bytes int64) error {
	limit := syscall.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(p.cmd.Process.Pid), syscall.RLIMIT_DATA,
		uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
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
