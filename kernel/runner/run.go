package runner

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"
)

// Options are those of Run.
type Options struct {
	// Kernel makes the command that starts a kernel for a connection file. Required.
	// The kernel gets a TMPDIR of its own, which is removed when it ends.
	Kernel func(connectionFile string) *exec.Cmd

	// Dir is the folder that cells run in; "": as the command says. For a notebook
	// in a file it should be the file's folder.
	Dir string

	// CellTimeout is how long a cell may run before it is interrupted; 0: for ever.
	CellTimeout time.Duration

	// StartTimeout is how long the kernel may take to be ready; 0: a minute.
	StartTimeout time.Duration

	// AllowErrors runs the cells after one that failed. Its error is then among its
	// outputs and not returned. What ends the kernel is returned all the same.
	AllowErrors bool

	// Progress, if not nil, is called before each code cell that runs, with its number
	// among all cells, counted from 1, the number of cells, and its first line.
	Progress func(cell, cells int, firstLine string)
}

// tagRaises is the tag of a cell that may fail: the cells after it run.
const tagRaises = "raises-exception"

// Run executes the code cells of a notebook in order and returns the notebook with
// their outputs and execution counts in place of the old ones. Nothing else in the
// file changes, and neither times nor ids are written: the same messages from the
// kernel give the same bytes. GoNB reads a cell's printed text and its displays from
// two pipes, so text printed just before a display may come after it.
//
// The error is a *NotebookError (there is nothing to run; no notebook is returned), a
// *KernelError if the kernel does not start, or a *CellError that names the cell. With
// the latter two the returned notebook has the outputs up to there, and none after; that
// a cell took too long or that the kernel died under it stands among the cell's outputs
// as an error. A cell with the tag raises-exception may fail.
//
// It panics if opt has no Kernel.
func Run(ctx context.Context, notebook []byte, opt Options) ([]byte, error) {
	if opt.Kernel == nil {
		panic("runner: Options without a Kernel")
	}
	nb, err := parseNotebook(notebook)
	if err != nil {
		return nil, err
	}
	results := make([]result, len(nb.cells))
	runErr := runCells(ctx, nb, results, &opt)
	executed, err := nb.withResults(results)
	if runErr != nil {
		err = runErr
	}
	return executed, err
}

func runCells(ctx context.Context, nb *notebook, results []result, opt *Options) error {
	k, err := startKernel(ctx, opt)
	if err != nil {
		return err
	}
	defer k.stop()
	for i, c := range nb.cells {
		if c.kind != "code" || strings.TrimSpace(c.source) == "" {
			continue
		}
		if opt.Progress != nil {
			opt.Progress(i+1, len(nb.cells), c.firstLine())
		}
		e, err := k.execute(ctx, c.source, opt.CellTimeout)
		if err != nil {
			e.collector.fail(err)
		}
		results[i] = result{outputs: e.collector.outputs, count: e.count}
		mayFail := opt.AllowErrors || c.tagged(tagRaises)
		if err = cellError(i, c, e, err); err != nil && (!mayFail || e.reply == nil) {
			return err
		}
	}
	return nil
}

// cellError returns the *CellError of a cell that did not end well.
func cellError(i int, c *cell, e *execution, err error) error {
	if err == nil && e.reply.Status == "ok" {
		return nil
	}
	ce := &CellError{Cell: i + 1, FirstLine: c.firstLine(), Err: err, Stderr: e.collector.stderr()}
	if errors.As(err, new(*TimeoutError)) {
		ce.Stderr = strings.TrimSuffix(ce.Stderr, "^C\n") // of the interrupt
	}
	if err == nil {
		ce.Name, ce.Value, ce.Traceback = e.reply.EName, e.reply.EValue, e.reply.Traceback
		if f := e.collector.failure; f != nil {
			ce.Name, ce.Value, ce.Traceback = f.EName, f.EValue, f.Traceback
			ce.Stderr = "" // the exit code
		}
		if ce.Name == "" {
			ce.Name, ce.Value = "the kernel did not run it", "status "+e.reply.Status
		}
	}
	return ce
}
