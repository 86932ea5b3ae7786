package runner

import (
	"fmt"
	"strings"
	"time"
)

// CellError tells which cell a run stopped at, and why.
type CellError struct {
	Cell      int    // counted from 1 over all cells, as a reader counts
	FirstLine string // of the cell's code
	Name      string // what the kernel calls the error; "" if Err tells
	Value     string
	Traceback []string
	Stderr    string // what the cell wrote to stderr
	Err       error  // a *TimeoutError, a *KernelError, the error of a context, or nil
}

func (e *CellError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cell %d (%s): ", e.Cell, shorten(e.FirstLine, 60))
	if e.Err != nil {
		b.WriteString(e.Err.Error())
	} else {
		b.WriteString(e.Name + ": " + e.Value)
	}
	// GoNB's name and value say no more than "exit status 1": the reason is on stderr.
	if said := lastLines(stripANSI(e.Stderr), 12); said != "" {
		b.WriteString("\n" + said)
	} else if len(e.Traceback) > 0 {
		trace := stripANSI(strings.Join(e.Traceback, "\n"))
		trace = strings.TrimPrefix(strings.TrimPrefix(trace, e.Value), "\n") // said already
		if trace = lastLines(trace, 12); trace != "" {
			b.WriteString("\n" + trace)
		}
	}
	return b.String()
}

func (e *CellError) Unwrap() error { return e.Err }

// TimeoutError tells that a cell was interrupted because it took too long.
type TimeoutError struct{ Limit time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("it ran longer than %v and was interrupted; allow it more time, or give it less to do", e.Limit)
}

// KernelError tells that the kernel could not be started, died, or broke the
// protocol.
type KernelError struct {
	Msg    string
	Err    error  // the cause, such as an *exec.ExitError, or nil
	Output string // the end of what the kernel's process printed
}

func (e *KernelError) Error() string {
	s := "kernel: " + e.Msg
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if said := lastLines(stripANSI(e.Output), 12); said != "" {
		s += "; it said:\n" + said
	}
	return s
}

func (e *KernelError) Unwrap() error { return e.Err }

// bare is the error without what the process printed, which differs from run to run.
func (e *KernelError) bare() string {
	return (&KernelError{Msg: e.Msg, Err: e.Err}).Error()
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-3]) + "..."
	}
	return s
}

func lastLines(s string, n int) string {
	list := strings.Split(strings.TrimLeft(strings.TrimRight(s, " \t\r\n"), "\r\n"), "\n")
	return strings.Join(list[max(0, len(list)-n):], "\n")
}
