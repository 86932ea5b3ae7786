package runner

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golmm/golmm/kernel/gonb"
)

// realHome makes an installation with the real GoNB, built from the version that
// go.mod pins, and a module with one package, shown. goimports is a stand-in that
// changes nothing, so cells begin with useImports.
func realHome(t *testing.T) *gonb.Home {
	t.Helper()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	h := &gonb.Home{Dir: filepath.Join(t.TempDir(), "a home, with blanks"), Manifest: gonb.Manifest{Go: goCommand}}
	write := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(h.Goimports(), "#!/bin/sh\n", 0o755)
	for _, name := range []string{"go.mod", "go.sum"} {
		b, err := os.ReadFile(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(filepath.Join(h.Src(), name), string(b), 0o644)
	}
	write(filepath.Join(h.Src(), "shown", "shown.go"), `// Package shown displays.
package shown

import "github.com/janpfeifer/gonb/gonbui"

// HTML displays s and waits until it is there.
func HTML(s string) {
	gonbui.DisplayHtml(s)
	gonbui.Sync()
}
`, 0o644)
	build := exec.Command(goCommand, "build", "-o", h.GoNB(), "github.com/janpfeifer/gonb")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := h.WriteManifest(); err != nil {
		t.Fatal(err)
	}
	return h
}

// useImports imports what the cells need, and uses it: GoNB repeats it in each cell.
const useImports = `import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/golmm/golmm/shown"
)

func used() { _, _, _, _, _ = flag.Parse, fmt.Print, os.Exit, time.Sleep, shown.HTML }
`

// With the real GoNB: state from cell to cell, displays, the reason of an error, an
// endless cell, and nothing left behind. The module lies in a folder with a comma and
// blanks.
func TestGoNB(t *testing.T) {
	base := t.TempDir()
	t.Setenv("TMPDIR", base)
	h := realHome(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	t.Cleanup(func() { os.Remove(gonb.WorkLink(h.Dir)) })
	if err := h.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	opt := Options{Kernel: func(file string) *exec.Cmd { return gonb.Command(h, file) }, Dir: t.TempDir()}
	before, err := os.ReadDir(base)
	if err != nil {
		t.Fatal(err)
	}

	got, err := runWithin(ctx, t, opt,
		"%noautoget",
		useImports+"func f() int { return 6 * 7 }\n%%\nfmt.Println(f())",
		"%%\nshown.HTML(fmt.Sprint(\"<b>\", f(), \"</b>\"))",
		"%%\nfmt.Fprintln(os.Stderr, \"no such column\"); os.Exit(1)",
		"%%\nfmt.Println(\"not reached\")")
	var ce *CellError
	if !errors.As(err, &ce) || ce.Cell != 4 || !strings.Contains(err.Error(), "no such column") {
		t.Errorf("error %v", err)
	}
	if got[1] != "stdout:42\n" || got[2] != "display_data:<b>42</b>" || got[4] != "" {
		t.Errorf("outputs %q", got)
	}

	opt.CellTimeout = 3 * time.Second
	_, err = runWithin(ctx, t, opt, "%noautoget\n"+useImports+"%%\nfor { time.Sleep(time.Second) }")
	var te *TimeoutError
	if !errors.As(err, &te) {
		t.Errorf("error %v", err)
	}
	if after, err := os.ReadDir(base); err != nil || len(after) != len(before) {
		t.Errorf("left behind: %v, before %v", after, before)
	}
}
