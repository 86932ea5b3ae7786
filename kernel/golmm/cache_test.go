package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/golmm/golmm/lmm/cache"
)

func TestCache(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	t.Setenv(cache.ModeVariable, "")
	t.Setenv(cache.SizeVariable, "")
	settings := cache.FromEnvironment()
	settings.Least = time.Nanosecond
	store := cache.Open(settings)
	key := cache.NewHasher("test", "code").Key()
	if _, from, err := cache.Do(store, key, "a curve", func() (int, error) { time.Sleep(time.Millisecond); return 1, nil }); err != nil || from.Note != "" {
		t.Fatalf("%+v, %v", from, err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"cache"}, "a curve\n1 results, "},
		{[]string{"cache", "clear"}, "Removed 1 results, "},
		{[]string{"cache", "list"}, "0 results, 0 bytes of 256 MB, in " + filepath.Clean(store.Dir())},
	} {
		code, stdout, stderr := golmm(t, "", c.args...)
		if code != exitDone || stderr != "" {
			t.Errorf("%q: exit code %d, stderr %q", c.args, code, stderr)
		}
		contains(t, stdout, c.says)
	}
	if code, _, _ := golmm(t, "", "cache", "empty"); code != exitUsage {
		t.Errorf("an unknown verb: exit code %d", code)
	}
	t.Setenv(cache.ModeVariable, "off")
	_, stdout, _ := golmm(t, "", "cache")
	contains(t, stdout, "The cache is off")
}
