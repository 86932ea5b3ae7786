// Command install installs golmm and its Jupyter kernel for the current user:
//
//	go run ./install [--prefix DIR] [--dry-run]
//
// Package setup tells what it writes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/golmm/golmm/install/setup"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run installs and returns the exit code: 0 installed, 1 error, 2 wrong command line.
func run(args []string, stdout, stderr io.Writer) int {
	var opt setup.Options
	flags := flag.NewFlagSet("install", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "Usage: go run ./install [--prefix DIR] [--dry-run]")
		flags.PrintDefaults()
	}
	flags.StringVar(&opt.Prefix, "prefix", "", "install below `DIR` and not in the user's own folders")
	flags.BoolVar(&opt.DryRun, "dry-run", false, "print what would be written and write nothing")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "install: %q is no flag\n", flags.Arg(0))
		flags.Usage()
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	_, err := setup.Install(ctx, opt, stdout)
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "install: stopped. The same command goes on from here.")
		return 1
	case err != nil:
		fmt.Fprintln(stderr, "install:", err)
		return 1
	}
	return 0
}
