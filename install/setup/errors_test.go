package setup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func wantKind(t *testing.T, err error, kind Kind, words ...string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %v, of type %T, not *Error", err, err)
	}
	if e.Kind != kind {
		t.Errorf("kind is %d, want %d, of: %v", e.Kind, kind, e)
	}
	contains(t, e.Error(), words...)
}

func TestGoErrors(t *testing.T) {
	fake := func(script string) string {
		path := filepath.Join(t.TempDir(), "go")
		write(t, path, "#!/bin/sh\n"+script+"\n")
		return path
	}
	t.Run("none", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := findGo(t.Context(), "", "1.26")
		wantKind(t, err, NoGo, "no go command is on PATH", "Go 1.26")
	})
	t.Run("missing", func(t *testing.T) {
		_, err := findGo(t.Context(), filepath.Join(t.TempDir(), "go"), "1.26")
		wantKind(t, err, NoGo, "no such file")
	})
	t.Run("broken", func(t *testing.T) {
		_, err := findGo(t.Context(), fake("echo cannot load libc >&2; exit 3"), "1.26")
		wantKind(t, err, NoGo, "cannot load libc")
	})
	t.Run("old", func(t *testing.T) {
		_, err := findGo(t.Context(), fake(`echo '{"GOVERSION": "go1.21.3"}'`), "1.26")
		wantKind(t, err, OldGo, "go1.21.3", "Go 1.26 or newer")
	})
}

func TestGoOutput(t *testing.T) {
	failed := errors.New("exit status 1")
	for _, test := range []struct {
		name, output, proxy string
		kind                Kind
		words               []string
	}{
		{
			"no name server",
			"go: downloading gonum.org/v1/gonum v0.17.0\nplots.go:3:8: gonum.org/v1/gonum@v0.17.0: Get \"https://proxy.golang.org/gonum.org/v1/gonum/@v/v0.17.0.zip\": dial tcp: lookup proxy.golang.org: no such host\n",
			"https://proxy.golang.org,direct", NoNetwork,
			[]string{"gonum.org/v1/gonum@v0.17.0 could not be downloaded", `GOPROXY is "https://proxy.golang.org,direct"`, "GOPROXY=https://"},
		},
		{
			"proxy off",
			"go: golang.org/x/tools/gopls@v0.23.0: module lookup disabled by GOPROXY=off\n",
			"off", NoNetwork, []string{"golang.org/x/tools/gopls@v0.23.0", "go env -u GOPROXY"},
		},
		{"disk full", "# lmm\nwrite $WORK/b001/_pkg_.a: no space left on device\n", "", DiskFull, []string{"GOCACHE"}},
		{"noexec", "fork/exec /tmp/go-build1/b001/exe/x: permission denied\n", "", NoExec, []string{"noexec", "TMPDIR="}},
		{"old go", "go: go.mod requires go >= 1.27 (running go 1.26.8; GOTOOLCHAIN=local)\n", "", OldGo, []string{"Go 1.27"}},
		{"compiler", strings.Repeat("line\n", 50) + "lmm.go:3:1: syntax error\n", "", BuildFailed, []string{"syntax error"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			wantKind(t, goError("building", test.output, test.proxy, failed), test.kind, test.words...)
		})
	}
}

func TestFileErrors(t *testing.T) {
	below := filepath.Join(t.TempDir(), "file")
	write(t, below, "")
	_, err := Install(t.Context(), Options{Prefix: below, Source: smallModule(t)}, os.Stderr)
	wantKind(t, err, NoWrite, below, "--prefix")

	err = fileError("/opt/x", &fs.PathError{Op: "mkdir", Path: "/opt/x", Err: syscall.EACCES})
	wantKind(t, err, NoWrite, "/opt/x", "permission denied", "may not write")

	err = fileError("/opt/x", &fs.PathError{Op: "write", Path: "/opt/x", Err: syscall.ENOSPC})
	wantKind(t, err, DiskFull, "/opt/x", "make room")
}

func TestPlatforms(t *testing.T) {
	for _, goos := range []string{"linux", "darwin"} {
		if err := checkPlatform(goos); err != nil {
			t.Errorf("%s: %v", goos, err)
		}
	}
	wantKind(t, checkPlatform("windows"), Unsupported, "WSL", "FIFO")
	wantKind(t, checkPlatform("plan9"), Unsupported, "plan9")
}

func TestLayout(t *testing.T) {
	t.Setenv("JUPYTER_DATA_DIR", "")
	t.Setenv("HOME", "/home/ann")
	t.Setenv("XDG_DATA_HOME", "")
	env := func(pairs ...string) func(string) string {
		return func(name string) string {
			for _, p := range pairs {
				if v, ok := strings.CutPrefix(p, name+"="); ok {
					return v
				}
			}
			return ""
		}
	}
	for _, test := range []struct {
		prefix, goos string
		env          func(string) string
		root, bin    string
	}{
		{"", "linux", env("HOME=/home/ann"), "/home/ann/.local/share/golmm", "/home/ann/.local/bin"},
		{"", "linux", env("HOME=/home/ann", "XDG_DATA_HOME=/data"), "/data/golmm", "/home/ann/.local/bin"},
		{"", "linux", env("HOME=/home/ann", "XDG_DATA_HOME=data"), "/home/ann/.local/share/golmm", "/home/ann/.local/bin"},
		{"", "darwin", env("HOME=/Users/ann", "XDG_DATA_HOME=/data"), "/Users/ann/Library/Application Support/golmm", "/Users/ann/.local/bin"},
		{"/opt/g", "linux", env(), "/opt/g/share/golmm", "/opt/g/bin"},
	} {
		l, err := newLayout(test.prefix, test.goos, test.env)
		if err != nil {
			t.Fatal(err)
		}
		if l.Root != test.root || l.Bin != test.bin {
			t.Errorf("prefix %q on %s: %+v, want %s and %s", test.prefix, test.goos, l, test.root, test.bin)
		}
	}
	_, err := newLayout("", "linux", env())
	wantKind(t, err, NoHome, "HOME", "--prefix")

	t.Setenv("JUPYTER_DATA_DIR", "/jup")
	for _, prefix := range []string{"", "/opt/g"} {
		if l, err := NewLayout(prefix); err != nil || l.Jupyter != "/jup" {
			t.Errorf("prefix %q with JUPYTER_DATA_DIR=/jup: %+v, %v", prefix, l, err)
		}
	}
}

func TestLock(t *testing.T) {
	root := t.TempDir()
	release, err := lock(t.Context(), root, new(strings.Builder))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var out strings.Builder
	if _, err := lock(ctx, root, &out); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second lock: %v, want it to wait", err)
	}
	contains(t, out.String(), "waiting")
	release()
	release, err = lock(t.Context(), root, &out)
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	release()
}
