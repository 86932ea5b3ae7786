package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/golmm/golmm/kernel/gonb"
	"github.com/golmm/golmm/kernel/runner"
	"github.com/golmm/golmm/lmm/cache"
)

// runOptions are the flags of `golmm run`.
type runOptions struct {
	html        bool
	out         string
	timeout     time.Duration
	allowErrors bool
	keepGoing   bool
	params      []runner.Parameter
}

// takeParam is the value of a flag NAME=VALUE that may be repeated.
func (o *runOptions) takeParam(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return errors.New("want NAME=VALUE")
	}
	o.params = append(o.params, runner.Parameter{Name: name, Value: value})
	return nil
}

// runNotebooks is `golmm run NOTEBOOK... [--html] [-o FILE] [--param NAME=VALUE]... [--timeout D] [--allow-errors] [--keep-going]`.
// It executes each notebook in its own folder and a kernel of its own. After a
// notebook that fails no further one is run without --keep-going.
//
// What a failing notebook showed up to its error is kept: in the file of -o, or
// else beside the notebook, as NOTEBOOK.failed.ipynb or .failed.html, so that
// the outputs of the last run that went well stay. The next run that goes well
// removes it.
//
// Cells use the cache and do not say so, unless GOLMM_CACHE is set: the same
// notebook shall have the same outputs.
func runNotebooks(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	u := newUsage("run NOTEBOOK... [--html] [-o FILE] [--param NAME=VALUE]... [--timeout D] [--allow-errors] [--keep-going]")
	var opt runOptions
	u.BoolVar(&opt.html, "html", false, "write a report, NOTEBOOK.html, and leave the notebook as it is; after an error what was shown is in NOTEBOOK.failed.html, without this flag in NOTEBOOK.failed.ipynb, until a run goes well")
	u.StringVar(&opt.out, "o", "", "write to `FILE` (- for stdout) and not over NOTEBOOK or to NOTEBOOK.html")
	u.Func("param", "give a variable of the cell tagged parameters another value: `NAME=VALUE`, repeatable", opt.takeParam)
	u.DurationVar(&opt.timeout, "timeout", 0, "interrupt a cell that runs longer than `D`, such as 90s or 10m (default: never)")
	u.BoolVar(&opt.allowErrors, "allow-errors", false, "go on after a cell that fails, and write the result")
	u.BoolVar(&opt.keepGoing, "keep-going", false, "run the other notebooks after one that fails")
	paths, code, done := u.parse(args, 1, -1, stdout, stderr)
	if done {
		return code
	}
	if opt.out != "" && len(paths) > 1 {
		return u.misuse(stderr, errors.New("-o names one file, and there are several notebooks"))
	}
	if opt.out != "" && opt.out != "-" {
		if err := checkFolder(opt.out); err != nil {
			return u.fail(stderr, err)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	home, err := gonb.Find()
	if err == nil {
		err = home.Check(ctx)
	}
	if err != nil {
		return u.fail(stderr, err)
	}
	for _, path := range paths {
		if err := runNotebook(ctx, home, path, opt, stdout, stderr); err != nil {
			code = u.fail(stderr, fmt.Errorf("%s: %w", path, err))
		}
		if ctx.Err() != nil || code != exitDone && !opt.keepGoing {
			break
		}
	}
	return code
}

// runNotebook executes the notebook at path and writes it.
func runNotebook(ctx context.Context, home *gonb.Home, path string, opt runOptions, stdout, stderr io.Writer) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if source, err = runner.WithParameters(source, opt.params); err != nil {
		return err
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return err
	}
	start := time.Now()
	result, runErr := runner.Run(ctx, source, runner.Options{
		Kernel:      func(file string) *exec.Cmd { return quietly(kernelCommand(home, file)) },
		Dir:         dir,
		CellTimeout: opt.timeout,
		AllowErrors: opt.allowErrors,
		Progress: func(cell, cells int, line string) {
			fmt.Fprintf(stderr, "%s: cell %d of %d: %s\n", path, cell, cells, line)
		},
	})
	var atCell *runner.CellError
	if runErr != nil && !errors.As(runErr, &atCell) {
		return runErr // nothing was run
	}
	if opt.html {
		if result, err = runner.HTML(result); err != nil {
			return errors.Join(runErr, err)
		}
	}
	to := opt.target(path, runErr != nil)
	if to == "-" {
		_, err = stdout.Write(result)
		return errors.Join(runErr, err)
	}
	if err := replaceFile(to, result); err != nil {
		return errors.Join(runErr, err)
	}
	if runErr != nil {
		return fmt.Errorf("%w\nWhat was shown up to there is in %s", runErr, to)
	}
	fmt.Fprintf(stdout, "%s (%.1f s)\n", to, time.Since(start).Seconds())
	if opt.out == "" {
		if err := os.Remove(opt.target(path, true)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// kernelCommand is the kernel that Jupyter would start, too.
func kernelCommand(home *gonb.Home, file string) *exec.Cmd {
	argv := home.Kernel(file)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = os.Environ()
	return cmd
}

// target is the file that the result of a run of the notebook at path goes to.
func (o *runOptions) target(path string, failed bool) string {
	if o.out != "" {
		return o.out
	}
	base := strings.TrimSuffix(path, ".ipynb")
	if failed {
		base += ".failed"
	}
	switch {
	case o.html:
		return base + ".html"
	case failed:
		return base + ".ipynb"
	}
	return path
}

// quietly tells the cells of a kernel to use the cache without saying so, unless
// the user has chosen.
func quietly(cmd *exec.Cmd) *exec.Cmd {
	if os.Getenv(cache.ModeVariable) == "" {
		cmd.Env = append(cmd.Env, cache.ModeVariable+"=quiet")
	}
	return cmd
}

// replaceFile writes path whole or not at all, keeping the permissions of the file
// that was there. Through a link it writes where the link leads.
func replaceFile(path string, content []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() { // such as /dev/stdout
			return os.WriteFile(path, content, mode)
		}
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".golmm-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Chmod(mode), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
