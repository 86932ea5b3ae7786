package main

import (
	"context"
	"errors"
	"io"

	"github.com/golmm/golmm/kernel/gonb"
)

// runKernel is `golmm kernel -f FILE [--go PATH]`. It ends with the process that
// started it.
func runKernel(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("kernel -f FILE [--go PATH]")
	file := u.String("f", "", "the connection `FILE` that Jupyter wrote")
	goCommand := u.String("go", "", "`PATH` of the go command that builds cells (default: that of the installation)")
	if _, code, done := u.parse(args, 0, 0, stdout, stderr); done {
		return code
	}
	if *file == "" {
		return u.fail(stderr, errors.New("no connection file; it is for Jupyter to start a kernel"))
	}
	home, err := gonb.Find()
	if err != nil {
		return fail(stderr, "kernel", err)
	}
	if *goCommand != "" {
		home.Manifest.Go = *goCommand
	}
	if err := gonb.Launch(context.Background(), home, *file, true); err != nil {
		return fail(stderr, "kernel", err)
	}
	return exitDone
}
