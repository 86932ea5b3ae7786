package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		code int
		word string
	}{
		{[]string{"--help"}, 0, "Usage: go run ./install"},
		{[]string{"--nonsense"}, 2, "Usage: go run ./install"},
		{[]string{"here"}, 2, `"here" is no flag`},
		{[]string{"--prefix", file}, 1, "cannot write " + file},
	} {
		var stdout, stderr strings.Builder
		if code := run(test.args, &stdout, &stderr); code != test.code || !strings.Contains(stderr.String(), test.word) {
			t.Errorf("%q: exit code %d, want %d and %q in:\n%s", test.args, code, test.code, test.word, stderr.String())
		}
	}
}

// A dry run from the module's own source prints paths and writes none.
func TestDryRun(t *testing.T) {
	prefix := filepath.Join(t.TempDir(), "new")
	var stdout, stderr strings.Builder
	if code := run([]string{"--dry-run", "--prefix", prefix}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	if !strings.Contains(stdout.String(), filepath.Join(prefix, "share", "golmm")) {
		t.Errorf("no path below the prefix in:\n%s", stdout.String())
	}
	if _, err := os.Stat(prefix); err == nil {
		t.Error("the prefix was made")
	}
}
