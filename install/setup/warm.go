package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const warmPrefix = "golmm-warm-"

// importSets lists what cells import together, from the least to the most.
func importSets() [][]string {
	return [][]string{
		{"fmt"},
		{modulePath + "/kernel/nb"},
		{modulePath + "/kernel/nb", modulePath + "/plots", modulePath + "/lmm"},
		{"gonum.org/v1/gonum/mat", "gonum.org/v1/gonum/stat"},
	}
}

// warm builds a cell for each import set in a folder made as GoNB makes its own, so
// that the build cache holds what cells need. In workspace mode the go command loads
// the go.mod files of all dependencies of dependencies, also of those that are not
// built: only a build there fetches them all. It ends with builds under GOPROXY=off,
// which prove that cells need no network; if those go well at once, all was there.
func (b *builder) warm(ctx context.Context) (outcome string, err error) {
	dir, err := os.MkdirTemp("", warmPrefix)
	if err != nil {
		return "", fileError(os.TempDir(), err)
	}
	defer os.RemoveAll(dir)
	if err := b.cellFolder(ctx, dir); err != nil {
		return "", err
	}
	if b.buildCells(ctx, dir, true) == nil {
		return "already there", nil
	}
	if err := b.buildCells(ctx, dir, false); err != nil {
		return "", err
	}
	if err := b.buildCells(ctx, dir, true); err != nil {
		var known *Error
		if errors.As(err, &known) {
			known.Meaning = "Cells would need the network each time. " + known.Meaning
		}
		return "", err
	}
	return "done", nil
}

// cellFolder makes dir the folder of a kernel: a module of its own and a workspace
// with the staged module, which it also replaces, as GoNB does with -go_work.
func (b *builder) cellFolder(ctx context.Context, dir string) error {
	for _, args := range [][]string{
		{"mod", "init", "gonb_warm"},
		{"work", "init"},
		{"work", "use", b.home.Src(), "."},
		{"mod", "edit", "-replace=" + modulePath + "=" + b.home.Src()},
	} {
		if err := b.goRun(ctx, "go "+strings.Join(args[:2], " "), dir, nil, args...); err != nil {
			return err
		}
	}
	return nil
}

// buildCells builds a cell for each import set with the commands that GoNB runs;
// offline means without the network.
func (b *builder) buildCells(ctx context.Context, dir string, offline bool) error {
	var extra []string
	if offline {
		extra = []string{"GOPROXY=off"}
	}
	main := filepath.Join(dir, "main.go")
	for _, set := range importSets() {
		var code strings.Builder
		code.WriteString("package main\n\nimport (\n")
		for _, path := range set {
			fmt.Fprintf(&code, "\t_ %q\n", path)
		}
		code.WriteString(")\n\nfunc main() {}\n")
		if err := os.WriteFile(main, []byte(code.String()), 0o644); err != nil {
			return fileError(main, err)
		}
		what := "a cell that imports " + strings.Join(set, ", ")
		if _, err := b.run(ctx, what, dir, extra, b.home.Goimports(), "-w", main); err != nil {
			return err
		}
		if err := b.goRun(ctx, what, dir, extra, "get"); err != nil {
			return err
		}
		if err := b.goRun(ctx, what, dir, extra, "build", "-o", filepath.Join(dir, "gonb_warm")); err != nil {
			return err
		}
	}
	return nil
}
