package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/golmm/golmm/install/doctor"
)

// runDoctor is `golmm doctor [--json] [--quick] [--prefix DIR]`. The exit code is 1 if something
// that cells need is broken.
func runDoctor(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("doctor [--json] [--quick] [--prefix DIR]")
	asJSON := u.Bool("json", false, "print the report as JSON")
	quick := u.Bool("quick", false, "leave out the checks that build and run cells")
	prefix := u.String("prefix", "", "the `DIR` given to the installation (default: where this program is installed)")
	if _, code, done := u.parse(args, 0, 0, stdout, stderr); done {
		return code
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	report := doctor.Examine(ctx, doctor.Options{Prefix: *prefix, Quick: *quick})
	var err error
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		err = enc.Encode(report)
	} else {
		err = report.Print(stdout)
	}
	switch {
	case err != nil:
		return u.fail(stderr, err)
	case report.Broken():
		return exitError
	}
	return exitDone
}
