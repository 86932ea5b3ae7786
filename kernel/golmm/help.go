package main

import (
	"fmt"
	"io"
)

// runHelp is `golmm help [COMMAND]`.
func runHelp(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("help [COMMAND]")
	rest, code, done := u.parse(args, 0, 1, stdout, stderr)
	if done {
		return code
	}
	if len(rest) == 1 && rest[0] != "help" {
		return run([]string{rest[0], "-h"}, stdin, stdout, stderr)
	}
	writeHelp(stdout)
	return exitDone
}

func writeHelp(w io.Writer) {
	fmt.Fprintln(w, "golmm fits mixed models and says where the fit really stands.\n\nUsage: golmm COMMAND [arguments]")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	fmt.Fprintln(w, "\nFlags stand anywhere on the line; -- ends them.")
}
