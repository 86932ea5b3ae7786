package gonb

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// newHome returns an installation in dir whose programs are scripts: gonb is the given
// one, go prints the given version.
func newHome(t *testing.T, dir, gonbScript, goVersion string) *Home {
	t.Helper()
	h := &Home{Dir: dir}
	write := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(h.GoNB(), "#!/bin/sh\n"+gonbScript+"\n", 0o755)
	write(h.Goimports(), "#!/bin/sh\n", 0o755)
	write(filepath.Join(h.Src(), "go.mod"), "module m\n\ngo 1.26\n", 0o644)
	goCommand := filepath.Join(dir, "sdk", "go")
	write(goCommand, "#!/bin/sh\necho '"+goVersion+"'\n", 0o755)
	h.Manifest = Manifest{Version: "0.1.0", Hash: "abc", Go: goCommand, Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		GoEnv: map[string]string{"GOCACHE": "/cache", "GOPROXY": "https://recorded"}}
	if err := h.WriteManifest(); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestFind(t *testing.T) {
	h := newHome(t, t.TempDir(), "", "go1.26.1")
	t.Setenv(HomeVariable, h.Dir)
	found, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(h, found); d != "" {
		t.Error(d)
	}

	t.Setenv(HomeVariable, filepath.Join(h.Dir, "elsewhere"))
	var he *HomeError
	if _, err := Find(); !errors.As(err, &he) || !strings.Contains(err.Error(), HomeVariable) {
		t.Errorf("a wrong %s: %v", HomeVariable, err)
	}
	t.Setenv(HomeVariable, "")
	// The test binary lies in no installation.
	if _, err := Find(); !errors.As(err, &he) || !strings.Contains(err.Error(), "go run ./install") {
		t.Errorf("no installation: %v", err)
	}
	if err := os.WriteFile(h.ManifestPath(), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(h.Dir); !errors.As(err, &he) || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged manifest: %v", err)
	}
}

func TestCheck(t *testing.T) {
	check := func(h *Home) error { return h.Check(context.Background()) }
	for _, v := range []string{"go1.26", "go1.26.1", "go1.27rc1", "go1.30.2 X:nodwarf5"} {
		if err := check(newHome(t, t.TempDir(), "", v)); err != nil {
			t.Errorf("%s: %v", v, err)
		}
	}
	for name, tc := range map[string]struct {
		harm func(h *Home)
		says []string
	}{
		"gonb is gone":      {func(h *Home) { os.Remove(h.GoNB()) }, []string{"gonb is missing", "go run ./install"}},
		"goimports is gone": {func(h *Home) { os.Remove(h.Goimports()) }, []string{"goimports is missing", "go run ./install"}},
		"gonb is no program": {func(h *Home) { os.Chmod(h.GoNB(), 0o644) },
			[]string{"not a program", "go run ./install"}},
		"src is gone": {func(h *Home) { os.RemoveAll(h.Src()) }, []string{"staged module is damaged", "go run ./install"}},
		"go is gone": {func(h *Home) { h.Manifest.Go = "/no/such/go"; t.Setenv("PATH", "/no/such") },
			[]string{"go command is gone", "/no/such/go", "PATH"}},
		"go fails": {func(h *Home) { os.WriteFile(h.Manifest.Go, []byte("#!/bin/sh\necho broken >&2; exit 2\n"), 0o755) },
			[]string{"does not work", "broken"}},
		"go is old": {func(h *Home) {
			os.WriteFile(h.Manifest.Go, []byte("#!/bin/sh\necho go1.25.9\n"), 0o755)
		}, []string{"go1.25.9", "go1.26 or newer is needed"}},
	} {
		path := os.Getenv("PATH")
		h := newHome(t, t.TempDir(), "", "go1.26.1")
		tc.harm(h)
		err := check(h)
		t.Setenv("PATH", path)
		var he *HomeError
		if !errors.As(err, &he) {
			t.Errorf("%s: error %v", name, err)
			continue
		}
		for _, s := range tc.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: error %q lacks %q", name, err, s)
			}
		}
	}
}

// A go that moved is found on PATH.
func TestGoMoved(t *testing.T) {
	h := newHome(t, t.TempDir(), "", "go1.26.1")
	moved := filepath.Join(t.TempDir(), "go")
	if err := os.Rename(h.Manifest.Go, moved); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(moved)+string(os.PathListSeparator)+os.Getenv("PATH"))
	if got, err := h.Go(); err != nil || got != moved {
		t.Errorf("go is %q, %v", got, err)
	}
	if err := h.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestEnvironment(t *testing.T) {
	h := newHome(t, t.TempDir(), "", "go1.26.1")
	for k, v := range map[string]string{
		"GOFLAGS": "-mod=vendor", "GOWORK": "off", "GO111MODULE": "off", "GOENV": "/etc/go", "GOOS": "plan9", "GOTMPDIR": "/no",
		"GOTOOLCHAIN": "go1.99", "CGO_ENABLED": "1", "GOCACHE": "/other", "GOPROXY": "https://mine", "GOMAXPROCS": "3",
		"GOOGLE_CLOUD": "keep", "PATH": "/usr/bin" + string(os.PathListSeparator) + h.Bin(),
	} {
		t.Setenv(k, v)
	}
	env := h.Environment()
	get := func(k string) (string, bool) {
		i := slices.IndexFunc(env, func(kv string) bool { return strings.HasPrefix(kv, k+"=") })
		if i < 0 {
			return "", false
		}
		return strings.TrimPrefix(env[i], k+"="), true
	}
	for k, want := range map[string]string{
		"GOFLAGS": "-ldflags=-w -tags=minimal", "GOWORK": "", "GO111MODULE": "", "GOENV": "off", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0",
		"GOCACHE": "/cache", "GOPROXY": "https://mine", "GOMAXPROCS": "3", "GOOGLE_CLOUD": "keep",
		"PATH": strings.Join([]string{h.Bin(), filepath.Join(h.Dir, "sdk"), "/usr/bin"}, string(os.PathListSeparator)),
	} {
		if got, ok := get(k); !ok || got != want {
			t.Errorf("%s is %q, want %q", k, got, want)
		}
	}
	for _, k := range []string{"GOOS", "GOTMPDIR"} {
		if v, ok := get(k); ok {
			t.Errorf("%s is set to %q", k, v)
		}
	}
	t.Setenv("GOPROXY", "")
	env = h.Environment()
	if got, _ := get("GOPROXY"); got != "https://recorded" {
		t.Errorf("GOPROXY is %q, want the recorded one", got)
	}
}

// The real go command must take the environment: no flag of the user, no go.env of
// the user, no other toolchain.
func TestEnvironmentForGo(t *testing.T) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	h := newHome(t, t.TempDir(), "", "")
	h.Manifest.Go = goCommand
	h.Manifest.GoEnv = nil
	settings := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(settings, []byte("GOFLAGS=-tags=user\nGOTOOLCHAIN=go1.99.9\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOENV", settings)
	t.Setenv("GO111MODULE", "off")
	cmd := exec.Command(goCommand, "env", "GOFLAGS", "GOTOOLCHAIN", "GO111MODULE", "CGO_ENABLED", "GOWORK")
	cmd.Env = h.Environment()
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got, want := string(out), "-ldflags=-w -tags=minimal\nlocal\n\n0\n\n"; got != want {
		t.Errorf("go env says %q, want %q", got, want)
	}
}
