package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter"
)

// Removal chooses what Uninstall removes.
type Removal struct {
	Root     string   // Layout.Root of the installation
	Versions []string // names of folders, such as 0.1.0-0123456789ab; none: all
	DryRun   bool     // only print what would be removed
}

// UnknownVersionError tells that a version is not installed.
type UnknownVersionError struct {
	Version   string
	Root      string
	Installed []string
}

func (e *UnknownVersionError) Error() string {
	if len(e.Installed) == 0 {
		return fmt.Sprintf("version %s is not installed; no version is in %s", e.Version, e.Root)
	}
	return fmt.Sprintf("version %s is not installed; %s has %v", e.Version, e.Root, e.Installed)
}

// Uninstall removes what Install wrote and nothing else: the folders of versions, and
// the kernelspec and the link if they lead into them. It prints to w what it removes
// and returns those paths. Go's caches stay.
func Uninstall(ctx context.Context, opt Removal, w io.Writer) ([]string, error) {
	there := versions(opt.Root)
	names := slices.Compact(slices.Sorted(slices.Values(opt.Versions)))
	for _, name := range names {
		if !slices.Contains(there, name) {
			return nil, &UnknownVersionError{Version: name, Root: opt.Root, Installed: there}
		}
	}
	if len(names) == 0 {
		names = there
	}
	if len(there) == 0 {
		fmt.Fprintf(w, "No golmm is installed in %s.\n", opt.Root)
		return nil, nil
	}
	r := &remover{w: w, dry: opt.DryRun}
	if !opt.DryRun {
		release, err := lock(ctx, opt.Root, w)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	for _, name := range names {
		if err := r.home(filepath.Join(opt.Root, name)); err != nil {
			return r.removed, err
		}
	}
	if len(names) == len(there) {
		return r.removed, r.root(opt.Root)
	}
	return r.removed, nil
}

// remover removes, or says what it would remove.
type remover struct {
	w       io.Writer
	dry     bool
	removed []string
}

func (r *remover) remove(path string, f func() error) error {
	verb := "removed"
	if r.dry {
		verb = "would remove"
	} else if err := f(); err != nil {
		return &Error{
			Kind: NoWrite, Err: err,
			Seen: fmt.Sprintf("cannot remove %s: %v", path, cause(err)),
			Try:  "remove it by hand.",
		}
	}
	r.removed = append(r.removed, path)
	fmt.Fprintf(r.w, "%s %s\n", verb, path)
	return nil
}

// home removes one version: first what leads to it, then the folder.
func (r *remover) home(dir string) error {
	was := readPlaced(dir)
	spec, err := jupyter.ReadKernelSpec(was.Jupyter, kernelName)
	if err == nil && inside(dir, spec.Argv[0]) {
		err = r.remove(jupyter.KernelSpecDir(was.Jupyter, kernelName), func() error {
			return jupyter.RemoveKernelSpec(was.Jupyter, kernelName)
		})
		if err != nil {
			return err
		}
	}
	target, err := os.Readlink(was.Link)
	if err == nil && inside(dir, target) {
		if err := r.remove(was.Link, func() error { return os.Remove(was.Link) }); err != nil {
			return err
		}
	}
	if link := gonb.WorkLink(dir); link != "" {
		if err := r.remove(link, func() error { return os.Remove(link) }); err != nil {
			return err
		}
	}
	return r.remove(dir, func() error { return os.RemoveAll(dir) })
}

// root removes what is left when no version is: our own files, and the folder if it
// is empty then.
func (r *remover) root(root string) error {
	if r.dry {
		return nil
	}
	left, err := filepath.Glob(filepath.Join(escapeGlob(root), stagingPrefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range append(left, filepath.Join(root, lockName)) {
		if err := os.RemoveAll(dir); err != nil {
			return fileError(dir, err)
		}
	}
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) || len(entries) > 0 {
		return nil
	}
	return r.remove(root, func() error { return os.Remove(root) })
}
