package proxy

import (
	"fmt"
	"strings"
	"sync"

	"github.com/golmm/golmm/kernel/cell"
)

// run runs the cell, the kernel's current one, and returns why it failed, nil if it did
// not.
func (e *execution) run(number int) *cell.Failure {
	k := e.k
	insisting := make(chan struct{})
	go func() {
		defer close(insisting)
		e.insist()
	}()
	defer func() {
		k.setCurrent(nil)
		close(e.ended)
		<-insisting // an interrupt must not reach the next cell
	}()
	b, err := k.ready()
	if err != nil {
		return e.backFailure(err)
	}
	session := k.cells()
	if text := session.Answer(e.ask.Code); text != "" {
		k.publish("display_data", e.request, markdownContent(text))
		return nil
	}
	c := session.Prepare(number, e.ask.Code)
	if c.Failure != nil {
		return c.Failure
	}
	for _, before := range c.Before {
		if _, err := b.do(k.ctx, "execute_request", executeContent(before, true, false), nil); err != nil {
			return e.backFailure(err)
		}
	}
	if c.Code == "" {
		return nil
	}
	report, err := e.try(b, c.Code)
	if err == nil && report != nil {
		if code, ok := c.Retry(*report); ok {
			e.out.reset()
			report, err = e.try(b, code)
		}
	}
	e.out.end(report == nil)
	if err != nil {
		return e.backFailure(err)
	}
	var failure *cell.Failure
	if report != nil {
		failure = c.Explain(*report)
		if l := report.Library; failure == nil || l != nil && failure.Name != l.Ename {
			// Not a cell's program but one of the shell.
			failure = plainFailure(report.Ename, report.Evalue)
			if l != nil {
				failure = &cell.Failure{Name: l.Ename, Value: l.Evalue, Traceback: l.Traceback}
			}
		}
	}
	session.Done(c, report == nil)
	return failure
}

// try has GoNB run code. The report is nil if it ran to its end.
func (e *execution) try(b *back, code string) (*cell.Report, error) {
	if e.isInterrupted() {
		return &cell.Report{Ename: "ERROR", Evalue: "interrupted", Interrupted: true}, nil
	}
	e.out.begin(b.mark)
	ended := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { e.watch(b, ended) })
	reply, err := b.do(e.k.ctx, "execute_request", executeContent(code, false, true), e.out.take)
	close(ended)
	watching.Wait()
	if err != nil {
		return nil, err
	}
	var v struct {
		Status    string   `json:"status"`
		Ename     string   `json:"ename"`
		Evalue    string   `json:"evalue"`
		Traceback []string `json:"traceback"`
	}
	if err := reply.Decode(&v); err != nil {
		return nil, err
	}
	// GoNB says ok for a cell that it did not begin because of an interrupt.
	stderr := e.out.stderr.String()
	var cause *cell.LibraryFailure
	if v.Status != "ok" {
		cause = e.blamed(stderr)
	} else if cause = e.blamed(""); cause == nil && !e.isInterrupted() {
		return nil, nil // of a command of the shell that was killed GoNB says ok, too
	}
	report := &cell.Report{Ename: v.Ename, Evalue: v.Evalue, Traceback: v.Traceback,
		Stderr: stderr, Interrupted: e.isInterrupted(), Library: e.out.failure}
	if cause == nil && !strings.HasPrefix(v.Evalue, "exit status") {
		cause = roomFailure(strings.Join(append([]string{v.Evalue}, v.Traceback...), "\n"))
	}
	if cause != nil {
		report.Library = cause
	}
	_, _ = fmt.Sscanf(v.Evalue, "exit status %d", &report.ExitCode)
	return report, nil
}

func (k *Kernel) setCurrent(e *execution) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.current = e
}
