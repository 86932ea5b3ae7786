package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// usage is the command line of a subcommand: flags that may stand anywhere, and
// arguments.
type usage struct {
	*flag.FlagSet
	line string // "fit [flags] FORMULA FILE"
}

func newUsage(line string) *usage {
	name, _, _ := strings.Cut(line, " ")
	u := &usage{FlagSet: flag.NewFlagSet("golmm "+name, flag.ContinueOnError), line: line}
	u.SetOutput(io.Discard) // parse reports, in one way for all that can be wrong
	return u
}

// parse returns the arguments that are no flags. Where the command has nothing left to
// do, because of -h or a mistake, done is true and code its exit code. There are at
// least least and at most most arguments; most < 0: any number.
func (u *usage) parse(args []string, least, most int, stdout, stderr io.Writer) (rest []string, code int, done bool) {
	rest, err := u.split(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		u.write(stdout)
		return nil, exitDone, true
	case err != nil:
	case len(rest) < least:
		err = errors.New("something is missing")
	case most >= 0 && len(rest) > most:
		err = fmt.Errorf("%q is too much", rest[most])
	default:
		return rest, exitDone, false
	}
	return nil, u.fail(stderr, err), true
}

// split parses flags wherever they stand, up to "--". A lone "-" is an argument.
func (u *usage) split(args []string) (rest []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" {
			return append(rest, args[1:]...), nil
		}
		if arg == "-" || !strings.HasPrefix(arg, "-") {
			rest, args = append(rest, arg), args[1:]
			continue
		}
		n := 1
		if u.takesValue(arg) && len(args) > 1 {
			n = 2
		}
		if err := u.Parse(args[:n]); err != nil {
			return rest, err
		}
		args = args[n:]
	}
	return rest, nil
}

// takesValue reports whether the value of a flag is the next argument.
func (u *usage) takesValue(arg string) bool {
	f := u.Lookup(strings.TrimLeft(arg, "-"))
	if f == nil {
		return false
	}
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

// fail reports a mistake in the command line.
func (u *usage) fail(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "%s: %v\nUsage: golmm %s\n`%s -h` explains it.\n", u.Name(), err, u.line, u.Name())
	return exitUsage
}

// write prints the usage with all flags.
func (u *usage) write(w io.Writer) {
	fmt.Fprintf(w, "Usage: golmm %s\n", u.line)
	u.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		name := "--" + f.Name
		if len(f.Name) == 1 {
			name = "-" + f.Name
		}
		if value != "" {
			name += " " + value
		}
		fmt.Fprintf(w, "  %-24s %s\n", name, text)
	})
}

// fail reports an error of a subcommand.
func fail(stderr io.Writer, name string, err error) int {
	fmt.Fprintf(stderr, "golmm %s: %v\n", name, err)
	return exitError
}
