package cache

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// keepsAll is a store for results that took no time.
func keepsAll(t *testing.T, limit int64) *Store {
	t.Helper()
	return Open(Settings{Dir: filepath.Join(t.TempDir(), "results"), Limit: limit, Least: time.Nanosecond})
}

func key(s string) Key { return NewHasher("test", s).Key() }

// curve stands for a result.
type curve struct {
	Name string
	X, Y []float64
}

func TestDoComputesOnce(t *testing.T) {
	s := keepsAll(t, 0)
	calls := 0
	compute := func() (curve, error) {
		calls++
		time.Sleep(time.Millisecond)
		return curve{"a", []float64{1, 2}, []float64{3, 4}}, nil
	}
	first, from, err := Do(s, key("a"), "a curve", compute)
	if err != nil || from.Cached || from.Note != "" || calls != 1 {
		t.Fatalf("%+v, %v, %d calls", from, err, calls)
	}
	again, from, err := Do(Open(Settings{Dir: s.Dir()}), key("a"), "a curve", compute)
	if err != nil || !from.Cached || from.Took < time.Millisecond || from.Made.IsZero() || calls != 1 {
		t.Fatalf("%+v, %v, %d calls", from, err, calls)
	}
	if fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("%v became %v", first, again)
	}
	if _, from, _ = Do(s, key("b"), "another", compute); from.Cached || calls != 2 {
		t.Errorf("another key: %+v, %d calls", from, calls)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	s := Open(Settings{Dir: filepath.Join(t.TempDir(), "r"), Least: time.Hour})
	if _, from, _ := Do(s, key("a"), "fast", func() (int, error) { return 1, nil }); from.Note != "" {
		t.Errorf("note %q", from.Note)
	}
	if _, err := os.Stat(s.Dir()); err == nil {
		t.Error("a fast result made the folder")
	}
	s = keepsAll(t, 0)
	broken := errors.New("no")
	if _, _, err := Do(s, key("a"), "", func() (int, error) { time.Sleep(time.Millisecond); return 1, broken }); err != broken {
		t.Error(err)
	}
	if list, _ := s.List(); len(list) != 0 {
		t.Error("an error was kept")
	}
	off := Open(Settings{})
	for range 2 {
		if _, from, _ := Do(off, key("a"), "", func() (int, error) { time.Sleep(time.Millisecond); return 1, nil }); from.Cached || from.Note != "" {
			t.Errorf("a store that is off: %+v", from)
		}
	}
}

// Whatever happens to an entry, the result is computed, and the next one is
// read again.
func TestDamagedEntryIsReplaced(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut off":       func(b []byte) []byte { return b[:len(b)-3] },
		"empty":         func([]byte) []byte { return nil },
		"a bit flipped": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"another file":  func([]byte) []byte { return []byte("hello\n") },
		"bad header":    func([]byte) []byte { return []byte(magic + "{\n") },
		"of another type": func([]byte) []byte {
			b, _ := encodeEntry(header{About: "x"}, []byte("of another type"))
			return b
		},
	} {
		s := keepsAll(t, 0)
		calls := 0
		do := func() Origin {
			v, from, err := Do(s, key("a"), "a", func() (int, error) { calls++; time.Sleep(time.Millisecond); return 42, nil })
			if v != 42 || err != nil {
				t.Fatalf("%s: %d, %v", name, v, err)
			}
			return from
		}
		do()
		path := s.path(key("a"))
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, damage(b), 0o600); err != nil {
			t.Fatal(err)
		}
		if from := do(); from.Cached || calls != 2 {
			t.Errorf("%s: %+v, %d calls", name, from, calls)
		}
		if from := do(); !from.Cached || calls != 2 {
			t.Errorf("%s, replaced: %+v, %d calls", name, from, calls)
		}
	}
}

func TestLeastRecentlyUsedGoes(t *testing.T) {
	s := keepsAll(t, 0)
	payload := bytes.Repeat([]byte("x"), 1000)
	put := func(name string, age time.Duration) {
		t.Helper()
		if err := s.put(key(name), header{About: name}, payload); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(-age)
		if err := os.Chtimes(s.path(key(name)), when, when); err != nil {
			t.Fatal(err)
		}
	}
	put("old", 3*time.Hour)
	put("older, but used", 4*time.Hour)
	put("middle", 2*time.Hour)
	if _, _, ok := s.get(key("older, but used")); !ok {
		t.Fatal("not there")
	}
	list, err := s.List()
	if err != nil || len(list) != 3 || list[0].About != "older, but used" || list[2].About != "old" {
		t.Fatalf("%+v, %v", list, err)
	}
	s.limit = 3*list[0].Size + 10
	put("new", 0)
	list, err = s.List()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.About)
	}
	if got := strings.Join(names, ", "); got != "new, older, but used, middle" {
		t.Errorf("left: %s", got)
	}
	if err := s.put(key("huge"), header{}, bytes.Repeat(payload, 10)); err == nil || !strings.Contains(err.Error(), SizeVariable) {
		t.Errorf("an entry over the limit: %v", err)
	}
}

// The text of a file that a killed program was writing goes after a while.
func TestAbandonedFilesGo(t *testing.T) {
	s := keepsAll(t, 0)
	if err := s.put(key("a"), header{}, nil); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{temporary + "1": 2 * abandoned, temporary + "2": 0} {
		path := filepath.Join(s.Dir(), name)
		when := time.Now().Add(-age)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, when, when)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.put(key("b"), header{}, nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir(), temporary+"*")); len(left) != 1 || !strings.HasSuffix(left[0], "2") {
		t.Errorf("left: %v", left)
	}
	n, _, err := s.Clear()
	if left, _ := os.ReadDir(s.Dir()); err != nil || n != 3 || len(left) != 0 {
		t.Errorf("%d removed, %v, left %v", n, err, left)
	}
}

// A folder that cannot be written to costs a note. As root permissions do not
// hold, so the folder's place is taken by a file.
func TestUnwritableFolderIsANote(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := Open(Settings{Dir: filepath.Join(file, "below"), Least: time.Nanosecond})
	v, from, err := Do(s, key("a"), "", func() (int, error) { time.Sleep(time.Millisecond); return 7, nil })
	if v != 7 || err != nil || !strings.HasPrefix(from.Note, "not kept for the next time: ") {
		t.Errorf("%d, %+v, %v", v, from, err)
	}
}

func TestFolderIsPrivate(t *testing.T) {
	s := keepsAll(t, 0)
	if err := os.MkdirAll(s.Dir(), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := s.put(key("a"), header{}, nil); err != nil {
		t.Fatal(err)
	}
	dir, err := os.Stat(s.Dir())
	if err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", dir.Mode(), err)
	}
	file, err := os.Stat(s.path(key("a")))
	if err != nil || file.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", file.Mode(), err)
	}
}

// Many writers, readers and evictions at once: every value read is whole.
func TestConcurrentUse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r")
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			s := Open(Settings{Dir: dir, Limit: 3000, Least: time.Nanosecond})
			for i := range 30 {
				n := (w + i) % 5
				v, from, err := Do(s, key(fmt.Sprint(n)), "", func() ([]int, error) {
					time.Sleep(10 * time.Microsecond)
					return bigger(n), nil
				})
				if err != nil || from.Note != "" || fmt.Sprint(v) != fmt.Sprint(bigger(n)) {
					t.Errorf("%v, %+v", err, from)
				}
			}
		})
	}
	wg.Wait()
}

func bigger(n int) []int {
	v := make([]int, 1000)
	for i := range v {
		v[i] = n + i%7
	}
	return v
}

func TestSettings(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	for _, test := range []struct {
		mode, size string
		off, quiet bool
		limit      int64
		note       string
	}{
		{limit: 256 << 20},
		{mode: "on", size: "1.5 GB", limit: 3 << 29},
		{mode: "OFF", off: true, limit: 256 << 20},
		{mode: "quiet", size: "2000", quiet: true, limit: 2000},
		{mode: "of", limit: 256 << 20, note: "GOLMM_CACHE=of is not understood"},
		{size: "-3MB", limit: 256 << 20, note: "GOLMM_CACHE_SIZE: "},
		{size: "many", limit: 256 << 20, note: "512MB"},
		{size: "nan", limit: 256 << 20, note: "512MB"},
	} {
		t.Setenv(ModeVariable, test.mode)
		t.Setenv(SizeVariable, test.size)
		s := Open(FromEnvironment())
		if (s.Dir() == "") != test.off || s.Quiet() != test.quiet || s.Limit() != test.limit ||
			!strings.Contains(s.Note(), test.note) || test.note == "" && s.Note() != "" {
			t.Errorf("%+v: %+v", test, s)
		}
		if !test.off && !strings.HasPrefix(s.Dir(), home) {
			t.Errorf("folder %s", s.Dir())
		}
	}
}

func TestLeast(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME"} {
		t.Setenv(name, home)
	}
	for text, want := range map[string]time.Duration{"": defaultLeast, "2s": 2 * time.Second, "0s": 1, "soon": defaultLeast, "-1s": defaultLeast} {
		t.Setenv(LeastVariable, text)
		s := Open(FromEnvironment())
		if bad := text == "soon" || text == "-1s"; s.least != want || (s.Note() != "") != bad {
			t.Errorf("%q: %v, %q", text, s.least, s.Note())
		}
	}
}

func TestFormatSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1023: "1023 bytes", 1536: "1.5 kB", 256 << 20: "256 MB", 3 << 30: "3.0 GB", 5 << 40: "5120.0 GB"} {
		if got := FormatSize(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
