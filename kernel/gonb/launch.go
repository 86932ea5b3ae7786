package gonb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

// stopGrace is how long GoNB may take to end by itself: it gives a running cell 5
// seconds.
const stopGrace = 6 * time.Second

// Launch runs GoNB for a connection file until it ends. This is what Jupyter starts.
//
// SIGINT is passed on to GoNB and its children, which ends a build and interrupts a
// running cell. GoNB is stopped by
// SIGTERM, SIGHUP, the end of ctx and, with parentWatch, the end of the process that
// started this one. After Launch nothing of GoNB is left: no process, no file.
//
// The error is a *HomeError or *jupyter.ConnectionError if GoNB could not be started,
// and nil if it was told to stop.
func Launch(ctx context.Context, h *Home, connectionFile string, parentWatch bool) error {
	if _, err := jupyter.ReadConnection(connectionFile); err != nil {
		return err
	}
	if err := h.Check(ctx); err != nil {
		return err
	}
	// From here on a signal must not end this process before GoNB.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)

	cmd := Command(h, connectionFile)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	p, err := process.Start(cmd)
	if err != nil {
		return &HomeError{Dir: h.Dir, Msg: "gonb does not start", Err: err, Try: tryInstall}
	}
	var orphaned <-chan time.Time
	if parentWatch {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		orphaned = tick.C
	}
	parent := os.Getppid()
	for {
		select {
		case <-p.Done():
			if err := p.Err(); err != nil && !endedByInterrupt(err) {
				return &HomeError{Dir: h.Dir, Msg: fmt.Sprintf("gonb ended by itself (%v)", err),
					Try: "What it said is above. Restart the kernel."}
			}
			return nil
		case sig := <-signals:
			if sig != os.Interrupt {
				p.Stop(stopGrace)
				return nil
			}
			if err := p.Interrupt(); err != nil {
				return fmt.Errorf("gonb cannot be interrupted: %w", err)
			}
		case <-ctx.Done():
			p.Stop(stopGrace)
			return nil
		case <-orphaned:
			if os.Getppid() != parent {
				p.Stop(stopGrace)
				return nil
			}
		}
	}
}

// endedByInterrupt tells whether SIGINT ended GoNB. While it shuts down it no longer
// handles the signal, and Jupyter sends one before it asks a kernel to shut down.
func endedByInterrupt(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGINT
}
