package proxy

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"

	"github.com/golmm/golmm/kernel/cell"
	"github.com/golmm/golmm/kernel/jupyter"
)

const (
	limitVariable      = "GOLMM_OUTPUT_LIMIT"
	defaultOutputLimit = 8 << 20
)

// outputLimit returns the bytes that a cell may show.
func outputLimit() int {
	if n, err := strconv.Atoi(os.Getenv(limitVariable)); err == nil && n > 0 {
		return n
	}
	return defaultOutputLimit
}

// output passes on what a cell shows, up to a limit, and keeps what its failure is
// explained with.
type output struct {
	e *execution

	mu      sync.Mutex
	order   order
	shown   int // bytes
	stopped bool
	stderr  tail
	dump    dumpFilter
	failure *cell.LibraryFailure
}

func newOutput(e *execution) *output {
	o := &output{e: e}
	o.order.text = func(s string) { o.text(streamContent{"stdout", s}) }
	return o
}

// begin is called before the cell runs, with what its marks begin with.
func (o *output) begin(mark string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.order.start = mark
}

// tick is called while the cell runs.
func (o *output) tick() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.order.tick()
}

// reset forgets a first run that did not compile.
func (o *output) reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stderr, o.dump, o.failure = tail{}, dumpFilter{}, nil
}

// take handles a message that GoNB sent for the cell.
func (o *output) take(ch jupyter.Channel, m *jupyter.Message) {
	if ch == jupyter.Stdin {
		o.e.input.request(o.e, m.Content)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch m.Header.MsgType {
	case "execute_input", "error": // the kernel has its own
	case "stream":
		o.stream(m)
	case "display_data", "update_display_data", "execute_result":
		o.display(m)
	default:
		o.e.k.publish(m.Header.MsgType, o.e.request, m.Content)
	}
}

type streamContent struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func (o *output) stream(m *jupyter.Message) {
	var s streamContent
	if m.Decode(&s) != nil {
		return
	}
	if s.Name == "stdout" {
		o.order.write(s.Text)
		return
	}
	o.stderr.add(s.Text)
	s.Text = o.dump.pass(s.Text)
	o.text(s)
}

func (o *output) text(s streamContent) {
	if s.Text != "" && o.fits(len(s.Text)) {
		o.e.k.publish("stream", o.e.request, s)
	}
}

type displayContent struct {
	Data      map[string]json.RawMessage `json:"data"`
	Metadata  map[string]json.RawMessage `json:"metadata"`
	Transient json.RawMessage            `json:"transient,omitempty"`
}

// display passes on a display without its mark and the failure that it may carry.
func (o *output) display(m *jupyter.Message) {
	var v displayContent
	if m.Decode(&v) != nil {
		return
	}
	if v.Metadata == nil {
		v.Metadata = make(map[string]json.RawMessage)
	}
	var mark string
	_ = json.Unmarshal(v.Metadata[markKey], &mark)
	delete(v.Metadata, markKey)
	if raw, ok := v.Data[cell.FailureMIME]; ok {
		f := new(cell.LibraryFailure)
		if json.Unmarshal(raw, f) == nil {
			o.failure = f
		}
		delete(v.Data, cell.FailureMIME)
	}
	last := o.failure != nil // the card of a failure is shown in any case
	o.order.display(mark, func() {
		if len(v.Data) == 0 {
			return
		}
		content, err := json.Marshal(v)
		if err == nil && (last || o.fits(len(content))) {
			o.e.k.publish(m.Header.MsgType, o.e.request, json.RawMessage(content))
		}
	})
}

// fits counts n bytes and tells whether they may be shown. The first that may not
// are replaced by a note.
func (o *output) fits(n int) bool {
	if o.stopped || o.e.ask.Silent {
		return false
	}
	if o.shown += n; o.shown <= o.e.k.limit {
		return true
	}
	o.stopped = true
	o.e.k.publish("stream", o.e.request, streamContent{"stderr", fmt.Sprintf(
		"\nThe cell showed more than %d bytes; the rest is left out. The environment variable %s sets another limit.\n",
		o.e.k.limit, limitVariable)})
	return false
}

// end shows what waits, and what was held back of a cell that did not fail after all.
func (o *output) end(ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.order.end()
	o.text(streamContent{"stderr", o.dump.rest(ok)})
}
