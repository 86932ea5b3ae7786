package gonb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGoWork(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "with space", "src")
	if got, err := goWork(plain); err != nil || got != plain {
		t.Errorf("%q, %v", got, err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	src := filepath.Join(t.TempDir(), "a,b", "src")
	if err := os.MkdirAll(src, 0o755); err != nil {
		t.Fatal(err)
	}
	first, err := goWork(src)
	if err != nil {
		t.Fatal(err)
	}
	if target, err := filepath.EvalSymlinks(first); err != nil || target != src || strings.Contains(first, ",") {
		t.Errorf("%s leads to %s, %v", first, target, err)
	}
	if got := WorkLink(filepath.Dir(src)); got != first {
		t.Errorf("the link is %s, found %q", first, got)
	}
	if got := WorkLink(filepath.Dir(plain)); got != "" {
		t.Errorf("a link %s for a path without a comma", got)
	}
	// The build cache knows packages by their folder.
	if second, err := goWork(src); err != nil || second != first {
		t.Errorf("another link for the same module: %s and %s, %v", first, second, err)
	}
}
