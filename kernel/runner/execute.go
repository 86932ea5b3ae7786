package runner

import (
	"context"
	"os"
	"time"

	"github.com/golmm/golmm/kernel/jupyter"
)

const (
	defaultStartTimeout = time.Minute
	shutdownGrace       = 3 * time.Second
	stopGrace           = 3 * time.Second
	// A kernel whose connection ended is most often about to be gone, with all it started.
	lostGrace = 15 * time.Second
	// A kernel says idle right after its reply.
	idleGrace = 10 * time.Second
	// GoNB kills a cell 5 seconds after it was interrupted.
	interruptGrace = 10 * time.Second
)

// execution is a cell that runs.
type execution struct {
	k         *kernel
	request   *jupyter.Message
	collector *collector
	reply     *executeReply // nil until it came
	count     int
	idle      bool
}

type executeReply struct {
	Status         string   `json:"status"`
	ExecutionCount int      `json:"execution_count"`
	EName          string   `json:"ename"`
	EValue         string   `json:"evalue"`
	Traceback      []string `json:"traceback"`
}

// execute runs code and returns its outputs and the kernel's verdict. With an error
// the outputs are those that came before it.
func (k *kernel) execute(ctx context.Context, code string, limit time.Duration) (*execution, error) {
	e := &execution{
		k:         k,
		collector: &collector{shown: k.shown},
		request: jupyter.NewMessage(k.sockets.Session, "execute_request", nil, map[string]any{
			"code": code, "silent": false, "store_history": true, "user_expressions": struct{}{},
			"allow_stdin": false, "stop_on_error": true,
		}),
	}
	if err := k.sockets.Send(ctx, jupyter.Shell, e.request); err != nil {
		if ctx.Err() != nil {
			return e, context.Cause(ctx)
		}
		return e, k.lost(jupyter.Incoming{Err: err})
	}
	err := e.await(ctx, limit)
	e.collector.finish()
	return e, err
}

// await handles messages until the cell has its reply and the kernel is idle.
func (e *execution) await(ctx context.Context, limit time.Duration) error {
	var timeout, interrupt, givenUp, noIdle <-chan time.Time
	if limit > 0 {
		timeout = time.After(limit)
	}
	interrupted := false
	for e.reply == nil || !e.idle {
		select {
		case in := <-e.k.sockets.Received(jupyter.Shell):
			if ended(in) {
				return e.lost(in)
			}
			if e.takeReply(in.Message) {
				noIdle = time.After(idleGrace)
			}
		case in := <-e.k.sockets.Received(jupyter.IOPub):
			if ended(in) {
				return e.lost(in)
			}
			e.takeOutput(in.Message)
		case in := <-e.k.sockets.Received(jupyter.Stdin):
			// Nobody is there to answer: an empty line keeps the cell from waiting.
			if in.Message != nil && in.Message.Header.MsgType == "input_request" {
				answer := jupyter.NewMessage(e.k.sockets.Session, "input_reply", in.Message, map[string]string{"value": ""})
				_ = e.k.sockets.Send(ctx, jupyter.Stdin, answer)
			}
		case <-e.k.process.Done():
			e.drain()
			return e.k.died("it died")
		case <-noIdle:
			return &KernelError{Msg: "it answered but never said that it is idle, so outputs may be missing", Output: e.k.output.String()}
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-timeout:
			interrupted, givenUp, interrupt = true, time.After(interruptGrace), time.After(0)
		case <-interrupt:
			// GoNB forgets an interrupt that comes while it compiles: repeat it.
			_ = e.k.process.Signal(os.Interrupt)
			interrupt = time.After(time.Second)
		case <-givenUp:
			e.k.process.Kill()
			return &KernelError{Msg: "it was killed, since it did not react to interrupts", Err: &TimeoutError{Limit: limit}, Output: e.k.output.String()}
		}
	}
	if interrupted {
		return &TimeoutError{Limit: limit}
	}
	return nil
}

// takeReply reports whether m is the reply to the cell.
func (e *execution) takeReply(m *jupyter.Message) bool {
	if m == nil || m.Parent.MsgID != e.request.Header.MsgID || m.Header.MsgType != "execute_reply" {
		return false
	}
	r := new(executeReply)
	if m.Decode(r) != nil {
		return false
	}
	e.reply = r
	if r.ExecutionCount > 0 {
		e.count = r.ExecutionCount
	}
	return true
}

func (e *execution) takeOutput(m *jupyter.Message) {
	if m == nil || m.Parent.MsgID != e.request.Header.MsgID {
		return
	}
	switch m.Header.MsgType {
	case "status":
		var s struct {
			State string `json:"execution_state"`
		}
		e.idle = m.Decode(&s) == nil && s.State == "idle"
	case "execute_input":
		var in struct {
			Count int `json:"execution_count"`
		}
		if m.Decode(&in) == nil {
			e.count = in.Count
		}
	default:
		e.collector.add(m)
	}
}

// lost takes the outputs that came before the connection ended.
func (e *execution) lost(in jupyter.Incoming) error {
	e.drain()
	return e.k.lost(in)
}

// drain takes what is still under way when the kernel is gone, until the connection has
// ended too.
func (e *execution) drain() {
	for {
		select {
		case in, ok := <-e.k.sockets.Received(jupyter.IOPub):
			if !ok {
				return
			}
			e.takeOutput(in.Message)
		case <-time.After(time.Second):
			return
		}
	}
}
