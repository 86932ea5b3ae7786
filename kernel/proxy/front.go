package proxy

import (
	"github.com/golmm/golmm/kernel/jupyter"
)

// serve answers the requests of a channel. None of them waits for a cell: those that
// could take time have a goroutine, and cells have their queue.
func (k *Kernel) serve(ch jupyter.Channel) {
	for in := range k.front.Received(ch) {
		if m := in.Message; m != nil { // what has no valid signature or form is passed over
			k.handle(ch, m)
		}
	}
	k.end()
}

func (k *Kernel) handle(ch jupyter.Channel, m *jupyter.Message) {
	switch m.Header.MsgType {
	case "execute_request":
		k.queue.add(m)
	case "kernel_info_request":
		k.answer(ch, m, k.info())
	case "is_complete_request":
		k.answer(ch, m, isComplete(m))
	case "history_request":
		k.answer(ch, m, k.history.find(m))
	case "comm_info_request":
		k.answer(ch, m, map[string]any{"status": "ok", "comms": struct{}{}})
	case "complete_request":
		go func() { k.answer(ch, m, k.complete(m)) }()
	case "inspect_request":
		go func() { k.answer(ch, m, k.inspect(m)) }()
	case "comm_open", "comm_msg", "comm_close":
		k.passComm(m)
	case "interrupt_request":
		k.interrupt()
		k.answer(ch, m, map[string]string{"status": "ok"})
	case "shutdown_request":
		k.shutdown(ch, m)
	}
}

// answer publishes busy, replies, and publishes idle.
func (k *Kernel) answer(ch jupyter.Channel, m *jupyter.Message, content any) {
	k.status(m, "busy")
	k.reply(ch, m, content)
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.status(m, "idle")
	if k.busy != nil { // front ends show the last state, whatever it is about
		k.status(k.busy, "busy")
	}
}

// setBusy publishes that the kernel runs a cell, setIdle that it has ended.
func (k *Kernel) setBusy(cell *jupyter.Message) {
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.busy = cell
	k.status(cell, "busy")
}

func (k *Kernel) setIdle() {
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.status(k.busy, "idle")
	k.busy = nil
}

// reply sends the reply to a request, whose type is that of the request.
func (k *Kernel) reply(ch jupyter.Channel, m *jupyter.Message, content any) {
	const request = len("_request")
	kind := m.Header.MsgType[:len(m.Header.MsgType)-request] + "_reply"
	// A front end that is gone is noticed elsewhere.
	_ = k.front.Send(k.ctx, ch, jupyter.NewMessage(k.front.Session, kind, m, content))
}

// publish sends something about a request to all front ends.
func (k *Kernel) publish(kind string, parent *jupyter.Message, content any) {
	m := jupyter.NewMessage(k.front.Session, kind, parent, content)
	m.Identities = [][]byte{[]byte(kind)}
	_ = k.front.Send(k.ctx, jupyter.IOPub, m)
}

func (k *Kernel) status(m *jupyter.Message, state string) {
	k.publish("status", m, map[string]string{"execution_state": state})
}

// shutdown replies and ends the kernel.
func (k *Kernel) shutdown(ch jupyter.Channel, m *jupyter.Message) {
	var v struct {
		Restart bool `json:"restart"`
	}
	_ = m.Decode(&v)
	content := map[string]any{"status": "ok", "restart": v.Restart}
	k.mu.Lock()
	k.closing = true
	k.mu.Unlock()
	k.stopBack() // first: the front end takes the reply for the end
	k.publish("shutdown_reply", m, content)
	k.reply(ch, m, content)
	k.end()
}

// passInput gives what the user typed to the cell that runs.
func (k *Kernel) passInput() {
	for in := range k.front.Received(jupyter.Stdin) {
		k.mu.Lock()
		e, b := k.current, k.back
		k.mu.Unlock()
		if m := in.Message; m != nil && e != nil && b != nil && m.Header.MsgType == "input_reply" {
			e.input.reply(e, b, m.Content)
		}
	}
}

// passComm gives a message of a widget to the back end as it came.
func (k *Kernel) passComm(m *jupyter.Message) {
	if b := k.running(); b != nil {
		forward := *m
		forward.Identities = nil
		_ = b.sockets.Send(k.ctx, jupyter.Shell, &forward)
	}
}

// stray publishes what the back end says to no request of the kernel's own: what
// widgets say, and what answers them.
func (k *Kernel) stray(m *jupyter.Message, own bool) {
	isComm := false
	switch m.Header.MsgType {
	case "comm_open", "comm_msg", "comm_close":
		isComm = true
	}
	if own && !isComm {
		return // too late for its cell
	}
	forward := *m
	forward.Identities = [][]byte{[]byte(m.Header.MsgType)}
	_ = k.front.Send(k.ctx, jupyter.IOPub, &forward)
}
