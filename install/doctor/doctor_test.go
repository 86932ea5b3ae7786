package doctor

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
)

// clearVariables unsets what is golmm's own in the environment of who runs the tests, and
// sets a limit of memory that does not depend on the machine.
func clearVariables(t *testing.T) {
	t.Helper()
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, prefix) {
			t.Setenv(name, "") // which restores it in the end
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Setenv(gonb.MemoryVariable, "4G")
}

// statuses returns the status of each check by its name.
func statuses(r *Report) map[string]Check {
	m := make(map[string]Check)
	for _, c := range r.Checks {
		m[c.Name] = c
	}
	return m
}

// everyRemedy fails the test where a check that is not ok tells nothing to do.
func everyRemedy(t *testing.T, r *Report) {
	t.Helper()
	for _, c := range r.Checks {
		if (c.Status == OK) != (c.Remedy == "") || c.Seen == "" || strings.Contains(c.Seen+c.Remedy, "\n") {
			t.Errorf("%+v", c)
		}
	}
}

// fakeJupyter puts a jupyter on PATH that lists the kernel in dir, and is the only one.
func fakeJupyter(t *testing.T, dir string) {
	t.Helper()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(map[string]any{"kernelspecs": map[string]any{"golmm": map[string]string{"resource_dir": dir}}})
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	script := "#!/bin/sh\ncat <<'E'\n" + string(list) + "\nE\n"
	if err := os.WriteFile(filepath.Join(bin, "jupyter"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+filepath.Dir(goCommand)+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// On a machine with nothing the report says so and what to do, and lists where golmm
// would write.
func TestNothingInstalled(t *testing.T) {
	clearVariables(t)
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("JUPYTER_DATA_DIR", "")
	t.Setenv("PATH", t.TempDir())
	r := Examine(t.Context(), Options{})
	everyRemedy(t, r)
	got := statuses(r)
	for name, want := range map[string]Status{"installation": Problem, "Go": Problem, "Jupyter": Note, "cache of results": OK} {
		if got[name].Status != want {
			t.Errorf("%s: %+v, want %s", name, got[name], want)
		}
	}
	if !r.Broken() || !strings.Contains(got["installation"].Remedy, "go run ./install") {
		t.Errorf("%+v", got["installation"])
	}
	if !slices.ContainsFunc(r.Folders, func(f Folder) bool { return strings.HasSuffix(f.Path, "kernels/golmm") }) {
		t.Errorf("folders %+v", r.Folders)
	}
	var text strings.Builder
	if err := r.Print(&text); err != nil || !strings.Contains(text.String(), "2 problems, 1 worth knowing.") {
		t.Errorf("%v\n%s", err, text.String())
	}
}

// smallModule writes a module that can be installed, and whose packages are nearly
// empty: cells of it build in a moment.
func smallModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"kernel/golmm/main.go":          "package main\n\nfunc main() {}\n",
		"kernel/nb/nb.go":               "package nb\n",
		"lmm/lmm.go":                    "package lmm\n",
		"plots/plots.go":                "package plots\n",
		"notebooks/00-quickstart.ipynb": "{}",
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(b)
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// An installation is in order; each part that is taken from it is missed, by the check
// whose business it is.
func TestBrokenInstallations(t *testing.T) {
	clearVariables(t)
	prefix := t.TempDir()
	t.Setenv("JUPYTER_DATA_DIR", "")
	var log strings.Builder
	res, err := setup.Install(t.Context(), setup.Options{Prefix: prefix, Source: smallModule(t), SkipGopls: true, SkipCheck: true}, &log)
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	home := res.Home
	spec := jupyter.KernelSpecDir(res.Layout.Jupyter, setup.KernelName)
	fakeJupyter(t, spec)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	examine := func(t *testing.T) (*Report, map[string]Check) {
		t.Helper()
		r := Examine(t.Context(), Options{Prefix: prefix, Quick: true})
		everyRemedy(t, r)
		return r, statuses(r)
	}
	r, got := examine(t)
	for _, name := range []string{"installation", "Go", "golmm", "gonb", "goimports", "staged source", "kernelspec", "Jupyter",
		"temporary folder", "cache of results", "environment"} {
		if got[name].Status != OK {
			t.Errorf("%s: %+v", name, got[name])
		}
	}
	if r.Broken() || got["gopls"].Status != Note {
		t.Fatalf("%+v", r.Checks)
	}

	x := &examination{home: home, opt: Options{BuildLimit: 15 * time.Minute}}
	if !x.buildCache(t.Context()) {
		t.Errorf("build cache: %+v", x.report.Checks)
	}

	replace := func(path, content string) func(t *testing.T) {
		return func(t *testing.T) {
			t.Helper()
			old, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := os.WriteFile(path, old, info.Mode().Perm()); err != nil {
					t.Error(err)
				}
			})
			if content == "" {
				err = os.Remove(path)
			} else {
				err = os.WriteFile(path, []byte(content), info.Mode().Perm())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(self) // a Go program that is not GoNB
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		harm  func(t *testing.T)
		check string
		says  string
	}{
		{"gonb is gone", replace(home.GoNB(), ""), "gonb", "is missing"},
		{"gonb is another program", replace(home.GoNB(), string(other)), "gonb", "not github.com/janpfeifer/gonb"},
		{"goimports is damaged", replace(home.Goimports(), "damaged"), "goimports", "is damaged"},
		{"golmm is gone", replace(home.Golmm(), ""), "golmm", "is missing"},
		{"a staged file is gone", replace(filepath.Join(home.Src(), "lmm", "lmm.go"), ""), "staged source", "hash"},
		{"a staged file was edited", replace(filepath.Join(home.Src(), "lmm", "lmm.go"), "package lmm // edited\n"), "staged source", "hash"},
		{"the manifest is gone", replace(home.ManifestPath(), ""), "installation", "no golmm is installed"},
		{"the manifest is damaged", replace(home.ManifestPath(), "{"), "installation", "no golmm is installed"},
		{"another release", replace(home.ManifestPath(), `{"version": "0.0.1", "hash": "`+home.Manifest.Hash+`"}`), "installation", "golmm 0.0.1"},
		{"the kernelspec is gone", replace(filepath.Join(spec, "kernel.json"), ""), "kernelspec", "none is in"},
		{"the kernelspec is damaged", replace(filepath.Join(spec, "kernel.json"), "{"), "kernelspec", "not the JSON"},
		{"the kernelspec is another's", replace(filepath.Join(spec, "kernel.json"),
			`{"argv": ["/bin/sh"], "display_name": "x", "language": "go"}`), "kernelspec", "starts /bin/sh"},
		{"its program is gone", replace(filepath.Join(spec, "kernel.json"),
			`{"argv": ["/no/such/golmm"], "display_name": "x", "language": "go"}`), "kernelspec", "which is gone"},
		{"Jupyter takes another kernel", func(t *testing.T) { fakeJupyter(t, t.TempDir()) }, "Jupyter", "another kernel of that name"},
		{"the go command is gone", func(t *testing.T) {
			replace(home.ManifestPath(), `{"version": "`+home.Manifest.Version+`", "hash": "`+home.Manifest.Hash+`", "go": "/no/such/go"}`)(t)
			t.Setenv("PATH", t.TempDir())
		}, "Go", "/no/such/go"},
		{"the folder for temporary files is gone", func(t *testing.T) { t.Setenv("TMPDIR", filepath.Join(prefix, "none")) },
			"temporary folder", "cannot write"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.harm(t)
			r, got := examine(t)
			if got[c.check].Status != Problem || !strings.Contains(got[c.check].Seen, c.says) || !r.Broken() {
				t.Errorf("%s: %+v, want %q", c.check, got[c.check], c.says)
			}
		})
	}
}

// What is misspelt or cannot work is said, and harms nobody.
func TestEnvironment(t *testing.T) {
	for _, c := range []struct{ name, value, check, says string }{
		{"GOLMM_CACHE_SIZ", "1GB", "environment", "GOLMM_CACHE_SIZ is not known"},
		{"GOLMM_AUTOGET", "yes", "environment", "GOLMM_AUTOGET=yes does nothing"},
		{"GOLMM_MEMORY_LIMIT", "much", "memory", "must be a number of bytes"},
		{"GOLMM_CACHE", "maybe", "cache of results", "GOLMM_CACHE=maybe"},
	} {
		t.Run(c.name, func(t *testing.T) {
			clearVariables(t)
			t.Setenv(c.name, c.value)
			x := &examination{}
			x.memory(t.Context())
			x.results()
			x.environment()
			if got := statuses(&x.report)[c.check]; got.Status != Note || !strings.Contains(got.Seen, c.says) || got.Remedy == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A cache that cannot be written to is worth knowing, and no more.
func TestResultsFolderThatIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", file)
	clearVariables(t)
	x := &examination{}
	x.results()
	if got := statuses(&x.report)["cache of results"]; got.Status != Note || !strings.Contains(got.Seen, "cannot write") {
		t.Errorf("%+v", got)
	}
}
