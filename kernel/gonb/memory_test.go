package gonb

import (
	"runtime"
	"testing"
)

func TestMemoryLimit(t *testing.T) {
	t.Setenv(MemoryVariable, "")
	limit, err := MemoryLimit(t.Context())
	if err != nil || limit == 0 && runtime.GOOS == "linux" {
		t.Errorf("default %d, %v", limit, err)
	}
	for text, want := range map[string]int64{
		"off": 0, "0": 0, "1000000000": 1e9, "2G": 2 << 30, "1.5 GiB": 3 << 29, "700mb": 700 << 20, " 1T ": 1 << 40,
	} {
		t.Setenv(MemoryVariable, text)
		if got, err := MemoryLimit(t.Context()); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]int64{"much": limit, "-1": limit, "2 apples": limit, "1M": memoryFloor} {
		t.Setenv(MemoryVariable, text)
		if got, err := MemoryLimit(t.Context()); err == nil || got != want {
			t.Errorf("%q: %d, %v; want %d and an error", text, got, err, want)
		}
	}
}

func TestMachineMemory(t *testing.T) {
	if got := memTotal("MemTotal:       24684096 kB\nMemFree: 1 kB\n"); got != 24684096<<10 {
		t.Error(got)
	}
	files := map[string]string{
		"/sys/fs/cgroup/a/b/memory.max":                 "max\n",
		"/sys/fs/cgroup/a/memory.max":                   "4096\n",
		"/sys/fs/cgroup/memory/memory.limit_in_bytes":   "9223372036854771712\n",
		"/sys/fs/cgroup/memory/x/memory.limit_in_bytes": "8192\n",
	}
	read := func(name string) string { return files[name] }
	for cgroups, want := range map[string]int64{
		"0::/a/b\n":                          4096,
		"0::/\n":                             0,
		"9:name=systemd:/\n4:memory:/x\n":    8192,
		"4:memory:/x\n3:cpu:/\n0::/a\nbad\n": 4096,
		"":                                   0,
	} {
		if got := cgroupLimit(cgroups, read); got != want {
			t.Errorf("%q: %d, want %d", cgroups, got, want)
		}
	}
}
