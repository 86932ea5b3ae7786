package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/lmm/version"
)

// runVersion is `golmm version`.
func runVersion(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("version")
	if _, code, done := u.parse(args, 0, 0, stdout, stderr); done {
		return code
	}
	fmt.Fprintf(stdout, "golmm %s, built with %s for %s/%s\n", version.Golmm, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if home, err := gonb.Find(); err == nil {
		fmt.Fprintf(stdout, "installed in %s, cells are built with %s\n", home.Dir, home.Manifest.Go)
	} else {
		fmt.Fprintln(stdout, "not installed: `go run ./install` in a clone does that")
	}
	return exitDone
}
