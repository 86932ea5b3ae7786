package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/golmm/golmm/lmm/diagnose"
)

// maxPaste is how much of stdin is read.
const maxPaste = 64 << 20

// runExplain is `golmm explain [flags] [TEXT|-]`.
func runExplain(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("explain [flags] [TEXT|-]")
	asJSON := u.Bool("json", false, "print the whole result as JSON")
	list := u.Bool("list", false, "print all messages known, one a line: name, program, text")
	rest, code, done := u.parse(args, 0, -1, stdout, stderr)
	if done {
		return code
	}
	if *list {
		return u.written(stderr, func() error {
			_, err := fmt.Fprintln(stdout, strings.Join(diagnose.List(), "\n"))
			return err
		})
	}
	text := strings.Join(rest, " ")
	if text == "" || text == "-" {
		b, err := io.ReadAll(io.LimitReader(stdin, maxPaste))
		if err != nil {
			return u.fail(stderr, err)
		}
		text = string(b)
	}
	e := diagnose.Explain(text)
	return u.written(stderr, func() error { return printed(stdout, *asJSON, e) })
}
