package setup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
)

// Tool is a program of an installation that is built from another module.
type Tool struct {
	Name    string // of the file in the bin folder
	Module  string
	Version string // as pinned
	Needed  bool   // cells do not run without it
}

// Tools lists the programs of others in the installation home.
func Tools(home *gonb.Home) []Tool {
	tools := []Tool{{Name: filepath.Base(home.GoNB()), Module: gonbModule, Needed: true}}
	if goMod, err := os.ReadFile(filepath.Join(home.Src(), "go.mod")); err == nil {
		tools[0].Version = required(goMod, gonbModule)
	}
	for _, t := range []struct {
		path, pin string
		needed    bool
	}{{home.Goimports(), goimportsModule, true}, {home.Gopls(), goplsModule, false}} {
		module, version, _ := strings.Cut(t.pin, "@")
		tools = append(tools, Tool{filepath.Base(t.path), strings.TrimSuffix(module, "/cmd/goimports"), version, t.needed})
	}
	return tools
}

// required returns the version of a module that a go.mod asks for, "" if none.
func required(goMod []byte, module string) string {
	for line := range strings.Lines(string(goMod)) {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) >= 2 && fields[0] == module && strings.HasPrefix(fields[1], "v") {
			return fields[1]
		}
	}
	return ""
}

// Spec is the kernelspec that belongs to home.
func Spec(home *gonb.Home) *jupyter.KernelSpec { return kernelSpec(home) }

// KernelName is the name of the kernelspec's folder, by which Jupyter calls a kernel.
const KernelName = kernelName

// Places returns what the installation in home wrote outside its own folder: the data
// folder of Jupyter that has its kernelspec, and the link to the program; "" for what
// it did not write.
func Places(home *gonb.Home) (jupyterData, link string) {
	p := readPlaced(home.Dir)
	return p.Jupyter, p.Link
}

// Latest returns the installation below layout.Root that was made last. Its error is
// fs.ErrNotExist where there is none.
func Latest(layout Layout) (*gonb.Home, error) {
	var found *gonb.Home
	for _, name := range versions(layout.Root) {
		home, err := gonb.Open(filepath.Join(layout.Root, name))
		if err == nil && (found == nil || home.Manifest.Created.After(found.Manifest.Created)) {
			found = home
		}
	}
	if found == nil {
		return nil, fmt.Errorf("no golmm is installed in %s: %w", layout.Root, fs.ErrNotExist)
	}
	return found, nil
}

// SourceIntact tells whether the staged module is the one that was installed.
func SourceIntact(home *gonb.Home) error {
	files, err := filesIn(home.Src())
	if err != nil {
		return err
	}
	hash, err := hashFiles(home.Src(), files)
	if err != nil {
		return err
	}
	if hash != home.Manifest.Hash {
		return fmt.Errorf("its content has the hash %s, it was installed with %s", hash, home.Manifest.Hash)
	}
	return nil
}

// BuildOffline builds a cell of each kind without the network, as the kernel does. It
// fills a build cache that is cold. Its error is an *Error.
func BuildOffline(ctx context.Context, home *gonb.Home) error {
	b := &builder{home: home, proxy: "off"}
	dir, err := os.MkdirTemp("", warmPrefix)
	if err != nil {
		return fileError(os.TempDir(), err)
	}
	defer os.RemoveAll(dir)
	if err := b.cellFolder(ctx, dir); err != nil {
		return err
	}
	err = b.buildCells(ctx, dir, true)
	var known *Error
	if errors.As(err, &known) && known.Kind == NoNetwork {
		known.Try = "`go run ./install` in a clone of golmm, with a network: it fetches what is missing."
	}
	return err
}

// RunsPrograms starts a small program in the folder for temporary files, as every
// cell is. Its error is an *Error.
func RunsPrograms(ctx context.Context, home *gonb.Home) error {
	return checkExec(ctx, &builder{home: home})
}
