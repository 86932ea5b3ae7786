package setup

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/google/go-cmp/cmp"
)

// keepCaches pins Go's caches to those of the person who runs the tests: a test that
// sets HOME would start with empty ones.
func keepCaches(t *testing.T) {
	t.Helper()
	out, err := exec.Command("go", "env", "-json", "GOMODCACHE", "GOCACHE", "GOPROXY", "GOSUMDB").Output()
	if err != nil {
		t.Fatal(err)
	}
	settings := make(map[string]string)
	if err := json.Unmarshal(out, &settings); err != nil {
		t.Fatal(err)
	}
	for name, value := range settings {
		t.Setenv(name, value)
	}
}

// ours lists the files in a user's folder less those that the go commands keep for
// themselves: telemetry counters, checksums, an index of modules.
func ours(t *testing.T, user string) []string {
	t.Helper()
	return slices.DeleteFunc(tree(t, user), func(path string) bool {
		top, _, _ := strings.Cut(path, "/")
		return top == "." || top == ".config" || top == ".cache" || top == "go"
	})
}

// A user whose folder has a space and letters beyond ASCII, and whose go settings
// would break builds, installs, installs again, gets a new version and removes all.
func TestInstall(t *testing.T) {
	keepCaches(t)
	user := filepath.Join(t.TempDir(), "Jörg 名 O'Neil")
	if err := os.Mkdir(user, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", user)
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("JUPYTER_DATA_DIR", "")
	t.Setenv("GOFLAGS", "-mod=vendor")
	t.Setenv("GO111MODULE", "off")
	dir := smallModule(t)

	var plan strings.Builder
	dry, err := Install(t.Context(), Options{Source: dir, DryRun: true}, &plan)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, plan.String(), "Would write", dry.Home.Golmm(), dry.Home.ManifestPath(), dry.Layout.Jupyter)
	if left := ours(t, user); len(left) != 0 {
		t.Errorf("a dry run wrote %q", left)
	}

	install := func() (*Result, string) {
		t.Helper()
		var out strings.Builder
		res, err := Install(t.Context(), Options{Source: dir, SkipGopls: true}, &out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		return res, out.String()
	}
	write(t, filepath.Join(dry.Layout.Root, ".staging-old", "src", "go.mod"), "cut off")
	first, out := install()
	if !first.Changed {
		t.Errorf("nothing changed at first:\n%s", out)
	}
	contains(t, out, "[10/10]", "done", first.Report)
	home, err := gonb.Open(first.Home.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := home.Check(t.Context()); err != nil {
		t.Errorf("GoNB cannot use what was installed: %v", err)
	}
	spec, err := jupyter.ReadKernelSpec(filepath.Join(user, ".local", "share", "jupyter"), "golmm")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{home.Golmm(), "kernel", "--go", home.Manifest.Go, "-f", "{connection_file}"}
	if diff := cmp.Diff(want, spec.Argv); diff != "" || !filepath.IsAbs(home.Manifest.Go) {
		t.Errorf("argv (-want +got):\n%s", diff)
	}
	link := filepath.Join(user, ".local", "bin", "golmm")
	if target, err := os.Readlink(link); err != nil || target != home.Golmm() {
		t.Errorf("link %s leads to %q, %v", link, target, err)
	}

	before := ours(t, user)
	again, out := install()
	if again.Changed || strings.Contains(out, "done") {
		t.Errorf("the second installation did something:\n%s", out)
	}
	contains(t, out, "already there", again.Report)
	if diff := cmp.Diff(before, ours(t, user)); diff != "" {
		t.Errorf("the second installation wrote (-before +after):\n%s", diff)
	}

	write(t, filepath.Join(dir, "lmm", "lmm.go"), "package lmm // changed\n")
	second, out := install()
	if diff := cmp.Diff([]string{filepath.Base(first.Home.Dir)}, second.Others); diff != "" {
		t.Errorf("other versions (-want +got):\n%s", diff)
	}
	contains(t, out, "Other versions are kept: "+filepath.Base(first.Home.Dir))

	uninstallAll(t, user, first, second)
}

// uninstallAll removes the older of two versions, then all, and checks that what is not
// ours stays.
func uninstallAll(t *testing.T, user string, first, second *Result) {
	t.Helper()
	var out strings.Builder
	root, before := first.Layout.Root, ours(t, user)
	would, err := Uninstall(t.Context(), Removal{Root: root, DryRun: true}, &out)
	if err != nil || len(would) != 4 {
		t.Errorf("dry run: %q, %v; want two versions, kernelspec and link", would, err)
	}
	if diff := cmp.Diff(before, ours(t, user)); diff != "" {
		t.Errorf("a dry run removed (-before +after):\n%s", diff)
	}
	removed, err := Uninstall(t.Context(), Removal{Root: root, Versions: []string{filepath.Base(first.Home.Dir)}}, &out)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{first.Home.Dir}, removed); diff != "" {
		t.Errorf("removing a version that no kernelspec names (-want +got):\n%s", diff)
	}
	if _, err := gonb.Open(second.Home.Dir); err != nil {
		t.Errorf("the other version: %v", err)
	}
	_, err = Uninstall(t.Context(), Removal{Root: root, Versions: []string{"9.9.9-000000000000"}}, &out)
	if err == nil || !strings.Contains(err.Error(), filepath.Base(second.Home.Dir)) {
		t.Errorf("removing an unknown version: %v; want the installed ones named", err)
	}

	foreign := filepath.Join(user, ".local", "share", "jupyter", "kernels", "python3", "kernel.json")
	write(t, foreign, `{"argv": ["python3"]}`)
	if _, err := Uninstall(t.Context(), Removal{Root: root}, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{".local/bin", ".local/share/jupyter/kernels/python3/kernel.json"}, ours(t, user)); diff != "" {
		t.Errorf("left after removing all (-want +got):\n%s", diff)
	}
}

// What has our names but is not ours is neither replaced nor removed.
func TestForeignLink(t *testing.T) {
	root := t.TempDir()
	link := filepath.Join(t.TempDir(), "bin", "golmm")
	write(t, link, "somebody's program")
	if made, err := putLink(link, filepath.Join(root, "v", "bin", "golmm"), root); made || err != nil {
		t.Errorf("over a file: made %v, %v", made, err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/elsewhere/golmm", link); err != nil {
		t.Fatal(err)
	}
	if made, err := putLink(link, filepath.Join(root, "v", "bin", "golmm"), root); made || err != nil {
		t.Errorf("over a link that leads elsewhere: made %v, %v", made, err)
	}
	if target, err := os.Readlink(link); err != nil || target != "/elsewhere/golmm" {
		t.Errorf("the link leads to %q now, %v", target, err)
	}
}

func TestForeignKernelSpecStays(t *testing.T) {
	prefix := t.TempDir()
	t.Setenv("JUPYTER_DATA_DIR", "")
	layout, err := NewLayout(prefix)
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(layout.Root, "0.1.0-0123456789ab")
	write(t, filepath.Join(home, "bin", "golmm"), "")
	if err := (placed{Jupyter: layout.Jupyter, Link: filepath.Join(layout.Bin, "golmm")}).write(home); err != nil {
		t.Fatal(err)
	}
	spec := &jupyter.KernelSpec{Argv: []string{"/opt/golmm/bin/golmm"}, DisplayName: "another", Language: "go"}
	if _, err := spec.Write(layout.Jupyter, kernelName, nil); err != nil {
		t.Fatal(err)
	}
	removed, err := Uninstall(t.Context(), Removal{Root: layout.Root}, new(strings.Builder))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{home, layout.Root}, removed); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
	if _, err := jupyter.ReadKernelSpec(layout.Jupyter, kernelName); err != nil {
		t.Errorf("the kernelspec of another golmm: %v", err)
	}
}

func TestNoNetwork(t *testing.T) {
	keepCaches(t)
	t.Setenv("GOMODCACHE", t.TempDir())
	t.Setenv("GOPROXY", "http://127.0.0.1:1")
	var out strings.Builder
	_, err := Install(t.Context(), Options{Prefix: t.TempDir(), Source: smallModule(t)}, &out)
	wantKind(t, err, NoNetwork, "gonum.org/v1/gonum@v0.17.0 could not be downloaded", "http://127.0.0.1:1", "go env -w GOPROXY")
	contains(t, out.String(), "[3/10] building golmm ... failed")
}

func TestBrokenQuickstart(t *testing.T) {
	keepCaches(t)
	dir, prefix := smallModule(t), t.TempDir()
	write(t, filepath.Join(dir, "notebooks", "00-quickstart.ipynb"), "broken")
	_, err := Install(t.Context(), Options{Prefix: prefix, Source: dir, SkipGopls: true}, new(strings.Builder))
	wantKind(t, err, CheckFailed, "the notebook is broken")
}
