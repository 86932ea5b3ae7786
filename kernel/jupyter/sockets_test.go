package jupyter

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pair returns the two sides of a connection.
func pair(t *testing.T) (kernel, front *Sockets) {
	t.Helper()
	c, kernel := listenSomewhere(t)
	t.Cleanup(func() { kernel.Close() })
	front, err := Dial(soon(t), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close() })
	return kernel, front
}

// listenSomewhere listens on five ports. Another program may take one of them meanwhile.
func listenSomewhere(t *testing.T) (*Connection, *Sockets) {
	t.Helper()
	for {
		c, err := NewConnection("test")
		if err != nil {
			t.Fatal(err)
		}
		s, err := Listen(c)
		if err == nil {
			return c, s
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			t.Fatal(err)
		}
	}
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func receive(t *testing.T, s *Sockets, ch Channel) Incoming {
	t.Helper()
	select {
	case in, ok := <-s.Received(ch):
		if !ok {
			t.Fatalf("%s is closed", ch)
		}
		return in
	case <-time.After(patience):
		t.Fatalf("nothing came over %s", ch)
	}
	panic("unreachable")
}

func TestRequestReply(t *testing.T) {
	kernel, front := pair(t)
	for _, ch := range []Channel{Shell, Control} {
		request := NewMessage(front.Session, "kernel_info_request", nil, struct{}{})
		if err := front.Send(soon(t), ch, request); err != nil {
			t.Fatal(err)
		}
		got := receive(t, kernel, ch)
		if got.Err != nil || got.Message.Header.MsgID != request.Header.MsgID {
			t.Fatalf("%s: the kernel got %+v", ch, got)
		}
		reply := NewMessage(kernel.Session, "kernel_info_reply", got.Message, map[string]string{"status": "ok"})
		if err := kernel.Send(soon(t), ch, reply); err != nil {
			t.Fatal(err)
		}
		back := receive(t, front, ch)
		if back.Err != nil || back.Message.Parent.MsgID != request.Header.MsgID {
			t.Fatalf("%s: the front end got %+v", ch, back)
		}
	}
}

// A kernel asks over stdin with the identity that the request came with over shell.
func TestStdinHasTheIdentityOfShell(t *testing.T) {
	kernel, front := pair(t)
	if err := front.Send(soon(t), Shell, NewMessage(front.Session, "execute_request", nil, struct{}{})); err != nil {
		t.Fatal(err)
	}
	request := receive(t, kernel, Shell).Message
	ask := NewMessage(kernel.Session, "input_request", request, map[string]string{"prompt": "?"})
	if err := kernel.Send(soon(t), Stdin, ask); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, front, Stdin); got.Err != nil || got.Message.Header.MsgType != "input_request" {
		t.Fatalf("got %+v", got)
	}
}

func publish(t *testing.T, kernel *Sockets, text string) {
	t.Helper()
	m := NewMessage(kernel.Session, "stream", nil, map[string]string{"text": text})
	m.Identities = [][]byte{[]byte("stream")}
	if err := kernel.Send(soon(t), IOPub, m); err != nil {
		t.Error(err)
	}
}

// awaitSubscription publishes "hello" until one has come through.
func awaitSubscription(t *testing.T, kernel, front *Sockets) {
	t.Helper()
	for {
		publish(t, kernel, "hello")
		select {
		case <-front.Received(IOPub):
			return
		case <-time.After(time.Millisecond):
		}
	}
}

func TestPublishInOrder(t *testing.T) {
	kernel, front := pair(t)
	awaitSubscription(t, kernel, front)
	publish := func(text string) { publish(t, kernel, text) }
	const n = 500 // many more than are buffered
	go func() {
		for i := range n {
			publish(fmt.Sprint(i))
		}
	}()
	for i := 0; i < n; {
		in := receive(t, front, IOPub)
		var c struct{ Text string }
		if in.Err != nil || in.Message.Decode(&c) != nil {
			t.Fatalf("message %d: %+v", i, in)
		}
		if c.Text == "hello" {
			continue
		}
		if c.Text != fmt.Sprint(i) {
			t.Fatalf("message %d is %q", i, c.Text)
		}
		i++
	}
}

// beat sends a heartbeat and waits until it comes back.
func beat(t *testing.T, front *Sockets, text string) {
	t.Helper()
	// The empty frame is the envelope that a kernel's REP socket expects.
	if err := front.SendFrames(soon(t), Heartbeat, [][]byte{{}, []byte(text)}); err != nil {
		t.Fatal(err)
	}
	back, err := front.sockets[Heartbeat].recv()
	if err != nil || len(back) == 0 || string(back[len(back)-1]) != text {
		t.Fatalf("the heartbeat %q came back as %q, %v", text, back, err)
	}
}

func TestHeartbeat(t *testing.T) {
	_, front := pair(t)
	for _, text := range []string{"one", "two", ""} {
		beat(t, front, text)
	}
}

func TestGarbageIsPassedOver(t *testing.T) {
	kernel, front := pair(t)
	if err := front.SendFrames(soon(t), Shell, [][]byte{[]byte("garbage"), {}}); err != nil {
		t.Fatal(err)
	}
	stranger := Codec{Key: []byte("another key")}
	frames, err := stranger.Encode(NewMessage("s", "execute_request", nil, struct{}{}))
	if err != nil {
		t.Fatal(err)
	}
	if err := front.SendFrames(soon(t), Shell, frames); err != nil {
		t.Fatal(err)
	}
	if err := front.Send(soon(t), Shell, NewMessage(front.Session, "kernel_info_request", nil, struct{}{})); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"no frame", "signature"} {
		var me *MessageError
		if in := receive(t, kernel, Shell); !errors.As(in.Err, &me) || !strings.Contains(in.Err.Error(), says) {
			t.Errorf("got %+v, want a *MessageError with %q", in, says)
		}
	}
	if in := receive(t, kernel, Shell); in.Err != nil {
		t.Errorf("after garbage: %v", in.Err)
	}
}

// The kernel closes what it has accepted: a connection that it has not yet seen
// when it dies is told by the end of its process.
func TestDeadKernelClosesTheChannels(t *testing.T) {
	kernel, front := pair(t)
	if err := front.Send(soon(t), Shell, NewMessage(front.Session, "kernel_info_request", nil, struct{}{})); err != nil {
		t.Fatal(err)
	}
	receive(t, kernel, Shell)
	awaitSubscription(t, kernel, front)
	kernel.Close()
	for _, ch := range []Channel{Shell, IOPub} {
		in := receive(t, front, ch)
		for in.Err == nil && ch == IOPub && in.Message.Header.MsgType == "stream" {
			in = receive(t, front, ch) // a "hello" that was under way
		}
		var me *MessageError
		if in.Err == nil || errors.As(in.Err, &me) {
			t.Errorf("%s: %+v", ch, in)
		}
		if _, ok := <-front.Received(ch); ok {
			t.Errorf("%s: something came after the end", ch)
		}
	}
}

func TestDialGivesUp(t *testing.T) {
	c, err := NewConnection("test")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Dial(ctx, c); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no kernel: %v", err)
	}
	if _, err := Dial(ctx, &Connection{}); err == nil {
		t.Error("an empty connection")
	}
}

func TestListenOnATakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := NewConnection("test")
	if err != nil {
		t.Fatal(err)
	}
	c.StdinPort = l.Addr().(*net.TCPAddr).Port
	if _, err := Listen(c); err == nil || !strings.Contains(err.Error(), "stdin") {
		t.Errorf("error %v, want one that names stdin", err)
	}
}
