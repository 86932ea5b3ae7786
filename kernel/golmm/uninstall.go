package main

import (
	"context"
	"io"
	"path/filepath"

	"github.com/golmm/golmm/install/setup"
	"github.com/golmm/golmm/kernel/gonb"
)

// runUninstall is `golmm uninstall [VERSION...] [--prefix DIR] [--dry-run]`.
func runUninstall(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("uninstall [VERSION...] [--prefix DIR] [--dry-run]")
	prefix := u.String("prefix", "", "the `DIR` given to the installation (default: where this program is installed)")
	dry := u.Bool("dry-run", false, "print what would be removed and remove nothing")
	names, code, done := u.parse(args, 0, -1, stdout, stderr)
	if done {
		return code
	}
	root, err := installedRoot(*prefix)
	if err != nil {
		return u.fail(stderr, err)
	}
	removed, err := setup.Uninstall(context.Background(), setup.Removal{Root: root, Versions: names, DryRun: *dry}, stdout)
	if err != nil {
		return u.fail(stderr, err)
	}
	if len(removed) > 0 && !*dry {
		io.WriteString(stdout, "Go's own caches stay; `go clean -cache -modcache` empties them.\n")
	}
	return exitDone
}

// installedRoot returns the folder of all versions below prefix; with none, that of
// this program, or the user's.
func installedRoot(prefix string) (string, error) {
	if prefix == "" {
		if home, err := gonb.Find(); err == nil {
			return filepath.Dir(home.Dir), nil
		}
	}
	layout, err := setup.NewLayout(prefix)
	return layout.Root, err
}
