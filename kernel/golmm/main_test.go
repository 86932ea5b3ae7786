package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// golmm runs a command line and returns its exit code and what it printed.
func golmm(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs strings.Builder
	code = run(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"fti"},
		{"fit"},
		{"fit", "y ~ x"},
		{"fit", "y ~ x", "a.csv", "b.csv"},
		{"fit", "--nonsense", "y ~ x", "a.csv"},
		{"fit", "y ~ x", "a.csv", "--weights"},
		{"fit", "y ~ x", "a.csv", "--contrasts", "g"},
		{"run"},
		{"run", "-o", "x.html", "a.ipynb", "b.ipynb"},
		{"run", "--timeout", "soon", "a.ipynb"},
		{"run", "--param", "n", "a.ipynb"},
		{"kernel"},
		{"kernel", "-f", "x", "y"},
		{"version", "now"},
		{"doctor", "now"},
		{"help", "fit", "run"},
	} {
		code, stdout, stderr := golmm(t, "", args...)
		if code != exitUsage || stdout != "" {
			t.Errorf("golmm %q: exit code %d, want %d; stdout %q", args, code, exitUsage, stdout)
		}
		contains(t, stderr, "Usage: golmm")
	}
}

func TestHelp(t *testing.T) {
	for _, flag := range []string{"help", "-h", "--help"} {
		code, stdout, stderr := golmm(t, "", flag)
		if code != exitDone || stderr != "" {
			t.Errorf("golmm %s: exit code %d, stderr %q", flag, code, stderr)
		}
		for _, c := range commands() {
			contains(t, stdout, "  "+c.name+" ", c.summary)
			code, one, stderr := golmm(t, "", c.name, "-h")
			if code != exitDone || stderr != "" || !strings.HasPrefix(one, "Usage: golmm "+c.name) {
				t.Errorf("golmm %s -h: exit code %d, stdout %q, stderr %q", c.name, code, one, stderr)
			}
			if _, same, _ := golmm(t, "", "help", c.name); c.name != "help" && same != one {
				t.Errorf("golmm help %s and golmm %s -h differ", c.name, c.name)
			}
		}
	}
}

func TestFlagsStandAnywhere(t *testing.T) {
	for _, test := range []struct {
		args  []string
		rest  []string
		x     string
		loud  bool
		fails bool
	}{
		{args: []string{"a", "--x", "1", "b", "-loud"}, rest: []string{"a", "b"}, x: "1", loud: true},
		{args: []string{"-loud", "a", "-x=1", "b"}, rest: []string{"a", "b"}, x: "1", loud: true},
		{args: []string{"a", "--", "--x", "b"}, rest: []string{"a", "--x", "b"}},
		{args: []string{"--x", "--", "a"}, rest: []string{"a"}, x: "--"},
		{args: []string{"-", "--x", "-"}, rest: []string{"-"}, x: "-"},
		{args: []string{"a", "--loud=false"}, rest: []string{"a"}},
		{args: []string{"a", "--x"}, fails: true},
		{args: []string{"a", "--y"}, fails: true},
	} {
		u := newUsage("test ARG...")
		x, loud := u.String("x", "", ""), u.Bool("loud", false, "")
		rest, err := u.split(test.args)
		if test.fails {
			if err == nil {
				t.Errorf("%q: no error", test.args)
			}
			continue
		}
		if err != nil || cmp.Diff(test.rest, rest) != "" || *x != test.x || *loud != test.loud {
			t.Errorf("%q: rest %q, x %q, loud %v, error %v", test.args, rest, *x, *loud, err)
		}
	}
}

func TestVersion(t *testing.T) {
	code, stdout, _ := golmm(t, "", "version")
	if code != exitDone || !strings.HasPrefix(stdout, "golmm 0.") {
		t.Errorf("exit code %d, %q", code, stdout)
	}
}

// A program that is not in an installation says how to get one.
func TestNotInstalled(t *testing.T) {
	t.Setenv("GOLMM_HOME", filepath.Join(t.TempDir(), "nowhere"))
	for _, args := range [][]string{{"run", "a.ipynb"}, {"kernel", "-f", "connection.json"}} {
		code, stdout, stderr := golmm(t, "", args...)
		if code != exitError || stdout != "" {
			t.Errorf("golmm %q: exit code %d, stdout %q", args, code, stdout)
		}
		contains(t, stderr, "golmm "+args[0]+": ", "nowhere", "go run ./install")
	}
}

func TestUninstallNothing(t *testing.T) {
	t.Setenv("GOLMM_HOME", filepath.Join(t.TempDir(), "nowhere"))
	prefix := t.TempDir()
	code, stdout, stderr := golmm(t, "", "uninstall", "--prefix", prefix)
	if code != exitDone || stderr != "" {
		t.Errorf("exit code %d, stderr %q", code, stderr)
	}
	contains(t, stdout, "No golmm is installed in "+prefix)
	code, _, stderr = golmm(t, "", "uninstall", "0.1.0-0123456789ab", "--prefix", prefix)
	if code != exitError {
		t.Errorf("an unknown version: exit code %d", code)
	}
	contains(t, stderr, "0.1.0-0123456789ab is not installed")
}

func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "a.ipynb"), filepath.Join(dir, "link.ipynb")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	info, statErr := os.Lstat(path)
	if err != nil || statErr != nil || string(b) != "new" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, %v, %v, %v", b, info.Mode(), err, statErr)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced by a file")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left in the folder: %v, %v", entries, err)
	}
}
