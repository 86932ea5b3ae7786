package setup

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// program is one of the programs in an installation's bin folder.
type program struct {
	path   string // where it goes
	target string // what to build: a package of the module, or module@version
}

// put makes a program that is not there yet, whole or not at all, and says what it
// did.
func (b *builder) put(ctx context.Context, p program) (outcome string, err error) {
	if info, err := os.Stat(p.path); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		return "already there", nil
	}
	if err := os.MkdirAll(b.home.Bin(), 0o755); err != nil {
		return "", fileError(b.home.Bin(), err)
	}
	tmp, err := os.MkdirTemp(b.home.Bin(), ".new-")
	if err != nil {
		return "", fileError(b.home.Bin(), err)
	}
	defer os.RemoveAll(tmp)
	what := "building " + p.target
	made := filepath.Join(tmp, filepath.Base(p.path))
	if module, _, ok := strings.Cut(p.target, "@"); ok {
		made = filepath.Join(tmp, path.Base(module)+filepath.Ext(p.path))
		// GOSUMDB, GOPROXY and the rest are the user's: recorded, and in the environment.
		err = b.goRun(ctx, what, tmp, []string{"GOBIN=" + tmp, "GOWORK=off"}, "install", "-buildvcs=false", p.target)
	} else {
		err = b.goRun(ctx, what, b.home.Src(), []string{"GOWORK=off"}, "build", "-buildvcs=false", "-o", made, p.target)
	}
	if err != nil {
		return "", err
	}
	return "done", fileError(p.path, os.Rename(made, p.path))
}

// checkExec starts a small program in the folder for temporary files, as every cell
// will be.
func checkExec(ctx context.Context, b *builder) error {
	tmp, err := os.MkdirTemp("", "golmm-")
	if err != nil {
		return fileError(os.TempDir(), err)
	}
	defer os.RemoveAll(tmp)
	script := filepath.Join(tmp, "run")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		return fileError(script, err)
	}
	_, err = b.run(ctx, "a program in "+tmp, tmp, nil, script)
	if errors.Is(err, os.ErrPermission) {
		return noExec(os.TempDir(), err)
	}
	return err
}
