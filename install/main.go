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
	"os"
	"os/signal"
	"syscall"

	"github.com/golmm/golmm/install/setup"
)

func main() { os.Exit(run()) }

func run() int {
	var opt setup.Options
	flags := flag.NewFlagSet("install", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "Usage: go run ./install [--prefix DIR] [--dry-run]")
		flags.PrintDefaults()
	}
	flags.StringVar(&opt.Prefix, "prefix", "", "install below `DIR` and not in the user's own folders")
	flags.BoolVar(&opt.DryRun, "dry-run", false, "print what would be written and write nothing")
	if err := flags.Parse(os.Args[1:]); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "install: %q is no flag\n", flags.Arg(0))
		flags.Usage()
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if _, err := setup.Install(ctx, opt, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		return 1
	}
	return 0
}
