package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/jupyter/process"
	"github.com/golmm/golmm/kernel/proxy"
)

// runKernel is `golmm kernel -f FILE [--go PATH]`. It ends with the process that
// started it. SIGINT interrupts the cell that runs.
func runKernel(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("kernel -f FILE [--go PATH]")
	file := u.String("f", "", "the connection `FILE` that Jupyter wrote")
	goCommand := u.String("go", "", "`PATH` of the go command that builds cells (default: that of the installation)")
	if _, code, done := u.parse(args, 0, 0, stdout, stderr); done {
		return code
	}
	if *file == "" {
		return u.misuse(stderr, errors.New("no connection file; it is for Jupyter to start a kernel"))
	}
	home, err := gonb.Find()
	if err != nil {
		return u.fail(stderr, err)
	}
	if *goCommand != "" {
		home.Manifest.Go = *goCommand
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, stop = process.WithParent(ctx)
	defer stop()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	if err := proxy.Serve(ctx, home, *file, interrupts); err != nil {
		return u.fail(stderr, err)
	}
	return exitDone
}
