package proxy

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/jupyter"
	"github.com/golmm/golmm/kernel/jupyter/process"
)

// input is what the processes of a cell want to read. A cell reads standard input as
// any program does; GoNB neither notices nor passes anything on, so the kernel looks
// who waits. What asks by gonbui.RequestInput is GoNB's matter.
type input struct {
	mu      sync.Mutex
	waiting []int           // the processes that waited when last looked at
	asked   *process.Member // whom the next line is for; nil for GoNB or nobody
	gonb    bool            // GoNB has asked
}

// seen takes who waits for input. One that waits twice in a row is asked for.
func (in *input) seen(e *execution, waits []process.Member) {
	in.mu.Lock()
	defer in.mu.Unlock()
	before := in.waiting
	in.waiting = nil
	for _, m := range waits {
		in.waiting = append(in.waiting, m.Pid)
		if in.gonb || in.asked != nil || !slices.Contains(before, m.Pid) {
			continue
		}
		if !e.ask.AllowStdin {
			e.blame(stdinFailure())
			m.Kill()
			continue
		}
		in.asked = &m
		e.askFront(json.RawMessage(`{"prompt":"","password":false}`))
	}
}

// request passes on that GoNB asks for a line.
func (in *input) request(e *execution, content json.RawMessage) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if e.ask.AllowStdin {
		in.gonb = true
		e.askFront(content)
		return
	}
	e.blame(stdinFailure())
	if b := e.k.running(); b != nil {
		for _, m := range b.process.Members() {
			m.Kill()
		}
	}
}

// askFront sends an input_request to the front end that runs the cell.
func (e *execution) askFront(content json.RawMessage) {
	m := jupyter.NewMessage(e.k.front.Session, "input_request", e.request, content)
	_ = e.k.front.Send(e.k.ctx, jupyter.Stdin, m)
}

// reply gives what the user typed to whom it is for.
func (in *input) reply(e *execution, b *back, content json.RawMessage) {
	in.mu.Lock()
	defer in.mu.Unlock()
	var v struct {
		Value string `json:"value"`
	}
	switch {
	case json.Unmarshal(content, &v) != nil:
		return
	case in.asked != nil:
		// One that has ended meanwhile has no use for it.
		_ = in.asked.TypeInput(v.Value + "\n")
		in.asked, in.waiting = nil, nil
	case in.gonb:
		in.gonb = false
		// GoNB must get a string and nothing else.
		b.send(e.k.ctx, jupyter.Stdin, "input_reply", v)
	}
}

func stdinFailure() *cell.LibraryFailure {
	return causeOf("InputError", "the cell reads standard input, and this front end cannot ask for it",
		"Give the cell what it needs as a value or a file, or run it where somebody can type: in a notebook page or a console.")
}
