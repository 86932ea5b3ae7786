package proxy

import (
	"errors"
	"strings"
	"sync"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/jupyter"
)

// execution is a cell that runs.
type execution struct {
	k       *Kernel
	request *jupyter.Message
	ask     executeRequest
	out     *output
	input   input

	mu    sync.Mutex
	cause *cell.LibraryFailure // why the kernel ended it, nil if it did not
	peak  int64                // the most memory that a program of it was seen with, in bytes

	once        sync.Once
	interrupted chan struct{} // closed when the user interrupts it
	ended       chan struct{} // closed when it has ended
}

type executeRequest struct {
	Code         string `json:"code"`
	Silent       bool   `json:"silent"`
	StoreHistory bool   `json:"store_history"`
	AllowStdin   bool   `json:"allow_stdin"`
	StopOnError  bool   `json:"stop_on_error"`
}

// work runs the cells of the queue, one after the other.
func (k *Kernel) work() {
	count := 0
	_, _ = k.ready() // while the user types; its error is that of the first cell
	for {
		next, ok := k.queue.next(k.ctx)
		if !ok {
			return
		}
		ask := executeRequest{StoreHistory: true, AllowStdin: true, StopOnError: true}
		err := next.message.Decode(&ask)
		if ask.StoreHistory && !ask.Silent {
			count++
			k.history.add(count, ask.Code)
		}
		e := &execution{
			k: k, request: next.message, ask: ask,
			interrupted: make(chan struct{}), ended: make(chan struct{}),
		}
		e.out = newOutput(e)
		k.setCurrent(e) // before anybody hears of it: it can be interrupted
		k.setBusy(e.request)
		if !ask.Silent {
			k.publish("execute_input", e.request, map[string]any{"code": ask.Code, "execution_count": count})
		}
		if k.note != nil && !ask.Silent {
			k.publish("stream", e.request, streamContent{"stderr", k.note.Error() + "\n"})
			k.note = nil
		}
		var failure *cell.Failure
		if err != nil {
			k.setCurrent(nil)
			failure = plainFailure("ProtocolError", err.Error())
		} else {
			failure = e.run(count)
		}
		e.reply(count, failure)
		var waiting []queued
		if failure != nil && ask.StopOnError {
			waiting = k.queue.abort(next.came) // before the reply, after which new cells come
		}
		k.reply(jupyter.Shell, e.request, replyContent(count, failure))
		k.setIdle()
		for _, q := range waiting {
			k.answer(jupyter.Shell, q.message, map[string]string{"status": "aborted"})
		}
	}
}

// reply publishes the card and the error of a cell that failed. The card has places
// and hints, so the error is a line; the reply to the request has it all as text.
func (e *execution) reply(count int, f *cell.Failure) {
	if f == nil || e.ask.Silent {
		return
	}
	traceback := f.Traceback
	if f.HTML != "" {
		e.k.publish("display_data", e.request, map[string]any{
			"data":     map[string]string{"text/html": f.HTML, "text/plain": strings.Join(f.Traceback, "\n")},
			"metadata": struct{}{}, "transient": struct{}{},
		})
		traceback = []string{f.Name + ": " + f.Value}
	}
	e.k.publish("error", e.request, map[string]any{"ename": f.Name, "evalue": f.Value, "traceback": nonNil(traceback)})
}

func replyContent(count int, f *cell.Failure) any {
	if f == nil {
		return map[string]any{"status": "ok", "execution_count": count, "user_expressions": struct{}{}, "payload": []any{}}
	}
	return map[string]any{"status": "error", "execution_count": count,
		"ename": f.Name, "evalue": f.Value, "traceback": nonNil(f.Traceback)}
}

func nonNil(lines []string) []string {
	if lines == nil {
		return []string{}
	}
	return lines
}

func plainFailure(name, text string) *cell.Failure {
	first, _, _ := strings.Cut(text, "\n")
	return &cell.Failure{Name: name, Value: first, Traceback: strings.Split(name+": "+text, "\n")}
}

// backFailure is what the user reads where GoNB itself failed.
func (e *execution) backFailure(err error) *cell.Failure {
	switch {
	case !errors.Is(err, errGone):
		return plainFailure("KernelError", "cells cannot run: "+err.Error()+
			"\nRestart the kernel; `golmm version` tells where it is installed.")
	case e.isInterrupted():
		return plainFailure("Interrupted", "the cell did not end and was killed, and GoNB with it\n"+
			"What earlier cells declared is gone. Run them again.")
	}
	return plainFailure("KernelRestarted", err.Error()+" while this cell ran, and was started again\n"+
		"What earlier cells declared is gone. Run them again.")
}

// executeContent is the content of an execute_request to GoNB, which needs each field.
func executeContent(code string, silent, stdin bool) any {
	return map[string]any{
		"code": code, "silent": silent, "store_history": !silent,
		"user_expressions": struct{}{}, "allow_stdin": stdin, "stop_on_error": true,
	}
}
