package proxy

import (
	"context"
	"errors"
	"fmt"

	"github.com/golmm/golmm/kernel/jupyter"
)

var errGone = errors.New("GoNB, which runs the cells, ended")

// call is a request to the back end that is being answered.
type call struct {
	seen  func(jupyter.Channel, *jupyter.Message) // takes what comes before the reply; may be nil
	reply chan *jupyter.Message
	idle  chan struct{}
}

// do sends a request and returns its reply when the back end is idle again, so that
// all it published has come. The error is errGone if the back end died.
func (b *back) do(ctx context.Context, kind string, content any, seen func(jupyter.Channel, *jupyter.Message)) (*jupyter.Message, error) {
	m := jupyter.NewMessage(b.sockets.Session, kind, nil, content)
	c := &call{seen: seen, reply: make(chan *jupyter.Message, 1), idle: make(chan struct{}, 1)}
	b.mu.Lock()
	b.calls[m.Header.MsgID] = c
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.calls, m.Header.MsgID)
		b.mu.Unlock()
	}()
	if err := b.sockets.Send(ctx, jupyter.Shell, m); err != nil {
		return nil, b.ended(ctx, err)
	}
	var reply *jupyter.Message
	for idle := false; reply == nil || !idle; {
		select {
		case reply = <-c.reply:
		case <-c.idle:
			idle = true
		case <-b.process.Done():
			return nil, errGone
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return reply, nil
}

// ended returns errGone if the back end died, else err.
func (b *back) ended(ctx context.Context, err error) error {
	select {
	case <-b.process.Done():
		return errGone
	default:
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("GoNB cannot be reached: %w", err)
}

// send sends a message that nothing answers.
func (b *back) send(ctx context.Context, ch jupyter.Channel, kind string, content any) {
	_ = b.sockets.Send(ctx, ch, jupyter.NewMessage(b.sockets.Session, kind, nil, content))
}

// receive gives what comes over a socket to the calls. A back end whose sockets fail
// is of no use and is killed.
func (b *back) receive(ch jupyter.Channel) {
	for in := range b.sockets.Received(ch) {
		if in.Message != nil {
			b.deliver(ch, in.Message)
		}
	}
	b.process.Kill()
}

func (b *back) deliver(ch jupyter.Channel, m *jupyter.Message) {
	b.mu.Lock()
	c := b.calls[m.Parent.MsgID]
	b.mu.Unlock()
	switch {
	case c == nil && ch == jupyter.IOPub:
		b.stray(m, m.Parent.Session == b.sockets.Session)
	case c == nil:
	case ch == jupyter.Shell:
		select {
		case c.reply <- m:
		default:
		}
	case m.Header.MsgType == "status":
		var v struct {
			State string `json:"execution_state"`
		}
		if m.Decode(&v) == nil && v.State == "idle" {
			select {
			case c.idle <- struct{}{}:
			default:
			}
		}
	case c.seen != nil:
		c.seen(ch, m)
	}
}
