//go:build unix

package gopls

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
	"unicode/utf8"

	"github.com/golmm/golmm/kernel/gonb"
	"pgregory.net/rapid"
)

// goplsPackage is what an installation has.
const goplsPackage = "golang.org/x/tools/gopls@v0.23.0"

func realHome(t *testing.T) *gonb.Home {
	t.Helper()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	h := &gonb.Home{Dir: t.TempDir(), Manifest: gonb.Manifest{Go: goCommand}}
	if err := errors.Join(os.Mkdir(h.Bin(), 0o700), os.Symlink(root, h.Src())); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(goCommand, "install", goplsPackage)
	cmd.Env = append(os.Environ(), "GOBIN="+h.Bin())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return h
}

// The real gopls completes and explains what a cell could hold, and leaves nothing.
func TestGopls(t *testing.T) {
	temp := t.TempDir()
	h := realHome(t)
	t.Setenv("TMPDIR", temp)
	s := New(h)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	limit := time.Now().Add(3 * time.Minute)
	at := func(text string) (string, int) {
		before, after, _ := strings.Cut(text, "|")
		return before + after, utf8.RuneCountInString(before)
	}
	complete := func(marked string) []string {
		t.Helper()
		text, cursor := at(marked)
		list, err := s.Complete(ctx, text, cursor)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, m := range list {
			texts = append(texts, string([]rune(text)[m.Start:m.End])+">"+m.Text)
		}
		return texts
	}
	for _, c := range []struct{ text, want string }{
		{"package main\nfunc main() {\n\té := \"é😀\"; _ = é; st := struct{ Füllung int }{}\n\tst.Fü|\n}", "Fü>Füllung"},
		{"package main\nimport \"strings\"\nfunc main() { strings.ToUp| }", "ToUp>ToUpper"},
		{"package main\nimport \"github.com/golmm/golmm/lmm\"\nvar m *lmm.Model\nfunc main() { m.FixedEff| }", "FixedEff>FixedEffects"},
		{"package main\nfunc main() { json.Marsh| }", "Marsh>Marshal"}, // of a package that is not yet imported
	} {
		// gopls stops looking after a while, which a busy machine needs for the first packages.
		for got := complete(c.text); !slices.Contains(got, c.want); got = complete(c.text) {
			if time.Now().After(limit) {
				t.Errorf("%q: %q, want %q", c.text, got, c.want)
				break
			}
		}
	}
	text, cursor := at("package main\nimport \"math\"\nfunc main() { _ = math.Hyp|ot(1, 2) }")
	if got, err := s.Hover(ctx, text, cursor); err != nil || !strings.Contains(got, "func math.Hypot(p float64, q float64) float64") && !strings.Contains(got, "Hypot(p") {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := s.Hover(ctx, "package main\n\n", 13); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
	over, stop := context.WithCancel(ctx)
	stop()
	if _, err := s.Complete(over, text, cursor); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	s.Close()
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := s.Complete(ctx, text, cursor); err == nil {
		t.Error("a closed server answers")
	}
}

// Without gopls there is an error each time and no process.
func TestNoGopls(t *testing.T) {
	s := New(&gonb.Home{Dir: t.TempDir()})
	for range 2 {
		if _, err := s.Complete(t.Context(), "package main", 3); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("error %v", err)
		}
	}
	s.Close()
}

func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab\né😀 "))).Draw(t, "text")
		at := rapid.IntRange(0, utf8.RuneCountInString(text)).Draw(t, "at")
		p := newPlaces(text)
		pos := p.position(at)
		if got := p.codePoint(pos); got != at {
			t.Fatalf("%d, %+v, %d", at, pos, got)
		}
	})
	if got := newPlaces("a\n😀b").position(3); got != (position{1, 2}) {
		t.Errorf("%+v", got)
	}
}
