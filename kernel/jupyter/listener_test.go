package jupyter

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long anything may take on a busy machine.
const patience = 2 * time.Minute

func listenAt(t *testing.T, kind, endpoint string) *listener {
	t.Helper()
	l, err := listen(kind, endpoint)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// stranger connects and sends bytes as they are.
func stranger(t *testing.T, l *listener, bytes ...[]byte) net.Conn {
	t.Helper()
	addr := l.accepts.Addr()
	conn, err := net.Dial(addr.Network(), addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	for _, b := range bytes {
		if _, err := conn.Write(b); err != nil {
			break // the listener had enough
		}
	}
	return conn
}

// readyAs is the READY of a socket with an identity.
func readyAs(socketType, identity string) []byte {
	b := ready(socketType)
	body := append(b[2:len(b):len(b)], "\x08Identity\x00\x00\x00"...)
	body = append(append(body, byte(len(identity))), identity...)
	return appendFrame(nil, flagCommand, body)
}

// friend shakes hands and returns its connection behind the handshake.
func friend(t *testing.T, l *listener, socketType, identity string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn := stranger(t, l, greeting(), readyAs(socketType, identity))
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	r := bufio.NewReader(conn)
	if err := readGreeting(r); err != nil {
		t.Fatal(err)
	}
	if _, body, err := readFrame(r, 1000); err != nil || !bytes.HasSuffix(body, []byte(l.kind)) {
		t.Fatalf("READY %q, %v", body, err)
	}
	return conn, r
}

// closed tells that the listener ends a connection.
func closed(t *testing.T, name string, conn net.Conn) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	_, err := io.Copy(io.Discard, conn)
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		t.Errorf("%s: the connection lives", name)
	}
}

func message(t *testing.T, l *listener) [][]byte {
	t.Helper()
	select {
	case m := <-l.incoming:
		return m
	case <-time.After(patience):
		t.Fatal("no message")
		return nil
	}
}

// What is no ZMTP, or too much, ends the connection it came over and nothing else.
func TestStrangers(t *testing.T) {
	l := listenAt(t, router, "tcp://127.0.0.1:0")
	_ = stranger(t, l) // silent, as long as it likes
	hello := append(greeting(), readyAs("DEALER", "")...)
	giant := []byte{flagLong, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	for name, b := range map[string][]byte{
		"HTTP":                 []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
		"ZMTP 2":               append([]byte{0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 2}, make([]byte, 60)...),
		"CURVE":                bytes.Replace(greeting(), []byte("NULL"), []byte("CURVE"), 1),
		"no READY":             append(greeting(), appendFrame(nil, 0, []byte("x"))...),
		"a READY cut off":      append(greeting(), appendFrame(nil, flagCommand, []byte("\x05READY\xffSocket"))...),
		"a giant READY":        append(greeting(), giant...),
		"a READY with a lie":   append(greeting(), appendFrame(nil, flagCommand, []byte("\x05READY\x01a\xff\xff\xff\xff"))...),
		"a SUB":                append(greeting(), ready("SUB")...),
		"a reserved identity":  append(greeting(), readyAs("DEALER", "\x00a")...),
		"a giant frame":        append(hello[:len(hello):len(hello)], giant...),
		"a negative size":      append(hello[:len(hello):len(hello)], flagLong, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
		"unknown flags":        append(hello[:len(hello):len(hello)], 0xf0, 0),
		"a command in between": append(hello[:len(hello):len(hello)], flagMore, 0, flagCommand, 0),
		"more and more": append(hello[:len(hello):len(hello)],
			bytes.Repeat([]byte{flagMore, 0}, messageLimit/frameOverhead+2)...),
	} {
		closed(t, name, stranger(t, l, b))
	}
	conn, r := friend(t, l, "DEALER", "ann")
	if _, err := conn.Write(appendMessage(nil, [][]byte{[]byte("a"), {}, bytes.Repeat([]byte("b"), 300)})); err != nil {
		t.Fatal(err)
	}
	if m := message(t, l); len(m) != 4 || string(m[0]) != "ann" || len(m[3]) != 300 {
		t.Errorf("%.20q", m)
	}
	if err := l.send(t.Context(), [][]byte{[]byte("ann"), []byte("reply")}); err != nil {
		t.Fatal(err)
	}
	if _, body, err := readFrame(r, 100); err != nil || string(body) != "reply" {
		t.Errorf("%q, %v", body, err)
	}
}

// Memory grows with what came, not with what a header claims.
func TestReadFrameTrustsNothing(t *testing.T) {
	claim := append([]byte{flagLong, 0, 0, 0, 0, messageLimit >> 24, 0, 0, 0}, "short"...)
	least := uint64(math.MaxUint64)
	for range 20 { // connections of other tests that are ending may allocate meanwhile
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, _, err := readFrame(bufio.NewReader(bytes.NewReader(claim)), messageLimit); !errors.Is(err, io.EOF) {
			t.Errorf("error %v", err)
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	if least > 1<<20 { // buffers of io.Copy and bufio
		t.Errorf("%d bytes for a frame of 5", least)
	}
}

// A peer that comes again under its identity gets what is sent to it.
func TestHandover(t *testing.T) {
	l := listenAt(t, router, "tcp://127.0.0.1:0")
	old, _ := friend(t, l, "DEALER", "ann")
	_, _ = old.Write(appendMessage(nil, [][]byte{[]byte("1")}))
	message(t, l)
	again, r := friend(t, l, "DEALER", "ann")
	_, _ = again.Write(appendMessage(nil, [][]byte{[]byte("2")}))
	message(t, l)
	closed(t, "the old connection", old)
	_ = l.send(t.Context(), [][]byte{[]byte("nobody"), []byte("x")})
	_ = l.send(t.Context(), [][]byte{[]byte("ann"), []byte("x")})
	if _, body, err := readFrame(r, 100); err != nil || string(body) != "x" {
		t.Errorf("%q, %v", body, err)
	}
}

// What is for a peer whose handshake is not done is kept until it is, and no longer than
// somebody may turn out to be that peer.
func TestSendBeforeTheHandshake(t *testing.T) {
	l := listenAt(t, router, "tcp://127.0.0.1:0")
	state := func() (shaking, held int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, p := range l.peers {
			if p.shaking {
				shaking++
			}
		}
		return shaking, len(l.held)
	}
	until := func(wantShaking int) {
		for shaking := -1; shaking != wantShaking; time.Sleep(time.Millisecond) {
			shaking, _ = state()
		}
	}
	_ = l.send(t.Context(), [][]byte{[]byte("ann"), []byte("too early")})
	conn := stranger(t, l, greeting())
	until(1)
	for _, to := range []string{"ann", "bob"} {
		_ = l.send(t.Context(), [][]byte{[]byte(to), []byte("for " + to)})
	}
	if _, n := state(); n != 2 {
		t.Errorf("%d messages are held", n)
	}
	if _, err := conn.Write(readyAs("DEALER", "ann")); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	r := bufio.NewReader(conn)
	if err := readGreeting(r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"READY", "for ann"} {
		if _, body, err := readFrame(r, 1000); err != nil || !bytes.Contains(body, []byte(want)) {
			t.Errorf("%q, %v; want %s", body, err, want)
		}
	}
	until(0)
	if _, n := state(); n != 0 {
		t.Errorf("%d messages are held for nobody", n)
	}
	again := stranger(t, l, greeting())
	until(1)
	_ = l.send(t.Context(), [][]byte{[]byte("bob"), make([]byte, queueLimit-100)})
	_ = l.send(t.Context(), [][]byte{[]byte("bob"), make([]byte, 200)})
	if _, n := state(); n != 1 {
		t.Errorf("%d messages are held, more than may wait", n)
	}
	again.Close()
	until(0)
	if _, n := state(); n != 0 {
		t.Errorf("%d messages are held for one that is gone", n)
	}
}

// A subscriber that reads nothing costs a bounded queue and keeps nobody waiting.
func TestSlowSubscriber(t *testing.T) {
	l := listenAt(t, pub, "tcp://127.0.0.1:0")
	subscribe := func(topics ...string) (net.Conn, *bufio.Reader) {
		conn, r := friend(t, l, "SUB", "")
		for _, topic := range topics {
			_, _ = conn.Write(appendFrame(nil, 0, []byte("\x01"+topic)))
		}
		return conn, r
	}
	_, _ = subscribe("")
	conn, r := subscribe("b", "c")
	_, _ = conn.Write(appendFrame(nil, flagCommand, []byte("\x06CANCELc")))
	_, _ = conn.Write(appendFrame(nil, flagCommand, []byte("\x09SUBSCRIBEd")))
	for topics := 0; topics < 3; { // until all have arrived
		l.mu.Lock()
		topics = 0
		for _, p := range l.peers {
			if topics += len(p.topics); len(p.topics) > 1 && p.topics[1] != "d" {
				topics = 0
			}
		}
		l.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	block := bytes.Repeat([]byte("x"), 1<<20)
	for range queueLimit>>20 + 100 {
		_ = l.send(t.Context(), [][]byte{[]byte("a"), block})
	}
	for _, topic := range []string{"c", "d", "bb"} {
		_ = l.send(t.Context(), [][]byte{[]byte(topic), []byte("end")})
	}
	for _, want := range []string{"d", "end", "bb", "end"} {
		if _, body, err := readFrame(r, 100); err != nil || string(body) != want {
			t.Fatalf("%q, %v; want %s", body, err, want)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.peers {
		p.mu.Lock()
		if p.size > queueLimit {
			t.Errorf("%d bytes wait", p.size)
		}
		p.mu.Unlock()
	}
}

// More connections than are allowed are closed, and room is made by those that end.
func TestManyConnections(t *testing.T) {
	l := listenAt(t, router, "tcp://127.0.0.1:0")
	count := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.peers)
	}
	var conns []net.Conn
	for ; count() < peersLimit; time.Sleep(time.Millisecond) {
		for range peersLimit - count() {
			conns = append(conns, stranger(t, l))
		}
	}
	closed(t, "one too many", stranger(t, l))
	for _, c := range conns {
		c.Close()
	}
	for count() > 0 {
		time.Sleep(time.Millisecond)
	}
	friend(t, l, "DEALER", "ann")
}

// What was sent before Close arrives.
func TestCloseSends(t *testing.T) {
	l := listenAt(t, router, "tcp://127.0.0.1:0")
	conn, r := friend(t, l, "DEALER", "ann")
	_, _ = conn.Write(appendMessage(nil, [][]byte{[]byte("1")}))
	message(t, l)
	long := bytes.Repeat([]byte("x"), 4<<20)
	_ = l.send(t.Context(), [][]byte{[]byte("ann"), long})
	go l.Close()
	if _, body, err := readFrame(r, 8<<20); err != nil || !bytes.Equal(body, long) {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	<-l.done
	if _, err := l.recv(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("recv after Close: %v", err)
	}
	if err := l.send(t.Context(), [][]byte{{}}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("send after Close: %v", err)
	}
}

func TestListenIPC(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s-1")
	// As a kernel leaves it that is killed.
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	l := listenAt(t, router, "ipc://"+path)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := listen(router, "ipc://"+path); err == nil {
		t.Error("two kernels have the same socket")
	}
	friend(t, l, "DEALER", "ann")
	l.Close()
	if _, err := os.Stat(path); err == nil {
		t.Error("the socket is left")
	}
	file := filepath.Join(t.TempDir(), "notes")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := listen(router, "ipc://"+file); err == nil {
		t.Error("a file was taken for a socket")
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(appendMessage(nil, [][]byte{[]byte("a"), bytes.Repeat([]byte("b"), 300)}))
	f.Add(readyAs("DEALER", "ann"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bufio.NewReader(bytes.NewReader(b))
		for {
			flags, body, err := readFrame(r, 1000)
			if err != nil {
				return
			}
			if len(body) > 1000 {
				t.Fatalf("%d bytes", len(body))
			}
			_, _, _ = parseReady(body)
			again := appendFrame(nil, flags&^flagLong, body)
			if f2, b2, err := readFrame(bufio.NewReader(bytes.NewReader(again)), 1000); err != nil ||
				f2&^flagLong != flags&^flagLong || !bytes.Equal(b2, body) {
				t.Fatalf("%v %q: %v", f2, b2, err)
			}
		}
	})
}

// Strangers at every socket of a kernel: its own front end does not notice.
func TestKernelAmongStrangers(t *testing.T) {
	kernel, front := pair(t)
	awaitSubscription(t, kernel, front)
	for _, ch := range Channels() {
		l := kernel.sockets[ch].(*listener)
		_ = stranger(t, l)
		_ = stranger(t, l, []byte(strings.Repeat("garbage ", 1000)))
		_ = stranger(t, l, greeting(), readyAs("DEALER", "x"), []byte{flagLong, 0x7f, 0xff, 0, 0, 0, 0, 0, 0})
	}
	ctx := soon(t)
	beat(t, front, "among strangers")
	if err := front.Send(ctx, Shell, NewMessage(front.Session, "kernel_info_request", nil, struct{}{})); err != nil {
		t.Fatal(err)
	}
	receive(t, kernel, Shell)
	publish(t, kernel, "x")
	receive(t, front, IOPub)
}
