package gonb

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// MemoryVariable is the environment variable that sets the memory that each program
// of a cell may have: bytes, or a number with K, M, G or T (powers of 1024; a B or iB
// may follow), or off for no limit.
const MemoryVariable = "GOLMM_MEMORY_LIMIT"

// memoryFloor is the least limit: compilers and linkers have it too.
const memoryFloor = 512 << 20

// MemoryLimit returns the limit in bytes, 0 for none. By default it is three quarters
// of the memory of the machine or, if that is less, of the container; none where that
// cannot be told.
//
// The error tells that the variable is set to what is no limit; the default holds.
func MemoryLimit(ctx context.Context) (int64, error) {
	limit := machineMemory(ctx) / 4 * 3
	text := os.Getenv(MemoryVariable)
	if text == "" {
		return limit, nil
	}
	set, err := parseBytes(text)
	if err != nil {
		return limit, fmt.Errorf("%s is %q: %w", MemoryVariable, text, err)
	}
	if set > 0 && set < memoryFloor {
		return memoryFloor, fmt.Errorf("%s is %q, but programs that build cells need %d MiB, which is the limit now",
			MemoryVariable, text, memoryFloor>>20)
	}
	return set, nil
}

var bytesForm = regexp.MustCompile(`^(?i)([0-9]+(?:\.[0-9]+)?) *([KMGT]?)(?:I?B)?$`)

// parseBytes returns 0 for off.
func parseBytes(text string) (int64, error) {
	if text = strings.TrimSpace(text); strings.EqualFold(text, "off") || text == "0" {
		return 0, nil
	}
	m := bytesForm.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("it must be a number of bytes such as 8000000000 or 8G, or off")
	}
	x, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, err
	}
	if m[2] != "" {
		x = math.Ldexp(x, 10*(1+strings.Index("KMGT", strings.ToUpper(m[2]))))
	}
	return int64(min(x, math.MaxInt64/2)), nil
}

// machineMemory returns the bytes that programs can have, 0 if that cannot be told.
func machineMemory(ctx context.Context) int64 {
	switch runtime.GOOS {
	case "linux":
		total := memTotal(read("/proc/meminfo"))
		if c := cgroupLimit(read("/proc/self/cgroup"), read); c > 0 && (total == 0 || c < total) {
			return c
		}
		return total
	case "darwin", "freebsd":
		name := map[string]string{"darwin": "hw.memsize", "freebsd": "hw.physmem"}[runtime.GOOS]
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		out, err := exec.CommandContext(ctx, "sysctl", "-n", name).Output()
		if err != nil {
			return 0
		}
		return number(string(out))
	}
	return 0
}

func read(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	return string(b)
}

func number(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// memTotal reads the line MemTotal of /proc/meminfo (proc(5)).
func memTotal(meminfo string) int64 {
	for line := range strings.Lines(meminfo) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			return number(strings.TrimSuffix(strings.TrimSpace(rest), "kB")) << 10
		}
	}
	return 0
}

// cgroupLimit returns the least memory limit of the control groups of a process and
// those above, 0 without one. Source: cgroups(7); version 2 has a line 0::/path, version
// 1 one with the controller memory.
func cgroupLimit(cgroups string, read func(string) string) int64 {
	var least int64
	for line := range strings.Lines(cgroups) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		base, file := "/sys/fs/cgroup", "memory.max"
		if parts[1] == "memory" {
			base, file = "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
		} else if parts[1] != "" {
			continue
		}
		for dir := path.Join("/", parts[2]); ; dir = path.Dir(dir) {
			if n := number(read(path.Join(base, dir, file))); n > 0 && (least == 0 || n < least) {
				least = n
			}
			if dir == "/" {
				break
			}
		}
	}
	return least
}
