package jupyter

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConnectionFile(t *testing.T) {
	c, err := NewConnection("golmm")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kernel-1.json")
	if err := c.Write(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v: others can read the key", info.Mode())
	}
	back, err := ReadConnection(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c, back); d != "" {
		t.Error(d)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("Write left %d files", len(left))
	}
}

func TestReadConnectionRefuses(t *testing.T) {
	const good = `"ip":"127.0.0.1","transport":"tcp","key":"k","signature_scheme":"hmac-sha256",`
	const ports = `"shell_port":1001,"iopub_port":1002,"stdin_port":1003,"control_port":1004,"hb_port":`
	dir := t.TempDir()
	for name, tc := range map[string]struct{ text, says string }{
		"empty":         {"", "not the JSON"},
		"a list":        {"[]", "not the JSON"},
		"nothing in it": {"{}", "transport"},
		"port as text":  {`{` + good + `"shell_port":"x"}`, "not the JSON"},
		"no ports":      {`{` + strings.TrimSuffix(good, ",") + `}`, "shell_port is 0"},
		"port twice":    {`{` + good + ports + `1001}`, "shell_port and hb_port are both 1001"},
		"port too high": {`{` + good + ports + `70000}`, "hb_port is 70000"},
		"scheme":        {`{` + strings.Replace(good, "sha256", "md5", 1) + ports + `1005}`, "hmac-md5"},
		"transport":     {`{` + strings.Replace(good, "tcp", "udp", 1) + ports + `1005}`, "udp"},
	} {
		path := filepath.Join(dir, "c.json")
		if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadConnection(path)
		var ce *ConnectionError
		if !errors.As(err, &ce) || ce.Path != path || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v; want a *ConnectionError with the path and %q", name, err, tc.says)
		}
	}
	_, err := ReadConnection(filepath.Join(dir, "absent.json"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent file: %v", err)
	}
}

func TestEndpoint(t *testing.T) {
	c := &Connection{IP: "127.0.0.1", Transport: "tcp", ShellPort: 5}
	if got := c.Endpoint(Shell); got != "tcp://127.0.0.1:5" {
		t.Error(got)
	}
	c.IP = "::1"
	if got := c.Endpoint(Shell); got != "tcp://[::1]:5" {
		t.Error(got)
	}
	c.Transport, c.IP = "ipc", "/tmp/k"
	if got := c.Endpoint(Shell); got != "ipc:///tmp/k-5" {
		t.Error(got)
	}
}

func TestFreePorts(t *testing.T) {
	ports, err := FreePorts("127.0.0.1", 20)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[int]bool)
	for _, p := range ports {
		if seen[p] {
			t.Errorf("port %d came twice", p)
		}
		seen[p] = true
	}
	if _, err := FreePorts("no such host", 1); err == nil {
		t.Error("a port on a host that does not exist")
	}
}

func TestDataDir(t *testing.T) {
	home := func() (string, error) { return "/home/ann", nil }
	noHome := func() (string, error) { return "", errors.New("no home") }
	for _, tc := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", nil, "/home/ann/.local/share/jupyter"},
		{"linux", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/jupyter"},
		{"linux", map[string]string{"XDG_DATA_HOME": "relative"}, "/home/ann/.local/share/jupyter"},
		{"linux", map[string]string{"XDG_DATA_HOME": "/data", "JUPYTER_DATA_DIR": "/j"}, "/j"},
		{"darwin", map[string]string{"XDG_DATA_HOME": "/data"}, "/home/ann/Library/Jupyter"},
		{"windows", map[string]string{"APPDATA": "/roaming"}, "/roaming/jupyter"},
		{"windows", nil, "/home/ann/.jupyter/data"},
	} {
		got, err := dataDir(tc.goos, func(k string) string { return tc.env[k] }, home)
		if err != nil || got != tc.want {
			t.Errorf("%s %v: %q, %v; want %q", tc.goos, tc.env, got, err, tc.want)
		}
	}
	if _, err := dataDir("linux", func(string) string { return "" }, noHome); err == nil ||
		!strings.Contains(err.Error(), "JUPYTER_DATA_DIR") {
		t.Errorf("without a home: %v", err)
	}
}

func TestKernelSpec(t *testing.T) {
	data := t.TempDir()
	s := &KernelSpec{
		Argv: []string{"/opt/golmm", "kernel", "{connection_file}"}, DisplayName: "golmm", Language: "go",
		InterruptMode: "signal", Env: map[string]string{"A": "b"},
	}
	dir, err := s.Write(data, "golmm", map[string][]byte{"logo-64x64.png": []byte("png")})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(data, "kernels", "golmm"); dir != want {
		t.Errorf("folder %s, want %s", dir, want)
	}
	back, err := ReadKernelSpec(data, "golmm")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, back); d != "" {
		t.Error(d)
	}
	if err := RemoveKernelSpec(data, "golmm"); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadKernelSpec(data, "golmm"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after removal: %v", err)
	}
	if err := RemoveKernelSpec(data, "golmm"); err != nil {
		t.Errorf("second removal: %v", err)
	}
}

func TestKernelSpecRefuses(t *testing.T) {
	data := t.TempDir()
	s := &KernelSpec{Argv: []string{"x"}}
	for _, name := range []string{"", "..", "../x", "a/b", "a b"} {
		if _, err := s.Write(data, name, nil); err == nil {
			t.Errorf("a kernel was called %q", name)
		}
		if err := RemoveKernelSpec(data, name); err == nil {
			t.Errorf("the kernel %q was removed", name)
		}
	}
	if _, err := (&KernelSpec{}).Write(data, "a", nil); err == nil {
		t.Error("no argv")
	}
	if _, err := s.Write(data, "a", map[string][]byte{"../b": nil}); err == nil {
		t.Error("a file outside of the folder")
	}
	foreign := KernelSpecDir(data, "mine")
	if err := os.MkdirAll(foreign, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := RemoveKernelSpec(data, "mine"); err == nil {
		t.Error("a folder without kernel.json was removed")
	}
}
