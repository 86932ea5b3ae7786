package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/golmm/golmm/lmm/nearest"
)

// usage is the command line of a subcommand: flags that may stand anywhere, and
// arguments.
type usage struct {
	*flag.FlagSet
	line string // "fit [flags] FORMULA FILE"
}

func newUsage(line string) *usage {
	name, _, _ := strings.Cut(line, " ")
	return &usage{FlagSet: flag.NewFlagSet("golmm "+name, flag.ContinueOnError), line: line}
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
	return nil, u.misuse(stderr, err), true
}

// split sets flags wherever they stand, up to "--". A lone "-" is an argument.
func (u *usage) split(args []string) (rest []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			return append(rest, args...), nil
		}
		if arg == "-" || !strings.HasPrefix(arg, "-") {
			rest = append(rest, arg)
			continue
		}
		name, value, joined := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
		f := u.Lookup(name)
		if f == nil {
			return rest, u.unknown(name)
		}
		switch {
		case joined:
		case isSwitch(f):
			value = "true"
		case len(args) == 0:
			return rest, fmt.Errorf("%s needs a value", dashed(name))
		default:
			value, args = args[0], args[1:]
		}
		if err := u.Set(name, value); err != nil {
			return rest, fmt.Errorf("%s %q: %w", dashed(name), value, explained(f, err))
		}
	}
	return rest, nil
}

// unknown is the error of a flag that the command does not have.
func (u *usage) unknown(name string) error {
	if name == "h" || name == "help" {
		return flag.ErrHelp
	}
	var names []string
	u.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := nearest.Name(name, names); near != "" {
		return fmt.Errorf("there is no flag %s; did you mean %s?", dashed(name), dashed(near))
	}
	return fmt.Errorf("there is no flag %s", dashed(name))
}

// explained replaces what package flag says of a value that it cannot read.
func explained(f *flag.Flag, err error) error {
	g, ok := f.Value.(flag.Getter)
	if !ok {
		return err
	}
	switch g.Get().(type) {
	case bool:
		return errors.New("want true or false")
	case int:
		return errors.New("want a whole number")
	case uint64:
		return errors.New("want a whole number from 0")
	case float64:
		return errors.New("want a number")
	case time.Duration:
		return errors.New("want a time such as 90s or 10m")
	}
	return err
}

// maxCount is the largest value of a flag that counts something: more would not end,
// or not fit into memory.
const maxCount = 10_000_000

// count defines a flag with a whole number from 1.
func count(u *usage, n *int, name, text string) {
	u.Func(name, text, func(s string) error {
		v, err := strconv.Atoi(s)
		if err != nil || v < 1 || v > maxCount {
			return fmt.Errorf("want a whole number from 1 to %d", maxCount)
		}
		*n = v
		return nil
	})
}

// isSwitch says that a flag stands without a value.
func isSwitch(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// dashed is the name of a flag as it is written.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// misuse reports a mistake in the command line.
func (u *usage) misuse(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "%s: %s\nUsage: golmm %s\n`%s -h` explains it.\n", u.Name(), said(err), u.line, u.Name())
	return exitUsage
}

// fail reports an error of the command.
func (u *usage) fail(stderr io.Writer, err error) int {
	fmt.Fprintf(stderr, "%s: %s\n", u.Name(), said(err))
	return exitError
}

// written is the exit code of a command that ends with writing its result.
func (u *usage) written(stderr io.Writer, write func() error) int {
	if err := write(); err != nil {
		return u.fail(stderr, err)
	}
	return exitDone
}

// write prints the usage with all flags.
func (u *usage) write(w io.Writer) {
	fmt.Fprintf(w, "Usage: golmm %s\n", u.line)
	u.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		name := dashed(f.Name)
		if value != "" {
			name += " " + value
		}
		fmt.Fprintf(w, "  %-24s %s\n", name, text)
	})
}
